#include <algorithm>

#include "gateway/store/paging.hpp"
#include "gateway/store/sqlite_returns.hpp"
#include "protocols/base/limits.hpp"

namespace demat::store {
namespace {

constexpr std::string_view places =
    "SELECT known.siret,coalesce(s.authority,''),b.siret IS NOT "
    "NULL,coalesce(b.actor,''),coalesce(b.reason,''),"
    "b.since,(SELECT count(*) FROM answer a WHERE a.kind='PES_Retour' AND a.id_coll=known.siret),"
    "(SELECT max(a.received_at) FROM answer a WHERE a.kind='PES_Retour' AND a.id_coll=known.siret)"
    " FROM(SELECT siret FROM siret UNION SELECT siret FROM siret_block) known LEFT JOIN siret s ON "
    "s.siret=known.siret"
    " LEFT JOIN siret_block b ON b.siret=known.siret WHERE 1";

SiretPlace read_place(Statement& row) {
  SiretPlace out;
  row.next(out.siret);
  row.next(out.authority);
  row.next(out.blocked);
  row.next(out.actor);
  row.next(out.reason);
  row.next(out.since);
  row.next(out.returns);
  row.next(out.last);
  return out;
}

constexpr std::string_view unassigned_sirets =
    "SELECT a.id_coll,count(*),sum(a.size),min(a.received_at),max(a.received_at),"
    "EXISTS(SELECT 1 FROM siret_block b WHERE b.siret=a.id_coll),"
    "coalesce((SELECT s.authority FROM siret s WHERE s.siret=a.id_coll),''),"
    "coalesce((SELECT t.siren FROM authority t WHERE t.siren=substr(a.id_coll,1,9)),''),"
    "coalesce((SELECT t.name FROM authority t WHERE t.siren=substr(a.id_coll,1,9)),'')"
    " FROM answer a WHERE a.state='orphan' AND a.kind='PES_Retour' GROUP BY a.id_coll"
    " ORDER BY count(*) DESC,a.id_coll LIMIT ?";

UnassignedSiret read_unassigned(Statement& row) {
  UnassignedSiret out;
  row.next(out.siret);
  row.next(out.returns);
  row.next(out.bytes);
  row.next(out.first);
  row.next(out.last);
  row.next(out.blocked);
  row.next(out.owner);
  row.next(out.suggestion);
  row.next(out.suggestion_name);
  // Registered already: there is nothing to add, only to look at them again.
  if (!out.owner.empty()) out.suggestion = AuthorityId{};
  if (out.suggestion.empty()) out.suggestion_name.clear();
  return out;
}

}  // namespace

Result<Page<SiretPlace>> SqliteReturns::sirets(const SiretFilter& filter, const std::string& cursor,
                                               std::size_t limit) {
  return access_.read([&](Connection& db) {
    const auto after = from_cursor(cursor);
    limit = std::clamp<std::size_t>(limit, 1, limits::max_page);
    std::string sql(places);
    if (filter.blocked) sql += *filter.blocked ? " AND b.siret IS NOT NULL" : " AND b.siret IS NULL";
    if (filter.authority) sql += " AND s.authority=?";
    if (after) sql += " AND known.siret>?";
    auto rows = db.prepare(sql + " ORDER BY known.siret LIMIT ?");
    if (filter.authority) rows.bind(*filter.authority);
    if (after) rows.bind(after->id);
    rows.bind(limit + 1);
    Page<SiretPlace> page;
    while (rows.step())
      page.items.push_back(read_place(rows));
    if (page.items.size() > limit) {
      page.items.pop_back();
      page.next = to_cursor({Instant{}, page.items.back().siret.str()});
    }
    return page;
  });
}

Result<std::vector<UnassignedSiret>> SqliteReturns::unassigned(std::size_t limit) {
  return access_.read([&](Connection& db) {
    auto rows = db.prepare(std::string(unassigned_sirets));
    rows.bind(limit);
    std::vector<UnassignedSiret> out;
    while (rows.step())
      out.push_back(read_unassigned(rows));
    return out;
  });
}

}  // namespace demat::store
