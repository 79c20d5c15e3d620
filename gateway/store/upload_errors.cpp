#include "gateway/store/upload_errors.hpp"

#include <fmt/format.h>

namespace demat::store {

Error upload_unknown() {
  return permanent_error("upload.unknown", "Aucun de vos envois en cours ne porte cet identifiant.",
                         "None of your uploads has this id.");
}

Error upload_busy() {
  return waiting_error("upload.busy", "Une autre requête alimente déjà cet envoi. Réessayez dans un instant.",
                       "Another request is already feeding this upload. Try again in a moment.");
}

Error upload_offset(std::uint64_t ours) {
  return permanent_error(
      "upload.offset",
      fmt::format("Cet envoi en est à l'octet {} : reprenez là (en-tête Upload-Offset).", ours),
      fmt::format("This upload is at byte {}: go on there (header Upload-Offset).", ours),
      std::to_string(ours));
}

Error upload_too_many(std::size_t most) {
  return waiting_error(
      "upload.too_many",
      fmt::format("Vous avez déjà {} envois inachevés : terminez-en ou supprimez-en un.", most),
      fmt::format("You have {} unfinished uploads already: finish or delete one.", most));
}

Error upload_too_long(std::uint64_t size) {
  return permanent_error("upload.too_long",
                         fmt::format("L'envoi dépasse la taille annoncée ({} octets).", size),
                         fmt::format("The upload exceeds the size that was told ({} bytes).", size));
}

Error upload_incomplete() {
  return permanent_error("upload.incomplete", "Cet envoi n'est pas complet.", "This upload is not complete.");
}

Error upload_digest() {
  return permanent_error(
      "upload.digest",
      "Le fichier reçu n'a pas l'empreinte SHA-256 annoncée : recommencez l'envoi depuis le début.",
      "The file received does not have the SHA-256 that was told: start the upload again.");
}

}  // namespace demat::store
