#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "gateway/flow/answers.hpp"
#include "gateway/flow/authority.hpp"
#include "gateway/flow/flow.hpp"
#include "gateway/store/change.hpp"
#include "gateway/store/payload.hpp"

namespace demat::store {

class Actes;
class Care;
class History;
class Mails;
class Marches;
class Outbox;
class Returns;
class SignatureRequests;
class Steering;
class Tickets;
class Uploads;

/// Proof that a flow is durable. Only a Store makes one, after its commit; the function that answers
/// "accepted" takes one (stack rule 13).
class DurableReceipt {
 public:
  [[nodiscard]] const flow::Flow& flow() const { return flow_; }

 private:
  friend class ReceiptMaker;
  explicit DurableReceipt(flow::Flow flow) : flow_(std::move(flow)) {}
  flow::Flow flow_;
};

/// The only friend of DurableReceipt: Store implementations derive from it.
class ReceiptMaker {
 protected:
  [[nodiscard]] static DurableReceipt make_receipt(flow::Flow flow) {
    return DurableReceipt(std::move(flow));
  }
};

struct SameBytes {
  flow::Flow existing;
};
struct KeyTaken {
  flow::Flow existing;
};
using AcceptOutcome = std::variant<DurableReceipt, SameBytes, KeyTaken>;

/// Since when a flow must stand where it is to be overdue (gateway/steering/overdue.hpp makes them).
struct OverdueLimits {
  Instant sent_before{};       ///< sent, and no acquit
  Instant queued_before{};     ///< accepted, and not sent yet
  Instant to_sign_before{};    ///< accepted, and not signed yet
  Instant uncertain_before{};  ///< uncertain, and nothing new about it
};

struct FlowFilter {
  std::optional<AuthorityId> authority;  ///< unset only for platform-wide views
  std::vector<flow::State> states;
  std::optional<DestinationName> destination;  ///< served by an index together with states
  std::optional<NomFic> nom_fic;
  std::optional<Instant> from;              ///< created_at >=
  std::optional<Instant> to;                ///< created_at <
  std::optional<std::string> code{};        ///< of its error group (steering.hpp)
  std::optional<Instant> updated_before{};  ///< updated_at <
  std::optional<OverdueLimits> overdue{};   ///< only those past their limit
};
struct ReturnFilter {
  std::optional<AuthorityId> authority;
  std::vector<flow::ReturnState> states;
  std::optional<std::string> kind;
  std::optional<bool> read;
  std::optional<std::string> match_rule{};
  std::optional<Siret> siret{};  ///< IdColl
  std::optional<std::string> cod_col{};
  std::optional<std::string> cod_bud{};
  std::optional<std::string> typ_restit{};
  std::optional<std::string> domaine{};
  std::optional<Instant> from{};  ///< received_at >=
  std::optional<Instant> to{};    ///< received_at <
  // Returns with a pièce of which all that is given here is true.
  std::optional<std::string> exercice{};
  std::optional<std::string> bordereau{};
  std::optional<std::string> piece{};
  std::optional<std::string> etat{};  ///< EtatPce
};

/// One page, newest first; `next` is empty on the last one. Keyset pagination: the cursor is opaque.
template <class T>
struct Page {
  std::vector<T> items;
  std::string next;
};

/// A file that came back, to be imported.
struct ReturnImport {
  NewReturn item;
  StagedPayload payload;
};

/// Whether what is written goes to disk at once, or within some milliseconds with what others write: the call
/// returns when it is there in both cases.
enum class Haste { now, in_company };

struct RecoveryReport {
  std::size_t temporary_files_swept = 0;
  std::size_t interrupted_sends = 0;  ///< now `uncertain`
  std::size_t leases_cleared = 0;
  std::vector<Sha256> missing_blobs;  ///< rows whose bytes are gone: an alarm
  std::size_t orphan_blobs = 0;       ///< files no row names; removed
};

struct StateCount {
  flow::State state;
  std::uint64_t count = 0;
  std::optional<Instant> oldest;  ///< oldest created_at
};

struct JournalCheck {
  bool intact = false;
  std::uint64_t events = 0;
  std::uint64_t first_bad = 0;  ///< sequence, when not intact
};

/// The durable heart (design §3). Every operation is one transaction that is on disk when the call returns;
/// they block, so call them from worker threads. Thread-safe. Common errors: `store.busy`, `store.disk_full`,
/// `store.io` (waiting), `store.corrupt` (waiting: nothing is lost by our refusing to go on),
/// `store.not_found`.
class Store : protected ReceiptMaker {
 public:
  virtual ~Store() = default;

