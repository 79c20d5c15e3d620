#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "gateway/store/access.hpp"
#include "gateway/store/care.hpp"
#include "gateway/store/flow_rows.hpp"
#include "gateway/store/store.hpp"
#include "gateway/store/transaction.hpp"

/// The operations of Store as plain functions, one file per subject: those that write take a Transaction,
/// those that read a Connection. All throw Refusal. Store says what each promises.
namespace demat::store {

// accepting.cpp
struct Accepted {
  flow::Flow flow;
};
using Acceptance = std::variant<Accepted, SameBytes, KeyTaken>;
[[nodiscard]] Acceptance accept_flow(Transaction& tx, NewFlow& item, StagedPayload& payload);
[[nodiscard]] flow::Flow replay_flow(Transaction& tx, NewFlow& item, const Sha256& original,
                                     bool even_if_live);

// changing.cpp
[[nodiscard]] flow::Flow apply_change(Transaction& tx, Change& change);

// claiming.cpp
[[nodiscard]] std::vector<Claim> claim_flows(Transaction& tx, const ClaimRequest& request);
void renew_lease(Transaction& tx, const Lease& lease, Instant until);
[[nodiscard]] std::optional<Instant> next_due_of(Connection& db, const std::vector<flow::State>& states,
                                                 Instant now);
[[nodiscard]] std::vector<FlowId> expire_sends_of(Transaction& tx, Instant now);
[[nodiscard]] std::vector<DestinationName> destinations_with(Connection& db, flow::State state);

// reading.cpp
[[nodiscard]] Page<flow::Flow> list_flows(Connection& db, const FlowFilter& filter, const std::string& cursor,
                                          std::size_t limit);
[[nodiscard]] std::vector<flow::Event> events_of(Connection& db, const FlowId& id);
[[nodiscard]] std::vector<flow::Attempt> attempts_of(Connection& db, const FlowId& id);
[[nodiscard]] std::vector<flow::Document> documents_of(Connection& db, const FlowId& id);
[[nodiscard]] Report findings_of(Connection& db, const FlowId& id);
void replace_findings(Transaction& tx, const FlowId& id, const Report& report);
[[nodiscard]] std::vector<flow::AcquitAnomaly> anomalies_of(Connection& db, const FlowId& id);
[[nodiscard]] std::vector<StateCount> count_states(Connection& db);

// answers.cpp
[[nodiscard]] bool answer_known(Connection& db, const DestinationName& destination, const std::string& name,
                                std::uint64_t size, std::optional<Instant> time);
[[nodiscard]] flow::Return import_answer(Transaction& tx, const NewReturn& item, StagedPayload& payload);
[[nodiscard]] std::vector<flow::Return> unsettled_answers(Connection& db, std::size_t limit);
[[nodiscard]] std::vector<flow::Flow> acquit_candidates_of(Connection& db, const NomFic& nom_fic);
void settle_answer(Transaction& tx, const Settlement& settlement);
/// Writes the row of an answer that is there; Refusal `store.return_moved` when it is not as expected.
flow::Return update_answer(Transaction& tx, const flow::Return& item,
                           const std::optional<flow::ReturnState>& expected);
/// The answer `by` decides the flow's state: a send still open is thereby over, and its worker loses its
/// lease.
void decide_flow(Transaction& tx, FlowRow& row, flow::Trigger trigger, JournalEntry entry,
                 const ReturnId& by);
void write_anomalies(Transaction& tx, const ReturnId& answer, const FlowId& flow,
                     const std::vector<flow::AcquitAnomaly>& anomalies);
/// The same beside those that the answer gave the flow already.
void add_anomalies(Transaction& tx, const ReturnId& answer, const FlowId& flow,
                   const std::vector<flow::AcquitAnomaly>& anomalies);
[[nodiscard]] std::optional<flow::Return> find_answer(Connection& db, const ReturnId& id);
[[nodiscard]] Page<flow::Return> list_answers(Connection& db, const ReturnFilter& filter,
                                              const std::string& cursor, std::size_t limit);
void mark_answer(Transaction& tx, const ReturnId& id, bool read, const std::string& actor);

// people.cpp
void note_refused_clients(Transaction& tx, const std::vector<RefusedClient>& clients);
void put_authority_row(Transaction& tx, const flow::Authority& authority, const std::string& actor);
[[nodiscard]] std::vector<flow::Authority> authorities_of(Connection& db,
                                                          const std::optional<AuthorityId>& only);
[[nodiscard]] std::optional<AuthorityId> owner_of(Connection& db, const Siret& siret);
void put_route_row(Transaction& tx, const flow::Route& route, const std::string& actor);
[[nodiscard]] std::vector<flow::Route> routes_of(Connection& db, const std::optional<AuthorityId>& only);
void put_identity_row(Transaction& tx, const flow::Identity& identity, const std::string& actor);
[[nodiscard]] std::vector<flow::Identity> identities_of(Connection& db,
                                                        const std::optional<IdentityId>& only);

// recovering.cpp
[[nodiscard]] RecoveryReport recover_store(Transaction& tx);
/// Store::reconcile: in small pieces, so that nothing waits for a walk through all blobs.
[[nodiscard]] Result<RecoveryReport> reconcile_blobs(const Access& access,
                                                     const std::function<bool()>& go_on);
void probe_write(Transaction& tx);

}  // namespace demat::store
