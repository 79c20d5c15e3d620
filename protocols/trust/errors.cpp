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

Error ocsp_unreadable(std::string_view detail) {
  return permanent_error("trust.ocsp_unreadable",
                         "Une réponse OCSP est illisible, ou n'est qu'un refus de répondre : DER attendu.",
                         "An OCSP response cannot be read, or only declines to answer: DER is expected.",
                         detail);
}

Error ocsp_of_another(std::string_view detail) {
  return permanent_error("trust.ocsp_of_another", "La réponse OCSP ne parle pas du certificat demandé.",
                         "The OCSP response does not speak of the certificate that was asked for.", detail);
}

Error ocsp_not_authentic(std::string_view detail) {
  return permanent_error(
      "trust.ocsp_not_authentic",
      "La réponse OCSP n'est signée ni par l'émetteur du certificat, ni par un répondeur qu'il a désigné.",
      "The OCSP response is signed neither by the certificate's issuer nor by a responder it has named.",
      detail);
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

Error list_not_authentic() {
  return waiting_error(
      "trust.list_not_authentic",
      "La liste de révocation reçue n'est signée par aucune autorité du profil : elle est écartée.",
      "The revocation list that came is signed by no authority of the profile: it is dropped.");
}

Error list_over() {
  return waiting_error("trust.list_over", "La liste de révocation reçue est déjà périmée : elle est écartée.",
                       "The revocation list that came is over already: it is dropped.");
}

Error list_future() {
  return waiting_error(
      "trust.list_future",
      "La liste de révocation reçue n'a pas de date, ou porte une date future : elle est écartée. "
      "L'horloge de la passerelle est-elle juste ?",
      "The revocation list that came has no date, or one in the future: it is dropped. Is the "
      "clock of the gateway right?");
}

Error list_older(std::string_view number) {
  return waiting_error(
      "trust.list_older",
      "La liste de révocation reçue est plus ancienne que celle déjà connue : elle est écartée.",
      "The revocation list that came is older than the one we have: it is dropped.", number);
}

}  // namespace demat::trust
