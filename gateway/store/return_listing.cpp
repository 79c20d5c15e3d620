#include <algorithm>

#include "gateway/store/answer_rows.hpp"
#include "gateway/store/errors.hpp"
#include "gateway/store/operations.hpp"
#include "gateway/store/paging.hpp"
#include "protocols/base/limits.hpp"

namespace demat::store {
namespace {

/// A condition in SQL and, for each of its "?", a value; those of ReturnFilter that are set.
struct Conditions {
  std::string sql;
  std::vector<std::string> values;
  void add(std::string_view condition, const std::optional<std::string>& value) {
    if (!value) return;
    sql.append(" AND ").append(condition);
    values.push_back(*value);
  }
};

Conditions of_the_row(const ReturnFilter& filter) {
  Conditions out;
  out.add("kind=?", filter.kind);
  out.add("match_rule=?", filter.match_rule);
  if (filter.siret) out.add("id_coll=?", filter.siret->str());
  out.add("cod_col=?", filter.cod_col);
  out.add("cod_bud=?", filter.cod_bud);
  out.add("typ_restit=?", filter.typ_restit);
  // A domain without pièces (clients) is found by the row alone.
  if (filter.domaine) out.add("instr(domaines,?)>0", " " + *filter.domaine + " ");
  return out;
}

Conditions of_a_piece(const ReturnFilter& filter) {
  Conditions out;
  out.add("p.exercice=?", filter.exercice);
  out.add("p.bordereau=?", filter.bordereau);
  out.add("p.piece=?", filter.piece);
  out.add("p.etat=?", filter.etat);
  if (!out.values.empty()) out.add("p.domaine=?", filter.domaine);
  return out;
}

void bind_all(Statement& rows, const Conditions& conditions) {
  for (const auto& value : conditions.values)
    rows.bind(value);
}

}  // namespace

Page<flow::Return> list_answers(Connection& db, const ReturnFilter& filter, const std::string& cursor,
                                std::size_t limit) {
  const auto place = from_cursor(cursor);
  limit = std::clamp<std::size_t>(limit, 1, limits::max_page);
  const auto row = of_the_row(filter);
  const auto piece = of_a_piece(filter);
  std::string sql = "WHERE 1";
  if (filter.authority) sql += " AND authority=?";
  if (!filter.states.empty()) sql += " AND state IN " + question_marks(filter.states.size());
  if (filter.read) sql += " AND read=?";
  if (filter.from) sql += " AND received_at>=?";
  if (filter.to) sql += " AND received_at<?";
  sql += row.sql;
  if (!piece.values.empty())
    sql += " AND EXISTS(SELECT 1 FROM return_piece p WHERE p.answer=answer.number" + piece.sql + ")";
  if (place) sql += " AND (received_at,id)<(?,?)";
  auto rows = db.prepare(select_answers(sql + " ORDER BY received_at DESC,id DESC LIMIT ?"));
  if (filter.authority) rows.bind(*filter.authority);
  for (const auto state : filter.states)
    rows.bind(to_string(state));
  if (filter.read) rows.bind(*filter.read);
  if (filter.from) rows.bind(*filter.from);
  if (filter.to) rows.bind(*filter.to);
  bind_all(rows, row);
  bind_all(rows, piece);
  if (place) rows.bind(place->at, place->id);
  rows.bind(limit + 1);
  Page<flow::Return> page;
  while (rows.step())
    page.items.push_back(read_answer(rows));
  if (page.items.size() > limit) {
    page.items.pop_back();
    page.next = to_cursor({page.items.back().received_at, page.items.back().id.str()});
  }
  return page;
}

}  // namespace demat::store
