#include "gateway/store/sqlite_marches.hpp"

#include <algorithm>

#include "gateway/store/errors.hpp"
#include "gateway/store/paging.hpp"
#include "protocols/base/limits.hpp"

namespace demat::store {
namespace {

using flow::MarcheState;
using flow::NumberKind;

constexpr std::string_view record_columns =
    "r.contrat,r.sequence,r.ordre,r.correctif,r.nature,r.concession,r.state";

flow::MarcheRecord read_record(Statement& row) {
  flow::MarcheRecord out;
  row.next(out.contrat);
  row.next(out.sequence);
  row.next(out.ordre);
  row.next(out.correctif);
  row.next(out.nature);
  row.next(out.concession);
  const auto state = flow::marche_state_from(row.next<std::string>());
  if (!state) throw Refusal(corrupt("unknown state of a contract's record in a row"));
  out.state = *state;
  return out;
}

std::string select_rows(std::string_view rest) {
  std::string sql("SELECT ");
  sql.append(record_columns)
      .append(
          ",r.authority,f.id,f.state,f.nom_fic,f.created_at,f.sent_at,f.waiting_code,f.hold_reason,f.waits_"
          "for"
          " FROM marche_record r CROSS JOIN flow f ON f.id=r.flow ")
      .append(rest);
  return sql;
}

MarcheRow read_row(Statement& row) {
  MarcheRow out;
  out.record = read_record(row);
  row.next(out.authority);
  row.next(out.flow);
  out.flow_state = state_in_row(row.next<std::string>());
  row.next(out.nom_fic);
  row.next(out.created_at);
  row.next(out.sent_at);
  row.next(out.waiting_code);
  row.next(out.hold_reason);
  row.next(out.waits_for);
  return out;
}

struct OwnRecord {
  std::uint64_t number = 0;
  AuthorityId authority;
  flow::MarcheRecord record;
  bool out_of_order = false;
};

std::vector<OwnRecord> records_of(Connection& db, const FlowId& flow) {
  static const std::string sql = std::string("SELECT ") + std::string(record_columns) +
                                 ",r.number,r.authority,r.out_of_order FROM marche_record r WHERE r.flow=?"
                                 " ORDER BY r.number";
  auto rows = db.prepare(sql).bind(flow);
  std::vector<OwnRecord> out;
  while (rows.step()) {
    auto& one = out.emplace_back();
    one.record = read_record(rows);
    rows.next(one.number);
    rows.next(one.authority);
    rows.next(one.out_of_order);
  }
  return out;
}

std::vector<MarcheRow> carried_by_others(Connection& db, const OwnRecord& own, const FlowId& flow) {
  std::vector<MarcheRow> out;
  if (own.record.sequence < 2) return out;
  static const std::string sql = select_rows(
      "WHERE r.authority=? AND r.contrat=? AND r.sequence=? AND r.concession=? AND r.flow<>? ORDER BY r.flow"
      " LIMIT ?");
  auto rows = db.prepare(sql);
  rows.bind(own.authority, own.record.contrat, own.record.sequence - 1, own.record.concession, flow,
            max_records_shown);
  while (rows.step())
    out.push_back(read_row(rows));
  return out;
}

/// One contract that the listing shows.
struct Shown {
  AuthorityId authority;
  std::string contrat;
};

/// The contract of that name of the next authority.
std::optional<Shown> next_namesake(Connection& db, const std::string& contrat, const AuthorityId& behind) {
  auto row = db.prepare(
      "SELECT authority FROM marche_record INDEXED BY marche_record_contrat WHERE contrat=? AND authority>?"
      " ORDER BY authority LIMIT 1");
  row.bind(contrat, behind);
  if (!row.step()) return std::nullopt;
  return Shown{row.next<AuthorityId>(), contrat};
}

/// The next contract behind (authority, contrat), by one look into the index.
std::optional<Shown> next_contract(Connection& db, const MarcheFilter& filter, const Shown& behind) {
  if (filter.contrat) return next_namesake(db, *filter.contrat, behind.authority);
  std::string sql = "SELECT authority,contrat FROM marche_record INDEXED BY marche_record_order WHERE ";
  sql += filter.authority ? "authority=?1 AND contrat>?2" : "(authority,contrat)>(?1,?2)";
  sql += " ORDER BY authority,contrat LIMIT 1";
  auto row = db.prepare(sql);
  row.bind(filter.authority.value_or(behind.authority), behind.contrat);
  if (!row.step()) return std::nullopt;
  Shown out;
  row.next(out.authority);
  row.next(out.contrat);
  return out;
}

std::vector<MarcheRow> rows_of(Connection& db, const Shown& shown) {
  static const std::string sql =
      select_rows("WHERE r.authority=? AND r.contrat=? ORDER BY r.sequence,r.flow,r.number LIMIT ?");
  auto rows = db.prepare(sql);
  rows.bind(shown.authority, shown.contrat, max_records_shown);
  std::vector<MarcheRow> out;
  while (rows.step())
    out.push_back(read_row(rows));
  return out;
}

/// The place of a contract among all: its key is a page's cursor, whose time is not used.
PagePlace place_of(const Shown& shown) {
  return {Instant{}, shown.authority.str() + '\x1f' + shown.contrat};
}

Shown shown_at(const std::optional<PagePlace>& place) {
  if (!place) return {};
  const auto end = place->id.find('\x1f');
  if (end == std::string::npos) return {};
  return {AuthorityId{place->id.substr(0, end)}, place->id.substr(end + 1)};
}

Page<Marche> list_marches(Connection& db, const MarcheFilter& filter, const std::string& cursor,
                          std::size_t limit) {
  limit = std::clamp<std::size_t>(limit, 1, limits::max_page);
  Page<Marche> page;
  Shown at = shown_at(from_cursor(cursor));
  if (filter.contrat && filter.authority) {
    auto rows = rows_of(db, {*filter.authority, *filter.contrat});
    if (!rows.empty()) page.items.push_back({*filter.authority, *filter.contrat, std::move(rows)});
    return page;
  }
  while (page.items.size() < limit) {
    const auto next = next_contract(db, filter, at);
    if (!next) return page;
    at = *next;
    page.items.push_back({at.authority, at.contrat, rows_of(db, at)});
  }
  if (next_contract(db, filter, at)) page.next = to_cursor(place_of(at));
  return page;
}

MarcheState state_after(const flow::MarcheRecord& record, flow::Trigger trigger,
                        const std::vector<flow::AnsweredPart>& parts) {
  if (trigger == flow::Trigger::reject) return MarcheState::rejected;
  if (trigger == flow::Trigger::acknowledge) return MarcheState::accepted;
  auto state = MarcheState::unnamed;
  for (const auto& part : parts) {
    if (part.kind != NumberKind::marche) continue;
    const bool named = part.numero.empty() || flow::same_contrat(part.numero, record.contrat);
    if (!named || (part.sequence != 0 && part.sequence != record.sequence)) continue;
    if (!part.ok) return MarcheState::rejected;
    state = MarcheState::accepted;
  }
  return state;
}

/// Flows with the next record that wait, perhaps for another flow that carries this one too, are judged anew;
/// so are those that are being judged without knowing of it.
void judge_behind(Transaction& tx, const OwnRecord& accepted) {
  std::vector<FlowId> ready;
  {
    auto rows = tx.db.prepare(
        "SELECT f.id FROM marche_record r CROSS JOIN flow f ON f.id=r.flow WHERE r.authority=? AND "
        "r.contrat=? AND r.sequence=? AND r.concession=? AND f.state='ready'");
    rows.bind(accepted.authority, accepted.record.contrat, accepted.record.sequence + 1,
              accepted.record.concession);
    while (rows.step())
      ready.push_back(rows.next<FlowId>());
  }
  for (const auto& id : ready) {
    auto row = need_flow(tx.db, id);
    const auto before = row;
    if (row.flow.waiting_code == flow::awaits_predecessor) row.flow.next_attempt_at = tx.now;
    ++row.fence;
    row.lease_owner.clear();
    row.lease_until.reset();
    update_flow(tx.db, before, row);
  }
}

/// The flows with the next record of the contract that were held because this one had been turned down.
void release_behind(Transaction& tx, const OwnRecord& accepted) {
  judge_behind(tx, accepted);
  std::vector<FlowId> held;
  {
    auto rows = tx.db.prepare(
        "SELECT f.id FROM marche_record r CROSS JOIN flow f ON f.id=r.flow WHERE r.authority=? AND "
        "r.contrat=? AND r.sequence=? AND r.concession=? AND f.state='held' AND f.hold_reason=?");
    rows.bind(accepted.authority, accepted.record.contrat, accepted.record.sequence + 1,
              accepted.record.concession, flow::predecessor_failed);
    while (rows.step())
      held.push_back(rows.next<FlowId>());
  }
  for (const auto& id : held) {
    auto row = need_flow(tx.db, id);
    const auto before = row;
    JournalEntry entry;
    entry.actor = "gateway";
    entry.reason = "marche.predecessor_accepted";
    take_step(tx, row, flow::Trigger::release, std::move(entry));
    ++row.fence;
    update_flow(tx.db, before, row);
  }
}

/// Nothing where the flow is not known to be past its checks.
std::optional<std::vector<MarcheStanding>> standing_in(Connection& db, const FlowId& flow) {
  std::vector<MarcheStanding> out;
  for (const auto& own : records_of(db, flow))
    out.push_back({own.record, own.out_of_order, carried_by_others(db, own, flow)});
  if (!out.empty()) return out;
  auto row = db.prepare("SELECT state FROM flow WHERE id=?");
  row.bind(flow);
  if (!row.step() || state_in_row(row.next<std::string>()) != flow::State::ready) return std::nullopt;
  return out;
}

}  // namespace

Result<std::vector<MarcheStanding>> SqliteMarches::standing(const FlowId& flow) {
  auto seen = access_.read_for_claimant([&](Connection& db) { return standing_in(db, flow); });
  if (!seen) return failure(std::move(seen.error()));
  return std::move(*seen).value_or(std::vector<MarcheStanding>{});
}

Result<std::vector<MarcheStanding>> SqliteMarches::standing(const flow::Flow& flow,
                                                            const std::vector<flow::MarcheRecord>& records) {
  return access_.read([&](Connection& db) {
    std::vector<MarcheStanding> out;
    for (const auto& record : records)
      out.push_back({record, false, carried_by_others(db, {0, flow.authority, record, false}, flow.id)});
    return out;
  });
}

Result<std::vector<flow::Flow>> SqliteMarches::unread_before(const flow::Flow& flow, std::size_t limit) {
  return access_.read([&](Connection& db) {
    static const std::string sql = select_flows(
        "INDEXED BY flow_by_authority_state WHERE authority=? AND state=? AND (created_at,id)<(?,?) AND"
        " protocol=? AND (state='received' OR held_from='received') ORDER BY created_at,id LIMIT ?");
    std::vector<flow::Flow> out;
    for (const auto state : {flow::State::received, flow::State::held}) {
      auto rows = db.prepare(sql);
      rows.bind(flow.authority, to_string(state), flow.created_at, flow.id, flow.protocol, limit);
      while (rows.step())
        out.push_back(read_flow(rows).flow);
    }
    if (out.size() > limit) out.resize(limit);
    return out;
  });
}

Result<Page<Marche>> SqliteMarches::list(const MarcheFilter& filter, const std::string& cursor,
                                         std::size_t limit) {
  return access_.read([&](Connection& db) { return list_marches(db, filter, cursor, limit); });
}

void record_marches(Transaction& tx, const flow::Flow& flow, const std::vector<flow::MarcheRecord>& records) {
  const auto old = records_of(tx.db, flow.id);
  const bool let = std::any_of(old.begin(), old.end(), [](const OwnRecord& one) { return one.out_of_order; });
  forget_marches(tx, flow.id.str());
  std::size_t number = 0;
  for (const auto& one : records)
    tx.db.run(
        "INSERT INTO marche_record(flow,number,authority,contrat,sequence,ordre,correctif,nature,concession,"
        "state,out_of_order) VALUES(?,?,?,?,?,?,?,?,?,?,?)",
        flow.id, ++number, flow.authority, one.contrat, one.sequence, one.ordre, one.correctif, one.nature,
        one.concession, to_string(one.state), let);
}

void forget_marches(Transaction& tx, std::string_view flow) {
  tx.db.run("DELETE FROM marche_record WHERE flow=?", flow);
}

void let_go(Transaction& tx, const FlowId& flow) {
  tx.db.run("UPDATE marche_record SET out_of_order=1 WHERE flow=?", flow);
}

void decide_marches(Transaction& tx, const flow::Flow& flow, flow::Trigger trigger,
                    const std::vector<flow::AnsweredPart>& parts) {
  for (const auto& own : records_of(tx.db, flow.id)) {
    const auto state = state_after(own.record, trigger, parts);
    tx.db.run("UPDATE marche_record SET state=? WHERE flow=? AND number=?", to_string(state), flow.id,
              own.number);
    if (state != MarcheState::rejected)
      release_behind(tx, own);
    else
      tx.db.run("DELETE FROM sent_number WHERE flow=? AND kind=? AND number=?", flow.id,
                to_string(NumberKind::marche), flow::marche_key(own.record.contrat, own.record.sequence));
  }
}

void release_followers(Transaction& tx, const FlowId& flow) {
  for (const auto& own : records_of(tx.db, flow))
    release_behind(tx, own);
}

void wake_waiters(Transaction& tx, const FlowId& flow) {
  tx.db.run("UPDATE flow SET next_attempt_at=? WHERE waits_for=? AND waits_for<>'' AND state='ready'", tx.now,
            flow);
}

}  // namespace demat::store
