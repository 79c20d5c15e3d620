#include "gateway/http/header_value.hpp"

#include <algorithm>
#include <cctype>

#include "gateway/http/message.hpp"
#include "protocols/base/utf8.hpp"

namespace demat::http {
namespace {

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view("!#$%&'*+-.^_`|~/").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

/// Takes a quoted string off the front of `rest`, which begins with the quote. Browsers send file names of
/// Windows with plain backslashes: only \" and \\ are taken as escapes.
std::optional<std::string> take_quoted(std::string_view& rest) {
  std::string out;
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '"') {
      rest.remove_prefix(i + 1);
      return out;
    }
    if (rest[i] == '\\' && i + 1 < rest.size() && (rest[i + 1] == '"' || rest[i + 1] == '\\')) ++i;
    out += rest[i];
  }
  return std::nullopt;
}

bool take_parameter(std::string_view& rest, HeaderValue& into) {
  const auto equals = rest.find('=');
  if (equals == std::string_view::npos) return false;
  const auto name = lower_case(trimmed(rest.substr(0, equals)));
  if (!is_token(name)) return false;
  rest = trimmed(rest.substr(equals + 1));
  std::string value;
  if (!rest.empty() && rest.front() == '"') {
    auto quoted = take_quoted(rest);
    if (!quoted) return false;
    value = std::move(*quoted);
  } else {
    const auto end = std::min(rest.find(';'), rest.size());
    value = std::string(trimmed(rest.substr(0, end)));
    rest.remove_prefix(end);
  }
  rest = trimmed(rest);
  return into.parameters.emplace(name, std::move(value)).second;
}

}  // namespace

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string HeaderValue::parameter(const std::string& name) const {
  const auto found = parameters.find(name);
  return found == parameters.end() ? std::string{} : found->second;
}

std::string HeaderValue::file_name() const {
  const auto extended = parameter("filename*");
  const auto language = extended.find('\'');
  const auto text = language == std::string::npos ? language : extended.find('\'', language + 1);
  if (text != std::string::npos && lower_case(extended.substr(0, language)) == "utf-8") {
    if (auto decoded = percent_decode(std::string_view(extended).substr(text + 1))) return *decoded;
  }
  return parameter("filename");
}

std::optional<HeaderValue> parse_header_value(std::string_view text) {
  HeaderValue out;
  const auto end = std::min(text.find(';'), text.size());
  out.value = lower_case(trimmed(text.substr(0, end)));
  if (!is_token(out.value)) return std::nullopt;
  auto rest = text.substr(end);
  while (!rest.empty()) {
    if (rest.front() != ';') return std::nullopt;
    rest = trimmed(rest.substr(1));
    if (rest.empty()) break;  // a trailing semicolon is common
    if (!take_parameter(rest, out)) return std::nullopt;
  }
  return out;
}

std::string last_path_component(std::string_view name) {
  const auto slash = name.find_last_of("/\\");
  if (slash != std::string_view::npos) name.remove_prefix(slash + 1);
  const std::string text = is_utf8(name) ? std::string(name) : utf8_from_latin1(name);
  std::string out;
  for (std::string_view rest = text; !rest.empty();) {
    const auto character = rest.substr(0, utf8_length(rest));
    rest.remove_prefix(character.size());
    const auto first = static_cast<unsigned char>(character.front());
    const bool control = first < 0x20 || first == 0x7f;
    if (control) continue;
    if (out.size() + character.size() > 255) break;
    out += character;
  }
  if (out == "." || out == "..") out.clear();
  return out;
}

std::string attachment(std::string_view file_name) {
  std::string ascii;
  for (const char c : last_path_component(file_name)) {
    const auto byte = static_cast<unsigned char>(c);
    ascii += (byte < 0x80 && c != '"' && c != '\\') ? c : '_';
  }
  if (ascii.empty()) ascii = "document.xml";
  return "attachment; filename=\"" + ascii + "\"; filename*=UTF-8''" +
         percent_encode(last_path_component(file_name));
}

}  // namespace demat::http
