#include "protocols/trust/errors.hpp"

namespace demat::trust {

Error certificate_unreadable(std::string_view detail) {
  return permanent_error("trust.certificate_unreadable",
                         "Un fichier de certificat est illisible : PEM ou DER attendu.",
                         "A certificate file cannot be read: PEM or DER is expected.", detail);
}

Error crl_unreadable(std::string_view detail) {
  return permanent_error("trust.crl_unreadable",
                         "Une liste de révocation est illisible : PEM ou DER attendu.",
                         "A revocation list cannot be read: PEM or DER is expected.", detail);
}

Error not_an_authority(std::string_view detail) {
  return permanent_error(
      "trust.not_an_authority",
      "Un certificat placé parmi les autorités d'un profil de confiance n'est pas celui d'une autorité.",
      "A certificate among the authorities of a trust profile is not that of an authority.", detail);
}

Error no_anchor(std::string_view profile) {
  return permanent_error(
      "trust.no_anchor",
      "Un profil de confiance n'a aucune autorité racine : placez au moins un certificat dans anchors/.",
      "A trust profile has no anchor: put at least one certificate into anchors/.", profile);
}

Error no_issuer(std::string_view profile) {
  return permanent_error(
      "trust.no_issuer",
      "Un profil de confiance n'autorise aucun émetteur : placez dans issuers/ les autorités dont les "
      "certificats sont admis.",
      "A trust profile authorises no issuer: put the authorities whose certificates are accepted into "
      "issuers/.",
      profile);
}

}  // namespace demat::trust
