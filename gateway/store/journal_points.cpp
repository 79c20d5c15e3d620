#include "gateway/store/errors.hpp"
#include "gateway/store/journal.hpp"
#include "gateway/store/mac_bytes.hpp"

namespace demat::store {
namespace {

std::string point_bytes(std::string_view kind, std::uint64_t sequence, Instant at, std::string_view chain) {
  std::string out(kind);
  add_number(out, sequence);
  add_number(out, static_cast<std::uint64_t>(at.time_since_epoch().count()));
  add_text(out, chain);
  return out;
}

}  // namespace

std::string anchor_bytes(std::uint64_t sequence, Instant at, std::string_view chain) {
  return point_bytes("anchor", sequence, at, chain);
}

std::string checkpoint_bytes(std::uint64_t sequence, Instant at, std::string_view chain,
                             std::string_view actor, std::string_view reason) {
  std::string out = point_bytes("checkpoint", sequence, at, chain);
  add_text(out, actor);
  add_text(out, reason);
  return out;
}

ChainStart chain_start(Connection& db, const JournalKey& key) {
  ChainStart start;
  auto rows = db.prepare(
      "SELECT sequence,at,chain,actor,reason,mac FROM journal_checkpoint WHERE sequence>=0 ORDER BY "
      "sequence");
  while (rows.step() && start.sound) {
    rows.next(start.sequence);
    const auto at = rows.next<Instant>();
    rows.next(start.chain);
    const auto actor = rows.next<std::string>();
    const auto reason = rows.next<std::string>();
    start.sound =
        rows.next<std::string>() == key.mac(checkpoint_bytes(start.sequence, at, start.chain, actor, reason));
  }
  return start;
}

std::string Journal::cut(Connection& db, std::uint64_t through, Instant now, const std::string& actor,
                         const std::string& reason) {
  auto row = db.prepare("SELECT chain FROM event WHERE sequence=?").bind(through);
  if (!row.step()) throw Refusal(corrupt("the journal has no event where it is to be cut"));
  auto chain = row.next<std::string>();
  const auto mac = key_.mac(checkpoint_bytes(through, now, chain, actor, reason));
  db.run("INSERT INTO journal_checkpoint(sequence,at,chain,actor,reason,mac) VALUES(?,?,?,?,?,?)", through,
         now, BlobView{chain}, actor, reason, BlobView{mac});
  db.run("DELETE FROM event WHERE sequence<=?", through);
  return chain;
}

bool Journal::anchor_due() const {
  if (head_.sequence >= anchored_.sequence + anchor_every) return true;
  using std::chrono::days;
  return std::chrono::floor<days>(head_.at) > std::chrono::floor<days>(anchored_.at);
}

void Journal::anchor(Connection& db, Instant now) {
  if (head_.sequence == 0 || head_.sequence == anchored_.sequence) return;
  const auto mac = key_.mac(anchor_bytes(head_.sequence, now, head_.chain));
  db.run("INSERT INTO anchor(sequence,at,chain,mac) VALUES(?,?,?,?)", head_.sequence, now,
         BlobView{head_.chain}, BlobView{mac});
  anchored_ = {head_.sequence, {}, now};
}

}  // namespace demat::store
