#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "gateway/store/errors.hpp"
#include "gateway/store/flow_rows.hpp"
#include "gateway/store/operations.hpp"
#include "gateway/store/paging.hpp"
#include "protocols/base/limits.hpp"

namespace demat::store {
namespace {

Severity severity_from(const std::string& text) {
  for (const auto severity : std::array{Severity::info, Severity::warning, Severity::error})
    if (to_string(severity) == text) return severity;
  throw Refusal(corrupt("unknown severity in a row: " + text));
}

flow::State state_in_row(const std::string& text) {
  const auto state = flow::state_from(text);
  if (!state) throw Refusal(corrupt("unknown state in a row: " + text));
  return *state;
}

/// At most `count` flows of one state, or of any, newest first: one state at a time, so that an index gives
/// them in order whatever the others hold.
void append_newest(Connection& db, const FlowFilter& filter, std::optional<flow::State> state,
                   const std::optional<PagePlace>& place, std::size_t count, std::vector<flow::Flow>& out) {
  std::string sql = "WHERE 1";
  if (filter.authority) sql += " AND authority=?";
  if (state) sql += " AND state=?";
  if (filter.nom_fic) sql += " AND nom_fic=?";
  if (filter.from) sql += " AND created_at>=?";
  if (filter.to) sql += " AND created_at<?";
  if (place) sql += " AND (created_at,id)<(?,?)";
  auto rows = db.prepare(select_flows(sql + " ORDER BY created_at DESC,id DESC LIMIT ?"));
  if (filter.authority) rows.bind(*filter.authority);
  if (state) rows.bind(to_string(*state));
  if (filter.nom_fic) rows.bind(*filter.nom_fic);
  if (filter.from) rows.bind(*filter.from);
  if (filter.to) rows.bind(*filter.to);
  if (place) rows.bind(place->at, place->id);
  rows.bind(count);
  while (rows.step())
    out.push_back(read_flow(rows).flow);
}

bool newer(const flow::Flow& a, const flow::Flow& b) {
  return std::tie(a.created_at, a.id) > std::tie(b.created_at, b.id);
}

}  // namespace

Page<flow::Flow> list_flows(Connection& db, const FlowFilter& filter, const std::string& cursor,
                            std::size_t limit) {
  const auto place = from_cursor(cursor);
  limit = std::clamp<std::size_t>(limit, 1, limits::max_page);
  Page<flow::Flow> page;
  const std::set<flow::State> states(filter.states.begin(), filter.states.end());
  if (states.empty()) append_newest(db, filter, std::nullopt, place, limit + 1, page.items);
  for (const auto state : states)
    append_newest(db, filter, state, place, limit + 1, page.items);
  std::sort(page.items.begin(), page.items.end(), newer);
  if (page.items.size() > limit) {
    page.items.resize(limit);
    page.next = to_cursor({page.items.back().created_at, page.items.back().id.str()});
  }
  return page;
}

std::vector<flow::Event> events_of(Connection& db, const FlowId& id) {
  auto rows = db.prepare(
      "SELECT sequence,flow,at,code,from_state,to_state,actor,reason,detail FROM event WHERE flow=?"
      " ORDER BY sequence");
  rows.bind(id);
  std::vector<flow::Event> out;
  while (rows.step()) {
    auto& event = out.emplace_back();
    rows.next(event.sequence);
    rows.next(event.flow);
    rows.next(event.at);
    rows.next(event.code);
    event.from = state_in_row(rows.next<std::string>());
    event.to = state_in_row(rows.next<std::string>());
    rows.next(event.actor);
    rows.next(event.reason);
    rows.next(event.detail);
  }
  return out;
}

std::vector<flow::Attempt> attempts_of(Connection& db, const FlowId& id) {
  auto rows = db.prepare(
      "SELECT number,destination,remote_name,started_at,ended_at,outcome,possible_reemission,error_code,"
      "transcript FROM attempt WHERE flow=? ORDER BY number");
  rows.bind(id);
  std::vector<flow::Attempt> out;
  while (rows.step()) {
    auto& attempt = out.emplace_back();
    rows.next(attempt.number);
    rows.next(attempt.destination);
    rows.next(attempt.remote_name);
    rows.next(attempt.started_at);
    rows.next(attempt.ended_at);
    const auto word = rows.next<std::string>();
    const auto outcome = flow::outcome_from(word);
    if (!outcome) throw Refusal(corrupt("unknown outcome in a row: " + word));
    attempt.outcome = *outcome;
    rows.next(attempt.possible_reemission);
    rows.next(attempt.error_code);
    rows.next(attempt.transcript);
  }
  return out;
}

std::vector<flow::Document> documents_of(Connection& db, const FlowId& id) {
  auto rows = db.prepare(
      "SELECT number,role,name,media_type,sha256,size,created_at FROM document WHERE flow=? ORDER BY number");
  rows.bind(id);
  std::vector<flow::Document> out;
  while (rows.step()) {
    auto& document = out.emplace_back();
    rows.next(document.number);
    rows.next(document.role);
    rows.next(document.name);
    rows.next(document.media_type);
    rows.next(document.sha256);
    rows.next(document.size);
    rows.next(document.created_at);
  }
  return out;
}

Report findings_of(Connection& db, const FlowId& id) {
  auto rows = db.prepare("SELECT code,severity,line,path,fr,en FROM finding WHERE flow=? ORDER BY number");
  rows.bind(id);
  Report report;
  while (rows.step()) {
    Finding finding;
    rows.next(finding.code);
    finding.severity = severity_from(rows.next<std::string>());
    rows.next(finding.place.line);
    rows.next(finding.place.path);
    rows.next(finding.fr);
    rows.next(finding.en);
    report.add(std::move(finding));
  }
  return report;
}

void replace_findings(Transaction& tx, const FlowId& id, const Report& report) {
  tx.db.run("DELETE FROM finding WHERE flow=?", id);
  std::size_t number = 0;
  for (const auto& f : report.findings)
    tx.db.run("INSERT INTO finding(flow,number,code,severity,line,path,fr,en) VALUES(?,?,?,?,?,?,?,?)", id,
              ++number, f.code, std::string_view(to_string(f.severity)), f.place.line, f.place.path, f.fr,
              f.en);
}

std::vector<flow::AcquitAnomaly> anomalies_of(Connection& db, const FlowId& id) {
  auto rows = db.prepare(
      "SELECT domaine,exercice,bordereau,piece,ligne,id_unique,num_ano_ack,libelle_ano_ack FROM anomaly"
      " WHERE flow=?1 AND answer=(SELECT decided_by FROM flow WHERE id=?1) ORDER BY number");
  rows.bind(id);
  std::vector<flow::AcquitAnomaly> out;
  while (rows.step()) {
    auto& a = out.emplace_back();
    for (auto* field : {&a.domaine, &a.exercice, &a.bordereau, &a.piece, &a.ligne, &a.id_unique,
                        &a.num_ano_ack, &a.libelle_ano_ack})
      rows.next(*field);
  }
  return out;
}

std::vector<StateCount> count_states(Connection& db) {
  auto rows = db.prepare("SELECT state,count(*),min(updated_at) FROM flow GROUP BY state");
  std::vector<StateCount> out;
  while (rows.step()) {
    auto& count = out.emplace_back();
    count.state = state_in_row(rows.next<std::string>());
    rows.next(count.count);
    rows.next(count.oldest);
  }
  return out;
}

}  // namespace demat::store
