#include <algorithm>

#include "gateway/store/errors.hpp"
#include "gateway/store/flow_rows.hpp"
#include "gateway/store/paging.hpp"
#include "gateway/store/sqlite_outbox.hpp"

namespace demat::store {
namespace {

/// Events of the journal looked at by one read: a caller with few flows must not hold a reader for long.
constexpr std::uint64_t stretch = 5'000;

FeedEvent read_event(Statement& row) {
  FeedEvent e;
  row.next(e.sequence);
  row.next(e.flow);
  row.next(e.authority);
  row.next(e.environment);
  row.next(e.at);
  row.next(e.code);
  e.from = state_in_row(row.next<std::string>());
  e.to = state_in_row(row.next<std::string>());
  return e;
}

}  // namespace

std::uint64_t latest_event(Connection& db) {
  auto row = db.prepare("SELECT sequence FROM event ORDER BY sequence DESC LIMIT 1");
  return row.step() ? row.next<std::uint64_t>() : 0;
}

std::uint64_t number_in_flow(Connection& db, const FlowId& flow, std::uint64_t sequence) {
  auto row = db.prepare("SELECT count(*) FROM event WHERE flow=? AND sequence<=?").bind(flow, sequence);
  static_cast<void>(row.step());
  return row.next<std::uint64_t>();
}

std::vector<FeedEvent> events_between(Connection& db, const FeedFilter& filter, std::uint64_t after,
                                      std::uint64_t through, std::size_t limit) {
  std::string sql =
      "SELECT e.sequence,e.flow,f.authority,f.environment,e.at,e.code,e.from_state,e.to_state"
      " FROM event e JOIN flow f ON f.id=e.flow WHERE e.sequence>? AND e.sequence<=? AND e.flow<>''";
  if (filter.flow) sql += " AND e.flow=?";
  if (filter.authorities) sql += " AND f.authority IN " + question_marks(filter.authorities->size());
  auto rows = db.prepare(sql + " ORDER BY e.sequence LIMIT ?");
  rows.bind(after, through);
  if (filter.flow) rows.bind(*filter.flow);
  if (filter.authorities) {
    for (const auto& authority : *filter.authorities)
      rows.bind(authority);
  }
  rows.bind(limit);
  std::vector<FeedEvent> out;
  while (rows.step())
    out.push_back(read_event(rows));
  return out;
}

Result<FeedPage> SqliteOutbox::feed(const FeedFilter& filter, std::uint64_t after, std::size_t limit) {
  return access_.read([&](Connection& db) {
    const auto latest = latest_event(db);
    FeedPage page;
    page.reached = std::min(latest, after + stretch);
    if (filter.flow) page.reached = latest;  // an index leads to them
    page.events = events_between(db, filter, after, page.reached, limit);
    if (page.events.size() == limit) page.reached = page.events.back().sequence;
    page.reached = std::max(page.reached, after);
    page.more = page.reached < latest;
    for (auto& event : page.events) {
      event.cursor = sealing_.hide(event.sequence);
      event.number = number_in_flow(db, event.flow, event.sequence);
    }
    return page;
  });
}

Result<std::uint64_t> SqliteOutbox::latest() {
  return access_.read([](Connection& db) { return latest_event(db); });
}

Result<std::uint64_t> SqliteOutbox::place_of(std::string_view cursor) const {
  const auto place = sealing_.reveal(cursor);
  if (!place) return failure(bad_cursor());
  return *place;
}

}  // namespace demat::store
