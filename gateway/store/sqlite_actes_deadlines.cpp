#include <algorithm>

#include "gateway/store/actes_rows.hpp"
#include "gateway/store/errors.hpp"
#include "gateway/store/flow_rows.hpp"
#include "gateway/store/operations.hpp"
#include "gateway/store/sqlite_actes.hpp"

// What of ACTES takes too long, and how much of it there is.

namespace demat::store {
namespace {

void add(OverdueCount& into, std::uint64_t count, Instant oldest, FlowId sample) {
  into.count += count;
  if (count == 0 || (into.oldest && *into.oldest <= oldest)) return;
  into.oldest = oldest;
  into.sample = std::move(sample);
}

/// What was sent before the limit was deposited before it: the index gives just these. Parameters:
/// destination, limit, limit.
constexpr std::string_view unanswered =
    " FROM flow INDEXED BY flow_by_state JOIN acte ON acte.flow=flow.id WHERE flow.state='sent' AND"
    " flow.destination=?1 AND flow.created_at<?2 AND flow.sent_at<?2 AND acte.verdict='none'";

/// Letters about an acte that still holds. Parameters: since, limit of a 2-1, limit of the others.
constexpr std::string_view late_letters =
    " FROM letter INDEXED BY letter_state WHERE state IN('unread','read') AND received_at>=?1 AND"
    " received_at<CASE message WHEN '2-1' THEN ?2 WHEN '5-1' THEN 0 ELSE ?3 END AND NOT EXISTS(SELECT 1 FROM "
    "acte"
    " WHERE acte.flow=letter.acte AND acte.id_acte=letter.id_acte AND acte.annulled_on<>'')";

OverdueCount count_unanswered(Connection& db, std::string kind, Instant limit) {
  OverdueCount out;
  out.kind = std::move(kind);
  for (const auto& destination : destinations_with(db, flow::State::sent)) {
    auto row = db.prepare("SELECT count(*),min(flow.created_at),flow.id" + std::string(unanswered));
    if (!row.bind(destination, limit).step()) continue;
    const auto count = row.next<std::uint64_t>();
    if (count == 0) continue;
    const auto oldest = row.next<Instant>();
    add(out, count, oldest, row.next<FlowId>());
  }
  return out;
}

OverdueCount count_letters(Connection& db, const ActeLimits& limits) {
  OverdueCount out;
  out.kind = "letter";
  auto row = db.prepare("SELECT count(*),min(received_at),acte" + std::string(late_letters));
  row.bind(limits.letter_since, limits.simple_letter_before, limits.letter_before);
  if (!row.step()) return out;
  const auto count = row.next<std::uint64_t>();
  if (count == 0) return out;
  const auto oldest = row.next<Instant>();
  add(out, count, oldest, row.next<FlowId>());
  return out;
}

/// One message of a flow past a deadline.
struct Passed {
  FlowId flow;
  std::uint32_t place = 0;
  std::string message;
};

std::vector<Passed> passed_in(Statement& rows) {
  std::vector<Passed> out;
  while (rows.step()) {
    auto& one = out.emplace_back();
    rows.next(one.flow);
    rows.next(one.place);
    rows.next(one.message);
  }
  return out;
}

void journal(Transaction& tx, const FlowId& flow, const std::string& code, std::string detail,
             std::vector<PassedDeadline>& out) {
  JournalEntry entry;
  entry.flow = flow;
  entry.at = tx.now;
  entry.code = code;
  entry.from = entry.to = need_flow(tx.db, flow).flow.state;
  entry.actor = "gateway";
  entry.detail = std::move(detail);
  tx.journal.append(tx.db, entry);
  out.push_back({code, flow});
}

void tell(Transaction& tx, const std::vector<Passed>& passed, const std::string& word,
          const std::string& code, std::vector<PassedDeadline>& out) {
  for (const auto& one : passed) {
    tx.db.run("UPDATE acte SET told=? WHERE flow=? AND place=?", word, one.flow, one.place);
    journal(tx, one.flow, code,
            R"({"place":)" + std::to_string(one.place) + R"(,"message":")" + one.message + "\"}", out);
  }
}

void tell_unanswered(Transaction& tx, Instant limit, std::string_view not_told, const std::string& word,
                     const std::string& code, std::size_t most, std::vector<PassedDeadline>& out) {
  for (const auto& destination : destinations_with(tx.db, flow::State::sent)) {
    auto rows = tx.db.prepare("SELECT acte.flow,acte.place,acte.message" + std::string(unanswered) +
                              std::string(not_told) + " LIMIT ?3");
    rows.bind(destination, limit, most);
    tell(tx, passed_in(rows), word, code, out);
  }
}

void tell_control(Transaction& tx, const std::string& until, std::size_t most,
                  std::vector<PassedDeadline>& out) {
  auto rows = tx.db.prepare(
      "SELECT flow,place,message FROM acte INDEXED BY acte_in_control WHERE message='1-1' AND received_on<>''"
      " AND told<>'control' AND received_on<=? LIMIT ?");
  rows.bind(until, most);
  const auto passed = passed_in(rows);
  std::vector<Passed> in_force;
  for (const auto& one : passed) {
    const auto actes = actes_of(tx.db, one.flow);
    const bool annulled = std::any_of(actes.begin(), actes.end(), [&](const flow::Acte& acte) {
      return acte.place == one.place && !acte.annulled_on.empty();
    });
    if (annulled)
      tx.db.run("UPDATE acte SET told='control' WHERE flow=? AND place=?", one.flow, one.place);
    else
      in_force.push_back(one);
  }
  tell(tx, in_force, "control", "acte.control_over", out);
}

void tell_letters(Transaction& tx, const ActeLimits& limits, std::size_t most,
                  std::vector<PassedDeadline>& out) {
  auto rows = tx.db.prepare("SELECT acte,id,message" + std::string(late_letters) + " AND told=0 LIMIT ?4");
  rows.bind(limits.letter_since, limits.simple_letter_before, limits.letter_before, most);
  struct Late {
    FlowId flow;
    LetterId letter;
    std::string message;
  };
  std::vector<Late> late;
  while (rows.step()) {
    auto& one = late.emplace_back();
    rows.next(one.flow);
    rows.next(one.letter);
    rows.next(one.message);
  }
  for (const auto& one : late) {
    tx.db.run("UPDATE letter SET told=1 WHERE id=?", one.letter);
    journal(tx, one.flow, "letter.overdue",
            R"({"letter":")" + one.letter.str() + R"(","message":")" + one.message + "\"}", out);
  }
}

