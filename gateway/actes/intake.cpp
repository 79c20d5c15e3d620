#include "gateway/actes/intake.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "gateway/base/random.hpp"

namespace demat::actes_road {
namespace {

using actes::Code;

tl::unexpected<Refused> stop(Error error, Report report = {}) {
  return tl::unexpected(Refused{std::move(error), std::move(report)});
}

Error settings_missing() {
  return permanent_error(
      "actes.settings.missing",
      "Cette collectivité n'est pas encore décrite pour ACTES (département, arrondissement, "
      "nature) : demandez-le à l'exploitant.",
      "This authority is not described for ACTES yet (département, arrondissement, nature): "
      "ask the operator.");
}

Error no_convention() {
  return permanent_error(
      "actes.no_convention",
      "Aucune convention avec la préfecture n'est enregistrée pour cette collectivité, ou son jour n'est pas "
      "venu : la télétransmission des actes n'est pas ouverte.",
      "No agreement with the préfecture is recorded for this authority, or its day has not come: acts cannot "
      "be sent electronically.");
}

Error paper_mode(const std::string& reason) {
  return permanent_error(
      "actes.suspended",
      "La télétransmission des actes est suspendue pour cette collectivité : transmettez sur "
      "papier jusqu'à nouvel ordre.",
      "The electronic transmission of acts is suspended for this authority: send on paper "
      "until further notice.",
      reason);
}

Error report_refuses() {
  return permanent_error(
      "actes.refused", "L'acte n'est pas accepté : corrigez les champs indiqués puis déposez-le de nouveau.",
      "The act is not accepted: correct the fields named, then post it again.");
}

Error not_annullable() {
  return permanent_error(
      "actes.not_annullable",
      "Seul un acte dont l'accusé de réception est arrivé, et qui n'est pas déjà annulé, peut "
      "être annulé.",
      "Only an act whose receipt has come, and that is not annulled yet, can be annulled.");
}

Error no_answer() {
  return permanent_error(
      "actes.letter.no_answer",
      "Ce message ne répond pas à ce courrier : 2-2 répond à 2-1, 3-3 et 3-4 à 3-1, 4-3 et 4-4 "
      "à 4-1.",
      "This message does not answer that letter: 2-2 answers 2-1, 3-3 and 3-4 answer 3-1, 4-3 "
      "and 4-4 answer 4-1.");
}

Error not_found(std::string_view what) {
  return permanent_error("store.not_found", "Introuvable, ou pas à vous.", "Not found, or not yours.", what);
}

/// The first bytes of each file say what it is; the rest of its content is looked into later.
Result<actes::Media> media_of(const store::StagedPayload& payload) {
  std::array<char, actes::media_window> window{};
  const auto got = payload.bytes().read(0, window);
  if (!got) return failure(got.error());
  return actes::sniff({window.data(), *got});
}

Submitted with_manifest_order(Submitted item) {
  // The acte comes first in the archive, whatever the order of the parts (actes 2.2).
  std::vector<std::size_t> order(item.files.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return item.deposit.files[a].role == "acte" && item.deposit.files[b].role != "acte";
  });
  Submitted out;
  out.deposit = item.deposit;
  out.deposit.files.clear();
  for (const auto i : order) {
    out.deposit.files.push_back(std::move(item.deposit.files[i]));
    out.deposit.files.back().sha256 = item.files[i].sha256();
    out.deposit.files.back().size = item.files[i].size();
    out.files.push_back(std::move(item.files[i]));
  }
  return out;
}

}  // namespace

tl::expected<flow::ActesSettings, Refused> ActesIntake::open_for(const AuthorityId& authority) const {
  const auto known = store_.find_authority(authority);
  if (!known) return stop(known.error());
  if (!*known || !(*known)->active) return stop(intake::denied());
  auto settings = store_.actes().settings(authority);
  if (!settings) return stop(settings.error());
  if (!*settings) return stop(settings_missing());
  if (!has_convention(**settings, clock_.now())) return stop(no_convention());
  if ((*settings)->paper) return stop(paper_mode((*settings)->paper_reason));
  return std::move(**settings);
}

