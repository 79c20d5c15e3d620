#include "protocols/trust/level.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace demat::trust {
namespace {

struct Known {
  std::string_view policy;
  std::string_view name;
};

/// EN 319 411-1 5.3 and EN 319 411-2 5.3, the strongest first; the last one is the DGFiP's (signature RV7).
constexpr std::array known = std::to_array<Known>({
    {"0.4.0.194112.1.2", "QCP-n-qscd (personne, qualifié, dispositif qualifié)"},
    {"0.4.0.194112.1.3", "QCP-l-qscd (cachet, qualifié, dispositif qualifié)"},
    {"0.4.0.194112.1.0", "QCP-n (personne, qualifié)"},
    {"0.4.0.194112.1.1", "QCP-l (cachet, qualifié)"},
    {"0.4.0.2042.1.2", "NCP+ (dispositif matériel)"},
    {"0.4.0.2042.1.1", "NCP"},
    {"0.4.0.2042.1.3", "LCP"},
    {"1.2.250.1.131.1.5.18.20.1.5.2", "DGFiP"},
});

}  // namespace

Level level_of(const CertificateFacts& certificate, const std::string& profile_level,
               const std::string& profile) {
  if (!profile_level.empty())
    return {profile_level, "le profil « " + profile + " » le donne aux signataires qu'il admet",
            "the profile \"" + profile + "\" gives it to signers that it accepts"};
  if (certificate.qualified)
    return {
        certificate.qualified_device ? "qualifié, dispositif qualifié" : "qualifié",
        "le certificat le déclare (QcStatements) ; cela n'a pas été vérifié auprès de la liste de confiance",
        "the certificate states it (QcStatements); the trusted list was not asked"};
  for (const auto& one : known)
    if (std::ranges::find(certificate.policies, one.policy) != certificate.policies.end())
      return {std::string(one.name),
              "d'après sa politique de certification (" + std::string(one.policy) + ")",
              "by its certificate policy (" + std::string(one.policy) + ")"};
  return {"inconnu", "rien dans le certificat ne le dit", "nothing in the certificate tells"};
}

}  // namespace demat::trust
