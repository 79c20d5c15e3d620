#include "gateway/transport/imap_reader.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "gateway/transport/errors.hpp"

namespace demat::transport {
namespace {

/// "… {123}" or "… {123+}" at the end of a line: the length of the literal that follows. Saturates.
std::optional<std::uint64_t> literal_at_end(std::string_view line) {
  if (!line.ends_with('}')) return std::nullopt;
  const std::size_t open = line.rfind('{');
  if (open == std::string_view::npos) return std::nullopt;
  std::string_view digits = line.substr(open + 1, line.size() - open - 2);
  if (digits.ends_with('+')) digits.remove_suffix(1);
  if (digits.empty()) return std::nullopt;
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
  if (end != digits.data() + digits.size()) return std::nullopt;
  return error == std::errc() ? size : UINT64_MAX;
}

std::string_view next_word(std::string_view& text) {
  const std::size_t begin = std::min(text.find_first_not_of(' '), text.size());
  text.remove_prefix(begin);
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end);
  return word;
}

/// Lines whose rest is human text, in which "{3}" means nothing.
bool is_status(std::string_view line) {
  if (line.starts_with('+')) return true;
  const bool untagged = next_word(line) == "*";
  const std::string_view word = next_word(line);
  if (!untagged) return true;  // a tagged response is a status, too
  constexpr std::array<std::string_view, 5> words{"OK", "NO", "BAD", "BYE", "PREAUTH"};
  return std::any_of(words.begin(), words.end(), [&](auto known) { return same_word(word, known); });
}

template <class N>
std::optional<N> number(std::string_view text) {
  N value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || end != text.data() + text.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range) return std::numeric_limits<N>::max();
  return error == std::errc() ? std::optional(value) : std::nullopt;
}

/// One value of a FETCH item: an atom, the inside of a quoted string, a list skipped over, a literal.
struct Token {
  enum class Kind { atom, quoted, list, literal, end };
  Kind kind = Kind::end;
  std::string text;
};

std::optional<Token> take_token(std::string_view& text, int depth = 0);

/// The rest of a list whose '(' was taken.
std::optional<Token> take_list(std::string_view& text, int depth) {
  constexpr int deepest = 32;
  while (depth < deepest) {
    const auto inner = take_token(text, depth + 1);
    if (!inner) return std::nullopt;
    if (inner->kind != Token::Kind::end) continue;
    if (text.empty()) return std::nullopt;
    text.remove_prefix(1);
    return Token{Token::Kind::list, {}};
  }
  return std::nullopt;
}

/// The rest of a quoted string whose '"' was taken.
std::optional<Token> take_quoted(std::string_view& text) {
  Token token{Token::Kind::quoted, {}};
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return token;
    }
    if (text[i] == '\\' && ++i == text.size()) break;
    token.text += text[i];
  }
  return std::nullopt;
}

/// Takes the next value off `text`; nothing when it is no IMAP.
std::optional<Token> take_token(std::string_view& text, int depth) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  if (text.empty() || text.front() == ')') return Token{};
  const char first = text.front();
  if (first == '"' || first == '(') {
    text.remove_prefix(1);
    return first == '"' ? take_quoted(text) : take_list(text, depth);
  }
  Token token;
  const std::size_t end = std::min(text.find_first_of(" ()"), text.size());
  if (end == 0) return std::nullopt;
  token.text = text.substr(0, end);
  token.kind = token.text.front() == '{' ? Token::Kind::literal : Token::Kind::atom;
  text.remove_prefix(end);
  return token;
}

void take_item(FetchedItem& item, std::string_view name, const Token& value) {
  if (same_word(name, "UID")) item.uid = number<std::uint32_t>(value.text);
  if (same_word(name, "RFC822.SIZE")) item.size = number<std::uint64_t>(value.text);
  if (same_word(name, "INTERNALDATE")) item.time = parse_internal_date(value.text);
  if (!same_word(name, "BODY[]")) return;
  item.has_body = true;
  if (value.kind == Token::Kind::quoted) item.short_body = value.text;
}

/// The items after "* n FETCH (", up to where `text` ends: it may stop in front of a literal.
std::optional<FetchedItem> items_of(std::string_view text) {
  if (next_word(text) != "*" || !number<std::uint64_t>(next_word(text))) return std::nullopt;
  if (!same_word(next_word(text), "FETCH")) return std::nullopt;
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  if (!text.starts_with('(')) return std::nullopt;
  text.remove_prefix(1);
  FetchedItem item;
  for (;;) {
    const auto name = take_token(text);
    if (!name) return std::nullopt;
    if (name->kind == Token::Kind::end) return item;
    const auto value = take_token(text);
    if (!value || name->kind != Token::Kind::atom) return std::nullopt;
    take_item(item, name->text, *value);
    if (value->kind == Token::Kind::end) return item;  // the literal that stands there is still to come
  }
}

}  // namespace

bool same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::toupper(x) == std::toupper(y); });
}

Error ImapReader::nonsense(std::string_view what) const {
  return make_error(Fault::refused, destination_, "IMAP: " + std::string(what));
}

