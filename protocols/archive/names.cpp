#include "protocols/archive/names.hpp"

#include <algorithm>
#include <array>

#include "protocols/archive/refusal.hpp"
#include "protocols/base/utf8.hpp"

namespace demat::archive {
namespace {

using detail::Reason;
using detail::refusal;

/// The next code point of well-formed UTF-8, taken off `text`.
char32_t take(std::string_view& text) {
  const std::size_t length = std::max<std::size_t>(utf8_length(text), 1);
  const char32_t point = utf8_point(text.substr(0, length));
  text.remove_prefix(length);
  return point;
}

// Base letters of U+00C0 to U+017F; a space stands for a point that has none, an upper-case letter for a
// pair.
constexpr std::string_view base_letters =
    "aaaaaaAceeeeiiii"
    "dnooooo ouuuuyTS"
    "aaaaaaAceeeeiiii"
    "dnooooo ouuuuyTy"
    "aaaaaaccccccccdd"
    "ddeeeeeeeeeegggg"
    "gggghhhhiiiiiiii"
    "iiIIjjkkklllllll"
    "lllnnnnnnnnnoooo"
    "ooOOrrrrrrssssss"
    "ssttttttuuuuuuuu"
    "uuuuwwyyyzzzzzzs";
static_assert(base_letters.size() == 0x180 - 0xC0);

std::string_view pair_of(char letter) {
  switch (letter) {
    case 'A':
      return "ae";
    case 'I':
      return "ij";
    case 'O':
      return "oe";
    case 'S':
      return "ss";
    default:
      return "th";
  }
}

void append_folded(std::string& out, char32_t point, std::string_view bytes) {
  if (point >= 0x300 && point <= 0x36F) return;  // combining marks
  if (point >= 'A' && point <= 'Z') {
    out += static_cast<char>(point - 'A' + 'a');
  } else if (point >= 0xC0 && point < 0x180 && base_letters[point - 0xC0] != ' ') {
    const char letter = base_letters[point - 0xC0];
    if (letter >= 'a')
      out += letter;
    else
      out += pair_of(letter);
  } else {
    out += bytes;
  }
}

Status check_path(std::string_view name) {
  if (name.empty() || name == ".") return failure(refusal(Reason::name_unsafe));
  if (name.front() == '/' || name.front() == '\\') return failure(refusal(Reason::absolute_path, name));
  for (std::size_t start = 0; start <= name.size();) {
    const std::size_t end = std::min(name.find_first_of("/\\", start), name.size());
    if (name.substr(start, end - start) == "..") return failure(refusal(Reason::parent_path, name));
    start = end + 1;
  }
  if (name.find_first_of("/\\") != name.npos) return failure(refusal(Reason::directory, name));
  return {};
}

}  // namespace

Result<std::string> entry_name(std::string_view raw, std::size_t max_bytes) {
  if (raw.size() > max_bytes) return failure(refusal(Reason::name_too_long));
  const bool utf8 = is_utf8(raw);
  const auto is_c1 = [](char c) {
    return static_cast<unsigned char>(c) >= 0x80 && static_cast<unsigned char>(c) <= 0x9F;
  };
  if (!utf8 && std::any_of(raw.begin(), raw.end(), is_c1)) return failure(refusal(Reason::name_encoding));
  std::string name = utf8 ? std::string(raw) : utf8_from_latin1(raw);
  for (std::string_view rest = name; !rest.empty();)
    if (is_invisible(take(rest))) return failure(refusal(Reason::control_in_name));
  if (auto safe = check_path(name); !safe) return failure(safe.error());
  return name;
}

std::string folded_name(std::string_view name) {
  std::string out;
  out.reserve(name.size());
  while (!name.empty()) {
    const std::string_view before = name;
    const char32_t point = take(name);
    append_folded(out, point, before.substr(0, before.size() - name.size()));
  }
  return out;
}

Status NameSet::add(std::string_view name) {
  if (!folded_.insert(folded_name(name)).second) return failure(refusal(Reason::duplicate, name));
  return {};
}

}  // namespace demat::archive
