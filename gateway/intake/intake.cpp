#include "gateway/intake/intake.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "gateway/intake/described.hpp"
#include "protocols/base/limits.hpp"

namespace demat::intake {
namespace {

Error choose() {
  return permanent_error(
      "access.choose_authority",
      "Votre certificat vaut pour plusieurs collectivités : indiquez le SIREN dans l'en-tête "
      "Demat-Authority.",
      "Your certificate is valid for several authorities: name the SIREN in the Demat-Authority "
      "header.");
}

Error not_owner() {
  return permanent_error(
      "intake.not_owner",
      "Le SIRET du flux (EnTetePES/IdColl) n'est pas enregistré pour cette collectivité. Vérifiez "
      "la collectivité choisie, ou demandez à l'exploitant d'enregistrer ce SIRET.",
      "The SIRET of the flow (EnTetePES/IdColl) is not registered for this authority. Check the "
      "authority chosen, or ask the operator to register this SIRET.");
}

Error empty_file() {
  return permanent_error("intake.empty",
                         "Le fichier est vide (0 octet). Produisez-le de nouveau puis déposez-le.",
                         "The file is empty (0 byte). Produce it again, then post it.");
}

Error not_a_flow() {
  return permanent_error("intake.not_a_flow",
                         "Ce document n'est pas un PES V2 à transmettre (racine attendue : PES_Aller).",
                         "This document is not a PES V2 to be sent (expected root: PES_Aller).");
}

/// What the authority sends: its flows, and its own acquits of returns.
Status check_kind(pes::Kind kind) {
  if (kind == pes::Kind::aller || kind == pes::Kind::acquit_retour) return {};
  return failure(not_a_flow());
}

/// A depositor without the right to transmit: the flow waits for somebody who has it (decisions, Identities).
bool needs_confirmation(const Submission& submission) {
  return !flow::may(submission.identity, flow::Action::transmit, submission.authority);
}

flow::Flow flow_of(const Submission& submission, const pes::Header& header, const std::string& environment) {
  auto flow = described(header);
  flow.environment = environment;
  flow.authority = submission.authority;
  flow.file_name = submission.file_name;
  flow.deposited_by = submission.identity.id;
  flow.request_id = submission.request_id;
  flow.priority = submission.priority;
  if (needs_confirmation(submission)) flow.hold_reason = flow::awaits_confirmation;
  return flow;
}

}  // namespace

Error denied() {
  return permanent_error(
      "access.denied",
      "Votre certificat n'ouvre pas ce droit pour cette collectivité. Vérifiez le SIREN indiqué ou "
      "demandez ce droit à l'exploitant de la plate-forme.",
      "Your certificate does not give this right for this authority. Check the SIREN or ask the "
      "operator of the platform for it.");
}

Result<AuthorityId> choose_authority(const flow::Identity& identity, flow::Action action,
                                     const std::string& named) {
  if (!named.empty()) {
    AuthorityId authority{named};
    if (!flow::may(identity, action, authority)) return failure(denied());
    return authority;
  }
  const auto possible = flow::authorities_for(identity, action);
  if (possible.empty()) return failure(denied());
  if (possible.size() > 1) return failure(choose());
  return possible.front();
}

Intake::Intake(store::Store& store, const Clock& clock, std::string environment, std::function<void()> wake)
    : store_(store), clock_(clock), environment_(std::move(environment)), wake_(std::move(wake)) {}

Status Intake::check_owner(const Submission& submission, const pes::Header& header) const {
  const auto authority = store_.find_authority(submission.authority);
  if (!authority) return failure(authority.error());
  if (!*authority || !(*authority)->active) return failure(denied());
  const auto& sirets = (*authority)->sirets;
  const Siret posted{header.id_coll};
  const bool registered = std::find(sirets.begin(), sirets.end(), posted) != sirets.end();
  if (!registered || siren_of(posted).str() != submission.authority.str()) return failure(not_owner());
  return {};
}

Status Intake::look_ahead(const Submission& submission, const ByteSource& so_far, bool complete) const {
  const auto header = pes::read_header(so_far);
  if (!header) {
    const bool may_come = !complete && so_far.size() < limits::max_header_bytes;
    const bool unfinished =
        header.error().code == "xml.malformed" || header.error().code == "pes.header.missing";
    if (may_come && unfinished) return {};
    return failure(header.error());
  }
  if (auto status = check_kind(header->kind); !status) return status;
  return check_owner(submission, *header);
}

Result<store::AcceptOutcome> Intake::submit(const Submission& submission, store::StagedPayload payload) {
  if (!flow::may(submission.identity, flow::Action::deposit, submission.authority)) return failure(denied());
  if (payload.size() == 0) return failure(empty_file());
  const auto header = pes::read_header(payload.bytes());
  if (!header) return failure(header.error());
  if (auto status = check_kind(header->kind); !status) return failure(status.error());
  if (auto status = check_owner(submission, *header); !status) return failure(status.error());
  store::NewFlow fresh;
  fresh.flow = flow_of(submission, *header, environment_);
  fresh.flow.created_at = clock_.now();
  fresh.actor = submission.identity.name;
  fresh.event_detail =
      boost::json::serialize(boost::json::object{{"identity", submission.identity.id.str()}});
  auto outcome = submission.once ? store_.tickets().accept_once(std::move(fresh), std::move(payload),
                                                                *submission.once, submission.render_once)
                                 : store_.accept(std::move(fresh), std::move(payload));
  if (outcome && std::holds_alternative<store::DurableReceipt>(*outcome)) wake_();
  return outcome;
}

}  // namespace demat::intake
