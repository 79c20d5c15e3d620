#pragma once

#include <optional>
#include <string>

#include "gateway/store/connection.hpp"
#include "gateway/store/transaction.hpp"

namespace demat::store {

/// A row of table `flow`: the value others see, and the lease that only the store knows.
struct FlowRow {
  flow::Flow flow;
  bool blocks = true;
  std::string lease_owner;
  std::optional<Instant> lease_until;
  std::uint64_t fence = 0;
};

/// "SELECT <columns> FROM flow " + `rest`.
[[nodiscard]] std::string select_flows(std::string_view rest);
[[nodiscard]] FlowRow read_flow(Statement& row);

[[nodiscard]] std::optional<FlowRow> find_flow(Connection& db, const FlowId& id);
/// Throws Refusal `store.not_found`.
[[nodiscard]] FlowRow need_flow(Connection& db, const FlowId& id);
void insert_flow(Connection& db, const FlowRow& row);
/// Writes everything that may change after the acceptance.
void update_flow(Connection& db, const FlowRow& row);

/// One legal transition of `row` with its event; changes `row`, does not write it. Throws Refusal
/// `store.illegal_transition`.
void take_step(Transaction& tx, FlowRow& row, flow::Trigger trigger, JournalEntry entry);

/// Attaches a stored payload as the next document of the flow.
void add_document(Transaction& tx, const FlowId& flow, flow::Document document);

/// Closes the open attempt; false when there is none.
bool close_open_attempt(Transaction& tx, const FlowId& flow, const CloseAttempt& close);

}  // namespace demat::store
