#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <tuple>
#include <variant>

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

/// What beside authority, state and place a flow must meet, with its values.
struct Condition {
  std::string sql;
  std::vector<std::variant<std::string, Instant>> values;

  template <class T>
  void add(std::string_view clause, const std::optional<T>& value) {
    if (!value) return;
    sql += clause;
    if constexpr (std::is_same_v<T, Instant> || std::is_same_v<T, std::string>)
      values.emplace_back(*value);
    else
      values.emplace_back(value->str());
  }
};

/// A flow that was created after the limit cannot be past it: that bound is what an index can use.
void add_overdue(Condition& out, const OverdueLimits& limits, flow::State state) {
  using enum flow::State;
  if (state == sent) {
    out.add(" AND created_at<?", std::optional(limits.sent_before));
    out.add(" AND sent_at<?", std::optional(limits.sent_before));
  } else if (state == uncertain) {
    out.add(" AND updated_at<?", std::optional(limits.uncertain_before));
  } else {
    out.add(" AND created_at<?",
            std::optional(state == to_sign ? limits.to_sign_before : limits.queued_before));
  }
}

Condition condition_of(const FlowFilter& filter, std::optional<flow::State> state) {
  Condition out;
  out.add(" AND nom_fic=?", filter.nom_fic);
  out.add(" AND created_at>=?", filter.from);
  out.add(" AND created_at<?", filter.to);
  out.add(" AND updated_at<?", filter.updated_before);
  if (filter.code) out.add(fmt::format(" AND {}=?", group_code), filter.code);
  if (filter.overdue && state) add_overdue(out, *filter.overdue, *state);
  return out;
}

/// The states asked for; with `overdue`, those of them that have a limit.
std::set<flow::State> states_of(const FlowFilter& filter) {
  using enum flow::State;
  std::set<flow::State> states(filter.states.begin(), filter.states.end());
  if (!filter.overdue) return states;
  const std::set limited{received, checked, to_sign, signed_, ready, sent, uncertain};
  if (states.empty()) return limited;
  std::erase_if(states, [&limited](flow::State state) { return !limited.contains(state); });
  return states;
}

/// One stretch of an index that gives flows in order.
struct Run {
  std::optional<flow::State> state;
  std::optional<DestinationName> destination;
};

/// At most `count` flows of one run, newest first: one run at a time, so that an index gives them in order
/// whatever the others hold.
void append_newest(Connection& db, const FlowFilter& filter, const Run& run,
                   const std::optional<PagePlace>& place, std::size_t count, std::vector<flow::Flow>& out) {
  const Condition condition = condition_of(filter, run.state);
  std::string sql = "WHERE 1";
  if (filter.authority) sql += " AND authority=?";
  if (run.state) sql += " AND state=?";
  if (run.destination) sql += " AND destination=?";
  sql += condition.sql;
  if (place) sql += " AND (created_at,id)<(?,?)";
  auto rows = db.prepare(select_flows(sql + " ORDER BY created_at DESC,id DESC LIMIT ?"));
  if (filter.authority) rows.bind(*filter.authority);
  if (run.state) rows.bind(to_string(*run.state));
  if (run.destination) rows.bind(*run.destination);
  for (const auto& value : condition.values)
    std::visit([&rows](const auto& one) { rows.bind(one); }, value);
  if (place) rows.bind(place->at, place->id);
  rows.bind(count);
  while (rows.step())
    out.push_back(read_flow(rows).flow);
}

/// What a filter comes down to: one run for each state, and without an authority or a name for each
/// destination of it too, because that is how the index is ordered.
std::vector<Run> runs_of(Connection& db, const FlowFilter& filter) {
  const auto states = states_of(filter);
  if (states.empty())
    return filter.overdue ? std::vector<Run>{} : std::vector<Run>{{std::nullopt, filter.destination}};
  std::vector<Run> runs;
  for (const auto state : states) {
    if (filter.destination || filter.authority || filter.nom_fic) {
      runs.push_back({state, filter.destination});
      continue;
    }
    for (auto& destination : destinations_with(db, state))
      runs.push_back({state, std::move(destination)});
  }
  return runs;
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
  for (const auto& run : runs_of(db, filter))
    append_newest(db, filter, run, place, limit + 1, page.items);
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
    read_event(rows, out.emplace_back());
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
  auto rows = db.prepare(
      "SELECT code,severity,line,path,fr,en,domaine,exercice,bordereau,piece,ligne,pj,marche,facture,value,"
      "expected_fr,expected_en,remedy_fr,remedy_en FROM finding WHERE flow=? ORDER BY number");
  rows.bind(id);
  Report report;
  while (rows.step()) {
    Finding finding;
    rows.next(finding.code);
    finding.severity = severity_from(rows.next<std::string>());
    rows.next(finding.place.line);
    rows.next(finding.place.path);
    auto& about = finding.subject;
    for (auto* text : {&finding.fr, &finding.en, &about.domaine, &about.exercice, &about.bordereau,
                       &about.piece, &about.ligne, &about.pj, &about.marche, &about.facture, &finding.value,
                       &finding.expected.fr, &finding.expected.en, &finding.remedy.fr, &finding.remedy.en})
      rows.next(*text);
    report.add(std::move(finding));
  }
  return report;
}

void replace_findings(Transaction& tx, const FlowId& id, const Report& report) {
  tx.db.run("DELETE FROM finding WHERE flow=?", id);
  std::size_t number = 0;
  for (const auto& f : report.findings) {
    const auto& about = f.subject;
    tx.db.run(
        "INSERT INTO "
        "finding(flow,number,code,severity,line,path,fr,en,domaine,exercice,bordereau,piece,ligne,"
        "pj,marche,facture,value,expected_fr,expected_en,remedy_fr,remedy_en)"
        " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        id, ++number, f.code, std::string_view(to_string(f.severity)), f.place.line, f.place.path, f.fr, f.en,
        about.domaine, about.exercice, about.bordereau, about.piece, about.ligne, about.pj, about.marche,
        about.facture, f.value, f.expected.fr, f.expected.en, f.remedy.fr, f.remedy.en);
  }
}

std::vector<flow::AcquitAnomaly> anomalies_of(Connection& db, const FlowId& id) {
  auto rows = db.prepare(
      "SELECT domaine,exercice,bordereau,piece,ligne,id_unique,num_ano_ack,libelle_ano_ack FROM anomaly"
      " WHERE flow=?1 AND (answer=(SELECT decided_by FROM flow WHERE id=?1) OR EXISTS(SELECT 1 FROM acte "
      "WHERE"
      " acte.flow=?1)) ORDER BY (SELECT a.number FROM answer a WHERE a.id=anomaly.answer),number");
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
  auto rows = db.prepare("SELECT state,flows FROM state_count WHERE flows>0 ORDER BY state");
  std::vector<StateCount> out;
  while (rows.step()) {
    auto& count = out.emplace_back();
    count.state = state_in_row(rows.next<std::string>());
    rows.next(count.count);
    for (const auto& destination : destinations_with(db, count.state)) {
      auto first = db.prepare(
          "SELECT created_at FROM flow INDEXED BY flow_by_state WHERE state=? AND destination=?"
          " ORDER BY created_at LIMIT 1");
      if (!first.bind(to_string(count.state), destination).step()) continue;
      const auto created = first.next<Instant>();
      if (!count.oldest || created < *count.oldest) count.oldest = created;
    }
  }
  return out;
}

}  // namespace demat::store
