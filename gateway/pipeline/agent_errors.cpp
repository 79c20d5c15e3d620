#include "gateway/pipeline/agent_errors.hpp"

#include <fmt/format.h>

namespace demat::pipeline {

Error no_signer(std::string_view name) {
  return waiting_error(
      "signing.no_signer",
      "La clé de signature prévue pour cette collectivité n'est pas chargée : le flux attend "
      "l'exploitant.",
      "The signing key meant for this authority is not loaded: the flow waits for the operator.", name);
}

Error not_its_authority(std::string_view name) {
  return waiting_error(
      "signing.authority",
      "La clé de signature prévue n'est pas celle de cette collectivité : le flux attend l'exploitant.",
      "The signing key of the route is not this authority's: the flow waits for the operator.", name);
}

Error not_waiting_for_agent(flow::State state) {
  return permanent_error(
      "signature.not_waiting",
      fmt::format("Ce flux n'attend pas la signature d'un agent : il est dans l'état « {} ».",
                  flow::to_string(state)),
      fmt::format("This flow does not wait for an agent's signature: it is in state \"{}\".",
                  flow::to_string(state)),
      flow::to_string(state));
}

Error unknown_request() {
  return permanent_error("signature.unknown_request",
                         "Aucune demande de signature de ce flux ne porte ce numéro.",
                         "No request for a signature of this flow has this id.");
}

Error request_expired() {
  return permanent_error(
      "signature.expired",
      "La demande de signature est périmée : l'heure de signature qu'elle fixe est trop ancienne. Reprenez "
      "la "
      "demande ; rien n'est perdu.",
      "The request for a signature has expired: the signing time that it fixes is too old. Ask anew; nothing "
      "is lost.");
}

Error request_done() {
  return permanent_error("signature.done", "Cette demande a déjà reçu d'autres valeurs de signature.",
                         "This request was given other signature values already.");
}

Error values_incomplete(std::string_view detail) {
  return permanent_error("signature.incomplete",
                         "Il faut une valeur de signature pour chaque élément remis, et pour aucun autre.",
                         "One signature value is needed for each element handed out, and for no other.",
                         detail);
}

Error unfit_card(const Error& found) {
  if (found.code == "signing.key.authority")
    return permanent_error(
        "signature.certificate_authority",
        "Le certificat présenté est celui d'une autorité de certification : il ne signe pas de flux.",
        "The certificate shown is that of a certification authority: it signs no flows.");
  if (found.code == "signing.key.usage")
    return permanent_error(
        "signature.certificate_usage",
        "Le certificat présenté n'est pas fait pour signer : il ne porte pas l'usage « non-répudiation ». "
        "Une carte en porte souvent deux : choisissez celui de signature.",
        "The certificate shown is not made for signing: it lacks the usage non-repudiation. A card often "
        "holds "
        "two: choose the one for signatures.");
  if (found.code == "signing.key.weak")
    return permanent_error(
        "signature.certificate_weak",
        "La clé du certificat présenté ne convient pas : RSA d'au moins 2048 bits exigé.",
        "The key of the certificate shown will not do: RSA of at least 2048 bits required.");
  return permanent_error("signature.certificate", "Ce qui a été présenté n'est pas un certificat lisible.",
                         "What was shown is no readable certificate.", found.detail);
}

Error card_out_of_date(xades::Instant end) {
  return permanent_error(
      "signature.certificate_period",
      "Le certificat présenté n'est pas en cours de validité, ou sa fin est trop proche : présentez-en un "
      "autre.",
      "The certificate shown is outside its dates, or too close to their end: show another one.",
      "not after " + xades::format_instant(end));
}

Error signed_form_refused(std::string_view fr, std::string_view en) {
  return permanent_error(
      "signature.refused",
      fmt::format("Le fichier signé n'a pas passé les contrôles : {} Le flux attend toujours sa signature.",
                  fr),
      fmt::format("The signed file did not pass the checks: {} The flow still waits for its signature.", en));
}

Error signer_untrusted(std::string_view fr, std::string_view en) {
  return permanent_error(
      "trust.untrusted",
      fmt::format("Ce certificat ne sera pas accepté par la destination : {} Présentez-en un autre.", fr),
      fmt::format("The destination will not accept this certificate: {} Show another one.", en));
}

}  // namespace demat::pipeline
