#include "gateway/observe/json_line.hpp"

#include <spdlog/fmt/fmt.h>

#include <cmath>

#include "protocols/base/utf8.hpp"

namespace demat::observe {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

void append_ascii(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  if (static_cast<unsigned char>(c) < 0x20U || c == 0x7F)
    out += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
  else
    out += c;
}

struct JsonValue {
  std::string operator()(const std::string& text) const { return json_string(text); }
  std::string operator()(std::int64_t number) const { return std::to_string(number); }
  std::string operator()(double number) const {
    return std::isfinite(number) ? fmt::format("{}", number) : "null";
  }
  std::string operator()(bool flag) const { return flag ? "true" : "false"; }
};

}  // namespace

std::string json_string(std::string_view text) {
  std::string out = "\"";
  out.reserve(text.size() + 2);
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text.substr(i));
    if (length == 0)
      out += replacement;
    else if (length == 1)
      append_ascii(out, text[i]);
    else
      out += text.substr(i, length);
    i += length == 0 ? 1 : length;
  }
  out += '"';
  return out;
}

std::string_view to_string(Level level) {
  switch (level) {
    case Level::debug:
      return "debug";
    case Level::info:
      return "info";
    case Level::warning:
      return "warning";
    case Level::error:
      return "error";
  }
  return "error";
}

Level level_from(std::string_view text) {
  for (const Level level : {Level::debug, Level::warning, Level::error}) {
    if (to_string(level) == text) return level;
  }
  return Level::info;
}

std::string json_line(std::string_view timestamp, Level level, std::string_view code,
                      std::initializer_list<Field> fields, bool alarm) {
  std::string line = "{\"ts\":" + json_string(timestamp) + ",\"level\":" + json_string(to_string(level)) +
                     ",\"code\":" + json_string(code);
  if (alarm) line += ",\"alarm\":true";
  for (const Field& field : fields)
    line += "," + json_string(field.key) + ":" + std::visit(JsonValue{}, field.value);
  line += '}';
  return line;
}

}  // namespace demat::observe
