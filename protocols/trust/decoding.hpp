#pragma once

#include <string_view>
#include <vector>

#include "protocols/base/digest.hpp"
#include "protocols/base/result.hpp"

namespace demat::trust {

/// The certificates of a file: one in DER, or one or more in PEM with text between them. Errors:
/// `trust.certificate_unreadable` when it holds none, or one that cannot be read.
[[nodiscard]] Result<std::vector<Bytes>> read_certificates(std::string_view file);

/// The same for revocation lists. Errors: `trust.crl_unreadable`.
[[nodiscard]] Result<std::vector<Bytes>> read_crls(std::string_view file);

/// The OCSP response of a file, in DER, or PEM with the label OCSP RESPONSE. Errors: `trust.ocsp_unreadable`.
[[nodiscard]] Result<std::vector<Bytes>> read_ocsp_responses(std::string_view file);

}  // namespace demat::trust
