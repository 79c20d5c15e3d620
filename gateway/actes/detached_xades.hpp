#pragma once

#include "gateway/actes/content_checks.hpp"
#include "protocols/baseline/baseline.hpp"

namespace demat::actes_road {

/// What a verified XAdES of the file `name` tells: findings into the report, the signer and the time stamps
/// (signature RV5) for judgement.
void take_xades(baseline::BaselineReport verified, const std::string& name, Contents& out);

/// Checks `xml`, a detached XAdES that came with the file `name`, over its bytes (signature A7). Findings:
/// those of baseline::verify_detached, and `actes.xades.unreadable`; all errors refuse. Error: only when
/// `file` cannot be read.
[[nodiscard]] Status check_detached_xades(const ByteSource& file, std::string_view xml,
                                          const std::string& name, Contents& out);

}  // namespace demat::actes_road
