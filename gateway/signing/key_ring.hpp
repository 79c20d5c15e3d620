#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "gateway/signing/signer.hpp"
#include "protocols/base/result.hpp"
#include "protocols/xades/policy.hpp"
#include "protocols/xades/sign.hpp"

namespace demat::signing {

/// In SigningProfile::domains: acts of ACTES, which get detached CAdES signatures.
inline constexpr std::string_view domain_actes = "actes";

/// One way to sign that an authority's policy can name: who, with which key, under which signature policy.
struct SigningProfile {
  std::string name;
  std::shared_ptr<const Signer> signer;
  xades::SignerStatement statement;
  xades::Policy policy = xades::helios_policy_1_7();
  xades::CertificatePtr certificate = nullptr;  ///< the signer's, parsed once; KeyRing::add fills it in when
                                                ///< it is known
  bool is_seal = false;                         ///< a server's certificate, not a person's (signature RS15)
  std::chrono::seconds margin{0};  ///< nothing is signed that close to the certificate's end (RS5)
  std::set<std::string, std::less<>> domains{};  ///< PES domains it may sign ("PES_DepenseAller"); none: all
  std::set<std::string, std::less<>> authorities{};  ///< SIRENs whose flows it may sign; none: any
  bool signatories_only = false;  ///< a signatory of the authority has to ask for each signature
  bool by_agent = false;          ///< a signatory signs with his own card; `signer` is agents_card()
  std::chrono::seconds request_life{3600};  ///< how long such a signature may be brought

  std::string timestamp{};  ///< [[timestamp]] that stamps its signatures on acts; empty: none

  [[nodiscard]] bool serves(std::string_view siren) const {
    return authorities.empty() || authorities.contains(siren);
  }
};

/// The signing profiles by name. Filled at start, then shared as const: immutable and thread-safe from there
/// on. A reload makes a new ring.
class KeyRing {
 public:
  /// Errors (permanent): `signing.profile.duplicate`, `signing.profile.incomplete` (no name, no signer, or no
  /// role).
  [[nodiscard]] Status add(SigningProfile profile);
  /// Null when unknown. The profile lives as long as the ring.
  [[nodiscard]] const SigningProfile* find(std::string_view name) const;
  [[nodiscard]] const std::map<std::string, SigningProfile, std::less<>>& profiles() const {
    return profiles_;
  }

 private:
  std::map<std::string, SigningProfile, std::less<>> profiles_;
};

}  // namespace demat::signing
