#include "gateway/config/literal.hpp"

#include <array>
#include <sstream>
#include <utility>

namespace demat::config {

std::string text_literal(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out += {'\\', c};
    else if (byte < 0x20U || byte == 0x7FU)
      out += {'\\', 'u', '0', '0', digits[byte >> 4U], digits[byte & 15U]};
    else
      out += c;
  }
  return out + '"';
}

std::string texts_literal(const std::vector<std::string>& texts) {
  std::string out;
  for (const auto& text : texts)
    out += (out.empty() ? "" : ", ") + text_literal(text);
  return "[" + out + "]";
}

std::string flag_literal(bool flag) {
  return flag ? "true" : "false";
}

std::string number_literal(double number) {
  std::ostringstream out;
  out.imbue(std::locale::classic());
  out << number;
  const std::string text = out.str();
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

std::string duration_literal(std::chrono::milliseconds duration) {
  constexpr std::array<std::pair<std::int64_t, std::string_view>, 4> units{
      {{86'400'000, "d"}, {3'600'000, "h"}, {60'000, "min"}, {1'000, "s"}}};
  const auto count = duration.count();
  for (const auto& [length, name] : units)
    if (count != 0 && count % length == 0)
      return "\"" + std::to_string(count / length) + std::string(name) + "\"";
  return "\"" + std::to_string(count) + "ms\"";
}

}  // namespace demat::config
