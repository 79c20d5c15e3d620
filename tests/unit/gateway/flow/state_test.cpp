#include "gateway/flow/state.hpp"

#include <gmock/gmock.h>

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace demat::flow {
namespace {

using enum State;
using T = Trigger;

/// The road of design §3 and the verbs of decisions, written a second time by hand: for each state, what may
/// happen and where it leads. Everything that is not here must be refused.
const std::map<State, std::map<Trigger, State>> expected = {
    {received, {{T::pass_checks, checked}, {T::refuse, refused}, {T::hold, held}, {T::cancel, cancelled}}},
    {checked,
     {{T::ask_signature, to_sign},
      {T::make_ready, ready},
      {T::refuse, refused},
      {T::hold, held},
      {T::cancel, cancelled}}},
    {to_sign, {{T::sign, signed_}, {T::refuse, refused}, {T::hold, held}, {T::cancel, cancelled}}},
    {signed_, {{T::make_ready, ready}, {T::refuse, refused}, {T::hold, held}, {T::cancel, cancelled}}},
    {ready, {{T::begin_send, sending}, {T::hold, held}, {T::cancel, cancelled}}},
    {sending,
     {{T::finish_send, sent},
      {T::finish_send_final, sent_final},
      {T::fail_send, ready},
      {T::lose_send, uncertain},
      {T::acknowledge, acknowledged},
      {T::acknowledge_partly, partly_rejected},
      {T::reject, rejected}}},
    {sent, {{T::acknowledge, acknowledged}, {T::acknowledge_partly, partly_rejected}, {T::reject, rejected}}},
    {sent_final, {}},
    {acknowledged, {}},
    {partly_rejected, {}},
    {rejected, {}},
    {refused, {}},
    {cancelled, {}},
    {held, {{T::release, received}, {T::cancel, cancelled}}},
    {uncertain,
     {{T::acknowledge, acknowledged},
      {T::acknowledge_partly, partly_rejected},
      {T::reject, rejected},
      {T::find_sent, sent},
      {T::finish_send_final, sent_final},
      {T::find_not_sent, ready}}},
};

TEST(State, EveryPairOfStateAndTriggerIsDecided) {
  ASSERT_EQ(expected.size(), all_states().size());
  for (const State from : all_states())
    for (const Trigger trigger : all_triggers()) {
      const auto& road = expected.at(from);
      const auto found = road.find(trigger);
      const auto wanted = found == road.end() ? std::nullopt : std::optional(found->second);
      EXPECT_EQ(next_state(from, trigger, received), wanted)
          << to_string(from) << " + " << to_string(trigger);
    }
}

TEST(State, ReleaseGoesBackToWhereItWasHeldFromAndNowhereElse) {
  const std::set<State> holdable = {received, checked, to_sign, signed_, ready};
  for (const State state : all_states()) {
    const auto back = next_state(held, T::release, state);
    EXPECT_EQ(back.has_value(), holdable.contains(state)) << to_string(state);
    if (back) {
      EXPECT_EQ(*back, state);
    }
  }
}

TEST(State, NothingLeadsOutOfAFinalStateAndEveryOtherHasAWayOut) {
  for (const State state : all_states())
    EXPECT_EQ(expected.at(state).empty(), is_final(state)) << to_string(state);
}

TEST(State, EveryStateCanBeReached) {
  std::set<State> reached = {received};
  for (const auto& t : transitions())
    reached.insert(t.to);
  EXPECT_EQ(reached.size(), all_states().size());
}

TEST(State, NoFlowIsTransmittedTwiceWithoutAPersonOrAProof) {
  // sending is entered from ready only; back to ready go a certain failure, and a finding by a person or by a
  // look at the peer (design §1.2).
  std::set<std::pair<State, Trigger>> to_ready;
  for (const auto& t : transitions()) {
    if (t.to == sending) {
      EXPECT_EQ(t.from, ready);
    }
    if (t.to == ready) to_ready.insert({t.from, t.trigger});
  }
  const std::set<std::pair<State, Trigger>> allowed = {{checked, T::make_ready},
                                                       {signed_, T::make_ready},
                                                       {sending, T::fail_send},
                                                       {uncertain, T::find_not_sent}};
  EXPECT_EQ(to_ready, allowed);
}

TEST(State, NamesAreUniqueAndReadBack) {
  std::set<std::string_view> names;
  for (const State state : all_states()) {
    EXPECT_EQ(state_from(to_string(state)), state);
    names.insert(to_string(state));
  }
  EXPECT_EQ(names.size(), all_states().size());
  EXPECT_EQ(state_from("nonsense"), std::nullopt);
  std::set<std::string_view> triggers;
  for (const Trigger trigger : all_triggers())
    triggers.insert(to_string(trigger));
  EXPECT_EQ(triggers.size(), all_triggers().size());
}

TEST(State, OnlyFailedFlowsLetTheSameFileComeAgain) {
  for (const State state : all_states())
    EXPECT_EQ(blocks_duplicates(state), state != refused && state != rejected && state != cancelled)
        << to_string(state);
}

}  // namespace
}  // namespace demat::flow
