#include "gateway/store/sqlite_steering.hpp"

#include "gateway/store/errors.hpp"

namespace demat::store {
namespace {

/// How long slots are kept after their hour.
constexpr std::chrono::days keep_slots{2};

constexpr std::string_view pause_columns = "SELECT destination,kind,actor,reason,since,until FROM pause ";

Pause read_pause(Statement& row) {
  Pause out;
  row.next(out.destination);
  const auto word = row.next<std::string>();
  const auto kind = pause_kind_from(word);
  if (!kind) throw Refusal(corrupt("unknown kind of pause: " + word));
  out.kind = *kind;
  row.next(out.actor);
  row.next(out.reason);
  row.next(out.since);
  row.next(out.until);
  return out;
}

std::vector<Pause> pauses_of(Connection& db) {
  auto rows = db.prepare(std::string(pause_columns) + "ORDER BY destination");
  std::vector<Pause> out;
  while (rows.step())
    out.push_back(read_pause(rows));
  return out;
}

/// The destination stands in the detail; its name comes from the configuration, and may hold anything.
std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out + '"';
}

void note(Transaction& tx, std::string_view code, const Pause& pause, const std::string& actor,
          const std::string& reason) {
  JournalEntry entry;
  entry.at = tx.now;
  entry.code = code;
  entry.actor = actor;
  entry.reason = reason;
  entry.detail = "{\"destination\":" + json_text(pause.destination.str()) + ",\"kind\":\"" +
                 std::string(to_string(pause.kind)) + '"' +
                 (pause.until ? ",\"until\":\"" + to_iso8601(*pause.until) + "\"}" : "}");
  tx.journal.append(tx.db, entry);
}

void remove_pause(Transaction& tx, const DestinationName& destination) {
  tx.db.run("DELETE FROM pause WHERE destination=?", destination);
}

std::uint64_t used_of(Connection& db, const DestinationName& destination, Instant slot) {
  auto row = db.prepare("SELECT used FROM slot WHERE destination=? AND slot=?").bind(destination, slot);
  return row.step() ? row.next<std::uint64_t>() : 0;
}

void set_used(Connection& db, const SlotUse& use, std::uint64_t used) {
  db.run(
      "INSERT INTO slot(destination,slot,used) VALUES(?,?,?)"
      " ON CONFLICT(destination,slot) DO UPDATE SET used=excluded.used",
      use.destination, use.slot, used);
}

/// Takes out what delivered nothing: attempts that failed, and intents that never came to be because their
/// worker is gone.
std::uint64_t count_anew(Transaction& tx, const SlotUse& use) {
  tx.db.run(
      "DELETE FROM slot_use WHERE destination=?1 AND slot=?2 AND ("
      " EXISTS(SELECT 1 FROM attempt t WHERE t.flow=slot_use.flow AND t.number=slot_use.attempt AND"
      " t.outcome='failed')"
      " OR (NOT EXISTS(SELECT 1 FROM attempt t WHERE t.flow=slot_use.flow AND t.number=slot_use.attempt)"
      " AND NOT EXISTS(SELECT 1 FROM flow f WHERE f.id=slot_use.flow AND f.lease_until>?3)))",
      use.destination, use.slot, tx.now);
  auto row = tx.db.prepare("SELECT coalesce(sum(bytes),0) FROM slot_use WHERE destination=? AND slot=?");
  row.bind(use.destination, use.slot);
  return row.step() ? row.next<std::uint64_t>() : 0;
}

bool fits(const SlotUse& use, std::uint64_t used) {
  return use.budget == 0 || used == 0 || (used <= use.budget && use.bytes <= use.budget - used);
}

bool counted_already(Connection& db, const SlotUse& use) {
  auto row = db.prepare("SELECT 1 FROM slot_use WHERE destination=? AND slot=? AND flow=? AND attempt=?");
  return row.bind(use.destination, use.slot, use.flow, use.attempt).step();
}

bool reserve_bytes(Transaction& tx, const SlotUse& use) {
  if (counted_already(tx.db, use)) return true;
  std::uint64_t used = used_of(tx.db, use.destination, use.slot);
  if (!fits(use, used)) {
    used = count_anew(tx, use);
    set_used(tx.db, use, used);
    if (!fits(use, used)) return false;
  }
  if (used == 0) {
    const Instant old = use.slot - keep_slots;
    tx.db.run("DELETE FROM slot WHERE destination=? AND slot<?", use.destination, old);
    tx.db.run("DELETE FROM slot_use WHERE destination=? AND slot<?", use.destination, old);
  }
  tx.db.run("INSERT INTO slot_use(destination,slot,flow,attempt,bytes) VALUES(?,?,?,?,?)", use.destination,
            use.slot, use.flow, use.attempt, use.bytes);
  set_used(tx.db, use, used + use.bytes);
  return true;
}

}  // namespace

std::string_view to_string(PauseKind kind) {
  switch (kind) {
    case PauseKind::paused:
      return "paused";
    case PauseKind::draining:
      return "draining";
    case PauseKind::restored:
      break;
  }
  return "restored";
}

std::optional<PauseKind> pause_kind_from(std::string_view text) {
  for (const auto kind : {PauseKind::paused, PauseKind::draining, PauseKind::restored})
    if (to_string(kind) == text) return kind;
  return std::nullopt;
}

Status SqliteSteering::pause(const Pause& pause) {
  auto done = access_.write([&](Transaction& tx) {
    tx.db.run(
        "INSERT INTO pause(destination,kind,actor,reason,since,until) VALUES(?,?,?,?,?,?)"
        " ON CONFLICT(destination) DO UPDATE SET kind=excluded.kind,actor=excluded.actor,"
        "reason=excluded.reason,since=excluded.since,until=excluded.until",
        pause.destination, to_string(pause.kind), pause.actor, pause.reason, pause.since, pause.until);
    note(tx, "sending.paused", pause, pause.actor, pause.reason);
    return true;
  });
  if (!done) return failure(std::move(done.error()));
  return {};
}

Result<bool> SqliteSteering::resume(const DestinationName& destination, const std::string& actor,
                                    const std::string& reason) {
  return access_.write([&](Transaction& tx) {
    std::optional<Pause> found;
    {
      auto row = tx.db.prepare(std::string(pause_columns) + "WHERE destination=?");
      if (row.bind(destination).step()) found = read_pause(row);
    }
    if (!found) return false;
    remove_pause(tx, destination);
    note(tx, "sending.resumed", *found, actor, reason);
    return true;
  });
}

Result<std::vector<Pause>> SqliteSteering::pauses() {
  return access_.read([](Connection& db) { return pauses_of(db); });
}

Result<std::vector<Pause>> SqliteSteering::end_pauses(Instant now) {
  return access_.write([&](Transaction& tx) {
    auto over = pauses_of(tx.db);
    std::erase_if(over, [now](const Pause& one) { return !one.until || *one.until > now; });
    for (const auto& one : over) {
      remove_pause(tx, one.destination);
      note(tx, "sending.pause_over", one, "gateway", one.reason);
    }
    return over;
  });
}

Result<bool> SqliteSteering::reserve(const SlotUse& use) {
  return access_.write([&](Transaction& tx) { return reserve_bytes(tx, use); });
}

Result<std::uint64_t> SqliteSteering::used(const DestinationName& destination, Instant slot) {
  return access_.read([&](Connection& db) { return used_of(db, destination, slot); });
}

}  // namespace demat::store
