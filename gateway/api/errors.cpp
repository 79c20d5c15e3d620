#include "gateway/api/errors.hpp"

#include <algorithm>
#include <array>

#include "gateway/http/problem.hpp"

namespace demat::api {
namespace {

constexpr std::chrono::seconds waiting_retry{5};

struct Row {
  std::string_view code;
  int status;
};

/// What is not here is 422 when permanent (the content cannot be taken) and 503 when it may pass.
constexpr std::array table = {
    Row{"access.no_certificate", 401},
    Row{"access.unknown_certificate", 403},
    Row{"access.certificate_untrusted", 403},
    Row{"access.certificate_expired", 403},
    Row{"access.certificate_not_yet_valid", 403},
    Row{"access.certificate_usage", 403},
    Row{"access.certificate_policy", 403},
    Row{"access.certificate_weak", 403},
    Row{"access.certificate_revoked", 403},
    Row{"access.bad_token", 401},
    Row{"token.with_token", 403},
    Row{"token.too_wide", 403},
    Row{"access.choose_authority", 400},
    Row{"push.too_many_streams", 429},
    Row{"push.off", 403},
    Row{"upload.unknown", 404},
    Row{"upload.busy", 409},
    Row{"upload.offset", 409},
    Row{"upload.too_many", 429},
    Row{"upload.too_long", 413},
    Row{"mail.already_sent", 409},
    Row{"access.denied", 403},
    Row{"flow.unknown", 404},
    Row{"return.unknown", 404},
    Row{"return.no_acquit", 409},
    Row{"return.acquit_impossible", 409},
    Row{"api.unknown", 404},
    Row{"store.not_found", 404},
    Row{"api.parameter", 400},
    Row{"api.json", 400},
    Row{"store.bad_cursor", 400},
    Row{"http.multipart", 400},
    Row{"http.multipart_limit", 400},
    Row{"intake.no_file", 400},
    Row{"api.media_type", 415},
    Row{"http.too_large", 413},
    Row{"xml.too_large", 413},
    Row{"intake.key_taken", 409},
    Row{"store.duplicate", 409},
    Row{"store.siret_taken", 409},
    Row{"store.stale_lease", 409},
    Row{"store.illegal_transition", 409},
    Row{"store.attempt_open", 409},
    Row{"verb.not_now", 409},
    Row{"signature.unknown_request", 404},
    Row{"signature.not_waiting", 409},
    Row{"signature.replaced", 409},
    Row{"signature.expired", 409},
    Row{"signature.done", 409},
    Row{"signature.changed", 409},
    Row{"identity.own_rights", 409},
    Row{"api.idempotency_unknown", 409},
    Row{"store.return_moved", 409},
    Row{"api.idempotency_running", 409},
    Row{"payload.purged", 410},
    Row{"store.chore_runs", 409},
    Row{"backup.not_configured", 409},
    Row{"backup.folder", 409},
    Row{"actes.not_annullable", 409},
    Row{"actes.letter.no_answer", 409},
    Row{"actes.suspended", 409},
    Row{"actes.no_convention", 409},
    Row{"actes.settings.missing", 409},
    Row{"actes.metadata_missing", 400},
    Row{"archive.too_large", 413},
};

}  // namespace

int status_of(const Error& error) {
  const auto* found =
      std::find_if(table.begin(), table.end(), [&](const Row& row) { return row.code == error.code; });
  if (found != table.end()) return found->status;
  return error.outlook == Outlook::waiting ? 503 : 422;
}

http::Response problem(const Error& error, const http::Request& request, const std::string& flow) {
  return problem(error, {}, request, flow);
}

http::Response problem(const Error& error, std::vector<Finding> findings, const http::Request& request,
                       const std::string& flow) {
  http::Problem out;
  out.findings = std::move(findings);
  out.status = status_of(error);
  out.error = error;
  out.flow = flow;
  if (error.outlook == Outlook::waiting) out.retry_after = waiting_retry;
  auto response = http::render(out, request.request_id);
  if (error.code == "access.bad_token") response.with("WWW-Authenticate", "Bearer error=\"invalid_token\"");
  return response;
}

Error no_certificate() {
  return permanent_error("access.no_certificate",
                         "Présentez un certificat client : la passerelle n'en a reçu aucun.",
                         "Show a client certificate: the gateway received none.");
}

Error unknown_certificate() {
  return permanent_error(
      "access.unknown_certificate",
      "Ce certificat n'est pas enregistré, ou il a été désactivé. Demandez son "
      "enregistrement à l'exploitant.",
      "This certificate is not registered, or was deactivated. Ask the operator to register it.");
}

Error denied() {
  return permanent_error(
      "access.denied", "Votre certificat n'ouvre pas ce droit. Demandez-le à l'exploitant de la plate-forme.",
      "Your certificate does not give this right. Ask the operator of the platform for it.");
}

Error unknown_flow() {
  return permanent_error("flow.unknown", "Aucun de vos flux ne porte cet identifiant.",
                         "None of your flows has this id.");
}

Error unknown_letter() {
  return unknown("Ce courrier n'existe pas, ou n'est pas à vous.", "No such letter, or not yours.");
}

Error unknown_return() {
  return permanent_error("return.unknown", "Aucun de vos retours ne porte cet identifiant.",
                         "None of your returns has this id.");
}

Error unknown(std::string_view fr, std::string_view en) {
  return permanent_error("api.unknown", fr, en);
}

Error bad_parameter(const std::string& name) {
  return permanent_error("api.parameter", "Le paramètre « " + name + " » a une valeur inadmissible.",
                         "Parameter \"" + name + "\" has a value that is not allowed.");
}

Error bad_json(std::string_view detail) {
  return permanent_error("api.json", "Le corps de la requête n'est pas l'objet JSON attendu.",
                         "The body of the request is not the JSON object expected.", detail);
}

Error bad_field(const std::string& name) {
  return permanent_error("api.field", "Le champ « " + name + " » manque ou a une valeur inadmissible.",
                         "Field \"" + name + "\" is missing or has a value that is not allowed.");
}

Error unsupported_media(bool json_wanted) {
  if (json_wanted)
    return permanent_error("api.media_type", "Envoyez du JSON (Content-Type: application/json).",
                           "Send JSON (Content-Type: application/json).");
  return permanent_error(
      "api.media_type",
      "Envoyez le fichier XML lui-même (Content-Type: application/xml) ou un formulaire "
      "multipart/form-data.",
      "Send the XML file itself (Content-Type: application/xml) or a multipart/form-data form.");
}

Error no_file() {
  return permanent_error(
      "intake.no_file",
      "Le formulaire doit contenir un seul fichier, dans le champ « file » ou « enveloppe ».",
      "The form must hold exactly one file, in field \"file\" or \"enveloppe\".");
}

Error unknown_authority() {
  return unknown("Aucune collectivité ne porte ce SIREN.", "No authority has this SIREN.");
}

Error reserved_reason(std::string_view reason) {
  const std::string word(reason);
  return permanent_error("verb.reserved_reason",
                         "Le motif « " + word + " » est réservé à la passerelle : écrivez-le autrement.",
                         "The reason \"" + word + "\" is reserved for the gateway: put it in other words.");
}

Error key_taken(const std::string& existing) {
  return permanent_error(
      "intake.key_taken",
      "Un autre fichier de même clé (IdPost, CodCol, CodBud, NomFic) est déjà en cours ou a abouti : " +
          existing + ". Donnez un autre NomFic à ce flux.",
      "Another file with the same key (IdPost, CodCol, CodBud, NomFic) is under way or has succeeded: " +
          existing + ". Give this flow another NomFic.");
}

}  // namespace demat::api
