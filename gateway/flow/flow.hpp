#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.hpp"
#include "gateway/flow/ids.hpp"
#include "gateway/flow/state.hpp"
#include "protocols/base/finding.hpp"

namespace demat::flow {

/// The hold reason of a flow that waits for a transmitter; reserved: no person can give it.
inline constexpr std::string_view awaits_confirmation = "confirmation";
/// The hold reason of a flow whose signature a signatory has to ask for; reserved as well.
inline constexpr std::string_view awaits_signatory = "signature";

/// The protocol of a PES_ACQUIT_RETOUR: no answer comes to it, and it goes where the authority's PES go.
inline constexpr std::string_view acquit_retour_protocol = "pes_acquit_retour";
/// The protocol whose route flows of `protocol` take.
[[nodiscard]] constexpr std::string_view route_protocol(std::string_view protocol) {
  return protocol == acquit_retour_protocol ? "pes" : protocol;
}

/// The waiting code of a flow in `to_sign` that an agent signs with a card of his own.
inline constexpr std::string_view awaits_agent = "signature.agent";

/// The waiting code of a contract's record whose predecessor has no answer yet (Flow::waits_for).
inline constexpr std::string_view awaits_predecessor = "marche.waits_for";
/// The hold reason of one whose predecessor was rejected; reserved as well.
inline constexpr std::string_view predecessor_failed = "marche.predecessor_rejected";

/// Within one destination's queue, the higher ones leave first.
enum class Priority : std::int8_t { low = -1, normal = 0, high = 1 };
[[nodiscard]] std::string_view to_string(Priority priority);
[[nodiscard]] std::optional<Priority> priority_from(std::string_view text);

/// One file on its way to the State, as stored. A plain value.
struct Flow {
  FlowId id;
  std::string protocol = "pes";
  std::string environment;  ///< "test" or "production"
  AuthorityId authority;
  State state = State::received;
  State held_from = State::received;  ///< meaningful while held
  std::string hold_reason;            ///< `awaits_confirmation`, or the words of the person who holds it

  std::string business_key;  ///< per authority (decisions, Duplicates)
  NomFic nom_fic;
  std::string typ_fic;
  std::string id_post;
  std::string cod_col;
  std::string cod_bud;
  Siret id_coll;
  std::string file_name;  ///< as the caller named it, if it did

  Sha256 original;     ///< the bytes received
  Sha1 original_sha1;  ///< for the trace register (R-09)
  std::uint64_t original_size = 0;
  Sha256 outgoing;  ///< the bytes that leave; equals original when we do not sign
  std::uint64_t outgoing_size = 0;

  Priority priority = Priority::normal;
  DestinationName destination;  ///< fixed when the flow becomes ready
  std::string remote_name;      ///< stable from the first attempt on
  std::uint32_t attempts = 0;
  bool possible_reemission = false;  ///< a person said not-sent after an unclear failure
  Instant created_at{};
  Instant updated_at{};
  std::optional<Instant> sent_at;
  std::optional<Instant> next_attempt_at;  ///< not before; empty = now
  std::string waiting_code;                ///< why it waits ("antivirus.down"), empty when it does not
  FlowId waits_for;                        ///< the flow whose answer it waits for, or which holds it back

  FlowId replay_of;  ///< the flow this one was made from
  FlowId linked_to;  ///< an earlier failed flow with the same key
  IdentityId deposited_by;
  std::string request_id;
};

/// What a flow, or a document of it, is made of.
struct Document {
  std::uint32_t number = 0;  ///< 1-based within the flow, as in /documents/{n}
  std::string role;          ///< original, signed, acquit, retour, report
  std::string name;          ///< a name for people
  std::string media_type;
  Sha256 sha256;
  std::uint64_t size = 0;
  Instant created_at{};
};

/// One line of a flow's history; also a link of the journal's hash chain.
struct Event {
  std::uint64_t sequence = 0;  ///< position in the journal
  FlowId flow;
  Instant at{};
  std::string code;  ///< trigger or "flow.received", "waiting", "answer.duplicate"...
  State from = State::received;
  State to = State::received;
  std::string actor;   ///< "gateway", or an identity's name
  std::string reason;  ///< given by a person
  std::string detail;  ///< JSON object; no personal data
};

enum class AttemptOutcome { open, sent, failed, ambiguous, lost };
[[nodiscard]] std::string_view to_string(AttemptOutcome outcome);
[[nodiscard]] std::optional<AttemptOutcome> outcome_from(std::string_view text);

/// One transmission: the intent when it is opened, the outcome when it is closed (design §3).
struct Attempt {
  std::uint32_t number = 0;  ///< 1-based within the flow
  DestinationName destination;
  std::string remote_name;
  Instant started_at{};
  std::optional<Instant> ended_at;
  AttemptOutcome outcome = AttemptOutcome::open;
  bool possible_reemission = false;
  std::string error_code;
  std::string transcript;  ///< the dialogue with the peer, secrets masked
};

}  // namespace demat::flow