tl::expected<flow::ActesSettings, Refused> ActesIntake::admit(const intake::Submission& submission) const {
  if (!flow::may(submission.identity, flow::Action::deposit, submission.authority))
    return stop(intake::denied());
  return open_for(submission.authority);
}

Taken ActesIntake::submit(const intake::Submission& submission, Submitted item) {
  const auto settings = admit(submission);
  if (!settings) return tl::unexpected(settings.error());
  item.deposit.code = Code::acte;
  return accept(submission, *settings, std::move(item));
}

Taken ActesIntake::accept(const intake::Submission& submission, const flow::ActesSettings& settings,
                          Submitted given) {
  auto item = with_manifest_order(std::move(given));
  const auto classification = classifications_.of(settings.authority);
  if (!classification) return stop(classification.error());
  std::vector<actes::Media> media;
  for (const auto& file : item.files) {
    const auto one = media_of(file);
    if (!one) return stop(one.error());
    media.push_back(*one);
  }
  auto report = check_metadata(item.deposit, media, settings,
                               options_of(settings, **classification, clock_.now()), std::nullopt);
  if (report.refused()) return stop(report_refuses(), std::move(report));

  auto fresh = new_flow(submission);
  describe(fresh.flow, item.deposit);
  fresh.media_type = "application/json";
  fresh.actes.push_back(acte_of(item.deposit, settings));
  for (std::size_t i = 0; i < item.files.size(); ++i)
    fresh.documents.push_back({item.deposit.files[i].role, item.deposit.files[i].name,
                               std::string(actes::mime_type(media[i])), std::move(item.files[i])});
  auto writer = store_.new_payload();
  if (!writer) return stop(writer.error());
  if (auto status = (*writer)->append(to_manifest(item.deposit)); !status) return stop(status.error());
  auto manifest = (*writer)->finish();
  if (!manifest) return stop(manifest.error());
  return keep(submission, std::move(fresh), std::move(*manifest));
}

store::NewFlow ActesIntake::new_flow(const intake::Submission& submission) const {
  store::NewFlow fresh;
  auto& flow = fresh.flow;
  flow.authority = submission.authority;
  flow.file_name = submission.file_name;
  flow.deposited_by = submission.identity.id;
  flow.request_id = submission.request_id;
  flow.priority = submission.priority;
  flow.created_at = clock_.now();
  if (!flow::may(submission.identity, flow::Action::transmit, submission.authority))
    flow.hold_reason = flow::awaits_confirmation;
  fresh.actor = submission.identity.name;
  fresh.event_detail =
      boost::json::serialize(boost::json::object{{"identity", submission.identity.id.str()}});
  return fresh;
}

Taken ActesIntake::keep(const intake::Submission& submission, store::NewFlow fresh,
                        store::StagedPayload original) {
  auto outcome = submission.once ? store_.tickets().accept_once(std::move(fresh), std::move(original),
                                                                *submission.once, submission.render_once)
                                 : store_.accept(std::move(fresh), std::move(original));
  if (!outcome) return stop(outcome.error());
  if (std::holds_alternative<store::DurableReceipt>(*outcome)) wake_();
  return std::move(*outcome);
}

Taken ActesIntake::annul(const intake::Submission& submission, const FlowId& id, std::uint32_t place) {
  const auto settings = admit(submission);
  if (!settings) return tl::unexpected(settings.error());
  const auto flow = store_.find(id);
  if (!flow) return stop(flow.error());
  const auto actes = store_.actes().of_flow(id);
  if (!actes) return stop(actes.error());
  if (!*flow || (*flow)->authority != submission.authority || actes->empty()) return stop(not_found("acte"));
  if (place == 0 || place > actes->size()) return stop(not_found("acte"));
  const auto& acte = actes->at(place - 1);
  if (acte.message != "1-1" || acte.verdict != flow::Verdict::accepted || !acte.annulled_on.empty())
    return stop(not_annullable());
  Submitted item;
  auto& deposit = item.deposit;
  deposit.code = Code::cancellation;
  deposit.number = acte.number;
  deposit.date = acte.decision_date;
  deposit.nature = acte.nature;
  deposit.about = id;
  deposit.id_acte = acte.id_acte;
  if (place > 1) deposit.mark = std::to_string(place);
  return accept(submission, *settings, std::move(item));
}

