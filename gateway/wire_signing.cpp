#include "gateway/signing/file_signer.hpp"
#include "gateway/wiring.hpp"

namespace demat::wiring {
namespace {

Result<std::shared_ptr<const signing::Signer>> load(const config::SignerKey& key) {
  if (key.certificate.empty())
    return signing::load_signer(signing::Pkcs12File{key.key, key.passphrase.reveal()});
  return signing::load_signer(signing::PemFiles{key.key, key.certificate, key.passphrase.reveal()});
}

}  // namespace

Result<signing::KeyRing> load_keys(const config::Settings& settings) {
  signing::KeyRing ring;
  for (const auto& key : settings.signers) {
    auto signer = load(key);
    if (!signer) {
      signer.error().detail += " [[signer]] " + key.name;
      return failure(signer.error());
    }
    signing::SigningProfile profile;
    profile.name = key.name;
    profile.signer = std::move(*signer);
    profile.statement = {key.role, key.city, key.postal_code, key.country};
    if (auto status = ring.add(std::move(profile)); !status) return failure(status.error());
  }
  return ring;
}

}  // namespace demat::wiring