Status ImapReader::fill() {
  constexpr std::size_t piece = 65'536;
  buffer_.resize(piece);
  begin_ = 0;
  const auto got = source_(buffer_);
  buffer_.resize(got.value_or(0));
  return got ? Status() : failure(got.error());
}

/// Appends the rest of the line, without its end.
Status ImapReader::append_line(std::string& text) {
  for (;;) {
    const std::size_t end = buffer_.find('\n', begin_);
    const std::size_t stop = std::min(end, buffer_.size());
    if (text.size() + (stop - begin_) > longest_line) return failure(nonsense("endless line"));
    text.append(buffer_, begin_, stop - begin_);
    if (end != std::string::npos) {
      begin_ = end + 1;
      if (text.ends_with('\r')) text.pop_back();
      return {};
    }
    if (Status filled = fill(); !filled) return filled;
  }
}

Status ImapReader::take_literal(std::uint64_t size, ImapResponse& response, const BodyTarget* body) {
  if (body != nullptr) {
    const auto before = items_of(response.text.substr(0, response.text.rfind('{')));
    if (before && before->has_body) {
      // Another message's body is not what was asked for; nor may it grow (a mail never changes).
      if (before->uid && *before->uid != body->uid) return failure(nonsense("the body of another message"));
      if (size != body->size) return failure(nonsense("a body of another size than listed"));
      return stream_body(size, response, *body);
    }
  }
  if (size > longest_literal || response.literals.size() > 64) return failure(nonsense("a literal too long"));
  std::string literal;
  while (literal.size() < size) {
    if (begin_ == buffer_.size()) {
      if (Status filled = fill(); !filled) return filled;
    }
    const std::size_t part = std::min<std::size_t>(size - literal.size(), buffer_.size() - begin_);
    literal.append(buffer_, begin_, part);
    begin_ += part;
  }
  response.literals.push_back(std::move(literal));
  return {};
}

Status ImapReader::stream_body(std::uint64_t size, ImapResponse& response, const BodyTarget& body) {
  while (size > 0) {
    if (begin_ == buffer_.size()) {
      if (Status filled = fill(); !filled) return filled;
    }
    const std::size_t part = std::min<std::uint64_t>(size, buffer_.size() - begin_);
    if (Status taken = (*body.sink)(std::string_view(buffer_).substr(begin_, part)); !taken) return taken;
    begin_ += part;
    size -= part;
    response.streamed += part;
  }
  return {};
}

Result<ImapResponse> ImapReader::next(const BodyTarget* body) {
  ImapResponse response;
  for (;;) {
    if (const Status line = append_line(response.text); !line) return failure(line.error());
    const auto size = literal_at_end(response.text);
    if (!size || is_status(response.text)) return response;
    if (const Status taken = take_literal(*size, response, body); !taken) return failure(taken.error());
  }
}

std::optional<FetchedItem> parse_fetch(const ImapResponse& response) {
  return items_of(response.text);
}

std::optional<Instant> parse_internal_date(std::string_view text) {
  constexpr std::array<std::string_view, 12> months{"jan", "feb", "mar", "apr", "may", "jun",
                                                    "jul", "aug", "sep", "oct", "nov", "dec"};
  constexpr std::size_t length = 26;  // "17-Jul-2026 02:44:25 +0200"
  if (text.size() != length || text[2] != '-' || text[6] != '-' || text[14] != ':' || text[17] != ':')
    return std::nullopt;
  const auto part = [&](std::size_t begin, std::size_t size) {
    std::string_view digits = text.substr(begin, size);
    if (digits.starts_with(' ')) digits.remove_prefix(1);
    return number<unsigned>(digits);
  };
  const auto named = std::find_if(months.begin(), months.end(),
                                  [&](std::string_view name) { return same_word(name, text.substr(3, 3)); });
  const auto day = part(0, 2), year = part(7, 4), hour = part(12, 2), minute = part(15, 2),
             second = part(18, 2), zone_hour = part(22, 2), zone_minute = part(24, 2);
  const bool all = named != months.end() && day && year && hour && minute && second && zone_hour &&
                   zone_minute && (text[21] == '+' || text[21] == '-');
  if (!all) return std::nullopt;
  const auto month = static_cast<unsigned>(named - months.begin()) + 1;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(month), std::chrono::day(*day)};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  const auto zone = std::chrono::hours(*zone_hour) + std::chrono::minutes(*zone_minute);
  const auto local = std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
                     std::chrono::seconds(*second);
  return Instant(text[21] == '+' ? local - zone : local + zone);
}

std::optional<std::uint64_t> response_code_number(std::string_view text, std::string_view key) {
  const std::size_t open = text.find('[');
  if (open == std::string_view::npos) return std::nullopt;
  text.remove_prefix(open + 1);
  text = text.substr(0, text.find(']'));
  if (!same_word(next_word(text), key)) return std::nullopt;
  return number<std::uint64_t>(next_word(text));
}

std::optional<std::string> imap_quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e) return std::nullopt;
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

}  // namespace demat::transport
