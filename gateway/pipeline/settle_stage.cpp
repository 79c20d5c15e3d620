#include "gateway/pipeline/settle_stage.hpp"

#include <boost/json.hpp>

#include "gateway/base/crash_point.hpp"
#include "gateway/pipeline/answer_summary.hpp"
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
  const auto items = deps_.store.unsettled_returns(batch);
  if (!items) {
    deps_.recorder.log().warning("returns.unavailable", {{"because", items.error().code}});
    return false;
  }
  for (const auto& item : *items)
    settle(item);
  return items->size() == batch;
}

void SettleStage::settle(const flow::Return& item) {
  if (item.kind == "ocre") {
    flow::Return aside = item;
    aside.state = ReturnState::ignored;
    aside.match_rule = "ocre";
    commit({.item = std::move(aside)});
    return;
  }
  const auto payload = deps_.store.open_payload(item.sha256);
  if (!payload) return deps_.recorder.alarm("return.unreadable", item.id.str(), payload.error().code);
  const auto header = pes::read_header(**payload);
  if (!header) {
    if (header.error().outlook == Outlook::waiting) return;
    return orphan(item, "unreadable:" + header.error().code);
  }
  flow::Return known = item;
  copy_header(known, *header);
  if (is_acquit(header->kind)) return settle_acquit(std::move(known), *payload);
  if (header->kind == pes::Kind::retour) return settle_retour(std::move(known), *payload);
  orphan(std::move(known), "unknown_kind");
}

void SettleStage::settle_acquit(flow::Return item, const store::Payload& payload) {
  const auto acquit = pes::decode_acquit(*payload);
  if (!acquit) {
    if (acquit.error().outlook == Outlook::waiting) return;
    return orphan(std::move(item), "undecodable:" + acquit.error().code);
  }
  item.summary = summary_of(*acquit);
  auto candidates = deps_.store.acquit_candidates(acquit->header.nom_fic);
  if (!candidates) return deps_.recorder.alarm("return.unsettled", item.id.str(), candidates.error().code);
  auto match = match_acquit(acquit->header, item.destination, std::move(*candidates));
  if (!match.flow) return orphan(std::move(item), match.rule);
  item.match_rule = std::move(match.rule);
  answer_flow(std::move(item), *match.flow, *acquit);
}

void SettleStage::answer_flow(flow::Return item, const flow::Flow& flow, const pes::Acquit& acquit) {
  item.state = ReturnState::matched;
  item.flow = flow.id;
  item.authority = flow.authority;
  store::Settlement settlement{.item = std::move(item)};
  settlement.attach_document = true;
  settlement.anomalies = anomalies_of(acquit);
  settlement.event_detail = boost::json::serialize(
      boost::json::object{{"return", settlement.item.id.str()}, {"rule", settlement.item.match_rule}});
  const auto trigger = trigger_of(acquit.verdict);
  bool contradicts = false;
  if (answered(flow.state)) {
    contradicts = flow::to_string(flow.state) != pes::to_string(acquit.verdict);
    settlement.event_code = contradicts ? "answer.contradiction" : "answer.duplicate";
  } else {
    settlement.trigger = trigger;
  }
  const std::string code =
      settlement.event_code.empty() ? std::string(pes::to_string(acquit.verdict)) : settlement.event_code;
  const std::string kind = settlement.item.kind;
  crash_point("before_settle");
  if (!commit(std::move(settlement))) return;
  crash_point("after_settle");
  deps_.recorder.metrics().answer(kind, code);
  if (contradicts) deps_.recorder.alarm("answer.contradiction", flow, "a later acquit says otherwise");
  const auto after = deps_.store.find(flow.id);
  if (after && *after) deps_.recorder.changed(flow, **after);
}

void SettleStage::settle_retour(flow::Return item, const store::Payload& payload) {
  const auto retour = pes::decode_retour(*payload);
  if (!retour) {
    if (retour.error().outlook == Outlook::waiting) return;
    return orphan(std::move(item), "undecodable:" + retour.error().code);
  }
  item.summary = summary_of(*retour);
  const Siret siret{item.id_coll};
  const auto owner = deps_.store.authority_of_siret(siret);
  if (!owner) return deps_.recorder.alarm("return.unsettled", item.id.str(), owner.error().code);
  if (!*owner) return orphan(std::move(item), "siret_unknown");
  if ((*owner)->siren.str() != siren_of(siret).str()) return orphan(std::move(item), "siren_guard");
  item.state = ReturnState::available;
  item.authority = (*owner)->siren;
  item.match_rule = "siret";
  const std::string kind = item.kind;
  if (commit({.item = std::move(item)})) deps_.recorder.metrics().answer(kind, "available");
}

void SettleStage::orphan(flow::Return item, std::string rule) {
  item.state = ReturnState::orphan;
  item.match_rule = std::move(rule);
  const std::string subject = item.id.str();
  const std::string why = item.match_rule;
  const std::string kind = item.kind;
  if (!commit({.item = std::move(item)})) return;
  deps_.recorder.metrics().answer(kind, "orphan");
  deps_.recorder.alarm("return.orphan", subject, why);
}

/// What could not be written stays imported and is looked at again in the next pass.
bool SettleStage::commit(store::Settlement settlement) {
  const std::string subject = settlement.item.id.str();
  const auto done = deps_.store.settle_return(std::move(settlement));
  if (!done)
    deps_.recorder.log().warning(
        "return.not_settled",
        {{"return", subject}, {"because", done.error().code}, {"detail", done.error().detail}});
  return done.has_value();
}

}  // namespace demat::pipeline
