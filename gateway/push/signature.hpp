#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace demat::push {

/// A new secret: "whsec_" and 256 random bits in hexadecimal.
[[nodiscard]] std::string make_secret();

/// The header Demat-Signature: "t=UNIX,v1=HEX", where v1 is HMAC-SHA256 under the secret (as text, prefix
/// included) over "UNIX.BODY". The recipient computes it again, compares in constant time, and refuses a `t`
/// that is too old.
[[nodiscard]] std::string signature_of(std::string_view secret, std::int64_t unix_seconds,
                                       std::string_view body);

}  // namespace demat::push
