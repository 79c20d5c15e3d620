#pragma once

#include <string>

#include "protocols/trust/facts.hpp"

namespace demat::trust {

/// What kind of certificate it is, as far as it says so itself, and by what (signature R7).
struct Level {
  std::string name;  ///< "qualifié, dispositif qualifié"; "inconnu" when nothing tells
  std::string fr;    ///< why
  std::string en;
};

/// By the profile that has accepted the signer (`profile_level`, when it is not empty), else by what the
/// certificate claims: statements of qualification (EN 319 412-5), policies of EN 319 411. A claim is no
/// proof, and RGS stars are nothing that a certificate states: only a profile gives them.
[[nodiscard]] Level level_of(const CertificateFacts& certificate, const std::string& profile_level,
                             const std::string& profile);

}  // namespace demat::trust
