#include "gateway/store/journal_reading.hpp"

#include <algorithm>
#include <charconv>

#include "gateway/store/errors.hpp"
#include "gateway/store/flow_rows.hpp"
#include "gateway/store/paging.hpp"
#include "protocols/base/limits.hpp"

namespace demat::store {
namespace {

/// How many events one page looks at, so that a search for what is nowhere does not hold a reader for long.
constexpr std::size_t max_looked_at = 20'000;

constexpr std::string_view columns =
    "SELECT sequence,flow,at,code,from_state,to_state,actor,reason,detail,payloads,chain FROM event";

JournalLine read_line(Statement& row) {
  JournalLine line;
  read_event(row, line.event);
  row.next(line.payloads);
  row.next(line.chain);
  return line;
}

bool matches(const JournalLine& line, const JournalFilter& filter) {
  const auto& event = line.event;
  return (!filter.flow || event.flow == *filter.flow) && (!filter.actor || event.actor == *filter.actor) &&
         (!filter.code || event.code == *filter.code) && (!filter.from || event.at >= *filter.from) &&
         (!filter.to || event.at < *filter.to);
}

/// Anchors tell, without an index over the times of events, where a day lies in the journal; one day of
/// margin, for clocks that were set.
std::uint64_t first_of(Connection& db, const JournalFilter& filter) {
  std::uint64_t first = filter.first.value_or(0);
  if (!filter.from) return first;
  auto row = db.prepare("SELECT coalesce(max(sequence),0) FROM anchor WHERE at<?");
  row.bind(*filter.from - std::chrono::hours(24));
  return row.step() ? std::max(first, row.next<std::uint64_t>()) : first;
}

std::uint64_t last_of(Connection& db, const JournalFilter& filter) {
  constexpr std::uint64_t none = INT64_MAX;
  const std::uint64_t last = filter.last.value_or(none);
  if (!filter.to) return last;
  auto row = db.prepare("SELECT min(sequence) FROM anchor WHERE at>?");
  row.bind(*filter.to + std::chrono::hours(24));
  if (!row.step() || row.next_is_null()) return last;
  return std::min(last, row.next<std::uint64_t>());
}

std::uint64_t number_in(const std::string& cursor) {
  const auto place = from_cursor(cursor);
  std::uint64_t number = 0;
  const char* end = place->id.data() + place->id.size();
  if (std::from_chars(place->id.data(), end, number).ptr != end || number > INT64_MAX)
    throw Refusal(bad_cursor());
  return number;
}

std::string cursor_at(std::uint64_t number) {
  return to_cursor({Instant{}, std::to_string(number)});
}

/// A flow has an index of its own.
Statement lines_of(Connection& db, const JournalFilter& filter, std::uint64_t first, std::uint64_t last,
                   bool newest_first, std::size_t limit) {
  std::string sql = std::string(columns) + " WHERE sequence>=? AND sequence<=?";
  if (filter.flow) sql += " AND flow=?";
  sql += newest_first ? " ORDER BY sequence DESC LIMIT ?" : " ORDER BY sequence LIMIT ?";
  auto rows = db.prepare(sql);
  rows.bind(first, last);
  if (filter.flow) rows.bind(*filter.flow);
  rows.bind(limit);
  return rows;
}

}  // namespace

Page<JournalLine> search_journal(Connection& db, const JournalFilter& filter, const std::string& cursor,
                                 std::size_t limit) {
  limit = std::clamp<std::size_t>(limit, 1, limits::max_page);
  auto last = last_of(db, filter);
  if (!cursor.empty()) last = std::min(last, number_in(cursor) - 1);
  auto rows = lines_of(db, filter, first_of(db, filter), last, true, max_looked_at);
  Page<JournalLine> page;
  std::size_t looked_at = 0;
  while (rows.step()) {
    ++looked_at;
    auto line = read_line(rows);
    const auto sequence = line.event.sequence;
    if (matches(line, filter)) page.items.push_back(std::move(line));
    if (page.items.size() == limit || looked_at == max_looked_at) {
      page.next = cursor_at(sequence);
      return page;
    }
  }
  return page;
}

bool next_lines(Connection& db, const JournalFilter& filter, std::uint64_t& after, std::size_t limit,
                std::vector<JournalLine>& out) {
  const auto first = std::max(first_of(db, filter), after + 1);
  auto rows = lines_of(db, filter, first, last_of(db, filter), false, limit);
  std::size_t looked_at = 0;
  while (rows.step()) {
    ++looked_at;
    auto line = read_line(rows);
    after = line.event.sequence;
    if (matches(line, filter)) out.push_back(std::move(line));
  }
  return looked_at == limit;
}

Page<Anchor> list_anchors(Connection& db, const std::string& cursor, std::size_t limit) {
  limit = std::clamp<std::size_t>(limit, 1, limits::max_page);
  const std::uint64_t before = cursor.empty() ? INT64_MAX : number_in(cursor);
  auto rows =
      db.prepare("SELECT sequence,at,chain,mac FROM anchor WHERE sequence<? ORDER BY sequence DESC LIMIT ?");
  rows.bind(before, limit + 1);
  Page<Anchor> page;
  while (rows.step()) {
    auto& anchor = page.items.emplace_back();
    rows.next(anchor.sequence);
    rows.next(anchor.at);
    rows.next(anchor.chain);
    rows.next(anchor.mac);
  }
  if (page.items.size() > limit) {
    page.items.pop_back();
    page.next = cursor_at(page.items.back().sequence);
  }
  return page;
}

std::vector<Checkpoint> list_checkpoints(Connection& db) {
  auto rows = db.prepare(
      "SELECT sequence,at,chain,actor,reason,mac FROM journal_checkpoint WHERE sequence>=0 ORDER BY "
      "sequence");
  std::vector<Checkpoint> out;
  while (rows.step()) {
    auto& one = out.emplace_back();
    rows.next(one.sequence);
    rows.next(one.at);
    rows.next(one.chain);
    rows.next(one.actor);
    rows.next(one.reason);
    rows.next(one.mac);
  }
  return out;
}

JournalVerdict verify_all(Connection& db, const JournalKey& key) {
  JournalVerdict verdict;
  verdict.check = Journal::verify(db, key);
  verdict.checkpoints = list_checkpoints(db);
  auto rows = db.prepare(
      "SELECT a.sequence,a.at,a.chain,a.mac,e.chain FROM anchor a LEFT JOIN event e ON e.sequence=a.sequence"
      " WHERE a.sequence>=0 ORDER BY a.sequence");
  const auto cut = verdict.checkpoints.empty() ? 0 : verdict.checkpoints.back().sequence;
  while (rows.step()) {
    ++verdict.anchors;
    const auto sequence = rows.next<std::uint64_t>();
    const auto at = rows.next<Instant>();
    const auto chain = rows.next<std::string>();
    const auto mac = rows.next<std::string>();
    const bool same = sequence <= cut || rows.next<std::string>() == chain;
    if (same && mac == key.mac(anchor_bytes(sequence, at, chain))) continue;
    verdict.check.intact = false;
    verdict.trouble = "anchor " + std::to_string(sequence);
    if (verdict.check.first_bad == 0) verdict.check.first_bad = sequence;
    break;
  }
  return verdict;
}

}  // namespace demat::store
