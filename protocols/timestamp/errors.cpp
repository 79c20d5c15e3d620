#include "protocols/timestamp/errors.hpp"

#include <string>

namespace demat::timestamp {

Error bad_request(std::string_view detail) {
  return permanent_error("timestamp.request", "La demande d'horodatage ne peut être écrite.",
                         "The time stamp request cannot be written.", detail);
}

Error response_unreadable() {
  return waiting_error("timestamp.response_unreadable",
                       "La réponse du serveur d'horodatage est illisible ; la demande sera refaite.",
                       "The answer of the time stamping authority cannot be read; it will be asked again.");
}

Error refused(std::string_view detail) {
  return waiting_error("timestamp.refused",
                       "Le serveur d'horodatage a refusé la demande ; elle sera refaite.",
                       "The time stamping authority refused the request; it will be asked again.", detail);
}

Error mismatch(std::string_view detail) {
  return waiting_error(
      "timestamp.mismatch",
      "Le serveur d'horodatage a répondu à une autre demande que la nôtre ; la demande sera refaite.",
      "The time stamping authority answered another request than ours; it will be asked again.", detail);
}

Error untrue(const Error& why) {
  return waiting_error("timestamp.untrue",
                       "Le jeton du serveur d'horodatage n'est pas recevable ; la demande sera refaite.",
                       "The token of the time stamping authority does not hold; it will be asked again.",
                       why.code + (why.detail.empty() ? "" : " (" + why.detail + ")"));
}

Error token_unreadable(std::string_view detail) {
  return permanent_error("timestamp.unreadable", "Le jeton d'horodatage est illisible.",
                         "The time stamp token cannot be read.", detail);
}

Error token_signature(std::string_view detail) {
  return permanent_error("timestamp.signature",
                         "La signature du jeton d'horodatage est fausse : le jeton a été modifié.",
                         "The signature of the time stamp token is wrong: the token was changed.", detail);
}

Error token_certificate(std::string_view detail) {
  return permanent_error(
      "timestamp.certificate",
      "Le jeton d'horodatage ne contient pas, ou ne désigne pas, le certificat qui l'a signé.",
      "The time stamp token does not hold, or does not name, the certificate that signed it.", detail);
}

Error token_usage() {
  return permanent_error("timestamp.usage",
                         "Le certificat du jeton d'horodatage n'est pas réservé à l'horodatage.",
                         "The certificate of the time stamp token is not reserved for time stamping.");
}

Error token_algorithm() {
  return permanent_error("timestamp.algorithm",
                         "Le jeton d'horodatage emploie une empreinte que nous ne prenons pas en charge.",
                         "The time stamp token uses a digest that is not supported.");
}

Error token_imprint() {
  return permanent_error("timestamp.imprint", "L'horodatage porte sur un autre contenu que celui-ci.",
                         "The time stamp is over another content than this one.");
}

}  // namespace demat::timestamp
