#pragma once

#include <string>

#include "protocols/base/finding.hpp"
#include "protocols/base/result.hpp"

namespace demat::mail::detail {

/// Why a mail as a whole is not decoded.
enum class Reason {
  too_large,
  decoded_too_large,
  headers_too_large,
  not_a_message,
  too_deep,
  too_many_parts
};
[[nodiscard]] Error refusal(Reason reason);

/// What is wrong with a mail that is decoded all the same.
enum class Remark { base64, charset, encoding, no_date, no_message_id, quoted_printable, structure };
/// A warning; `part` is the place in the MIME tree, "" for the message.
[[nodiscard]] Finding remark(Remark remark, std::string part);

/// The source ended before its size: try again.
[[nodiscard]] Error unreadable();

}  // namespace demat::mail::detail
