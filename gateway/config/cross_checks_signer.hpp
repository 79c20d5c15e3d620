#pragma once

#include "gateway/config/section_checks.hpp"

namespace demat::config {

/// A [[signer]]: in files, or in a token; everything the signature policy wants stated is there.
void check_signer(const SignerKey& signer, Section section);

}  // namespace demat::config
