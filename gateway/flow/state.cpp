#include "gateway/flow/state.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace demat::flow {
namespace {

using enum State;
using T = Trigger;

constexpr std::array table = {
    // The road.
    Transition{received, T::pass_checks, checked},
    Transition{checked, T::ask_signature, to_sign},
    Transition{to_sign, T::sign, signed_},
    Transition{checked, T::make_ready, ready},
    Transition{signed_, T::make_ready, ready},
    Transition{ready, T::begin_send, sending},
    Transition{sending, T::finish_send, sent},
    Transition{sending, T::finish_send_final, sent_final},
    Transition{sending, T::fail_send, ready},
    Transition{sending, T::lose_send, uncertain},
    // Our own refusal.
    Transition{received, T::refuse, refused},
    Transition{checked, T::refuse, refused},
    Transition{to_sign, T::refuse, refused},
    Transition{signed_, T::refuse, refused},
    // The State's answer may come while we do not know yet that the flow arrived (decisions, Verbs).
    Transition{sent, T::acknowledge, acknowledged},
    Transition{sent, T::acknowledge_partly, partly_rejected},
    Transition{sent, T::reject, rejected},
    Transition{sending, T::acknowledge, acknowledged},
    Transition{sending, T::acknowledge_partly, partly_rejected},
    Transition{sending, T::reject, rejected},
    Transition{uncertain, T::acknowledge, acknowledged},
    Transition{uncertain, T::acknowledge_partly, partly_rejected},
    Transition{uncertain, T::reject, rejected},
    // Finding out.
    Transition{uncertain, T::find_sent, sent},
    Transition{uncertain, T::finish_send_final, sent_final},
    Transition{uncertain, T::find_not_sent, ready},
    // The verbs of people.
    Transition{received, T::hold, held},
    Transition{checked, T::hold, held},
    Transition{to_sign, T::hold, held},
    Transition{signed_, T::hold, held},
    Transition{ready, T::hold, held},
    Transition{received, T::cancel, cancelled},
    Transition{checked, T::cancel, cancelled},
    Transition{to_sign, T::cancel, cancelled},
    Transition{signed_, T::cancel, cancelled},
    Transition{ready, T::cancel, cancelled},
    Transition{held, T::cancel, cancelled},
};

constexpr std::array states = {received, checked, to_sign,    signed_,      ready,
                               sending,  sent,    sent_final, acknowledged, partly_rejected,
                               rejected, refused, held,       cancelled,    uncertain};

constexpr std::array triggers = {T::pass_checks, T::ask_signature, T::sign,        T::make_ready,
                                 T::refuse,      T::begin_send,    T::finish_send, T::finish_send_final,
                                 T::fail_send,   T::lose_send,     T::acknowledge, T::acknowledge_partly,
                                 T::reject,      T::hold,          T::release,     T::cancel,
                                 T::find_sent,   T::find_not_sent};

bool may_be_held(State state) {
  return std::any_of(table.begin(), table.end(),
                     [state](const Transition& t) { return t.from == state && t.trigger == T::hold; });
}

}  // namespace

std::span<const Transition> transitions() {
  return table;
}

std::optional<State> next_state(State from, Trigger trigger, State held_from) {
  if (trigger == T::release) {
    if (from == held && may_be_held(held_from)) return held_from;
    return std::nullopt;
  }
  for (const auto& t : table)
    if (t.from == from && t.trigger == trigger) return t.to;
  return std::nullopt;
}

std::string_view to_string(State state) {
  switch (state) {
    case received:
      return "received";
    case checked:
      return "checked";
    case to_sign:
      return "to_sign";
    case signed_:
      return "signed";
    case ready:
      return "ready";
    case sending:
      return "sending";
    case sent:
      return "sent";
    case sent_final:
      return "sent_final";
    case acknowledged:
      return "acknowledged";
    case partly_rejected:
      return "partly_rejected";
    case rejected:
      return "rejected";
    case refused:
      return "refused";
    case held:
      return "held";
    case cancelled:
      return "cancelled";
    case uncertain:
      return "uncertain";
  }
  throw std::logic_error("unknown state");
}

std::string_view to_string(Trigger trigger) {
  switch (trigger) {
    case T::pass_checks:
      return "pass_checks";
    case T::ask_signature:
      return "ask_signature";
    case T::sign:
      return "sign";
    case T::make_ready:
      return "make_ready";
    case T::refuse:
      return "refuse";
    case T::begin_send:
      return "begin_send";
    case T::finish_send:
      return "finish_send";
    case T::finish_send_final:
      return "finish_send_final";
    case T::fail_send:
      return "fail_send";
    case T::lose_send:
      return "lose_send";
    case T::acknowledge:
      return "acknowledge";
    case T::acknowledge_partly:
      return "acknowledge_partly";
    case T::reject:
      return "reject";
    case T::hold:
      return "hold";
    case T::release:
      return "release";
    case T::cancel:
      return "cancel";
    case T::find_sent:
      return "find_sent";
    case T::find_not_sent:
      return "find_not_sent";
  }
  throw std::logic_error("unknown trigger");
}

std::optional<State> state_from(std::string_view text) {
  for (const State state : states)
    if (to_string(state) == text) return state;
  return std::nullopt;
}

std::span<const State> all_states() {
  return states;
}
std::span<const Trigger> all_triggers() {
  return triggers;
}

bool blocks_duplicates(State state) {
  return state != refused && state != rejected && state != cancelled;
}

bool is_final(State state) {
  return state == sent_final || state == acknowledged || state == partly_rejected || state == rejected ||
         state == refused || state == cancelled;
}

}  // namespace demat::flow
