#include "gateway/store/counters.hpp"

#include <algorithm>

namespace demat::store {

std::uint64_t Counters::count_up(Connection& db, const std::string& key) {
  auto& told = told_[key];
  // Not RETURNING: SQLite makes a temporary table for it, each time.
  {
    auto row = db.prepare("SELECT value FROM counter WHERE key=?").bind(key);
    if (row.step()) told = std::max(told, row.next<std::uint64_t>());
  }
  ++told;
  db.run("INSERT INTO counter(key,value) VALUES(?1,?2) ON CONFLICT(key) DO UPDATE SET value=?2", key, told);
  return told;
}

void Counters::before_commit(Connection& db) {
  if (!lost_) return;
  for (const auto& [key, value] : told_)
    db.run("INSERT INTO counter(key,value) VALUES(?1,?2) ON CONFLICT(key) DO UPDATE SET value=max(value,?2)",
           key, value);
}

void Counters::committed(Connection&) {
  told_.clear();
  lost_ = false;
}

void Counters::undone(Connection&, bool) {
  lost_ = lost_ || !told_.empty();
}

}  // namespace demat::store
