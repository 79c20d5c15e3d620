#include "protocols/xml/text_gate.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace demat::xml::detail {
namespace {

enum class Symbol : unsigned char { other, space, digit, padding };

constexpr std::array<Symbol, 256> make_table() {
  std::array<Symbol, 256> table{};
  for (const char c : std::string_view{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"})
    table[static_cast<unsigned char>(c)] = Symbol::digit;
  for (const char c : std::string_view{" \t\r\n"})
    table[static_cast<unsigned char>(c)] = Symbol::space;
  table[static_cast<unsigned char>('=')] = Symbol::padding;
  return table;
}
constexpr auto symbols_of = make_table();

Symbol symbol(char c) {
  return symbols_of[static_cast<unsigned char>(c)];
}

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// The whole UTF-8 character that begins at `at`, or what there is of it.
std::string_view character(std::string_view text, std::size_t at) {
  auto end = at + 1;
  while (end < text.size() && continues(text[end]))
    ++end;
  return text.substr(at, end - at);
}

}  // namespace

void TextGate::scan(std::string_view piece) {
  std::size_t at = 0;
  std::size_t spaces = 0;
  // Until the first padding, nearly every byte is a digit.
  if (padding_ == 0) {
    for (; at < piece.size(); ++at) {
      const auto kind = symbol(piece[at]);
      if (kind == Symbol::digit) continue;
      if (kind != Symbol::space) break;
      ++spaces;
    }
    symbols_ += at - spaces;
    if (at > spaces) blank_ = false;
  }
  for (; at < piece.size(); ++at) {
    const auto kind = symbol(piece[at]);
    if (kind == Symbol::space) continue;
    blank_ = false;
    ++symbols_;
    if (kind == Symbol::padding) ++padding_;
    if (kind == Symbol::other || (kind == Symbol::digit && padding_ > 0)) base64_ = false;
    if (!base64_) return;
  }
}

void TextGate::add(std::string_view piece) {
  if (blank_) {
    // Indentation between elements, however long, counts as one space.
    const auto first =
        std::find_if(piece.begin(), piece.end(), [](char c) { return symbol(c) != Symbol::space; });
    if (first == piece.end()) {
      if (head_.empty()) head_ = " ";
      return;
    }
  }
  if (base64_) scan(piece);
  if (!tail_) {
    auto room = head_bytes - std::min(head_bytes, head_.size());
    if (piece.size() <= room) {
      head_ += piece;
      return;
    }
    while (room > 0 && continues(piece[room]))
      --room;
    head_ += piece.substr(0, room);
    piece.remove_prefix(room);
    tail_ = true;
  }
  add_tail(piece);
}

void TextGate::add_tail(std::string_view piece) {
  if (base64_ || !offending_.empty()) return;
  for (std::size_t at = 0; at < piece.size(); ++at)
    if (symbol(piece[at]) == Symbol::other) {
      offending_ = character(piece, at);
      return;
    }
}

std::string TextGate::take() {
  std::string text = std::move(head_);
  if (tail_) {
    const bool whole = base64_ && padding_ <= 2 && symbols_ % 4 == 0;
    std::size_t kept = static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return symbol(c) != Symbol::space; }));
    if (!base64_) {
      // '-' is in no base64 text; the character itself lets the message and the patterns see the real thing.
      text += offending_.empty() ? "-" : offending_;
    } else {
      for (; !text.empty() && kept % 4 != (whole ? 0U : 1U); text.pop_back())
        if (symbol(text.back()) != Symbol::space) --kept;
    }
  }
  clear();
  return text;
}

void TextGate::clear() {
  head_.clear();
  offending_.clear();
  blank_ = true;
  tail_ = false;
  base64_ = true;
  symbols_ = 0;
  padding_ = 0;
}

}  // namespace demat::xml::detail
