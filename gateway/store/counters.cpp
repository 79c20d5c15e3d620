#include "gateway/store/counters.hpp"

#include <algorithm>

namespace demat::store {

std::uint64_t Counters::count_up(Connection& db, const std::string& key) {
  auto& told = told_[key];
  auto row = db.prepare(
      "INSERT INTO counter(key,value) VALUES(?1,?2+1) ON CONFLICT(key) DO UPDATE SET value=max(value,?2)+1"
      " RETURNING value");
  row.bind(key, told);
  while (row.step())
    told = row.next<std::uint64_t>();
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
