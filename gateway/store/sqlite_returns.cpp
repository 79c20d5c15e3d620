#include "gateway/store/sqlite_returns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "gateway/base/crash_point.hpp"
#include "gateway/store/answer_rows.hpp"
#include "gateway/store/errors.hpp"
#include "gateway/store/flow_rows.hpp"
#include "gateway/store/operations.hpp"
#include "gateway/store/paging.hpp"
#include "gateway/store/steering.hpp"
#include "protocols/base/limits.hpp"

namespace demat::store {
namespace {

void note(Transaction& tx, std::string_view code, const std::string& actor, std::string detail,
          const std::string& reason = {}) {
  JournalEntry entry;
  entry.at = tx.now;
  entry.code = code;
  entry.actor = actor;
  entry.reason = reason;
  entry.detail = std::move(detail);
  tx.journal.append(tx.db, entry);
}

std::int64_t number_of(Connection& db, const ReturnId& id) {
  auto row = db.prepare("SELECT number FROM answer WHERE id=?").bind(id);
  if (!row.step()) throw Refusal(not_found("return"));
  return row.next<std::int64_t>();
}

flow::Return need_return(Connection& db, const ReturnId& id) {
  auto found = find_answer(db, id);
  if (!found) throw Refusal(not_found("return"));
  return std::move(*found);
}

bool blocked(Connection& db, const Siret& siret) {
  return db.prepare("SELECT 1 FROM siret_block WHERE siret=?").bind(siret).step();
}

/// On the flow, so that its history tells what it answers.
void note_made(Transaction& tx, const FlowId& flow, const ReturnId& id, const std::string& actor) {
  const auto row = need_flow(tx.db, flow);
  JournalEntry entry;
  entry.flow = flow;
  entry.at = tx.now;
  entry.code = "return.acquit_made";
  entry.from = row.flow.state;
  entry.to = row.flow.state;
  entry.actor = actor;
  entry.detail = fmt::format(R"({{"return":"{}"}})", id.str());
  tx.journal.append(tx.db, entry);
}

flow::AcquitMode mode_of(Connection& db, const AuthorityId& authority) {
  auto row = db.prepare("SELECT acquit FROM return_settings WHERE authority=?").bind(authority);
  if (!row.step()) return flow::AcquitMode::never;
  const auto mode = flow::acquit_mode_from(row.next<std::string>());
  if (!mode) throw Refusal(corrupt("unknown acquit mode in a row"));
  return *mode;
}

}  // namespace

SiretRoute route_of(Connection& db, const Siret& siret) {
  return {siret, blocked(db, siret), owner_of(db, siret).value_or(AuthorityId{})};
}

std::string acquit_note_of(Connection& db, const AuthorityId& authority) {
  if (mode_of(db, authority) != flow::AcquitMode::on_receipt) return {};
  // A return that is fetched again after a restore may have had its acquit.
  auto restored = db.prepare("SELECT 1 FROM pause WHERE kind=? LIMIT 1").bind(to_string(PauseKind::restored));
  return std::string(restored.step() ? acquit_restored : flow::acquit_due);
}

void acquit_return(Transaction& tx, const ReturnId& id, const FlowId& flow, const std::string& actor) {
  const auto item = need_return(tx.db, id);
  if (item.acquit == flow && item.acquit_note.empty()) return;
  tx.db.run("UPDATE answer SET acquit=?,acquit_note='' WHERE id=?", flow, id);
  if (item.acquit != flow) note_made(tx, flow, id, actor);
  crash_point("return_acquitted");
}

void forget_pieces(Transaction& tx, std::string_view answer) {
  tx.db.run("DELETE FROM return_piece WHERE answer=(SELECT number FROM answer WHERE id=?)", answer);
}

void stop_acquits(Transaction& tx) {
  tx.db.run("UPDATE answer SET acquit_note=? WHERE kind='PES_Retour' AND acquit='' AND acquit_note IN('',?)",
            acquit_restored, flow::acquit_due);
}

Status SqliteReturns::index(const ReturnId& id, std::span<const PieceMark> marks, bool afresh) {
  return access_.write([&](Transaction& tx) {
    const auto number = number_of(tx.db, id);
    if (afresh) tx.db.run("DELETE FROM return_piece WHERE answer=?", number);
    for (const auto& mark : marks)
      tx.db.run(
          "INSERT OR IGNORE INTO return_piece(answer,exercice,bordereau,piece,domaine,etat)"
          " VALUES(?,?,?,?,?,?)",
          number, mark.exercice, mark.bordereau, mark.piece, mark.domaine, mark.etat);
    crash_point("return_indexed");
  });
}

Status SqliteReturns::block(const Siret& siret, const std::string& reason, const std::string& actor) {
  return access_.write([&](Transaction& tx) {
    tx.db.run(
        "INSERT INTO siret_block(siret,actor,reason,since) VALUES(?,?,?,?) ON CONFLICT(siret) DO UPDATE SET"
        " actor=excluded.actor,reason=excluded.reason",
        siret, actor, reason, tx.now);
    note(tx, "siret.blocked", actor, fmt::format(R"({{"siret":"{}"}})", siret.str()), reason);
  });
}

Status SqliteReturns::unblock(const Siret& siret, const std::string& reason, const std::string& actor) {
  return access_.write([&](Transaction& tx) {
    if (!blocked(tx.db, siret)) return;
    tx.db.run("DELETE FROM siret_block WHERE siret=?", siret);
    note(tx, "siret.unblocked", actor, fmt::format(R"({{"siret":"{}"}})", siret.str()), reason);
  });
}

Result<SiretRoute> SqliteReturns::route(const Siret& siret) {
  return access_.read([&](Connection& db) { return route_of(db, siret); });
}

Result<flow::AcquitMode> SqliteReturns::acquit_mode(const AuthorityId& authority) {
  return access_.read([&](Connection& db) { return mode_of(db, authority); });
}

Status SqliteReturns::put_acquit_mode(const AuthorityId& authority, flow::AcquitMode mode,
                                      const std::string& actor) {
  return access_.write([&](Transaction& tx) {
    if (authorities_of(tx.db, authority).empty()) throw Refusal(not_found("authority"));
    tx.db.run(
        "INSERT INTO return_settings(authority,acquit) VALUES(?,?) ON CONFLICT(authority) DO UPDATE SET"
        " acquit=excluded.acquit",
        authority, to_string(mode));
    note(tx, "authority.returns_put", actor,
         fmt::format(R"({{"siren":"{}","acquit":"{}"}})", authority.str(), to_string(mode)));
  });
}

Result<std::vector<flow::Return>> SqliteReturns::named(const AuthorityId& authority, const std::string& name,
                                                       Instant before) {
  return access_.read([&](Connection& db) {
    constexpr std::string_view rest =
        "=? AND received_at<=? AND kind='PES_Retour' ORDER BY received_at DESC,id DESC LIMIT ?";
    std::vector<flow::Return> out;
    for (const std::string_view column : {"nom_fic", "remote_name"}) {
      auto rows =
          db.prepare(select_answers(std::string("WHERE authority=? AND ").append(column).append(rest)));
      rows.bind(authority, name, before, limits::max_page);
      while (rows.step())
        out.push_back(read_answer(rows));
    }
    std::sort(out.begin(), out.end(), [](const flow::Return& one, const flow::Return& other) {
      return std::tie(one.received_at, one.id) > std::tie(other.received_at, other.id);
    });
    const auto same = [](const flow::Return& one, const flow::Return& other) { return one.id == other.id; };
    out.erase(std::unique(out.begin(), out.end(), same), out.end());
    if (out.size() > limits::max_page) out.resize(limits::max_page);
    return out;
  });
}

Result<Page<flow::Return>> SqliteReturns::due_acquits(const std::string& cursor, std::size_t limit) {
  return access_.read([&](Connection& db) {
    static const std::string sql =
        select_answers("WHERE acquit_note='due' AND (received_at,id)>(?,?) ORDER BY received_at,id LIMIT ?");
    const auto behind = from_cursor(cursor).value_or(PagePlace{Instant::min(), {}});
    auto rows = db.prepare(sql);
    rows.bind(behind.at, behind.id, limit + 1);
    Page<flow::Return> page;
    while (rows.step())
      page.items.push_back(read_answer(rows));
    if (page.items.size() > limit) {
      page.items.pop_back();
      page.next = to_cursor({page.items.back().received_at, page.items.back().id.str()});
    }
    return page;
  });
}

Status SqliteReturns::acquitted(const ReturnId& id, const FlowId& flow, const std::string& actor) {
  return access_.write([&](Transaction& tx) { acquit_return(tx, id, flow, actor); });
}

Status SqliteReturns::no_acquit(const ReturnId& id, const std::string& code, const std::string& actor) {
  return access_.write([&](Transaction& tx) {
    const auto item = need_return(tx.db, id);
    tx.db.run("UPDATE answer SET acquit_note=? WHERE id=?", code, id);
    note(tx, "return.acquit_impossible", actor,
         fmt::format(R"({{"return":"{}","authority":"{}","because":"{}"}})", id.str(), item.authority.str(),
                     code));
  });
}

}  // namespace demat::store
