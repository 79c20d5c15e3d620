#pragma once

#include <filesystem>
#include <string_view>

#include "protocols/base/error.hpp"

/// The errors of tokens. What a person must mend in the configuration is permanent and seen at start; what a
/// device does by itself is waiting (signature RS16).
namespace demat::signing {

[[nodiscard]] Error token_module(const std::filesystem::path& module, std::string_view detail);
[[nodiscard]] Error token_absent(std::string_view token);
[[nodiscard]] Error token_several(std::string_view token, std::string_view detail);
/// The token refused the PIN, or is about to lock: nobody tries again until a person acts (RS3).
[[nodiscard]] Error token_pin(std::string_view token, std::string_view detail);
[[nodiscard]] Error token_failed(std::string_view token, std::string_view detail);
[[nodiscard]] Error token_busy(std::string_view token);
[[nodiscard]] Error token_no_key(std::string_view key, std::string_view detail);
[[nodiscard]] Error token_no_certificate(std::string_view key);
/// Another certificate lies in the token than the one seen first.
[[nodiscard]] Error token_changed(std::string_view key);
/// The certificate in use is not that of the key: its signatures do not verify.
[[nodiscard]] Error token_mismatch(std::string_view key);
[[nodiscard]] Error token_mechanism(std::string_view key, std::string_view detail);

}  // namespace demat::signing
