#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "gateway/flow/acte.hpp"
#include "gateway/flow/answers.hpp"
#include "gateway/flow/flow.hpp"
#include "gateway/flow/numbers.hpp"
#include "gateway/store/payload.hpp"

namespace demat::store {

/// The right to work on one flow for a while: who, until when, and a counter that grows with every claim, so
/// that a late worker cannot write over its successor (fencing).
struct Lease {
  FlowId flow;
  std::string owner;
  std::uint64_t fence = 0;
};

struct Claim {
  flow::Flow flow;
  Lease lease;
};

struct ClaimRequest {
  std::vector<flow::State> states;
  DestinationName destination;  ///< empty: any
  std::size_t limit = 1;
  std::string owner;
  Instant now{};
  Duration lease_for{};
  std::optional<Instant> created_before{};  ///< later ones are left where they are (drain)
};

/// One transition of a Change, with what the journal says about it.
struct Step {
  flow::Trigger trigger;
  std::string detail = "{}";  ///< JSON object
  std::string actor = "gateway";
  std::string reason{};
};

struct NewDocument {
  std::string role;  ///< "signed" and "envelope" also become what leaves (Flow::outgoing)
  std::string name;
  std::string media_type;
  StagedPayload payload;
};

/// Opens an attempt: the intent, committed before the first byte leaves.
struct OpenAttempt {
  DestinationName destination;
  std::string remote_name;
};

/// Closes the open attempt.
struct CloseAttempt {
  flow::AttemptOutcome outcome;
  std::string error_code;
  std::string transcript;
};

/// What is learnt late about an attempt that is closed already: its transcript where that is empty; outcome
/// and error code where it had been given up as `lost`.
struct CompleteAttempt {
  std::uint32_t number = 0;
  flow::AttemptOutcome outcome;
  std::string error_code;
  std::string transcript;
};

/// An event that is not a transition ("verb.retry", "send.late_outcome"...).
struct Note {
  std::string code;
  std::string actor = "gateway";
  std::string reason;
  std::string detail = "{}";
};

/// What packaging decides for the actes of a flow (actes 2.1).
struct Packaged {
  std::string envelope;             ///< name of the archive
  std::string classification_date;  ///< that the actes name
};

using SignatureRequestId = Strong<struct SignatureRequestIdTag>;

/// The values that an agent's card made for a request (signature_requests.hpp), which is done with them.
struct BroughtSignature {
  SignatureRequestId request;
  Sha256 values;       ///< of what was brought, to know it again
  std::string answer;  ///< JSON, given again to who brings it again
};

/// What a flow numbers, to be kept with the change that accepts it (history.hpp).
struct Recorded {
  flow::Numbers numbers;
  std::vector<flow::NumberTaken> known;  ///< what History::taken said, and the flow's report says
};

/// Everything that happens to a flow at once; applied in one transaction, or not at all. Without a lease it
/// takes the flow from the worker that has one, with one exception: while the flow is `sending`, a change
/// without steps touches neither lease nor wait, for the outcome of a live send must find its lease.
struct Change {
  FlowId flow;
  std::optional<Lease> lease;           ///< refused as `store.stale_lease` when someone claimed it since
  std::optional<flow::State> expected;  ///< refused as `store.illegal_transition` in another state
  std::vector<Step> steps;              ///< in order; an illegal one refuses all: `store.illegal_transition`
  std::optional<Note> note;             ///< one more event, after the steps; allowed without any step
  std::vector<NewDocument> documents;
  std::optional<OpenAttempt> open_attempt;
  std::optional<CloseAttempt> close_attempt;
  std::optional<CompleteAttempt> complete_attempt;
  std::optional<DestinationName> destination;
  std::optional<std::string> remote_name;
  std::optional<std::string> hold_reason;
  std::optional<FlowId> waits_for;  ///< with a hold: the flow because of which it is held
  std::optional<bool> possible_reemission;
  std::optional<flow::Priority> priority;
  std::optional<Report> findings;  ///< replaces the flow's report
  std::optional<Packaged> packaged;
  /// Replaces what was kept of the flow; refused as `store.history_moved` when another flow has taken one of
  /// the numbers since they were looked up.
  std::optional<Recorded> recorded;
  bool out_of_order = false;  ///< a person lets its contracts' records leave in whatever order (marches.hpp)
  std::optional<BroughtSignature> brought;  ///< refused as `signature.replaced` when its request is not open
  /// When set: not before `until`, because of `code`; an event "waiting" is written when the code changes.
  struct Wait {
    Instant until{};
    std::string code;
    std::string detail = "{}";
    FlowId
        flow{};  ///< that it waits for; an event is written when that changes. Empty: the one it waited for
  };
  std::optional<Wait> wait;  ///< unset: nothing to wait for any more
  bool keep_wait = false;    ///< the wait stays as it is
  bool keep_lease = false;   ///< else the lease ends with the change
  /// Keeps the lease and lets it last until then; refused as `store.stale_lease` when it has run out already,
  /// even if nobody has claimed the flow since.
  std::optional<Instant> lease_until;
};

/// A flow to be accepted; id, state and times are set by the store.
struct NewFlow {
  flow::Flow flow;  ///< original/size/outgoing are taken from the payload
  std::string actor;
  std::string event_detail = "{}";
  std::string media_type = "application/xml";  ///< of the original
  std::vector<NewDocument> documents{};        ///< that come with it: the acte, its annexes
  /// The business messages that it carries; `flow` and `place` are set by the store. A number that a live
  /// acte of the authority has is refused as its key would be (actes 4.1-2).
  std::vector<flow::Acte> actes{};
  ReturnId acquits{};  ///< the return whose acquit it is; that one says so from the same moment
};

/// A file of the State to be made durable.
struct NewReturn {
  DestinationName destination;
  std::string remote_name;
  std::optional<Instant> remote_time;
  std::string kind;
  Instant received_at{};
};

/// Where returns about a SIRET go (helios 8.2).
struct SiretRoute {
  Siret siret;
  bool blocked = false;
  AuthorityId owner{};  ///< empty: nobody has registered it
  bool operator==(const SiretRoute&) const = default;
};

/// What the pipeline decided about an imported return; applied with its effect on the flow in one
/// transaction.
struct Settlement {
  flow::Return item;                     ///< the final values of the row
  std::optional<flow::Trigger> trigger;  ///< on item.flow
  std::string event_code;                ///< on item.flow when there is no trigger ("answer.duplicate"...)
  std::string event_detail = "{}";
  std::vector<flow::AcquitAnomaly> anomalies;
  /// What the answer says of the flow's parts; counts with a trigger only. A part that was turned down gives
  /// its number back.
  std::vector<flow::AnsweredPart> parts{};
  bool attach_document = false;  ///< role "acquit" on item.flow
  std::string actor = "gateway";
  std::string reason{};                         ///< of a person
  std::optional<flow::ReturnState> expected{};  ///< refused as `store.return_moved` in another state
  std::optional<SiretRoute>
      route{};                  ///< that it rests on; refused as `store.route_moved` when it has changed
  bool acquit_by_mode = false;  ///< its authority's settings say at that moment whether an acquit is due
};

}  // namespace demat::store
