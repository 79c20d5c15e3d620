#include "gateway/pipeline/marche_order.hpp"

#include <algorithm>

#include "protocols/base/limits.hpp"
#include "protocols/marche/keys.hpp"

namespace demat::pipeline {
namespace {

using flow::MarcheState;
using flow::State;
using Verdict = MarcheOrder::Verdict;

enum class Found { unknown, accepted, awaited, failed };

struct Before {
  Found found = Found::unknown;
  FlowId flow;
};

bool failed(const store::MarcheRow& row) {
  return row.record.state == MarcheState::rejected || !flow::blocks_duplicates(row.flow_state);
}

/// A flow that was answered without a word on its record is taken for accepted: nobody can know better.
bool answered(const store::MarcheRow& row) {
  return row.record.state == MarcheState::accepted || flow::is_final(row.flow_state);
}

/// The best that is known of the predecessor; among equals the latest.
Before best_of(const std::vector<store::MarcheRow>& rows) {
  Before out;
  for (const auto& row : rows) {
    const auto found = failed(row) ? Found::failed : answered(row) ? Found::accepted : Found::awaited;
    const bool better = out.found == Found::unknown || found <= out.found;
    if (better) out = {found, row.flow};
  }
  return out;
}

void take(MarcheOrder& order, Verdict verdict, const FlowId& because, const flow::MarcheRecord& record) {
  if (order.verdict >= verdict) return;
  order.verdict = verdict;
  order.because = because;
  order.contrat = record.contrat;
  order.sequence = record.sequence;
}

/// What the bytes of a flow say that no check has read.
struct Unread {
  bool known = false;  ///< false: nobody can tell for now
  std::vector<marche::Key> contrats{};
};

/// A file that cannot be read to its end will be refused by its own checks: it carries nothing.
Unread read_contracts(store::Store& store, const flow::Flow& flow) {
  if (flow.original_size > limits::max_dom_bytes) return {};
  const auto payload = store.open_payload(flow.original);
  if (!payload) return {.known = payload.error().outlook != Outlook::waiting};
  auto keys = marche::read_keys(**payload);
  if (!keys) return {.known = keys.error().outlook != Outlook::waiting};
  return {true, std::move(keys->contrats)};
}

bool carries(const Unread& unread, const UnknownPredecessor& wanted) {
  return std::any_of(unread.contrats.begin(), unread.contrats.end(), [&](const marche::Key& key) {
    return key.id_contrat == wanted.contrat && key.sequence + 1 == wanted.sequence;
  });
}

flow::MarcheRecord record_of(const UnknownPredecessor& wanted) {
  flow::MarcheRecord record;
  record.contrat = wanted.contrat;
  record.sequence = wanted.sequence;
  return record;
}

/// At most so many flows are opened for one look; those beyond count as unreadable for now.
constexpr std::size_t most_opened = 50;

void look_through(store::Store& store, const std::vector<flow::Flow>& unread, MarcheOrder& order) {
  FlowId untold;
  for (std::size_t i = 0; i < unread.size() && !order.unknown.empty(); ++i) {
    const auto& other = unread[i];
    const auto found = i < most_opened ? read_contracts(store, other) : Unread{};
    if (!found.known && untold.empty()) untold = other.id;
    std::erase_if(order.unknown, [&](const UnknownPredecessor& wanted) {
      if (!carries(found, wanted)) return false;
      take(order, Verdict::wait, other.id, record_of(wanted));
      return true;
    });
  }
  if (order.unknown.empty() || untold.empty() || order.verdict != Verdict::go) return;
  take(order, Verdict::wait, untold, record_of(order.unknown.front()));
  order.guessed = true;
}

}  // namespace

MarcheOrder judge_order(const std::vector<store::MarcheStanding>& records) {
  MarcheOrder order;
  const auto here = [&](const flow::MarcheRecord& record) {
    return std::any_of(records.begin(), records.end(), [&](const store::MarcheStanding& other) {
      return other.record.contrat == record.contrat && other.record.concession == record.concession &&
             other.record.sequence + 1 == record.sequence;
    });
  };
  for (const auto& one : records) {
    if (one.out_of_order || one.record.sequence < 2) continue;
    // What travels in the same flow comes before in it; other flows with it decide nothing.
    if (here(one.record)) continue;
    const auto before = best_of(one.before);
    if (before.found == Found::unknown) order.unknown.push_back({one.record.contrat, one.record.sequence});
    if (before.found == Found::awaited) take(order, Verdict::wait, before.flow, one.record);
    if (before.found == Found::failed) take(order, Verdict::hold, before.flow, one.record);
  }
  return order;
}

Result<MarcheOrder> order_of(store::Store& store, const flow::Flow& flow, const AskStanding& standing) {
  const auto records = standing();
  if (!records) return failure(records.error());
  auto order = judge_order(*records);
  if (order.unknown.empty()) return order;
  // Who is unread is asked before the records are: a flow whose checks end in between has its record then.
  const auto unread = store.marches().unread_before(flow, most_opened + 1);
  if (!unread) return failure(unread.error());
  const auto since = standing();
  if (!since) return failure(since.error());
  order = judge_order(*since);
  look_through(store, *unread, order);
  return order;
}

bool carries_unknown(store::Store& store, const flow::Flow& flow, const MarcheOrder& order) {
  const auto found = read_contracts(store, flow);
  return std::any_of(order.unknown.begin(), order.unknown.end(),
                     [&](const UnknownPredecessor& wanted) { return carries(found, wanted); });
}

}  // namespace demat::pipeline
