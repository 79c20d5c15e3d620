#include <fmt/format.h>

#include <algorithm>

#include "gateway/actes/intake.hpp"
#include "gateway/base/random.hpp"
#include "protocols/base/limits.hpp"
#include "protocols/base/whole.hpp"

/// Envelopes made elsewhere, at the door.
namespace demat::actes_road {
namespace {

using actes::Code;

tl::unexpected<Refused> stop(Error error, Report report = {}) {
  return tl::unexpected(Refused{std::move(error), std::move(report)});
}

Error envelope_refused() {
  return permanent_error(
      "actes.envelope.refused",
      "L'enveloppe n'est pas acceptée : corrigez ce qui est indiqué, puis déposez-la de nouveau.",
      "The envelope is not accepted: correct what is said, then post it again.");
}

Finding acte_unknown(const std::string& form, const std::string& id) {
  return {"actes.import.acte_unknown",
          Severity::error,
          {0, form},
          fmt::format(
              "L'acte « {} », sur lequel porte ce message, n'a pas été transmis par cette plate-forme.", id),
          fmt::format("The act \"{}\" that this message is about was not sent by this platform.", id)};
}

Finding not_annullable(const std::string& form, const std::string& id) {
  return {
      "actes.import.not_annullable",
      Severity::error,
      {0, form},
      fmt::format("L'acte « {} » ne peut pas être annulé : il n'a pas son accusé de réception, ou il est "
                  "déjà annulé.",
                  id),
      fmt::format("The act \"{}\" cannot be annulled: it has no receipt, or it is annulled already.", id)};
}

Finding letter_unknown(const std::string& form, const std::string& date) {
  return {
      "actes.import.letter_unknown",
      Severity::error,
      {0, form},
      fmt::format("Aucun courrier de la préfecture daté du « {} » n'appelle ce message pour cet acte.", date),
      fmt::format("No letter of the préfecture of \"{}\" calls for this message about this act.", date)};
}

Finding already_answered(const std::string& form, const std::string& date) {
  return {"actes.import.already_answered",
          Severity::error,
          {0, form},
          fmt::format("Le courrier de la préfecture daté du « {} » a déjà sa réponse.", date),
          fmt::format("The letter of the préfecture of \"{}\" is answered already.", date)};
}

Reader reader_of(const Unpacked& unpacked) {
  return [&unpacked](const Member& member) {
    const auto place = static_cast<std::size_t>(&member - unpacked.members.data());
    return whole(unpacked.payloads.at(place).bytes());
  };
}

/// The flow's own words are those of its messages: of the only one, or of the first that is answered.
void describe_all(flow::Flow& flow, const std::vector<Deposit>& deposits) {
  const auto answered = std::find_if(deposits.begin(), deposits.end(), [](const Deposit& one) {
    return flow::is_answered(actes::info(one.code).number);
  });
  describe(flow, answered == deposits.end() ? deposits.front() : *answered);
  // Of several, each is compared by itself when they are written.
  if (deposits.size() > 1) flow.business_key.clear();
}

}  // namespace

Result<std::optional<Finding>> ActesIntake::tie_answer(Deposit& deposit, const std::string& form,
                                                       const store::ActeOnFlow& on) const {
  const auto letters =
      store_.actes().letters({.authority = on.acte.authority, .acte = on.flow.id}, {}, limits::max_page);
  if (!letters) return failure(letters.error());
  const auto wanted = actes::info(*actes::info(deposit.code).answers).number;
  bool answered = false;
  for (const auto& letter : letters->items) {
    const bool its = letter.message == wanted && letter.date == deposit.letter_date &&
                     (letter.id_acte == deposit.id_acte || letter.id_acte == on.acte.id_acte);
    if (!its) continue;
    if (letter.state == flow::LetterState::answered) {
      answered = true;
      continue;
    }
    deposit.letter = letter.id;
    return std::nullopt;
  }
  return answered ? already_answered(form, deposit.letter_date) : letter_unknown(form, deposit.letter_date);
}

Result<std::optional<Finding>> ActesIntake::tie(Deposit& deposit, const std::string& form,
                                                const AuthorityId& authority) const {
  if (deposit.code == Code::classification_request) deposit.mark = make_uuid_v7(clock_.now());
  const bool annuls = deposit.code == Code::cancellation;
  if (!annuls && !is_answer(deposit.code)) return std::nullopt;
  const auto known = store_.actes().by_id(deposit.id_acte);
  if (!known) return failure(known.error());
  const store::ActeOnFlow* on = nullptr;
  for (const auto& one : *known) {
    if (one.acte.message != "1-1" || one.acte.authority != authority) continue;
    if (on == nullptr || one.acte.verdict == flow::Verdict::accepted) on = &one;
  }
  if (on == nullptr) return acte_unknown(form, deposit.id_acte);
  deposit.about = on->flow.id;
  deposit.number = on->acte.number;
  deposit.nature = on->acte.nature;
  deposit.date = on->acte.decision_date;
  if (!annuls) return tie_answer(deposit, form, *on);
  if (on->acte.place > 1) deposit.mark = std::to_string(on->acte.place);
  const bool may_be = on->acte.verdict == flow::Verdict::accepted && on->acte.annulled_on.empty();
  return may_be ? std::nullopt : std::optional(not_annullable(form, deposit.id_acte));
}

Result<Report> ActesIntake::tie(ReadyEnvelope& envelope, const AuthorityId& authority) const {
  Report report;
  for (std::size_t i = 0; i < envelope.deposits.size(); ++i) {
    auto finding = tie(envelope.deposits[i], envelope.said.forms[i].name, authority);
    if (!finding) return failure(finding.error());
    if (*finding) report.add(std::move(**finding));
  }
  return report;
}

Taken ActesIntake::submit_envelope(const intake::Submission& submission, store::StagedPayload archive) {
  const auto settings = admit(submission);
  if (!settings) return tl::unexpected(settings.error());
  if (rules_.pack == nullptr) return stop(schema_missing());
  const auto classification = classifications_.of(settings->authority);
  if (!classification) return stop(classification.error());
  auto unpacked = unpack(archive.bytes(), [this] { return store_.new_payload(); });
  if (!unpacked) return stop(unpacked.error());
  auto envelope = understand(submission.file_name, unpacked->members, reader_of(*unpacked), *rules_.pack);
  if (!envelope) return stop(envelope.error());
  const auto to = rules_.prefecture ? rules_.prefecture(settings->authority) : std::nullopt;
  auto report = judge(*envelope, *settings, options_of(*settings, **classification, clock_.now()),
                      to ? to->trigramme : "", to ? to->quadrigramme : "");
  if (!report.refused()) {
    auto tied = tie(*envelope, settings->authority);
    if (!tied) return stop(tied.error());
    report.append(std::move(*tied));
  }
  if (report.refused()) return stop(envelope_refused(), std::move(report));

  auto fresh = new_flow(submission);
  fresh.media_type = "application/gzip";
  describe_all(fresh.flow, envelope->deposits);
  for (const auto& deposit : envelope->deposits)
    fresh.actes.push_back(acte_of(deposit, *settings));
  for (const auto& [member, role] : kept_members(*envelope, unpacked->members)) {
    const auto& file = unpacked->members.at(member);
    fresh.documents.push_back({std::string(role), file.name, std::string(actes::mime_type(file.media)),
                               std::move(unpacked->payloads.at(member))});
  }
  return keep(submission, std::move(fresh), std::move(archive));
}

}  // namespace demat::actes_road
