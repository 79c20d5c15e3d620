#include "gateway/timestamping/errors.hpp"

namespace demat::timestamping {
namespace {

std::string about(const std::string& authority, std::string_view detail) {
  return "[[timestamp]] " + authority + ": " + std::string(detail);
}

}  // namespace

Error unreachable(const std::string& authority, std::string_view detail) {
  return waiting_error(
      "timestamp.unreachable", "Le serveur d'horodatage ne répond pas ; la demande sera refaite.",
      "The time stamping authority does not answer; it will be asked again.", about(authority, detail));
}

Error drift(const std::string& authority, std::string_view time) {
  return waiting_error(
      "timestamp.drift",
      "L'heure du serveur d'horodatage et celle de la passerelle diffèrent trop : le flux attend "
      "l'exploitant.",
      "The times of the time stamping authority and of the gateway differ too much: the flow waits for the "
      "operator.",
      about(authority, time));
}

Error untrusted(const std::string& authority, std::string_view why) {
  return waiting_error(
      "timestamp.untrusted",
      "Le certificat du serveur d'horodatage n'est pas admis par son profil de confiance : le flux attend.",
      "The certificate of the time stamping authority does not pass its trust profile: the flow waits.",
      about(authority, why));
}

}  // namespace demat::timestamping
