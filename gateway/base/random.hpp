#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "gateway/base/clock.hpp"

namespace demat {

/// Fills from the operating system's secure generator (OpenSSL); throws when it fails. Thread-safe.
void random_bytes(std::span<std::uint8_t> out);

/// A UUIDv7 (RFC 9562): time-ordered, with 74 unguessable bits (design §3).
[[nodiscard]] std::string make_uuid_v7(Instant now);

/// A number in [0, 1), for jitter; not for secrets.
[[nodiscard]] double random_fraction();

}  // namespace demat
