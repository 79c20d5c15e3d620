#include <algorithm>
#include <chrono>

#include "gateway/signing/file_signer.hpp"
#include "gateway/signing/token_signer.hpp"
#include "gateway/wiring.hpp"

namespace demat::wiring {
namespace {

using signing::CertificateUse;

/// Hélios takes RSA alone (H5).
bool signs_pes(const config::SignerKey& key) {
  return std::ranges::any_of(key.flows,
                             [](const auto& kind) { return kind == "depense" || kind == "recette"; });
}

signing::TokenKey token_key(const config::SignerKey& key) {
  signing::TokenKey wanted;
  wanted.module = key.pkcs11_module;
  wanted.token = key.token;
  wanted.token_serial = key.token_serial;
  wanted.key = key.key_label;
  wanted.key_id = key.key_id;
  wanted.certificate = key.certificate;
  wanted.pin_file = key.pin_file;
  wanted.group_may_read_pin = key.pin_is_credential;
  wanted.require_hardware = key.require_hardware;
  wanted.rules.use = key.is_seal ? CertificateUse::seal : CertificateUse::signature;
  wanted.rules.allow_p256 = !signs_pes(key);
  return wanted;
}

Result<std::shared_ptr<const signing::Signer>> load(const config::SignerKey& key, signing::Tokens& tokens) {
  if (key.by_agent) return signing::agents_card();
  if (!key.pkcs11_module.empty()) return tokens.open(token_key(key));
  const auto use = key.is_seal ? CertificateUse::seal : CertificateUse::signature;
  if (key.certificate.empty())
    return signing::load_signer(signing::Pkcs12File{key.key, key.passphrase.reveal()}, use);
  return signing::load_signer(signing::PemFiles{key.key, key.certificate, key.passphrase.reveal()}, use);
}

/// What a document of that kind calls itself; acts have no document.
std::string domain_of(const std::string& kind) {
  if (kind == "depense") return "PES_DepenseAller";
  return kind == "recette" ? "PES_RecetteAller" : std::string(signing::domain_actes);
}

signing::SigningProfile profile_of(const config::SignerKey& key) {
  signing::SigningProfile profile;
  profile.name = key.name;
  profile.statement = {key.role, key.city, key.postal_code, key.country};
  profile.is_seal = key.is_seal;
  profile.margin = std::chrono::duration_cast<std::chrono::seconds>(key.margin);
  for (const auto& kind : key.flows)
    profile.domains.insert(domain_of(kind));
  profile.authorities.insert(key.authorities.begin(), key.authorities.end());
  profile.signatories_only = key.signatories_only;
  profile.by_agent = key.by_agent;
  profile.request_life = std::chrono::duration_cast<std::chrono::seconds>(key.request_life);
  return profile;
}

}  // namespace

Result<signing::KeyRing> load_keys(const config::Settings& settings, signing::Tokens& tokens) {
  signing::KeyRing ring;
  for (const auto& key : settings.signers) {
    auto signer = load(key, tokens);
    if (!signer) {
      signer.error().detail += " [[signer]] " + key.name;
      return failure(signer.error());
    }
    auto profile = profile_of(key);
    auto policy = signature_policy(settings, key.policy);
    if (!policy) return failure(policy.error());
    profile.policy = std::move(*policy);
    profile.timestamp = key.timestamp;
    profile.signer = std::move(*signer);
    if (auto status = ring.add(std::move(profile)); !status) return failure(status.error());
  }
  return ring;
}

}  // namespace demat::wiring
