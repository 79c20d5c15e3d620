#include "gateway/signing/errors.hpp"

#include <fmt/format.h>

namespace demat::signing {

Error key_unreadable(const std::filesystem::path& file, std::string_view detail) {
  return waiting_error("signing.key.unreadable",
                       fmt::format("Le fichier de clé ou de certificat {} ne peut être lu.", file.string()),
                       fmt::format("The key or certificate file {} cannot be read.", file.string()), detail);
}

Error key_permissions(const std::filesystem::path& file) {
  return permanent_error(
      "signing.key.permissions",
      fmt::format("La clé privée {} est accessible à d'autres comptes : faites « chmod 600 ».",
                  file.string()),
      fmt::format("The private key {} is open to other accounts: do \"chmod 600\".", file.string()));
}

Error key_passphrase(const std::filesystem::path& file) {
  return permanent_error("signing.key.passphrase",
                         fmt::format("La phrase secrète de {} est absente ou fausse.", file.string()),
                         fmt::format("The passphrase of {} is missing or wrong.", file.string()));
}

Error key_malformed(const std::filesystem::path& file, std::string_view detail) {
  return permanent_error(
      "signing.key.malformed",
      fmt::format("{} ne contient pas de clé privée lisible (PEM ou PKCS#12).", file.string()),
      fmt::format("{} holds no readable private key (PEM or PKCS#12).", file.string()), detail);
}

Error key_certificate(std::string_view name, std::string_view detail) {
  return permanent_error("signing.key.certificate",
                         fmt::format("{} ne contient pas de certificat lisible.", name),
                         fmt::format("{} holds no readable certificate.", name), detail);
}

Error key_mismatch(const std::filesystem::path& file) {
  return permanent_error("signing.key.mismatch",
                         fmt::format("Le certificat {} n'est pas celui de la clé privée.", file.string()),
                         fmt::format("The certificate {} is not that of the private key.", file.string()));
}

Error key_weak(std::string_view name) {
  return permanent_error("signing.key.weak",
                         fmt::format("La clé {} ne convient pas : RSA d'au moins 2048 bits exigé.", name),
                         fmt::format("The key {} will not do: RSA of at least 2048 bits required.", name));
}

Error key_of_authority(std::string_view name) {
  return permanent_error(
      "signing.key.authority",
      fmt::format("Le certificat {} est celui d'une autorité de certification : il ne signe pas de flux.",
                  name),
      fmt::format("The certificate {} is that of a certification authority: it signs no flows.", name));
}

Error key_usage(std::string_view name) {
  return permanent_error(
      "signing.key.usage",
      fmt::format("Le certificat {} ne porte pas l'usage « non-répudiation ». Un cachet serveur se déclare "
                  "avec use = \"seal\".",
                  name),
      fmt::format(
          "The certificate {} lacks the non-repudiation usage. A server's seal is declared with use = "
          "\"seal\".",
          name));
}

Error key_not_hardware(std::string_view name, std::string_view detail) {
  return permanent_error(
      "signing.key.not_hardware",
      fmt::format("La clé {} n'est pas née dans un matériel dont elle ne peut sortir, et require_hardware "
                  "l'exige.",
                  name),
      fmt::format("The key {} was not made in a device that it cannot leave, which require_hardware wants.",
                  name),
      detail);
}

Error key_period(std::string_view detail) {
  return waiting_error(
      "signing.key.period",
      "Le certificat de signature n'est pas en cours de validité, ou sa fin est trop proche : "
      "le flux attend l'exploitant.",
      "The signing certificate is outside its dates, or too close to their end: the flow "
      "waits for the operator.",
      detail);
}

Error key_of_agent() {
  return waiting_error(
      "signing.key.agent",
      "Ce flux est signé par un agent avec sa propre carte : la passerelle n'a pas de clé pour lui.",
      "An agent signs this flow with a card of his own: the gateway has no key for it.");
}

Error key_legacy(const std::filesystem::path& file) {
  return permanent_error(
      "signing.key.legacy",
      fmt::format(
          "{} utilise un chiffrement périmé : convertissez-le avec « openssl pkcs12 -legacy » puis « openssl "
          "pkcs12 -export ».",
          file.string()),
      fmt::format(
          "{} uses an obsolete encryption: convert it with \"openssl pkcs12 -legacy\" then \"openssl pkcs12 "
          "-export\".",
          file.string()));
}

Error key_failed(std::string_view detail) {
  return waiting_error("signing.key.failed", "La clé de signature n'a pas pu signer.",
                       "The signing key could not sign.", detail);
}

}  // namespace demat::signing
