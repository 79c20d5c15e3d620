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
[[nodiscard]] Error key_certificate(std::string_view name, std::string_view detail);
[[nodiscard]] Error key_mismatch(const std::filesystem::path& file);
[[nodiscard]] Error key_weak(std::string_view name);
/// There is no key here: an agent signs with a card of his own.
[[nodiscard]] Error key_of_agent();
/// A PKCS#12 file in an encryption that OpenSSL 3 has dropped (RC2, 3DES of old Windows exports).
[[nodiscard]] Error key_legacy(const std::filesystem::path& file);
[[nodiscard]] Error key_failed(std::string_view detail);
/// The certificate is one of an authority (CA:TRUE, keyCertSign, cRLSign; signature RS4).
[[nodiscard]] Error key_of_authority(std::string_view name);
[[nodiscard]] Error key_usage(std::string_view name);
/// `require_hardware`, and the key is not one that never left a device (RS1).
[[nodiscard]] Error key_not_hardware(std::string_view name, std::string_view detail);
/// Not within the certificate's dates, or too close to their end (RS5).
[[nodiscard]] Error key_period(std::string_view detail);

}  // namespace demat::signing
