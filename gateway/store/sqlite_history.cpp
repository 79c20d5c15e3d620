#include "gateway/store/sqlite_history.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "gateway/store/errors.hpp"
#include "gateway/store/flow_rows.hpp"
#include "gateway/store/sqlite_marches.hpp"
#include "protocols/base/limits.hpp"

namespace demat::store {
namespace {

using flow::NumberKind;

/// The flow itself, and those it was replayed from: nobody is warned about himself.
std::set<FlowId> lineage_of(Connection& db, const flow::Flow& flow) {
  constexpr std::size_t longest = 1'000;
  std::set<FlowId> out{flow.id};
  FlowId above = flow.replay_of;
  while (!above.empty() && out.size() < longest && out.insert(above).second) {
    auto row = db.prepare("SELECT replay_of FROM flow WHERE id=?").bind(above);
    above = row.step() ? row.next<FlowId>() : FlowId{};
  }
  return out;
}

std::vector<flow::NumberTaken> taken_of(Connection& db, const flow::Flow& flow,
                                        const flow::Numbers& numbers) {
  std::vector<flow::NumberTaken> out;
  if (numbers.numbers.empty()) return out;
  const auto lineage = lineage_of(db, flow);
  for (std::size_t i = 0; i < numbers.numbers.size(); ++i) {
    const auto& one = numbers.numbers[i];
    auto rows = db.prepare(
        "SELECT n.flow,f.nom_fic,f.state,f.created_at FROM sent_number n CROSS JOIN flow f ON f.id=n.flow"
        " WHERE n.authority=? AND n.kind=? AND n.number=? ORDER BY n.flow DESC");
    rows.bind(flow.authority, to_string(one.kind), one.key);
    while (rows.step()) {
      flow::NumberTaken taken;
      taken.index = i;
      rows.next(taken.flow);
      if (lineage.contains(taken.flow)) continue;
      rows.next(taken.nom_fic);
      taken.state = state_in_row(rows.next<std::string>());
      rows.next(taken.created_at);
      out.push_back(std::move(taken));
      break;
    }
  }
  return out;
}

/// Whether something was taken that the report of the flow does not speak of. What was given back since is
/// no reason to look again.
bool moved(const std::vector<flow::NumberTaken>& now, const std::vector<flow::NumberTaken>& known) {
  std::set<std::pair<std::size_t, FlowId>> told;
  for (const auto& one : known)
    told.emplace(one.index, one.flow);
  return std::any_of(now.begin(), now.end(), [&](const flow::NumberTaken& one) {
    return !told.contains({one.index, one.flow});
  });
}

/// The parts that an acquit turns down, to be found by a number that was sent.
class TurnedDown {
 public:
  explicit TurnedDown(const std::vector<flow::AnsweredPart>& parts) {
    for (const auto& part : parts) {
      if (part.ok) continue;
      if (part.kind == NumberKind::pj) pjs_.insert(part.numero);
      if (part.kind == NumberKind::bordereau)
        bordereaux_.insert({std::string(flow::without_zeros(part.numero)), part.domaine, part.exercice});
    }
  }
  [[nodiscard]] bool empty() const { return pjs_.empty() && bordereaux_.empty(); }
  [[nodiscard]] bool concerns(NumberKind kind, const std::string& key) const {
    if (kind == NumberKind::pj) return pjs_.contains(key);
    if (kind != NumberKind::bordereau) return false;
    const auto number = flow::bordereau_of(key);
    // An acquit may leave the domain and the year open.
    for (const auto& domaine : {number.domaine, std::string()})
      for (const auto& exercice : {number.exercice, std::string()})
        if (bordereaux_.contains({number.numero, domaine, exercice})) return true;
    return false;
  }

 private:
  std::set<std::string> pjs_;
  std::set<std::tuple<std::string, std::string, std::string>> bordereaux_;  ///< number, domain, year
};

}  // namespace

Result<std::vector<flow::NumberTaken>> SqliteHistory::taken(const flow::Flow& flow,
                                                            const flow::Numbers& numbers) {
  return access_.read([&](Connection& db) { return taken_of(db, flow, numbers); });
}

Result<std::vector<flow::Flow>> SqliteHistory::same_name(const flow::Flow& flow) {
  return access_.read([&](Connection& db) {
    static const std::string sql = select_flows(
        "INDEXED BY flow_by_name WHERE nom_fic=? AND (created_at,id)<(?,?) AND authority=? AND protocol=?"
        " AND state NOT IN('sent_final','acknowledged','partly_rejected','rejected','refused','cancelled')"
        " ORDER BY created_at,id LIMIT ?");
    const auto lineage = lineage_of(db, flow);
    auto rows = db.prepare(sql);
    rows.bind(flow.nom_fic, flow.created_at, flow.id, flow.authority, flow.protocol, limits::max_page);
    std::vector<flow::Flow> out;
    while (rows.step()) {
      auto one = read_flow(rows).flow;
      if (!lineage.contains(one.id)) out.push_back(std::move(one));
    }
    return out;
  });
}

void expect_unmoved(Transaction& tx, const flow::Flow& flow, const Recorded& recorded) {
  if (moved(taken_of(tx.db, flow, recorded.numbers), recorded.known))
    throw Refusal(history_moved(flow.id.str()));
}

void record_numbers(Transaction& tx, const flow::Flow& flow, const Recorded& recorded) {
  forget_numbers(tx, flow.id.str());
  for (const auto& one : recorded.numbers.numbers)
    tx.db.run("INSERT INTO sent_number(authority,kind,number,flow) VALUES(?,?,?,?) ON CONFLICT DO NOTHING",
              flow.authority, to_string(one.kind), one.key, flow.id);
  record_marches(tx, flow, recorded.numbers.marches);
}

void forget_numbers(Transaction& tx, std::string_view flow) {
  tx.db.run("DELETE FROM sent_number WHERE flow=?", flow);
}

void free_numbers(Transaction& tx, const FlowId& flow, const std::vector<flow::AnsweredPart>& parts) {
  const TurnedDown turned_down(parts);
  if (turned_down.empty()) return;
  std::vector<std::pair<NumberKind, std::string>> kept;
  auto rows = tx.db.prepare("SELECT kind,number FROM sent_number WHERE flow=?").bind(flow);
  while (rows.step()) {
    const auto kind = flow::number_kind_from(rows.next<std::string>());
    if (!kind) throw Refusal(corrupt("unknown kind of number in a row"));
    kept.emplace_back(*kind, rows.next<std::string>());
  }
  for (const auto& [kind, key] : kept) {
    if (turned_down.concerns(kind, key))
      tx.db.run("DELETE FROM sent_number WHERE flow=? AND kind=? AND number=?", flow, to_string(kind), key);
  }
}

}  // namespace demat::store
