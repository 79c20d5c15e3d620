#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace demat::mail::detail {

/// A header "Name: value" with its CRLF; a value that is not plain ASCII, or too long for lines, becomes
/// encoded words (RFC 2047) of whole characters, folded.
[[nodiscard]] std::string text_header(std::string_view name, std::string_view value);

/// `text` as encoded words for use after `used` characters of a line.
[[nodiscard]] std::string encoded_words(std::string_view text, std::size_t used);

[[nodiscard]] bool is_plain_ascii(std::string_view text);

/// Quoted-printable text (RFC 2045 6.7) with CRLF, each line end of `text` (LF or CRLF) being one of the
/// text.
[[nodiscard]] std::string quoted_printable(std::string_view text);

/// base64 in lines of 76 characters, each with CRLF.
[[nodiscard]] std::string base64_lines(std::string_view bytes);

/// `value` in ASCII, short, fit for a quoted string: for readers that know no better.
[[nodiscard]] std::string look_alike(std::string_view value);

/// `name=value` of a MIME header, as continuation lines with their leading CRLF and blank: quoted when short
/// and ASCII, else as RFC 2231 has it.
[[nodiscard]] std::string parameter(std::string_view name, std::string_view value);

/// "Wed, 01 Jan 2025 10:00:00 +0000" (RFC 5322 3.3); seconds since 1970.
[[nodiscard]] std::string date_text(long long seconds);

}  // namespace demat::mail::detail
