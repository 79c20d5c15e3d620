#include "gateway/http/refusals.hpp"

namespace demat::http::refusals {
namespace {

Problem make(int status, std::string_view code, std::string_view fr, std::string_view en,
             std::string_view technical = {}) {
  Problem out;
  out.status = status;
  out.error = permanent_error(code, fr, en, technical);
  return out;
}

}  // namespace

Problem malformed(std::string_view technical) {
  return make(400, "http.malformed", "La requête HTTP est mal formée. Vérifiez le logiciel qui l'envoie.",
              "The HTTP request is malformed. Check the software that sends it.", technical);
}

Problem head_too_large() {
  return make(431, "http.head_too_large", "Les en-têtes de la requête sont trop longs.",
              "The headers of the request are too long.");
}

Problem too_large(std::uint64_t limit) {
  const auto bytes = std::to_string(limit);
  return make(413, "http.too_large",
              "Le fichier dépasse la taille maximale de " + bytes +
                  " octets. Découpez l'envoi ou retirez des pièces jointes.",
              "The file exceeds the maximum size of " + bytes + " bytes. Split it or remove attachments.");
}

Problem not_found() {
  return make(404, "http.unknown_path", "Cette adresse n'existe pas.", "There is no such address.");
}

Problem method_not_allowed() {
  return make(405, "http.method", "Cette méthode n'est pas admise ici ; l'en-tête Allow donne les autres.",
              "This method is not allowed here; the Allow header gives those that are.");
}

Problem expectation() {
  return make(417, "http.expectation", "L'en-tête Expect n'admet que « 100-continue ».",
              "The Expect header only takes \"100-continue\".");
}

Problem transfer_coding() {
  return make(501, "http.transfer_coding", "Seul le codage de transfert « chunked » est admis.",
              "Only the transfer coding \"chunked\" is taken.");
}

Problem busy() {
  Problem out = make(503, "http.busy", "La passerelle est très sollicitée. Réessayez dans quelques secondes.",
                     "The gateway is very busy. Try again in a few seconds.");
  out.error.outlook = Outlook::waiting;
  return out;
}

Problem too_slow() {
  return make(408, "http.too_slow",
              "La requête n'est pas arrivée entière à temps. Vérifiez le réseau, puis réessayez.",
              "The request did not arrive whole in time. Check the network, then try again.");
}

Problem too_many_requests() {
  Problem out = make(429, "http.too_many_requests",
                     "Votre certificat a trop de requêtes en cours. Réessayez dans quelques secondes.",
                     "Your certificate has too many requests under way. Try again in a few seconds.");
  out.error.outlook = Outlook::waiting;
  return out;
}

Problem internal() {
  return make(500, "internal.error",
              "Une erreur interne est survenue. Donnez l'identifiant de requête à l'exploitant.",
              "An internal error occurred. Give the request id to the operator.");
}

}  // namespace demat::http::refusals