void add_loads(Statement rows, const std::string& what, std::vector<ActeLoad>& out) {
  while (rows.step()) {
    auto& load = out.emplace_back();
    load.what = what;
    rows.next(load.message);
    rows.next(load.state);
    rows.next(load.count);
    rows.next(load.oldest);
  }
}

}  // namespace

Result<std::vector<OverdueCount>> SqliteActes::overdue(const ActeLimits& limits) {
  return access_.read([&](Connection& db) {
    return std::vector<OverdueCount>{count_unanswered(db, "acte_ar", limits.ar_before),
                                     count_unanswered(db, "acte_silence", limits.silence_before),
                                     count_letters(db, limits)};
  });
}

Result<std::vector<PassedDeadline>> SqliteActes::tell_deadlines(const ActeLimits& limits, std::size_t most) {
  return access_.write([&](Transaction& tx) {
    std::vector<PassedDeadline> out;
    tell_unanswered(tx, limits.ar_before, " AND acte.told=''", "ar", "acte.ar_overdue", most, out);
    tell_unanswered(tx, limits.silence_before, " AND acte.told='ar'", "silence", "acte.silent", most, out);
    tell_control(tx, limits.control_until, most, out);
    tell_letters(tx, limits, most, out);
    return out;
  });
}

/// Only what is under way: its number does not grow with the years.
Result<std::vector<ActeLoad>> SqliteActes::loads() {
  return access_.read([](Connection& db) {
    std::vector<ActeLoad> out;
    add_loads(db.prepare("SELECT acte.message,flow.state,count(*),min(flow.created_at) FROM acte INDEXED BY"
                         " acte_waiting CROSS JOIN flow ON flow.id=acte.flow WHERE acte.verdict='none' AND"
                         " flow.state NOT IN('refused','cancelled','sent_final')"
                         " GROUP BY acte.message,flow.state"),
              "acte", out);
    add_loads(db.prepare("SELECT message,state,count(*),min(received_at) FROM letter INDEXED BY letter_state"
                         " WHERE state IN('unread','read') GROUP BY message,state"),
              "letter", out);
    return out;
  });
}

}  // namespace demat::store
