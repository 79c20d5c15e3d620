#include "gateway/store/traces.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <tuple>

#include "gateway/store/errors.hpp"
#include "gateway/store/paging.hpp"
#include "protocols/base/limits.hpp"

namespace demat::store {
namespace {

using Direction = Trace::Direction;

/// Where a page ended: time, then direction, then id and attempt.
struct Place {
  Instant at{};
  int direction = 0;
  std::string id;
  std::uint32_t attempt = 0;
};

std::optional<Place> place_from(const std::string& cursor) {
  const auto page = from_cursor(cursor);
  if (!page) return std::nullopt;
  Place place;
  place.at = page->at;
  const auto& text = page->id;
  const auto last = text.rfind(':');
  if (text.size() < 4 || text[1] != ':' || text[0] < '0' || text[0] > '2' || last < 2)
    throw Refusal(bad_cursor());
  place.direction = text[0] - '0';
  place.id = text.substr(2, last - 2);
  const char* end = text.data() + text.size();
  if (std::from_chars(text.data() + last + 1, end, place.attempt).ptr != end) throw Refusal(bad_cursor());
  return place;
}

std::string to_text(const Trace& trace) {
  return to_cursor(
      {trace.at, fmt::format("{}:{}:{}", static_cast<int>(trace.direction), trace.subject, trace.attempt)});
}

/// One kind of rows that are traces. The columns are those that read_trace wants, in order.
struct Source {
  Direction direction;
  std::string_view select;  ///< up to the WHERE
  std::string_view at;
  std::string_view id;
  std::string_view attempt;
  std::string_view authority;
};

constexpr Source sources[] = {
    {Direction::deposited,
     "SELECT f.created_at,NULL,f.typ_fic,CASE f.file_name WHEN '' THEN f.nom_fic ELSE f.file_name "
     "END,f.nom_fic,"
     "f.original_size,f.original_sha1,f.original,f.authority,'',f.state,f.id,0,p.purged_at FROM flow f"
     " LEFT JOIN payload p ON p.sha256=f.original",
     "f.created_at", "f.id", "0", "f.authority"},
    {Direction::sent,
     "SELECT t.started_at,t.ended_at,f.typ_fic,t.remote_name,f.nom_fic,p.size,p.sha1,f.outgoing,f.authority,"
     "t.destination,t.outcome,f.id,t.number,p.purged_at FROM attempt t CROSS JOIN flow f ON f.id=t.flow"
     " LEFT JOIN payload p ON p.sha256=f.outgoing",
     "t.started_at", "t.flow", "t.number", "f.authority"},
    {Direction::received,
     "SELECT "
     "a.received_at,NULL,a.kind,a.remote_name,a.nom_fic,a.size,a.sha1,a.sha256,a.authority,a.destination,"
     "a.state,a.id,0,p.purged_at FROM answer a LEFT JOIN payload p ON p.sha256=a.sha256",
     "a.received_at", "a.id", "0", "a.authority"},
};

/// An acquit carries no authority of its own: it is that of the flow it answers.
constexpr std::string_view authority_of_answer =
    "CASE WHEN a.authority<>'' THEN a.authority ELSE coalesce((SELECT f.authority FROM flow f WHERE"
    " f.id=a.flow),'') END";

std::string sql_of(const Source& source, const TraceFilter& filter, const std::optional<Place>& place) {
  std::string select(source.select);
  std::string authority(source.authority);
  if (source.direction == Direction::received) {
    authority = authority_of_answer;
    const std::string column = "a.authority,a.destination";
    select.replace(select.find(column), column.size(), authority + ",a.destination");
  }
  std::string sql = select + " WHERE 1";
  if (filter.authority) sql += fmt::format(" AND {}=?", authority);
  if (filter.from) sql += fmt::format(" AND {}>=?", source.at);
  if (filter.to) sql += fmt::format(" AND {}<?", source.at);
  if (place) {
    const int rank = static_cast<int>(source.direction);
    if (rank < place->direction)
      sql += fmt::format(" AND {}>?", source.at);
    else if (rank > place->direction)
      sql += fmt::format(" AND {}>=?", source.at);
    else
      sql += fmt::format(" AND ({},{},{})>(?,?,?)", source.at, source.id, source.attempt);
  }
  const std::string_view third = source.direction == Direction::sent ? ",t.number" : "";
  return sql + fmt::format(" ORDER BY {},{}{} LIMIT ?", source.at, source.id, third);
}

Trace read_trace(Statement& row, Direction direction) {
  Trace trace;
  trace.direction = direction;
  row.next(trace.at);
  row.next(trace.ended_at);
  row.next(trace.nature);
  row.next(trace.name);
  row.next(trace.nom_fic);
  row.next(trace.size);
  row.next(trace.sha1);
  row.next(trace.sha256);
  row.next(trace.authority);
  row.next(trace.destination);
  row.next(trace.outcome);
  row.next(trace.subject);
  row.next(trace.attempt);
  row.next(trace.purged_at);
  return trace;
}

void append(Connection& db, const Source& source, const TraceFilter& filter,
            const std::optional<Place>& place, std::size_t count, std::vector<Trace>& out) {
  auto rows = db.prepare(sql_of(source, filter, place));
  if (filter.authority) rows.bind(*filter.authority);
  if (filter.from) rows.bind(*filter.from);
  if (filter.to) rows.bind(*filter.to);
  if (place) rows.bind(place->at);
  if (place && static_cast<int>(source.direction) == place->direction) rows.bind(place->id, place->attempt);
  rows.bind(count);
  while (rows.step())
    out.push_back(read_trace(rows, source.direction));
}

}  // namespace

std::string_view to_string(Trace::Direction direction) {
  switch (direction) {
    case Direction::deposited:
      return "deposited";
    case Direction::sent:
      return "sent";
    case Direction::received:
      return "received";
  }
  throw std::logic_error("unknown direction");
}

Page<Trace> list_traces(Connection& db, const TraceFilter& filter, const std::string& cursor,
                        std::size_t limit) {
  const auto place = place_from(cursor);
  limit = std::clamp<std::size_t>(limit, 1, limits::max_page);
  Page<Trace> page;
  for (const auto& source : sources)
    append(db, source, filter, place, limit + 1, page.items);
  std::sort(page.items.begin(), page.items.end(), [](const Trace& a, const Trace& b) {
    return std::tie(a.at, a.direction, a.subject, a.attempt) <
           std::tie(b.at, b.direction, b.subject, b.attempt);
  });
  if (page.items.size() > limit) {
    page.items.resize(limit);
    page.next = to_text(page.items.back());
  }
  return page;
}

}  // namespace demat::store
