#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace demat::http {

/// A header value of the form `value; name=token; name="quoted"`.
struct HeaderValue {
  std::string value;                              ///< lower case
  std::map<std::string, std::string> parameters;  ///< names in lower case

  [[nodiscard]] std::string parameter(const std::string& name) const;
  /// filename* (RFC 8187, UTF-8) before filename; empty when there is none.
  [[nodiscard]] std::string file_name() const;
};

/// Empty when malformed or when a parameter comes twice.
[[nodiscard]] std::optional<HeaderValue> parse_header_value(std::string_view text);

[[nodiscard]] std::string lower_case(std::string_view text);
[[nodiscard]] std::string_view trimmed(std::string_view text);
/// What follows the last '/' or '\', without control characters, at most 255 bytes. Always UTF-8: a name in
/// another encoding is taken for Latin-1, which is what old software of communes sends.
[[nodiscard]] std::string last_path_component(std::string_view name);
/// Content-Disposition for a download: an ASCII name and the exact one by RFC 8187.
[[nodiscard]] std::string attachment(std::string_view file_name);

}  // namespace demat::http