Taken ActesIntake::answer(const intake::Submission& submission, const LetterId& id, Code code,
                          Submitted item) {
  if (!flow::may(submission.identity, flow::Action::deposit, submission.authority))
    return stop(intake::denied());
  const auto settings = open_for(submission.authority);
  if (!settings) return tl::unexpected(settings.error());
  const auto letter = store_.actes().letter(id);
  if (!letter) return stop(letter.error());
  if (!*letter || (*letter)->authority != submission.authority) return stop(not_found("letter"));
  const auto& about = **letter;
  const auto answered = actes::info(code).answers;
  if (!is_answer(code) || !answered || actes::info(*answered).number != about.message)
    return stop(no_answer());
  const auto actes = store_.actes().of_flow(about.acte);
  if (!actes) return stop(actes.error());
  auto& deposit = item.deposit;
  deposit.code = code;
  for (const auto& acte : *actes) {
    // A letter that was tied by the number may name the acte otherwise than the store does.
    if (actes->size() > 1 && acte.id_acte != about.id_acte) continue;
    deposit.number = acte.number;
    deposit.nature = acte.nature;
    deposit.date = acte.decision_date;
  }
  deposit.about = about.acte;
  deposit.letter = id;
  deposit.id_acte = about.id_acte;
  deposit.letter_date = about.date;
  for (auto& file : deposit.files)
    file.role = "acte";
  return accept(submission, *settings, std::move(item));
}

/// A date is to be given always; 2001-01-01 asks for all of it (actes 3.4).
Result<Submitted> ActesIntake::classification_request(const AuthorityId& authority, bool again) const {
  const auto known = classifications_.of(authority);
  if (!known) return failure(known.error());
  Submitted item;
  auto& deposit = item.deposit;
  deposit.code = Code::classification_request;
  deposit.classification_date = (*known)->date.empty() ? "2001-01-01" : (*known)->date;
  deposit.mark = again ? make_uuid_v7(clock_.now()) : paris_date(clock_.now());
  return item;
}

Taken ActesIntake::request_classification(const intake::Submission& submission, bool again) {
  if (!flow::may(submission.identity, flow::Action::deposit, submission.authority))
    return stop(intake::denied());
  const auto settings = open_for(submission.authority);
  if (!settings) return tl::unexpected(settings.error());
  auto item = classification_request(submission.authority, again);
  if (!item) return stop(item.error());
  return accept(submission, *settings, std::move(*item));
}

Result<bool> ActesIntake::request_classification(const AuthorityId& authority) {
  const std::lock_guard lock(asking_);
  return ask_by_itself(authority, false);
}

Result<bool> ActesIntake::renew_classification(const AuthorityId& authority) {
  const std::lock_guard lock(asking_);
  using enum flow::State;
  const auto under_way = store_.actes().list({.authority = authority,
                                              .message = "7-1",
                                              .states = {received, checked, ready, sending, sent, uncertain}},
                                             {}, 1);
  if (!under_way) return failure(under_way.error());
  if (!under_way->items.empty()) return false;
  return ask_by_itself(authority, true);
}

Result<bool> ActesIntake::refresh_classification(const flow::ActesSettings& settings) {
  if (settings.paper || !has_convention(settings, clock_.now())) return false;
  const std::lock_guard lock(asking_);
  const auto plan = classifications_.plan(settings, clock_.now());
  if (!plan) return failure(plan.error());
  if (!plan->next_at || *plan->next_at > clock_.now()) return false;
  return ask_by_itself(settings.authority, false);
}

Result<bool> ActesIntake::ask_by_itself(const AuthorityId& authority, bool again) {
  intake::Submission submission;
  submission.identity.name = "gateway";
  submission.identity.grants = {{authority, flow::Role::transmitter}};
  submission.authority = authority;
  auto done = request_classification(submission, again);
  if (!done) return failure(done.error().error);
  return std::holds_alternative<store::DurableReceipt>(*done);
}

}  // namespace demat::actes_road
