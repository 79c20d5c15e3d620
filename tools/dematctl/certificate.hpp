#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "tools/dematctl/failure.hpp"

namespace demat::ctl {

[[nodiscard]] std::string sha256_hex(std::string_view bytes);
/// Empty when the file cannot be read.
[[nodiscard]] std::string sha256_hex_of_file(const std::filesystem::path& file);

/// What the gateway calls an identity: the SHA-256 of the certificate's DER, as 64 lower-case digits. `who`
/// is that already (any case, colons allowed, as openssl prints it), or a certificate file, PEM or DER.
/// Failures: `ctl.certificate`.
[[nodiscard]] Answer<std::string> fingerprint(const std::string& who);

}  // namespace demat::ctl
