#include "gateway/pipeline/answer_settler.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <exception>
#include <utility>

#include "gateway/base/crash_point.hpp"
#include "gateway/pipeline/answer_summary.hpp"
#include "gateway/pipeline/piece_index.hpp"
#include "gateway/store/returns.hpp"

namespace demat::pipeline {
namespace {

using flow::ReturnState;
using flow::State;

constexpr std::string_view by_person = "person";
constexpr std::string_view blocked_siret = "siret_blocked";

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

/// What the decision rested on changed before it was written: whose SIRET it is, the state of the flow.
bool moved(const Error& error) {
  return error.code == "store.route_moved" || error.code == "store.illegal_transition";
}

Error no_acquit() {
  return permanent_error("orphan.no_acquit",
                         "Ce fichier est un retour, pas un acquit : rattachez-le à une collectivité.",
                         "This file is a return, not an acquit: attach it to an authority.");
}

std::string detail_of(const flow::Return& item) {
  boost::json::object out{{"return", item.id.str()}, {"rule", item.match_rule}};
  if (item.flow.empty() && !item.authority.empty()) out["authority"] = item.authority.str();
  return boost::json::serialize(out);
}

}  // namespace

/// Makes the decision lasting, or has it wait for the others of its batch. What the gateway decides of a
/// return without a flow is in its row; what a person decides is an event too.
Status AnswerSettler::keep(store::Settlement settlement, std::string_view event_of_person,
                           std::function<void()> tell) {
  settlement.actor = hand_.actor;
  settlement.reason = hand_.reason;
  settlement.expected = hand_.expected;
  settlement.event_detail = detail_of(settlement.item);
  if (hand_.person() && settlement.item.flow.empty()) settlement.event_code = event_of_person;
  if (gathers_) {
    decisions_.push_back({place_, std::move(settlement), std::move(tell)});
    return {};
  }
  crash_point("before_settle");
  if (auto status = store_.settle_return(std::move(settlement)); !status) return status;
  crash_point("after_settle");
  if (tell) tell();
  return {};
}

/// An exception over one return (memory, a broken invariant) must not keep the others waiting.
Status AnswerSettler::settle_guarded(const flow::Return& item) {
  try {
    return settle(item);
  } catch (const std::exception& broken) {
    return failure(waiting_error("return.broken", "Ce retour n'a pas pu être traité ; il sera repris.",
                                 "This return could not be handled; it will be tried again.", broken.what()));
  }
}

std::vector<Status> AnswerSettler::settle_all(const std::vector<flow::Return>& items) {
  gathers_ = true;
  items_ = items;
  written_.assign(items.size(), {});
  for (place_ = 0; place_ < items.size(); ++place_)
    if (auto status = settle_guarded(items[place_]); !status) written_[place_] = std::move(status);
  write_decisions();
  gathers_ = false;
  items_ = {};
  return std::exchange(written_, {});
}

void AnswerSettler::write_decisions() {
  const auto decisions = std::exchange(decisions_, {});
  if (decisions.empty()) return;
  std::vector<store::Settlement> settlements;
  for (const auto& decision : decisions)
    settlements.push_back(decision.settlement);
  crash_point("before_settle");
  auto done = store_.settle_returns(std::move(settlements));
  crash_point("after_settle");
  for (std::size_t i = 0; i < decisions.size(); ++i) {
    if (done[i] && decisions[i].tell) decisions[i].tell();
    const auto place = decisions[i].place;
    written_[place] = !done[i] && moved(done[i].error()) ? look_again(items_[place]) : std::move(done[i]);
  }
}

/// At once and by itself: the batch it came with is written.
Status AnswerSettler::look_again(const flow::Return& item) {
  const bool gathers = std::exchange(gathers_, false);
  auto status = settle_guarded(item);
  gathers_ = gathers;
  return status;
}

/// What this batch decides of a flow must be written before another answer to it is judged.
bool AnswerSettler::is_decided_here(const std::vector<flow::Flow>& candidates) const {
  return std::any_of(decisions_.begin(), decisions_.end(), [&](const Decision& decision) {
    return std::any_of(candidates.begin(), candidates.end(),
                       [&](const flow::Flow& flow) { return flow.id == decision.settlement.item.flow; });
  });
}

Status AnswerSettler::settle(const flow::Return& item) {
  auto status = look(item);
  return !status && moved(status.error()) ? look(item) : status;
}

Status AnswerSettler::look(const flow::Return& item) {
  if (item.kind == "ocre") {
    flow::Return aside = item;
    aside.state = ReturnState::ignored;
    aside.match_rule = "ocre";
    return keep({.item = std::move(aside)}, "orphan.ignored");
  }
  const auto payload = store_.open_payload(item.sha256);
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

Status AnswerSettler::settle_acquit(flow::Return item, const store::Payload& payload) {
  const auto acquit = pes::decode_acquit(*payload);
  if (!acquit) {
    if (acquit.error().outlook == Outlook::waiting) return failure(acquit.error());
    return orphan(std::move(item), "undecodable:" + acquit.error().code);
  }
  item.summary = summary_of(*acquit);
  auto candidates = store_.acquit_candidates(acquit->header.nom_fic);
  if (candidates && is_decided_here(*candidates)) {
    write_decisions();
    candidates = store_.acquit_candidates(acquit->header.nom_fic);
  }
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
Result<std::optional<flow::Flow>> AnswerSettler::already_answered_by(
    const Sha256& acquit, const std::vector<flow::Flow>& candidates) {
  for (const auto& flow : candidates) {
    const auto documents = store_.documents(flow.id);
    if (!documents) return failure(documents.error());
    for (const auto& document : *documents)
      if (document.role == "acquit" && document.sha256 == acquit) return flow;
  }
  return std::nullopt;
}

/// What the acquit means for the flow: a trigger, or only an event when it repeats, contradicts or says
/// nothing.
void AnswerSettler::judge(store::Settlement& settlement, const flow::Flow& flow, const pes::Acquit& acquit) {
  const bool repeats = settlement.item.match_rule == "same_bytes";
  // The old form has no element at all (helios 7.1, status 4); short of the whole key that is no evidence.
  const auto& rule = settlement.item.match_rule;
  const bool says_nothing = acquit.elements.empty() && acquit.header.kind != pes::Kind::non_acquit &&
                            rule != "full_key" && rule != by_person;
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

Status AnswerSettler::answer_flow(flow::Return item, const flow::Flow& flow, const pes::Acquit& acquit) {
  item.state = ReturnState::matched;
  item.flow = flow.id;
  item.authority = flow.authority;
  store::Settlement settlement{.item = std::move(item)};
  settlement.attach_document = true;
  settlement.anomalies = anomalies_of(acquit);
  settlement.parts = parts_of(acquit);
  judge(settlement, flow, acquit);
  const std::string event = settlement.event_code;
  const std::string kind = settlement.item.kind;
  const std::string says = event.empty() ? std::string(pes::to_string(acquit.verdict)) : event;
  return keep(std::move(settlement), {}, [this, flow, event, kind, says] {
    recorder_.metrics().answer(kind, says);
    if (event == "answer.contradiction") recorder_.alarm(event, flow, "a later acquit says otherwise");
    if (event == "answer.no_verdict") recorder_.alarm(event, flow, "an acquit without any element");
    if (const auto after = store_.find(flow.id); after && *after) recorder_.changed(flow, **after);
  });
}

Status AnswerSettler::settle_retour(flow::Return item, const store::Payload& payload) {
  PieceIndex index(store_, item.id);
  const auto retour = pes::read_retour(*payload, index, {.lignes = 0, .paiements = 0});
  if (!retour) {
    if (retour.error().outlook == Outlook::waiting) return failure(retour.error());
    return orphan(std::move(item), "undecodable:" + retour.error().code);
  }
  if (auto status = index.finish(); !status) return status;
  describe(item, *retour);
  const Siret siret{item.id_coll};
  auto route = store_.returns().route(siret);
  if (!route) return failure(std::move(route.error()));
  if (route->blocked) return orphan(std::move(item), std::string(blocked_siret), std::move(*route));
  if (route->owner.empty()) return orphan(std::move(item), "siret_unknown", std::move(*route));
  if (route->owner.str() != siren_of(siret).str())
    return orphan(std::move(item), "siren_guard", std::move(*route));
  item.authority = route->owner;
  item.match_rule = "siret";
  return make_available(std::move(item), std::move(*route));
}

/// Where the authority wants its acquits to leave at once, one is due.
Status AnswerSettler::make_available(flow::Return item, std::optional<store::SiretRoute> route) {
  item.state = ReturnState::available;
  const std::string kind = item.kind;
  store::Settlement settlement{.item = std::move(item)};
  settlement.route = std::move(route);
  settlement.acquit_by_mode = kind == pes::to_string(pes::Kind::retour) && settlement.item.acquit.empty();
  return keep(std::move(settlement), "orphan.attached",
              [this, kind] { recorder_.metrics().answer(kind, "available"); });
}

Status AnswerSettler::attach(flow::Return item, const flow::Flow& flow) {
  item.match_rule = by_person;
  const auto payload = store_.open_payload(item.sha256);
  if (!payload) return failure(payload.error());
  const auto header = pes::read_header(**payload);
  if (header && header->kind == pes::Kind::retour) return failure(no_acquit());
  if (!header) return attach_unread(std::move(item), flow);
  copy_header(item, *header);
  const auto acquit = pes::decode_acquit(**payload);
  if (!acquit && acquit.error().outlook == Outlook::waiting) return failure(acquit.error());
  if (!acquit) return attach_unread(std::move(item), flow);
  item.summary = summary_of(*acquit);
  return answer_flow(std::move(item), flow, *acquit);
}

/// A file that cannot be read goes with its flow, for people; it decides nothing.
Status AnswerSettler::attach_unread(flow::Return item, const flow::Flow& flow) {
  item.state = ReturnState::matched;
  item.flow = flow.id;
  item.authority = flow.authority;
  store::Settlement settlement{.item = std::move(item)};
  settlement.event_code = "answer.attached";
  settlement.attach_document = true;
  return keep(std::move(settlement), {});
}

Status AnswerSettler::attach(flow::Return item, const AuthorityId& authority) {
  item.authority = authority;
  item.match_rule = by_person;
  return make_available(std::move(item), {});
}

Status AnswerSettler::ignore(flow::Return item) {
  item.state = ReturnState::ignored;
  item.match_rule = by_person;
  return keep({.item = std::move(item)}, "orphan.ignored");
}

Status AnswerSettler::orphan(flow::Return item, std::string rule, std::optional<store::SiretRoute> route) {
  item.state = ReturnState::orphan;
  item.match_rule = std::move(rule);
  const flow::Return noted = item;
  store::Settlement settlement{.item = std::move(item)};
  settlement.route = std::move(route);
  return keep(std::move(settlement), "orphan.reanalysed", [this, noted] {
    if (hand_.person()) return;
    recorder_.metrics().answer(noted.kind, "orphan");
    // Whoever blocked the SIRET knows that its returns wait.
    if (noted.match_rule == blocked_siret) return;
    recorder_.alarm("return.orphan", noted.id.str(), noted.match_rule);
  });
}

}  // namespace demat::pipeline
