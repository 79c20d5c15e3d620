#include "gateway/signing/token_errors.hpp"

#include <fmt/format.h>

namespace demat::signing {

Error token_module(const std::filesystem::path& module, std::string_view detail) {
  return permanent_error("signing.token.module",
                         fmt::format("Le module PKCS#11 {} ne peut être chargé.", module.string()),
                         fmt::format("The PKCS#11 module {} cannot be loaded.", module.string()), detail);
}

Error token_absent(std::string_view token) {
  return waiting_error(
      "signing.token.absent",
      fmt::format("Le support cryptographique « {} » n'est pas branché : les flux à signer attendent.",
                  token),
      fmt::format("The token \"{}\" is not there: flows to be signed wait.", token));
}

Error token_several(std::string_view token, std::string_view detail) {
  return permanent_error("signing.token.several",
                         fmt::format("Plusieurs supports cryptographiques répondent à « {} ».", token),
                         fmt::format("Several tokens answer to \"{}\".", token), detail);
}

Error token_pin(std::string_view token, std::string_view detail) {
  return waiting_error(
      "signing.token.pin",
      fmt::format("Le support « {} » a refusé le code PIN, ou va se bloquer : plus aucun essai avant "
                  "l'intervention de l'exploitant.",
                  token),
      fmt::format("The token \"{}\" refused the PIN, or is about to lock: no further try before an operator "
                  "acts.",
                  token),
      detail);
}

Error token_failed(std::string_view token, std::string_view detail) {
  return waiting_error("signing.token.failed",
                       fmt::format("Le support cryptographique « {} » ne répond pas comme attendu.", token),
                       fmt::format("The token \"{}\" does not answer as it should.", token), detail);
}

Error token_busy(std::string_view token) {
  return waiting_error("signing.token.busy",
                       fmt::format("Le support cryptographique « {} » est occupé.", token),
                       fmt::format("The token \"{}\" is busy.", token));
}

Error token_no_key(std::string_view key, std::string_view detail) {
  return permanent_error(
      "signing.token.no_key",
      fmt::format("Le support cryptographique ne contient pas exactement une clé « {} ».", key),
      fmt::format("The token does not hold exactly one key \"{}\".", key), detail);
}

Error token_no_certificate(std::string_view key) {
  return permanent_error(
      "signing.token.no_certificate",
      fmt::format("Le support ne contient pas le certificat de la clé « {} » : donnez certificate.", key),
      fmt::format("The token does not hold the certificate of the key \"{}\": give certificate.", key));
}

Error token_changed(std::string_view key) {
  return waiting_error(
      "signing.token.changed",
      fmt::format("Le certificat de la clé « {} » a changé dans le support : rechargez la configuration.",
                  key),
      fmt::format("The certificate of the key \"{}\" has changed in the token: reload the configuration.",
                  key));
}

Error token_mismatch(std::string_view key) {
  return waiting_error("signing.token.mismatch",
                       fmt::format("Le certificat en service n'est pas celui de la clé « {} ».", key),
                       fmt::format("The certificate in use is not that of the key \"{}\".", key));
}

Error token_mechanism(std::string_view key, std::string_view detail) {
  return permanent_error(
      "signing.token.mechanism",
      fmt::format("Le support ne sait pas signer en RSA PKCS#1 ou ECDSA avec la clé « {} ».", key),
      fmt::format("The token cannot sign as RSA PKCS#1 or ECDSA with the key \"{}\".", key), detail);
}

}  // namespace demat::signing
