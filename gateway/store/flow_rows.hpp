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

/// A state as its word in a row. Throws Refusal `store.corrupt`.
[[nodiscard]] flow::State state_in_row(const std::string& text);

/// "SELECT <columns> FROM flow " + `rest`.
[[nodiscard]] std::string select_flows(std::string_view rest);
[[nodiscard]] FlowRow read_flow(Statement& row);

[[nodiscard]] std::optional<FlowRow> find_flow(Connection& db, const FlowId& id);
/// Throws Refusal `store.not_found`.
[[nodiscard]] FlowRow need_flow(Connection& db, const FlowId& id);
void insert_flow(Connection& db, const FlowRow& row);
/// Writes what differs from `before`, as the row was read: an index whose columns stay costs nothing then.
void update_flow(Connection& db, const FlowRow& before, const FlowRow& row);

/// The code that names a flow's error group, as an SQL expression over `flow`: why it waits; the first error
/// that refused it; the first anomaly of its acquit; what left its last attempt unclear. Empty: none.
inline constexpr std::string_view group_code =
    "(CASE WHEN waiting_code<>'' THEN waiting_code"
    " WHEN state='refused' THEN coalesce((SELECT f.code FROM finding f WHERE f.flow=flow.id AND"
    " f.severity='error' ORDER BY f.number LIMIT 1),'')"
    " WHEN state IN('rejected','partly_rejected') THEN coalesce((SELECT a.num_ano_ack FROM anomaly a WHERE"
    " a.flow=flow.id AND a.answer=flow.decided_by ORDER BY a.number LIMIT 1),'')"
    " WHEN state='uncertain' THEN coalesce((SELECT t.error_code FROM attempt t WHERE t.flow=flow.id AND"
    " t.number=flow.attempts),'') ELSE '' END)";

/// One legal transition of `row` with its event; changes `row`, does not write it. Throws Refusal
/// `store.illegal_transition`.
void take_step(Transaction& tx, FlowRow& row, flow::Trigger trigger, JournalEntry entry);

/// The columns of table `event` that read_event wants, in order.
inline constexpr std::string_view event_columns =
    "sequence,flow,at,code,from_state,to_state,actor,reason,detail";
void read_event(Statement& row, flow::Event& into);

/// Attaches a stored payload as the next document of the flow; returns its number.
std::uint32_t add_document(Transaction& tx, const FlowId& flow, flow::Document document);
/// Makes a staged payload durable with the transaction, and attaches it.
std::uint32_t keep_document(Transaction& tx, const FlowId& flow, NewDocument& item);

/// Closes the open attempt; false when there is none.
bool close_open_attempt(Transaction& tx, const FlowId& flow, const CloseAttempt& close);

}  // namespace demat::store
