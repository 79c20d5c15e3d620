#include "protocols/xml/encoding.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <cstring>
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

namespace detail {
namespace {

constexpr std::uint64_t high_bits = 0x8080808080808080U;

}  // namespace

Conversion conversion_of(std::string_view first_bytes) {
  const auto name = declared_encoding(first_bytes).name;
  if (name == "ISO-8859-1") return Conversion::latin1;
  return name == "UTF-8" || name.ends_with("ASCII") ? Conversion::none : Conversion::library;
}

std::size_t latin1_to_utf8(std::string_view bytes, char* out) {
  char* const begin = out;
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  while (at != end) {
    std::uint64_t eight = 0;
    while (static_cast<std::size_t>(end - at) >= sizeof eight) {
      std::memcpy(&eight, at, sizeof eight);
      if ((eight & high_bits) != 0) break;
      std::memcpy(out, &eight, sizeof eight);
      at += sizeof eight;
      out += sizeof eight;
    }
    if (at == end) break;
    const auto byte = static_cast<unsigned char>(*at++);
    if (byte < 0x80) {
      *out++ = static_cast<char>(byte);
    } else {
      *out++ = static_cast<char>(0xC0U | (byte >> 6U));
      *out++ = static_cast<char>(0x80U | (byte & 0x3FU));
    }
  }
  return static_cast<std::size_t>(out - begin);
}

bool is_ascii(std::string_view bytes) {
  std::uint64_t any = 0;
  std::size_t at = 0;
  for (std::uint64_t eight = 0; at + sizeof eight <= bytes.size(); at += sizeof eight) {
    std::memcpy(&eight, bytes.data() + at, sizeof eight);
    any |= eight;
  }
  for (; at < bytes.size(); ++at)
    any |= static_cast<unsigned char>(bytes[at]);
  return (any & high_bits) == 0;
}

EncodingCheck::EncodingCheck(std::string_view first_bytes) {
  const auto name = declared_encoding(first_bytes).name;
  kind_ = name == "UTF-8" ? Kind::utf8 : name.ends_with("ASCII") ? Kind::ascii : Kind::any;
}

// Unicode, table 3-7 (well-formed UTF-8 byte sequences): no overlong form, no surrogate, nothing above
// U+10FFFF.
bool EncodingCheck::accepts_utf8(unsigned char byte) {
  if (pending_ > 0) {
    const bool good = byte >= lowest_ && byte <= highest_;
    lowest_ = 0x80;
    highest_ = 0xBF;
    --pending_;
    return good;
  }
  if (byte < 0x80) return true;
  if (byte < 0xC2 || byte > 0xF4) return false;
  pending_ = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
  if (byte == 0xE0) lowest_ = 0xA0;
  if (byte == 0xED) highest_ = 0x9F;
  if (byte == 0xF0) lowest_ = 0x90;
  if (byte == 0xF4) highest_ = 0x8F;
  return true;
}

Status EncodingCheck::feed(std::string_view chunk) {
  if (kind_ == Kind::any) return {};
  for (std::size_t i = 0; i < chunk.size(); ++i) {
    std::uint64_t eight = 0;
    while (pending_ == 0 && chunk.size() - i >= sizeof eight) {
      std::memcpy(&eight, chunk.data() + i, sizeof eight);
      if ((eight & high_bits) != 0) break;
      i += sizeof eight;
    }
    if (i >= chunk.size()) break;
    const auto byte = static_cast<unsigned char>(chunk[i]);
    if (kind_ == Kind::ascii ? byte < 0x80 : accepts_utf8(byte)) continue;
    auto error = permanent_error(
        "xml.encoding",
        "Des octets ne sont pas dans l'encodage que le fichier déclare (sans déclaration : UTF-8). Faites "
        "produire à nouveau le fichier, dans l'encodage que dit sa première ligne.",
        "Some bytes are not in the encoding that the file declares (without a declaration: UTF-8). "
        "Have the file produced again, in the encoding that its first line says.");
    const auto before = chunk.substr(0, i);
    error.place.line = lines_ + 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
    return failure(std::move(error));
  }
  lines_ += static_cast<std::size_t>(std::count(chunk.begin(), chunk.end(), '\n'));
  return {};
}

}  // namespace detail
}  // namespace demat::xml