  // --- payloads
  [[nodiscard]] virtual Result<std::unique_ptr<PayloadWriter>> new_payload() = 0;
  [[nodiscard]] virtual Result<Payload> open_payload(const Sha256& name) = 0;

  // --- intake
  /// Payload, row and event in one transaction, with the duplicate rules of decisions.md.
  [[nodiscard]] virtual Result<AcceptOutcome> accept(NewFlow flow, StagedPayload payload) = 0;

  /// A new flow from bytes already stored (verb replay): no duplicate rule when `even_if_live` (the caller
  /// checked that a person accepted it), else the same rules as accept, their refusal being
  /// `store.duplicate`.
  [[nodiscard]] virtual Result<flow::Flow> replay(NewFlow flow, const Sha256& original,
                                                  bool even_if_live) = 0;

  // --- reading
  [[nodiscard]] virtual Result<std::optional<flow::Flow>> find(const FlowId& id) = 0;
  [[nodiscard]] virtual Result<Page<flow::Flow>> list(const FlowFilter& filter, const std::string& cursor,
                                                      std::size_t limit) = 0;
  [[nodiscard]] virtual Result<std::vector<flow::Event>> events(const FlowId& id) = 0;
  [[nodiscard]] virtual Result<std::vector<flow::Attempt>> attempts(const FlowId& id) = 0;
  [[nodiscard]] virtual Result<std::vector<flow::Document>> documents(const FlowId& id) = 0;
  [[nodiscard]] virtual Result<Report> findings(const FlowId& id) = 0;
  [[nodiscard]] virtual Result<std::vector<flow::AcquitAnomaly>> anomalies(const FlowId& id) = 0;
  [[nodiscard]] virtual Result<std::vector<StateCount>> state_counts() = 0;

  // --- work
  /// Leases due flows: state matches, next_attempt_at passed, no live lease. The highest priority first, then
  /// first in, first out, where a flow that waited counts from the end of its wait. A lease need not be on
  /// disk: a crash ends all leases anyway.
  [[nodiscard]] virtual Result<std::vector<Claim>> claim(const ClaimRequest& request) = 0;
  /// The earliest next_attempt_at in the future among `states`, to sleep no longer than needed.
  [[nodiscard]] virtual Result<std::optional<Instant>> next_due(const std::vector<flow::State>& states) = 0;
  /// Applies a change; returns the flow as it is afterwards. Errors: `store.stale_lease`,
  /// `store.illegal_transition` (with the state found in `detail`).
  [[nodiscard]] virtual Result<flow::Flow> apply(Change change) = 0;
  /// Several changes in one transaction, in order, each applied or refused for itself; one answer for each.
  [[nodiscard]] virtual std::vector<Result<flow::Flow>> apply_all(std::vector<Change> changes,
                                                                  Haste haste) = 0;
  /// The destinations that flows of this state have.
  [[nodiscard]] virtual Result<std::vector<DestinationName>> destinations_of(flow::State state) = 0;
  [[nodiscard]] virtual Status renew(const Lease& lease, Instant until) = 0;
  /// Sends whose worker let its lease run out become `uncertain`, their attempt `lost`; returns them.
  [[nodiscard]] virtual Result<std::vector<FlowId>> expire_sends(Instant now) = 0;
  /// Gives 1, 2, 3... per key. On disk with the next change that is: nothing that names the number can be
  /// durable without it, and it is never given twice.
  [[nodiscard]] virtual Result<std::uint64_t> next_counter(const std::string& key) = 0;

