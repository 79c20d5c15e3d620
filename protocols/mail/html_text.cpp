#include "protocols/mail/html_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

namespace demat::mail {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

// The names that French office mail uses; HTML has 2231.
constexpr std::array references{
    Pair{"amp", "&"},    Pair{"lt", "<"},     Pair{"gt", ">"},     Pair{"quot", "\""},  Pair{"apos", "'"},
    Pair{"nbsp", " "},   Pair{"eacute", "é"}, Pair{"egrave", "è"}, Pair{"ecirc", "ê"},  Pair{"euml", "ë"},
    Pair{"agrave", "à"}, Pair{"acirc", "â"},  Pair{"ccedil", "ç"}, Pair{"icirc", "î"},  Pair{"iuml", "ï"},
    Pair{"ocirc", "ô"},  Pair{"ugrave", "ù"}, Pair{"ucirc", "û"},  Pair{"uuml", "ü"},   Pair{"oelig", "œ"},
    Pair{"Eacute", "É"}, Pair{"Egrave", "È"}, Pair{"Ecirc", "Ê"},  Pair{"Agrave", "À"}, Pair{"Ccedil", "Ç"},
    Pair{"deg", "°"},    Pair{"laquo", "«"},  Pair{"raquo", "»"},  Pair{"rsquo", "’"},  Pair{"lsquo", "‘"},
    Pair{"ndash", "–"},  Pair{"mdash", "—"},  Pair{"hellip", "…"}, Pair{"euro", "€"},   Pair{"sup2", "²"},
};

constexpr std::array<std::string_view, 19> blocks{"address", "br",    "div", "dd", "dl",   "dt", "h1",
                                                  "h2",      "h3",    "h4",  "hr", "li",   "ol", "p",
                                                  "pre",     "table", "tr",  "ul", "title"};

void append_utf8(std::string& out, std::uint32_t point) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0 | (point >> 6U));
    put(0x80 | (point & 0x3FU));
  } else if (point < 0x10000) {
    put(0xE0 | (point >> 12U));
    put(0x80 | ((point >> 6U) & 0x3FU));
    put(0x80 | (point & 0x3FU));
  } else {
    put(0xF0 | (point >> 18U));
    put(0x80 | ((point >> 12U) & 0x3FU));
    put(0x80 | ((point >> 6U) & 0x3FU));
    put(0x80 | (point & 0x3FU));
  }
}

bool starts_without_case(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() &&
         std::equal(lower.begin(), lower.end(), text.begin(), [](char a, char b) {
           return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b);
         });
}

/// "tr" of "</TR foo>".
std::string element_name(std::string_view tag) {
  std::string name;
  for (const char c : tag.substr(tag.starts_with('/') ? 1 : 0)) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (!upper && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9')) break;
    name += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return name;
}

class Extractor {
 public:
  explicit Extractor(std::string_view html) : rest_(html) {}

  std::string run() {
    while (!rest_.empty()) {
      if (rest_.starts_with("<!--")) {
        skip_past("-->");
      } else if (is_tag()) {
        take_tag();
      } else if (rest_.front() == '&') {
        take_reference();
      } else {
        put(rest_.substr(0, 1));
        rest_.remove_prefix(1);
      }
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool is_tag() const {
    if (rest_.front() != '<' || rest_.size() < 2) return false;
    const char c = rest_[1];
    return c == '/' || c == '!' || c == '?' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  void skip_past(std::string_view end) {
    const std::size_t at = rest_.find(end);
    rest_.remove_prefix(at == rest_.npos ? rest_.size() : at + end.size());
  }

  void take_tag() {
    const std::size_t end = std::min(rest_.find('>'), rest_.size());
    const std::string_view tag = rest_.substr(1, end - 1);
    const std::string name = element_name(tag);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    if ((name == "script" || name == "style") && !tag.starts_with('/')) skip_element(name);
    if (std::find(blocks.begin(), blocks.end(), name) != blocks.end()) gap_ = '\n';
    if ((name == "td" || name == "th") && gap_ == '\0') gap_ = ' ';
  }

  void skip_element(const std::string& name) {
    for (std::size_t at = rest_.find("</"); at != rest_.npos; at = rest_.find("</", at + 2)) {
      if (!starts_without_case(rest_.substr(at + 2), name)) continue;
      rest_.remove_prefix(at);
      return;
    }
    rest_ = {};
  }

  void take_reference() {
    constexpr std::size_t longest = 10;
    const std::size_t end = rest_.substr(0, longest).find(';');
    const std::string_view name = end == rest_.npos ? std::string_view() : rest_.substr(1, end - 1);
    const std::string resolved = name.starts_with('#') ? numbered(name.substr(1)) : named(name);
    if (resolved.empty()) {
      put("&");
      rest_.remove_prefix(1);
      return;
    }
    put(resolved);
    rest_.remove_prefix(end + 1);
  }

  static std::string named(std::string_view name) {
    const auto found =
        std::find_if(references.begin(), references.end(), [&](const Pair& r) { return r.first == name; });
    return found == references.end() ? std::string() : std::string(found->second);
  }

  static std::string numbered(std::string_view digits) {
    const bool hex = digits.starts_with('x') || digits.starts_with('X');
    if (hex) digits.remove_prefix(1);
    std::uint32_t point = 0;
    const auto [end, problem] =
        std::from_chars(digits.data(), digits.data() + digits.size(), point, hex ? 16 : 10);
    if (problem != std::errc() || end != digits.data() + digits.size() || point == 0 || point > 0x10FFFF ||
        (point >= 0xD800 && point <= 0xDFFF))
      return {};
    std::string out;
    append_utf8(out, point == 0xA0 ? ' ' : point);
    return out;
  }

  void put(std::string_view text) {
    if (text == " " || text == "\t" || text == "\r" || text == "\n") {
      if (gap_ == '\0') gap_ = ' ';
      return;
    }
    if (gap_ != '\0' && !out_.empty()) out_ += gap_;
    gap_ = '\0';
    out_ += text;
  }

  std::string_view rest_;
  std::string out_;
  char gap_ = '\0';  ///< the white space owed before the next text
};

}  // namespace

std::string html_text(std::string_view html) {
  return Extractor(html).run();
}

}  // namespace demat::mail
