#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace demat::xades {

using Instant = std::chrono::sys_seconds;

/// `2026-01-15T10:30:00Z`, the form of SigningTime that we write (signature 1.8).
[[nodiscard]] std::string format_instant(Instant instant);

/// Reads an xs:dateTime in UTC, written with `Z`; a fraction of a second is accepted and dropped
/// (signature 1.9). Anything else, an impossible date or another offset included, gives nothing (signature
/// T41).
[[nodiscard]] std::optional<Instant> parse_instant(std::string_view text);

}  // namespace demat::xades
