#include "gateway/config/cross_checks_signer.hpp"

#include <algorithm>

#include "gateway/config/secret_file.hpp"

namespace demat::config {
namespace {

void check_files(const SignerKey& signer, Section& section) {
  section.require(!signer.key.empty(), "key", "clé de signature", "signing key");
  const std::string type = signer.key.extension().string();
  if (type != ".p12" && type != ".pfx") {
    section.require(signer.key.empty() || !signer.certificate.empty(), "certificate",
                    "certificat de signature (sauf PKCS#12 .p12)",
                    "signing certificate (unless PKCS#12 .p12)");
  }
  section.private_key(signer.key, "key");
  if (!signer.token.empty() || !signer.token_serial.empty() || !signer.key_id.empty() ||
      !signer.pin_file.empty())
    section.complain("config.conflict", "pkcs11_module",
                     "token, token_serial, key_id et pin_file vont avec pkcs11_module",
                     "token, token_serial, key_id and pin_file go with pkcs11_module");
  if (signer.require_hardware)
    section.complain(
        "config.conflict", "require_hardware",
        "une clé dans un fichier (PEM, PKCS#12) n'est pas dans un matériel : donnez pkcs11_module",
        "a key in a file (PEM, PKCS#12) is not in a device: give pkcs11_module");
}

void check_token(const SignerKey& signer, Section& section) {
  section.file(signer.pkcs11_module, "pkcs11_module");
  section.require(!signer.pin_file.empty(), "pin_file", "le fichier du code PIN", "the file of the PIN");
  section.file(signer.pin_file, "pin_file");
  if (!signer.pin_file.empty() && open_beyond(signer.pin_file, signer.pin_is_credential))
    section.complain("config.secret_mode", "pin_file",
                     "d'autres que son propriétaire peuvent lire ce code PIN ; faites : chmod 600 " +
                         signer.pin_file.string(),
                     "others than its owner may read this PIN; run: chmod 600 " + signer.pin_file.string());
  if (!signer.passphrase.empty())
    section.complain("config.conflict", "passphrase_file", "un support a un code PIN : donnez pin_file",
                     "a token has a PIN: give pin_file");
}

/// The key and its certificate are the agent's.
void check_agent(const SignerKey& signer, Section& section) {
  if (!signer.key.empty() || !signer.certificate.empty() || !signer.passphrase.empty() ||
      !signer.pkcs11_module.empty() || !signer.pin_file.empty())
    section.complain(
        "config.conflict", "agent",
        "l'agent signe avec sa propre carte (agent = true) : ni clé, ni certificat, ni code PIN ici",
        "the agent signs with a card of his own (agent = true): no key, certificate or PIN here");
  if (signer.signatories_only)
    section.complain("config.conflict", "signatories_only",
                     "seul un signataire signe avec sa carte : signatories_only n'ajoute rien à agent = true",
                     "only a signatory signs with his card: signatories_only adds nothing to agent = true");
  if (std::ranges::any_of(signer.flows,
                          [](const auto& kind) { return kind != "depense" && kind != "recette"; }))
    section.complain("config.conflict", "flows",
                     "la carte d'un agent signe les dépenses et les recettes seulement",
                     "an agent's card signs dépenses and recettes only");
}

bool is_siren(const std::string& text) {
  return text.size() == 9 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

void check_signer(const SignerKey& signer, Section section) {
  section.require(!signer.name.empty(), "name", "nom du signataire", "name of the signer");
  if (signer.by_agent)
    check_agent(signer, section);
  else if (signer.pkcs11_module.empty())
    check_files(signer, section);
  else
    check_token(signer, section);
  if (!signer.by_agent) section.file(signer.certificate, "certificate");
  section.require(!signer.flows.empty(), "flows", "au moins une sorte de flux", "at least one kind of flow");
  if (!std::ranges::all_of(signer.authorities, is_siren))
    section.complain("config.range", "authorities", "des numéros SIREN (9 chiffres)",
                     "SIREN numbers (9 digits)");
  // What the signature policy wants stated (signature 1.3): without it every flow to sign would be refused.
  section.require(!signer.role.empty(), "role", "qualité du signataire", "role of the signer");
  section.require(!signer.city.empty(), "city", "commune où l'on signe", "city of the signature");
  section.require(!signer.postal_code.empty(), "postal_code", "code postal du lieu de signature",
                  "postal code of the place of signature");
}

}  // namespace demat::config
