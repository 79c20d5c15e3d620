#include "gateway/pipeline/orphans.hpp"

#include "gateway/pipeline/answer_settler.hpp"

namespace demat::pipeline {
namespace {

Hand hand_of(const Request& request) {
  return {request.actor, request.reason, flow::ReturnState::orphan};
}

Error unknown_return() {
  return permanent_error("return.unknown", "Aucun retour orphelin ne porte cet identifiant.",
                         "No orphan has this id.");
}

Error unknown_flow() {
  return permanent_error("flow.unknown", "Aucun flux ne porte cet identifiant.", "No flow has this id.");
}

Error unknown_authority() {
  return permanent_error("authority.unknown", "Cette collectivité n'est pas enregistrée.",
                         "This authority is not registered.");
}

}  // namespace

Result<flow::Return> Orphans::take(const ReturnId& id, const Request& request) {
  if (request.reason.empty()) return failure(reason_missing());
  auto found = store_.find_return(id);
  if (!found) return failure(std::move(found.error()));
  if (!*found || (*found)->state != flow::ReturnState::orphan) return failure(unknown_return());
  return std::move(**found);
}

Result<flow::Return> Orphans::result(const ReturnId& id, const Status& done) {
  if (!done) return failure(done.error());
  auto found = store_.find_return(id);
  if (!found) return failure(std::move(found.error()));
  if (!*found) return failure(unknown_return());
  return std::move(**found);
}

Status Orphans::settle(const flow::Return& item, const Request& request) {
  if (const auto* road = road_of_return(roads_, item.kind)) return road->settle(item, hand_of(request));
  return AnswerSettler(store_, recorder_, hand_of(request)).settle(item);
}

Result<flow::Return> Orphans::attach(const ReturnId& id, const FlowId& flow, const Request& request) {
  auto item = take(id, request);
  if (!item) return item;
  const auto found = store_.find(flow);
  if (!found) return failure(found.error());
  if (!*found) return failure(unknown_flow());
  return result(id, AnswerSettler(store_, recorder_, hand_of(request)).attach(std::move(*item), **found));
}

Result<flow::Return> Orphans::attach(const ReturnId& id, const AuthorityId& authority,
                                     const Request& request) {
  auto item = take(id, request);
  if (!item) return item;
  const auto found = store_.find_authority(authority);
  if (!found) return failure(found.error());
  if (!*found) return failure(unknown_authority());
  return result(id, AnswerSettler(store_, recorder_, hand_of(request)).attach(std::move(*item), authority));
}

Result<flow::Return> Orphans::ignore(const ReturnId& id, const Request& request) {
  auto item = take(id, request);
  if (!item) return item;
  return result(id, AnswerSettler(store_, recorder_, hand_of(request)).ignore(std::move(*item)));
}

Result<flow::Return> Orphans::reanalyse(const ReturnId& id, const Request& request) {
  const auto item = take(id, request);
  if (!item) return item;
  return result(id, settle(*item, request));
}

Result<Orphans::Tally> Orphans::reanalyse_all(const Request& request, const std::string& cursor,
                                              std::size_t limit) {
  store::ReturnFilter filter;
  filter.states = {flow::ReturnState::orphan};
  return reanalyse_some(filter, request, cursor, limit);
}

Result<Orphans::Tally> Orphans::reanalyse_siret(const Siret& siret, const Request& request,
                                                std::size_t limit) {
  store::ReturnFilter filter;
  filter.states = {flow::ReturnState::orphan};
  filter.siret = siret;
  return reanalyse_some(filter, request, {}, limit);
}

Result<Orphans::Tally> Orphans::reanalyse_some(const store::ReturnFilter& filter, const Request& request,
                                               const std::string& cursor, std::size_t limit) {
  if (request.reason.empty()) return failure(reason_missing());
  const auto page = store_.list_returns(filter, cursor, limit);
  if (!page) return failure(page.error());
  Tally tally;
  tally.next = page->next;
  for (const auto& item : page->items) {
    ++tally.looked_at;
    const auto done = result(item.id, settle(item, request));
    if (!done)
      ++tally.failed;
    else if (done->state != flow::ReturnState::orphan)
      ++tally.settled;
  }
  return tally;
}

}  // namespace demat::pipeline
