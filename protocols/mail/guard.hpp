#pragma once

#include "protocols/base/byte_source.hpp"
#include "protocols/base/result.hpp"
#include "protocols/mail/limits.hpp"

namespace demat::mail::detail {

/// Whether the MIME parser may have this mail at all: its size, and what the parser would make objects of.
/// Reads the source as a stream. Codes mail.*, and those of the source.
[[nodiscard]] Status check_raw(const ByteSource& mail, const Limits& limits);

}  // namespace demat::mail::detail
