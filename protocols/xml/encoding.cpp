#include "protocols/xml/encoding.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string>

#include "protocols/xml/parser.hpp"

namespace demat::xml {
namespace {

struct Mark {
  std::string_view bytes;
  std::string_view name;
};

// UTF-32 first: its little-endian mark begins with that of UTF-16.
constexpr std::array marks = {
    Mark{std::string_view{"\xFF\xFE\0\0", 4}, "UTF-32"},
    Mark{std::string_view{"\0\0\xFE\xFF", 4}, "UTF-32"},
    Mark{std::string_view{"<\0\0\0", 4}, "UTF-32"},
    Mark{std::string_view{"\0\0\0<", 4}, "UTF-32"},
    Mark{std::string_view{"\xFF\xFE", 2}, "UTF-16"},
    Mark{std::string_view{"\xFE\xFF", 2}, "UTF-16"},
    Mark{std::string_view{"<\0", 2}, "UTF-16"},
    Mark{std::string_view{"\0<", 2}, "UTF-16"},
    Mark{std::string_view{"\x4C\x6F\xA7\x94", 4}, "EBCDIC"},
};
constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";
constexpr std::array accepted = {"UTF-8", "ISO-8859-1", "ISO-8859-15", "US-ASCII", "ASCII", "WINDOWS-1252"};

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// The value of encoding="..." in the XML declaration at the start of `text`.
std::optional<std::string> declaration_value(std::string_view text) {
  if (text.substr(0, 5) != "<?xml" || text.size() < 6 || !is_space(text[5])) return std::nullopt;
  const auto declaration = text.substr(0, text.find("?>"));
  auto at = declaration.find("encoding");
  if (at == std::string_view::npos) return std::nullopt;
  at += 8;
  while (at < declaration.size() && is_space(declaration[at]))
    ++at;
  if (at >= declaration.size() || declaration[at] != '=') return std::nullopt;
  ++at;
  while (at < declaration.size() && is_space(declaration[at]))
    ++at;
  if (at >= declaration.size() || (declaration[at] != '"' && declaration[at] != '\'')) return std::nullopt;
  const auto end = declaration.find(declaration[at], at + 1);
  if (end == std::string_view::npos) return std::nullopt;
  std::string value{declaration.substr(at + 1, end - at - 1)};
  std::transform(value.begin(), value.end(), value.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return value;
}

Error encoding_error(std::string_view name) {
  auto error = permanent_error("xml.encoding", "", "");
  const std::string shown{name.substr(0, 40)};
  error.fr = "Encodage « " + shown + " » non accepté : produire le fichier en ISO-8859-1 ou en UTF-8.";
  error.en = "Encoding \"" + shown + "\" is not accepted: produce the file in ISO-8859-1 or UTF-8.";
  error.place.line = 1;
  return error;
}

}  // namespace

Encoding declared_encoding(std::string_view first_bytes) {
  for (const auto& mark : marks)
    if (first_bytes.substr(0, mark.bytes.size()) == mark.bytes) return {std::string{mark.name}, true};
  if (first_bytes.substr(0, utf8_mark.size()) == utf8_mark) return {"UTF-8", true};
  if (auto value = declaration_value(first_bytes)) return {std::move(*value), true};
  return {"UTF-8", false};
}

Status detail::check_encoding(std::string_view first_bytes) {
  const auto encoding = declared_encoding(first_bytes);
  if (std::find(accepted.begin(), accepted.end(), encoding.name) == accepted.end())
    return failure(encoding_error(encoding.name));
  if (first_bytes.substr(0, utf8_mark.size()) != utf8_mark) return {};
  const auto stated = declaration_value(first_bytes.substr(utf8_mark.size()));
  if (stated && *stated != "UTF-8") return failure(encoding_error(*stated + " + BOM UTF-8"));
  return {};
}

}  // namespace demat::xml