  // --- answers
  /// True when this very file was imported already: same destination, name, size and time.
  [[nodiscard]] virtual Result<bool> return_known(const DestinationName& destination, const std::string& name,
                                                  std::uint64_t size, std::optional<Instant> time) = 0;
  /// Makes a received file durable. The same destination, name and bytes again give the first row back. After
  /// an error the payload can still be read: it may be the only copy there is.
  [[nodiscard]] virtual Result<flow::Return> import_return(NewReturn item, StagedPayload&& payload) = 0;
  /// The same for several whose source keeps them until then: one transaction, which may wait for company.
  [[nodiscard]] virtual std::vector<Result<flow::Return>> import_returns(std::span<ReturnImport> items) = 0;
  [[nodiscard]] virtual Result<std::vector<flow::Return>> unsettled_returns(std::size_t limit) = 0;
  /// Flows that an acquit of this NomFic may answer: sending, uncertain, sent or already answered.
  [[nodiscard]] virtual Result<std::vector<flow::Flow>> acquit_candidates(const NomFic& nom_fic) = 0;
  [[nodiscard]] virtual Status settle_return(Settlement settlement) = 0;
  /// The same for several, in one transaction, each settled or refused for itself; it may wait for company.
  [[nodiscard]] virtual std::vector<Status> settle_returns(std::vector<Settlement> settlements) = 0;
  [[nodiscard]] virtual Result<std::optional<flow::Return>> find_return(const ReturnId& id) = 0;
  [[nodiscard]] virtual Result<Page<flow::Return>> list_returns(const ReturnFilter& filter,
                                                                const std::string& cursor,
                                                                std::size_t limit) = 0;
  [[nodiscard]] virtual Status mark_return_read(const ReturnId& id, bool read, const std::string& actor) = 0;

  // --- who
  [[nodiscard]] virtual Status put_authority(const flow::Authority& authority, const std::string& actor) = 0;
  [[nodiscard]] virtual Result<std::optional<flow::Authority>> find_authority(const AuthorityId& siren) = 0;
  [[nodiscard]] virtual Result<std::optional<flow::Authority>> authority_of_siret(const Siret& siret) = 0;
  [[nodiscard]] virtual Result<std::vector<flow::Authority>> authorities() = 0;
  [[nodiscard]] virtual Status put_route(const flow::Route& route, const std::string& actor) = 0;
  [[nodiscard]] virtual Result<std::optional<flow::Route>> find_route(const AuthorityId& authority,
                                                                      const std::string& protocol) = 0;
  [[nodiscard]] virtual Result<std::vector<flow::Route>> routes() = 0;
  [[nodiscard]] virtual Status put_identity(const flow::Identity& identity, const std::string& actor) = 0;
  [[nodiscard]] virtual Result<std::optional<flow::Identity>> find_identity(const IdentityId& id) = 0;
  [[nodiscard]] virtual Result<std::vector<flow::Identity>> identities() = 0;

  // --- parts, each in a header of its own (actes.hpp, care.hpp, history.hpp, mails.hpp,
  // marches.hpp, outbox.hpp, returns.hpp, signature_requests.hpp, steering.hpp, tickets.hpp, uploads.hpp)
  [[nodiscard]] virtual Actes& actes() = 0;
  [[nodiscard]] virtual Care& care() = 0;
  [[nodiscard]] virtual History& history() = 0;
  [[nodiscard]] virtual Mails& mails() = 0;
  [[nodiscard]] virtual Marches& marches() = 0;
  [[nodiscard]] virtual Outbox& outbox() = 0;
  [[nodiscard]] virtual Returns& returns() = 0;
  [[nodiscard]] virtual SignatureRequests& signature_requests() = 0;
  [[nodiscard]] virtual Steering& steering() = 0;
  [[nodiscard]] virtual Tickets& tickets() = 0;
  [[nodiscard]] virtual Uploads& uploads() = 0;

  // --- care
  /// Run once at start, before any work: sweeps temporary files, ends leases, turns interrupted sends into
  /// `uncertain`. Its cost does not grow with the number of flows.
  [[nodiscard]] virtual Result<RecoveryReport> recover(Instant now) = 0;
  /// Compares rows and blob files: removes the files that no row names, tells the rows whose file is gone.
  /// Long; runs beside all other work. `go_on` is asked between two pieces and ends it early by false.
  [[nodiscard]] virtual Result<RecoveryReport> reconcile(const std::function<bool()>& go_on) = 0;
  [[nodiscard]] virtual Result<JournalCheck> verify_journal() = 0;
  /// True when a write would succeed now (for /readyz).
  [[nodiscard]] virtual Status writable() = 0;
};

}  // namespace demat::store
