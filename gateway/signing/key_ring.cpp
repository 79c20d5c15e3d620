#include "gateway/signing/key_ring.hpp"

#include <utility>

namespace demat::signing {

Status KeyRing::add(SigningProfile profile) {
  if (profile.name.empty() || !profile.signer || profile.statement.role.empty())
    return failure(
        permanent_error("signing.profile.incomplete",
                        "Un profil de signature doit avoir un nom, une clé et une qualité de signataire.",
                        "A signing profile needs a name, a key and a signer's role.", profile.name));
  if (profiles_.contains(profile.name))
    return failure(permanent_error("signing.profile.duplicate",
                                   "Deux profils de signature portent le même nom.",
                                   "Two signing profiles have the same name.", profile.name));
  // It may still be in a token that nobody has plugged in.
  if (const Bytes& der = profile.signer->certificate_der(); !der.empty()) {
    auto certificate = xades::Certificate::from_der(der);
    if (!certificate) return failure(std::move(certificate.error()));
    profile.certificate = std::make_shared<const xades::Certificate>(std::move(*certificate));
  }
  auto name = profile.name;
  profiles_.emplace(std::move(name), std::move(profile));
  return {};
}

const SigningProfile* KeyRing::find(std::string_view name) const {
  const auto at = profiles_.find(name);
  return at == profiles_.end() ? nullptr : &at->second;
}

}  // namespace demat::signing
