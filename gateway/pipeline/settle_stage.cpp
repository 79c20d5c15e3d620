#include "gateway/pipeline/settle_stage.hpp"

#include <boost/json.hpp>
#include <exception>

#include "gateway/base/crash_point.hpp"
#include "gateway/base/random.hpp"
#include "gateway/pipeline/answer_summary.hpp"
#include "gateway/pipeline/retry_policy.hpp"
#include "protocols/pes/retour.hpp"

namespace demat::pipeline {
namespace {

using flow::ReturnState;
using flow::State;

constexpr std::size_t batch = 50;

void copy_header(flow::Return& item, const pes::Header& header) {
  item.kind = pes::to_string(header.kind);
  item.nom_fic = header.nom_fic;
  item.cod_col = header.cod_col;
  item.id_post = header.id_post;
  item.cod_bud = header.cod_bud;
  item.id_coll = header.id_coll;
}

bool is_acquit(pes::Kind kind) {
  return kind == pes::Kind::acquit_v1 || kind == pes::Kind::acquit_v2 || kind == pes::Kind::non_acquit;
}

bool answered(State state) {
  return state == State::acknowledged || state == State::partly_rejected || state == State::rejected;
}

}  // namespace

bool SettleStage::pass() {
  const std::size_t limit = batch + stuck_.size();
  const auto items = deps_.store.unsettled_returns(limit);
  if (!items) {
    deps_.recorder.log().warning("returns.unavailable", {{"because", items.error().code}});
    return false;
  }
  bool settled = false;
  for (const auto& item : *items) {
    const auto known = stuck_.find(item.id);
    if (known != stuck_.end() && deps_.clock.now() < known->second.until) continue;
    if (const auto status = settle_guarded(item); !status) {
      put_aside(item, status.error());
      continue;
    }
    stuck_.erase(item.id);
    settled = true;
  }
  return settled && items->size() == limit;
}

/// A return that cannot be settled now is tried again, less and less often; it never stands before the
/// others.
void SettleStage::put_aside(const flow::Return& item, const Error& error) {
  auto& stuck = stuck_[item.id];
  if (stuck.failures++ == 0) deps_.recorder.alarm("return.unsettled", item.id.str(), error.code);
  stuck.until =
      deps_.clock.now() + retry_delay(deps_.settings.pipeline.retry, stuck.failures, random_fraction());
}

/// An exception over one return (memory, a broken invariant) must not keep the others waiting.
Status SettleStage::settle_guarded(const flow::Return& item) {
  try {
    return settle(item);
  } catch (const std::exception& broken) {
    return failure(waiting_error("return.broken", "Ce retour n'a pas pu être traité ; il sera repris.",
                                 "This return could not be handled; it will be tried again.", broken.what()));
  }
}

Status SettleStage::settle(const flow::Return& item) {
  if (item.kind == "ocre") {
    flow::Return aside = item;
    aside.state = ReturnState::ignored;
    aside.match_rule = "ocre";
    return deps_.store.settle_return({.item = std::move(aside)});
  }
  const auto payload = deps_.store.open_payload(item.sha256);
  if (!payload) return failure(payload.error());
  const auto header = pes::read_header(**payload);
  if (!header) {
    if (header.error().outlook == Outlook::waiting) return failure(header.error());
    return orphan(item, "unreadable:" + header.error().code);
  }
  flow::Return known = item;
  copy_header(known, *header);
  if (is_acquit(header->kind)) return settle_acquit(std::move(known), *payload);
  if (header->kind == pes::Kind::retour) return settle_retour(std::move(known), *payload);
  return orphan(std::move(known), "unknown_kind");
}

Status SettleStage::settle_acquit(flow::Return item, const store::Payload& payload) {
  const auto acquit = pes::decode_acquit(*payload);
  if (!acquit) {
    if (acquit.error().outlook == Outlook::waiting) return failure(acquit.error());
    return orphan(std::move(item), "undecodable:" + acquit.error().code);
  }
  item.summary = summary_of(*acquit);
  auto candidates = deps_.store.acquit_candidates(acquit->header.nom_fic);
  if (!candidates) return failure(candidates.error());
  const auto repeated = already_answered_by(item.sha256, *candidates);
  if (!repeated) return failure(repeated.error());
  auto match = *repeated ? Match{*repeated, "same_bytes"}
                         : match_acquit(acquit->header, item.destination, std::move(*candidates));
  if (!match.flow) return orphan(std::move(item), match.rule);
  item.match_rule = std::move(match.rule);
  return answer_flow(std::move(item), *match.flow, *acquit);
}

/// The flow that these very bytes answered before, if any: a repeated acquit says nothing about a flow posted
/// since.
Result<std::optional<flow::Flow>> SettleStage::already_answered_by(
    const Sha256& acquit, const std::vector<flow::Flow>& candidates) {
  for (const auto& flow : candidates) {
    const auto documents = deps_.store.documents(flow.id);
    if (!documents) return failure(documents.error());
    for (const auto& document : *documents)
      if (document.role == "acquit" && document.sha256 == acquit) return flow;
  }
  return std::nullopt;
}

/// What the acquit means for the flow: a trigger, or only an event when it repeats, contradicts or says
/// nothing.
void SettleStage::judge(store::Settlement& settlement, const flow::Flow& flow, const pes::Acquit& acquit) {
  const bool repeats = settlement.item.match_rule == "same_bytes";
  // The old form has no element at all (helios 7.1, status 4); short of the whole key that is no evidence.
  const bool says_nothing = acquit.elements.empty() && acquit.header.kind != pes::Kind::non_acquit &&
                            settlement.item.match_rule != "full_key";
  if (repeats) {
    settlement.event_code = "answer.duplicate";
  } else if (says_nothing) {
    settlement.event_code = "answer.no_verdict";
  } else if (answered(flow.state)) {
    const bool same = flow::to_string(flow.state) == pes::to_string(acquit.verdict);
    settlement.event_code = same ? "answer.duplicate" : "answer.contradiction";
  } else {
    settlement.trigger = trigger_of(acquit.verdict);
  }
}

Status SettleStage::answer_flow(flow::Return item, const flow::Flow& flow, const pes::Acquit& acquit) {
  item.state = ReturnState::matched;
  item.flow = flow.id;
  item.authority = flow.authority;
  store::Settlement settlement{.item = std::move(item)};
  settlement.attach_document = true;
  settlement.anomalies = anomalies_of(acquit);
  settlement.event_detail = boost::json::serialize(
      boost::json::object{{"return", settlement.item.id.str()}, {"rule", settlement.item.match_rule}});
  judge(settlement, flow, acquit);
  const std::string event = settlement.event_code;
  const std::string kind = settlement.item.kind;
  crash_point("before_settle");
  if (auto status = deps_.store.settle_return(std::move(settlement)); !status) return status;
  crash_point("after_settle");
  deps_.recorder.metrics().answer(kind, event.empty() ? pes::to_string(acquit.verdict) : event);
  if (event == "answer.contradiction") deps_.recorder.alarm(event, flow, "a later acquit says otherwise");
  if (event == "answer.no_verdict") deps_.recorder.alarm(event, flow, "an acquit without any element");
  if (const auto after = deps_.store.find(flow.id); after && *after) deps_.recorder.changed(flow, **after);
  return {};
}

Status SettleStage::settle_retour(flow::Return item, const store::Payload& payload) {
  const auto retour = pes::decode_retour(*payload);
  if (!retour) {
    if (retour.error().outlook == Outlook::waiting) return failure(retour.error());
    return orphan(std::move(item), "undecodable:" + retour.error().code);
  }
  item.summary = summary_of(*retour);
  const Siret siret{item.id_coll};
  const auto owner = deps_.store.authority_of_siret(siret);
  if (!owner) return failure(owner.error());
  if (!*owner) return orphan(std::move(item), "siret_unknown");
  if ((*owner)->siren.str() != siren_of(siret).str()) return orphan(std::move(item), "siren_guard");
  item.state = ReturnState::available;
  item.authority = (*owner)->siren;
  item.match_rule = "siret";
  const std::string kind = item.kind;
  auto status = deps_.store.settle_return({.item = std::move(item)});
  if (status) deps_.recorder.metrics().answer(kind, "available");
  return status;
}

Status SettleStage::orphan(flow::Return item, std::string rule) {
  item.state = ReturnState::orphan;
  item.match_rule = std::move(rule);
  const flow::Return noted = item;
  auto status = deps_.store.settle_return({.item = std::move(item)});
  if (!status) return status;
  deps_.recorder.metrics().answer(noted.kind, "orphan");
  deps_.recorder.alarm("return.orphan", noted.id.str(), noted.match_rule);
  return status;
}

}  // namespace demat::pipeline
