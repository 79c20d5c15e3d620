#pragma once

#include <filesystem>
#include <string_view>

#include "protocols/base/error.hpp"

namespace demat::signing {

/// The errors of loading and using a key; `file` names what the operator has to mend.
[[nodiscard]] Error key_unreadable(const std::filesystem::path& file, std::string_view detail);
[[nodiscard]] Error key_permissions(const std::filesystem::path& file);
[[nodiscard]] Error key_passphrase(const std::filesystem::path& file);
[[nodiscard]] Error key_malformed(const std::filesystem::path& file, std::string_view detail);
[[nodiscard]] Error key_certificate(const std::filesystem::path& file, std::string_view detail);
[[nodiscard]] Error key_mismatch(const std::filesystem::path& file);
[[nodiscard]] Error key_weak(const std::filesystem::path& file);
/// A PKCS#12 file in an encryption that OpenSSL 3 has dropped (RC2, 3DES of old Windows exports).
[[nodiscard]] Error key_legacy(const std::filesystem::path& file);
[[nodiscard]] Error key_failed(std::string_view detail);

}  // namespace demat::signing
