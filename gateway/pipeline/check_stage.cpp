#include "gateway/pipeline/check_stage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <functional>
#include <iterator>

#include "gateway/base/crash_point.hpp"
#include "gateway/flow/access.hpp"
#include "gateway/pipeline/agent_errors.hpp"
#include "gateway/pipeline/give_back.hpp"
#include "gateway/pipeline/history_check.hpp"
#include "gateway/pipeline/signature_report.hpp"
#include "protocols/xades/certificate.hpp"

namespace demat::pipeline {
namespace {

/// What the report on signatures says of the file; the rest comes from its inspection.
trust::FileFacts file_of(const flow::Flow& flow, const ByteSource& payload) {
  trust::FileFacts file;
  file.name = flow.file_name;
  file.size = payload.size();
  file.sha256 = flow.original.str();
  return file;
}

using flow::State;
using flow::Trigger;

Finding infected(const std::string& threat) {
  return {"antivirus.infected",
          Severity::error,
          {},
          fmt::format(
              "L'antivirus a reconnu une menace ({}) : le fichier n'est pas transmis. Vérifiez le poste qui "
              "l'a produit, puis déposez un fichier sain.",
              threat),
          fmt::format(
              "The antivirus found a threat ({}): the file is not sent. Check the machine that made it, then "
              "post a clean file.",
              threat)};
}

Error no_route() {
  return waiting_error(
      "route.missing",
      "Aucune destination n'est définie pour cette collectivité : le flux attend que l'exploitant en "
      "déclare une.",
      "No destination is defined for this authority: the flow waits for the operator to declare one.");
}

boost::json::object origin_json(const signing::KeyOrigin& origin) {
  if (!origin.in_token) return {{"in", "file"}, {"file", origin.file}};
  return {{"in", "token"},
          {"model", origin.model},
          {"token", origin.serial},
          {"key", origin.label},
          {"never_left", origin.never_left}};
}

/// What the journal keeps of each use of a key (signature RS14); time, flow and the hashes of what was there
/// and of what was made are the event's own.
std::string signature_detail(const Inspection& inspection, const signing::SigningProfile* signer,
                             const flow::Flow& flow) {
  const auto* report = inspection.signatures ? &*inspection.signatures : nullptr;
  boost::json::object detail{{"signatures", report != nullptr ? report->signatures.size() : 0},
                             {"by_gateway", inspection.is_signed()}};
  if (!inspection.is_signed() || signer == nullptr || report == nullptr)
    return boost::json::serialize(detail);
  boost::json::array elements;
  for (const auto& one : report->signatures)
    elements.emplace_back(one.element_id);
  detail["signer"] = signer->name;
  detail["use"] = signer->is_seal ? "seal" : "signature";
  detail["key"] = origin_json(signer->signer->origin());
  if (const auto certificate = xades::Certificate::from_der(signer->signer->certificate_der()))
    detail["certificate"] = boost::json::object{{"serial", certificate->serial_decimal()},
                                                {"issuer", certificate->issuer()},
                                                {"sha256", sha256(as_text(certificate->der())).str()}};
  detail["original"] = flow.original.str();
  detail["elements"] = std::move(elements);
  detail["requested_by"] = flow.deposited_by.str();
  return boost::json::serialize(detail);
}

/// The flow stands before its signature until a signatory of the authority releases it; then it is found
/// in to_sign, where nothing else leaves it.
void park_for_signatory(store::Change& change, State state) {
  if (state == State::received) change.steps.push_back({Trigger::pass_checks});
  change.steps.push_back({Trigger::ask_signature});
  change.steps.push_back({Trigger::hold, "{}", "gateway", std::string(flow::awaits_signatory)});
  change.hold_reason = std::string(flow::awaits_signatory);
}

/// The flow stands before its signature until an agent brings it (AgentSignatures). It is looked at again now
/// and then, for its route may have been given a key meanwhile.
void park_for_agent(store::Change& change, State state, Instant now) {
  constexpr auto look_again = std::chrono::hours(6);
  if (state == State::received) change.steps.push_back({Trigger::pass_checks});
  if (state != State::to_sign) change.steps.push_back({Trigger::ask_signature});
  change.wait = store::Change::Wait{now + look_again, std::string(flow::awaits_agent)};
}

/// Writes the signed form.
Status write_signed(store::PayloadWriter& writer, const Inspection& inspection) {
  if (inspection.signed_bytes) return writer.append(*inspection.signed_bytes);
  return append_all(writer, *inspection.signed_source);
}

/// A staged file should not lie about for longer than it must: a disk that fails meanwhile may not let it go.
bool has_file(const store::Change& change) {
  return std::any_of(change.documents.begin(), change.documents.end(), [](const store::NewDocument& one) {
    return one.payload.size() > 0 && one.payload.bytes().view().empty();
  });
}

/// An acquit of a return that nobody asked for.
bool made_by_gateway(const flow::Flow& flow) {
  return flow.protocol == flow::acquit_retour_protocol && flow.deposited_by.empty();
}

/// The authority has sent its own since this one was made, and ours would say nothing more: it is refused,
/// whatever [[rules]] say of that warning. One that acquits another domain too goes, for nobody else would. A
/// person's second acquit is only warned of.
Report take_second_acquit(HistoryVerdict& verdict) {
  auto& findings = verdict.report.findings;
  const auto is_second = [](const Finding& finding) { return finding.code == second_acquit; };
  const auto& numbers = verdict.recorded.numbers.numbers;
  const auto domains = std::count_if(numbers.begin(), numbers.end(), [](const flow::Number& number) {
    return number.kind == flow::NumberKind::retour;
  });
  Report out;
  if (std::count_if(findings.begin(), findings.end(), is_second) < domains) return out;
  const auto second = std::stable_partition(findings.begin(), findings.end(), std::not_fn(is_second));
  out.findings.assign(std::make_move_iterator(second), std::make_move_iterator(findings.end()));
  findings.erase(second, findings.end());
  for (auto& finding : out.findings)
    finding.severity = Severity::error;
  return out;
}

/// The triggers that lead from `state` to ready; `signs` when the gateway adds a signature on the way.
std::vector<Trigger> road_to_ready(State state, bool signs) {
  std::vector<Trigger> road;
  if (state == State::received) road.push_back(Trigger::pass_checks);
  if (signs && (state == State::received || state == State::checked)) road.push_back(Trigger::ask_signature);
  if (signs && state != State::signed_) road.push_back(Trigger::sign);
  road.push_back(Trigger::make_ready);
  return road;
}

}  // namespace

const std::vector<State>& CheckStage::states() {
  static const std::vector<State> taken{State::received, State::checked, State::to_sign, State::signed_};
  return taken;
}

bool CheckStage::process(const store::Claim& claim) const {
  std::vector<Verdict> verdicts;
  verdicts.push_back(judge(claim));
  return commit(std::move(verdicts)).ready;
}

CheckStage::Verdict CheckStage::judge(const store::Claim& claim) const {
  auto change = decide(claim);
  if (change) return {claim.flow, std::move(*change), claim.lease};
  deps_.recorder.waits(claim.flow, change.error());
  return {claim.flow, wait_change(claim, change.error()), claim.lease};
}

Result<store::Change> CheckStage::decide(const store::Claim& claim) const {
  const auto payload = deps_.store.open_payload(claim.flow.original);
  if (!payload) return failure(payload.error());
  const auto route =
      deps_.store.find_route(claim.flow.authority, std::string(flow::route_protocol(claim.flow.protocol)));
  if (!route) return failure(route.error());
  // Before the costly part: without a destination nothing can become of it now.
  if (!*route || (*route)->destination.empty()) return failure(no_route());
  if (const auto* road = road_of(deps_.roads, claim.flow.protocol))
    return road->check(claim, *payload, **route);
  if (deps_.scanner && claim.flow.state == State::received) {
    const auto threat = deps_.scanner(**payload);
    if (!threat) return failure(threat.error());
    if (!threat->empty()) {
      store::Change change{.flow = claim.flow.id, .lease = claim.lease};
      change.steps.push_back({Trigger::refuse, R"({"by":"antivirus"})"});
      change.findings = Report{{infected(*threat)}};
      return change;
    }
  }
  if (claim.flow.state == State::signed_ && claim.flow.outgoing != claim.flow.original)
    return decide_signed(claim, **route);
  return decide_checked(claim, *payload, **route);
}

/// An agent has signed, and nothing was certain about the signer then.
Result<store::Change> CheckStage::decide_signed(const store::Claim& claim, const flow::Route& route) const {
  const auto payload = deps_.store.open_payload(claim.flow.outgoing);
  if (!payload) return failure(payload.error());
  const auto signed_at = time_of(Trigger::sign, claim.flow);
  if (!signed_at) return failure(signed_at.error());
  const auto context = deps_.inspection();
  auto inspection = inspect(**payload, *context, nullptr, deps_.clock.now(), worker_patience, KeyUse::sign,
                            claim.flow.authority);
  if (!inspection) return failure(inspection.error());
  const auto judged =
      judge_signers(*inspection, *context, route.destination.str(), *signed_at, deps_.clock.now());
  if (judged && judged->wait && !inspection->report.refused()) {
    deps_.recorder.waits(claim.flow, *judged->wait);
    return wait_change(claim, *judged->wait);
  }
  store::Change change{.flow = claim.flow.id, .lease = claim.lease};
  if (judged) {
    inspection->report.append(judged->findings);
    if (auto status = add_report(deps_.store, change, *judged); !status) return failure(status.error());
  }
  if (auto status = add_history(change, *inspection, claim.flow, *context); !status)
    return failure(status.error());
  const bool refused = inspection->report.refused();
  change.findings = std::move(inspection->report);
  change.destination = route.destination;
  if (refused)
    change.steps.push_back({Trigger::refuse, R"({"by":"checks"})"});
  else
    change.steps.push_back({Trigger::make_ready});
  return change;
}

/// What earlier flows say of this one; what it numbers is kept only with a change that accepts it (helios
/// B28).
Status CheckStage::add_history(store::Change& change, Inspection& inspection, const flow::Flow& flow,
                               const InspectionContext& context) const {
  if (inspection.report.refused()) return {};
  const auto* signatures = inspection.signatures ? &*inspection.signatures : nullptr;
  auto verdict = look_up(deps_.store, flow, numbers_of(inspection.numbers, signatures, flow));
  if (!verdict) return failure(std::move(verdict.error()));
  auto second = made_by_gateway(flow) ? take_second_acquit(*verdict) : Report{};
  context.rules->weights(flow.authority, deps_.clock.now()).apply(verdict->report);
  inspection.report.append(std::move(verdict->report));
  inspection.report.append(std::move(second));
  if (!inspection.report.refused()) change.recorded = std::move(verdict->recorded);
  return {};
}

/// When this last happened to the flow.
Result<Instant> CheckStage::time_of(Trigger trigger, const flow::Flow& flow) const {
  const auto events = deps_.store.events(flow.id);
  if (!events) return failure(events.error());
  Instant out = flow.created_at;
  for (const auto& event : *events)
    if (event.code == flow::to_string(trigger)) out = event.at;
  return out;
}

Result<store::Change> CheckStage::decide_checked(const store::Claim& claim, const store::Payload& payload,
                                                 const flow::Route& route) const {
  const auto context = deps_.inspection();
  const signing::SigningProfile* signer = route.signer.empty() ? nullptr : deps_.keys.find(route.signer);
  if (!route.signer.empty() && signer == nullptr) return failure(no_signer(route.signer));
  if (signer != nullptr && !signer->serves(claim.flow.authority.str()))
    return failure(not_its_authority(route.signer));
  if (signer != nullptr && signer->by_agent && claim.flow.state == State::to_sign) {
    store::Change change{.flow = claim.flow.id, .lease = claim.lease};
    park_for_agent(change, claim.flow.state, deps_.clock.now());
    return change;
  }
  const auto use = key_use(claim.flow, signer);
  if (!use) return failure(use.error());
  auto inspection =
      inspect(*payload, *context, signer, deps_.clock.now(), worker_patience, *use, claim.flow.authority);
  if (!inspection) return failure(inspection.error());
  const auto judged = judge_signers(*inspection, *context, route.destination.str(), claim.flow.created_at,
                                    deps_.clock.now(), file_of(claim.flow, *payload));
  if (judged && judged->wait && !inspection->report.refused()) {
    deps_.recorder.waits(claim.flow, *judged->wait);
    return with_first_report(deps_.store, wait_change(claim, *judged->wait), *judged);
  }
  store::Change change{.flow = claim.flow.id, .lease = claim.lease};
  if (judged) {
    inspection->report.append(judged->findings);
    if (auto status = add_report(deps_.store, change, *judged); !status) return failure(status.error());
  }
  if (auto status = add_history(change, *inspection, claim.flow, *context); !status)
    return failure(status.error());
  const bool refused = inspection->report.refused();
  change.findings = std::move(inspection->report);
  if (refused) {
    change.steps.push_back({Trigger::refuse, R"({"by":"checks"})"});
    return change;
  }
  if (inspection->would_sign) {
    if (signer->by_agent)
      park_for_agent(change, claim.flow.state, deps_.clock.now());
    else
      park_for_signatory(change, claim.flow.state);
    return change;
  }
  const bool signs = inspection->is_signed();
  for (const Trigger trigger : road_to_ready(claim.flow.state, signs))
    change.steps.push_back(
        {trigger, trigger == Trigger::sign ? signature_detail(*inspection, signer, claim.flow) : "{}"});
  change.destination = route.destination;
  if (signs && claim.flow.state != State::signed_) {
    if (auto status = add_signed(change, *inspection, claim.flow); !status) return failure(status.error());
  }
  return change;
}

/// Whether the key may be used for this flow now (signature RS9): always, unless its signatures are asked for
/// by signatories. Then one of them posted the flow, or released it from its hold before the signature.
Result<KeyUse> CheckStage::key_use(const flow::Flow& flow, const signing::SigningProfile* signer) const {
  if (signer != nullptr && signer->by_agent) return KeyUse::rehearse;
  // Nobody has asked for the signature of a flow that stood there for an agent's card.
  const bool asked = flow.state == State::to_sign && flow.waiting_code != flow::awaits_agent;
  if (signer == nullptr || !signer->signatories_only || asked || flow.state == State::signed_)
    return KeyUse::sign;
  const auto depositor = deps_.store.find_identity(flow.deposited_by);
  if (!depositor) return failure(depositor.error());
  const bool may = *depositor && flow::may(**depositor, flow::Action::sign, flow.authority);
  return may ? KeyUse::sign : KeyUse::rehearse;
}

Status CheckStage::add_signed(store::Change& change, const Inspection& inspection,
                              const flow::Flow& flow) const {
  auto writer = deps_.store.new_payload();
  if (!writer) return failure(writer.error());
  if (auto status = write_signed(**writer, inspection); !status) return status;
  auto staged = (*writer)->finish();
  if (!staged) return failure(staged.error());
  const std::string name = flow.file_name.empty() ? flow.nom_fic.str() : flow.file_name;
  change.documents.push_back({"signed", name, "application/xml", std::move(*staged)});
  return {};
}

store::Change CheckStage::wait_change(const store::Claim& claim, const Error& error) const {
  return waiting_change(claim, error, deps_.settings.pipeline.retry, deps_.clock.now());
}

CheckStage::Committed CheckStage::commit(std::vector<Verdict> verdicts) const {
  if (verdicts.empty()) return {};
  const bool large = std::any_of(verdicts.begin(), verdicts.end(),
                                 [](const Verdict& verdict) { return has_file(verdict.change); });
  const auto haste = large ? store::Haste::now : store::Haste::in_company;
  std::vector<store::Change> changes;
  for (auto& verdict : verdicts)
    changes.push_back(std::move(verdict.change));
  crash_point("before_verdict");
  const auto results = deps_.store.apply_all(std::move(changes), haste);
  crash_point("after_verdict");
  Committed out;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const auto& before = verdicts[i].before;
    if (results[i]) {
      deps_.recorder.changed(before, *results[i]);
      out.ready = out.ready || results[i]->state == State::ready;
    } else if (results[i].error().code == "store.history_moved") {
      // Another flow took one of its numbers a moment ago: its next check will see it.
      give_back(deps_.store, deps_.recorder, before, verdicts[i].lease);
      out.again = true;
    } else if (is_overtaken(results[i].error())) {
      deps_.recorder.overtaken(before, results[i].error());
    } else {
      deps_.recorder.waits(before, results[i].error());
    }
  }
  return out;
}

}  // namespace demat::pipeline
