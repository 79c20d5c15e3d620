#include "gateway/store/errors.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

namespace demat::store {

Error disk_full(std::string_view detail) {
  return waiting_error("store.disk_full",
                       "Le disque de la passerelle est plein : réessayez plus tard, l'exploitant est averti.",
                       "The gateway's disk is full: try again later, the operator is warned.", detail);
}

Error busy(std::string_view detail) {
  return waiting_error("store.busy", "La passerelle est surchargée : réessayez dans un instant.",
                       "The gateway is overloaded: try again in a moment.", detail);
}

Error corrupt(std::string_view detail) {
  return waiting_error("store.corrupt",
                       "La base de la passerelle est endommagée : elle s'arrête là, l'exploitant doit agir.",
                       "The gateway's database is damaged: it stops there, the operator has to act.", detail);
}

Error input_output(std::string_view detail) {
  return waiting_error("store.io",
                       "La passerelle ne peut pas lire ou écrire son disque : réessayez plus tard.",
                       "The gateway cannot read or write its disk: try again later.", detail);
}

Error system_error(int number, std::string_view doing) {
  const std::string detail = fmt::format("{}: {}", doing, std::strerror(number));
  if (number == ENOSPC || number == EDQUOT || number == EFBIG) return disk_full(detail);
  return input_output(detail);
}

Error not_found(std::string_view what) {
  return permanent_error("store.not_found", "Introuvable.", "Not found.", what);
}

Error stale_lease(std::string_view flow) {
  return permanent_error("store.stale_lease", "Un autre traitement s'occupe de ce flux depuis.",
                         "Someone else has taken this flow over since.", flow);
}

Error illegal_transition(flow::State from, flow::Trigger trigger) {
  return permanent_error("store.illegal_transition",
                         fmt::format("Impossible dans l'état actuel du flux ({}).", to_string(from)),
                         fmt::format("Not possible in the flow's present state ({}).", to_string(from)),
                         fmt::format("{} from {}", to_string(trigger), to_string(from)));
}

Error unexpected_state(flow::State found) {
  return permanent_error("store.illegal_transition",
                         fmt::format("Impossible dans l'état actuel du flux ({}).", to_string(found)),
                         fmt::format("Not possible in the flow's present state ({}).", to_string(found)),
                         to_string(found));
}

Error history_moved(std::string_view flow) {
  return waiting_error(
      "store.history_moved",
      "Un autre flux de la collectivité vient de prendre l'un de ces numéros : ils sont "
      "recherchés de nouveau.",
      "Another flow of the authority has just taken one of these numbers: they are looked up "
      "again.",
      flow);
}

Error attempt_open(std::string_view flow) {
  return permanent_error("store.attempt_open", "Une transmission de ce flux est déjà en cours.",
                         "A transmission of this flow is already open.", flow);
}

Error no_open_attempt(std::string_view flow) {
  return permanent_error("store.no_open_attempt", "Aucune transmission de ce flux n'est en cours.",
                         "No transmission of this flow is open.", flow);
}

Error siret_taken(std::string_view siret) {
  return permanent_error("store.siret_taken",
                         fmt::format("Le SIRET {} appartient déjà à une autre collectivité.", siret),
                         fmt::format("SIRET {} already belongs to another authority.", siret));
}

Error duplicate(std::string_view existing) {
  return permanent_error(
      "store.duplicate", "Un flux identique ou de même clé est déjà en cours ou a déjà abouti.",
      "A flow with the same bytes or the same key is under way or has succeeded.", existing);
}

Error return_moved(flow::ReturnState found) {
  return permanent_error("store.return_moved",
                         fmt::format("Ce retour a changé d'état entre-temps ({}).", to_string(found)),
                         fmt::format("This return has changed its state meanwhile ({}).", to_string(found)));
}

Error route_moved() {
  return waiting_error("store.route_moved",
                       "Le SIRET de ce retour vient de changer de destinataire : il est examiné de nouveau.",
                       "The SIRET of this return has just changed hands: it is looked at again.");
}

Error payload_purged(Instant at, std::string_view why) {
  const auto day = to_iso8601_paris(at).substr(0, 10);
  return permanent_error("payload.purged",
                         fmt::format("Ce contenu a été purgé le {} ({}). Sa trace reste.", day, why),
                         fmt::format("This content was purged on {} ({}). Its trace stays.", day, why));
}

Error backup_runs() {
  return waiting_error("store.backup_runs", "Une sauvegarde est en cours : la purge attend sa fin.",
                       "A backup is running: the purge waits for its end.");
}

Error chore_runs(std::string_view kind) {
  return permanent_error("store.chore_runs",
                         "Une sauvegarde ou une vérification est déjà en cours : attendez sa fin.",
                         "A backup or a verification is running already: wait for its end.", kind);
}

Error bad_manifest(std::string_view detail) {
  return permanent_error("backup.manifest", "Ce dossier n'est pas une sauvegarde lisible de dematd.",
                         "This folder is no readable backup of dematd.", detail);
}

Error bad_backup_folder(std::string_view detail) {
  return permanent_error(
      "backup.folder", "Le dossier de la sauvegarde doit être vide, et la passerelle doit pouvoir y écrire.",
      "The folder of the backup must be empty, and the gateway must be able to write there.", detail);
}

Error backup_key_apart() {
  return permanent_error("backup.key",
                         "La clé du journal n'est pas dans cette sauvegarde : donnez-la avec --journal-key.",
                         "The journal key is not in this backup: give it with --journal-key.");
}

Error damaged_backup(std::string_view detail) {
  return permanent_error("backup.damaged",
                         "La sauvegarde est abîmée : rien n'est restauré, prenez-en une autre.",
                         "The backup is damaged: nothing is restored, take another one.", detail);
}

Error bad_cursor() {
  return permanent_error("store.bad_cursor", "Repère de page illisible : reprenez la liste depuis le début.",
                         "Unreadable page cursor: start the list again.");
}

Error request_replaced() {
  return permanent_error(
      "signature.replaced",
      "Cette demande de signature n'est plus la dernière : une autre l'a remplacée. Reprenez la demande.",
      "This request for a signature is not the last one: another one replaced it. Ask anew.");
}

Error mail_already_sent() {
  return permanent_error("mail.already_sent", "Ce message est déjà parti.", "This mail has left already.");
}

Error store_locked(std::string_view folder) {
  return permanent_error("store.locked", "Un autre dematd utilise déjà ce dossier de données.",
                         "Another dematd already uses this data folder.", folder);
}

Error store_exists(std::string_view folder) {
  return permanent_error("store.exists", "Ce dossier contient déjà une base de la passerelle.",
                         "This folder already holds a store.", folder);
}

Error store_missing(std::string_view folder) {
  return permanent_error("store.missing",
                         "Aucune base de la passerelle dans ce dossier : lancez d'abord « dematd init ».",
                         "No store in this folder: run \"dematd init\" first.", folder);
}

Error other_environment(std::string_view ours, std::string_view theirs) {
  return permanent_error(
      "store.environment",
      fmt::format("La base est celle de l'environnement « {} », la configuration dit « {} ».", theirs, ours),
      fmt::format("The store belongs to environment \"{}\", the configuration says \"{}\".", theirs, ours));
}

Error newer_schema(int found, int known) {
  return permanent_error(
      "store.newer_schema",
      fmt::format("La base est à la version {}, ce programme connaît jusqu'à la version {}.", found, known),
      fmt::format("The store has schema version {}, this program knows up to {}.", found, known));
}

}  // namespace demat::store
