#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace demat::flow {

/// Where a flow is (design §3). Waiting is not a state: it is next_attempt_at and a reason.
enum class State {
  received,         ///< durable; checks are to come
  checked,          ///< passed every check
  to_sign,          ///< waits for a signature
  signed_,          ///< carries the signature that leaves
  ready,            ///< may be transmitted
  sending,          ///< an intent is committed; the outcome is not
  sent,             ///< transmitted; an answer is expected
  sent_final,       ///< transmitted; no answer will come
  acknowledged,     ///< accepted whole by the State
  partly_rejected,  ///< accepted in part
  rejected,         ///< refused by the State
  refused,          ///< refused by our deterministic checks
  held,             ///< parked by a person, or waiting for a transmitter's confirmation
  cancelled,        ///< never to be sent
  uncertain,        ///< perhaps transmitted; to be found out
};

/// What can happen to a flow.
enum class Trigger {
  pass_checks,         ///< every check passed
  ask_signature,       ///< policy wants a signature
  sign,                ///< the signature is in and verified
  make_ready,          ///< nothing more stands before transmission
  refuse,              ///< a deterministic check failed
  begin_send,          ///< intent
  finish_send,         ///< outcome: delivered
  finish_send_final,   ///< outcome: delivered, no answer expected
  fail_send,           ///< outcome: certainly not delivered, will be tried again
  lose_send,           ///< outcome unknown (crash, ambiguous failure)
  acknowledge,         ///< answer: all accepted
  acknowledge_partly,  ///< answer: some refused
  reject,              ///< answer: all refused
  hold,                ///< verb
  release,             ///< verb, back to where it was held from
  cancel,              ///< verb
  find_sent,           ///< reconciliation or resolve: it was delivered
  find_not_sent,       ///< reconciliation or resolve: it was not
};

struct Transition {
  State from;
  Trigger trigger;
  State to;
};

/// The one table of legal transitions (stack rule 11). `release` is not in it: see next_state.
[[nodiscard]] std::span<const Transition> transitions();

/// The state after `trigger` in `from`, or nothing when that is illegal. For `release`, `held_from` says
/// where to.
[[nodiscard]] std::optional<State> next_state(State from, Trigger trigger, State held_from = State::received);

[[nodiscard]] std::string_view to_string(State state);
[[nodiscard]] std::string_view to_string(Trigger trigger);
[[nodiscard]] std::optional<State> state_from(std::string_view text);
[[nodiscard]] std::span<const State> all_states();
[[nodiscard]] std::span<const Trigger> all_triggers();

/// Refused, rejected and cancelled flows do not block a re-post (decisions, Duplicates).
[[nodiscard]] bool blocks_duplicates(State state);
/// No further transition is expected without a person.
[[nodiscard]] bool is_final(State state);

}  // namespace demat::flow
