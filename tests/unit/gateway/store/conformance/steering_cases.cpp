#include "gateway/store/steering.hpp"
#include "tests/unit/gateway/store/conformance/suite.hpp"

// Pauses, bytes of window slots, error groups, what is overdue, filters of lists, draining claims.

namespace demat::store::conformance {
namespace {

using flow::State;
using flow::Trigger;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const DestinationName helios{"helios"};

Pause pause_until(const Clock& clock, Duration time, PauseKind kind = PauseKind::paused) {
  return {helios, kind, "Alice", "maintenance", clock.now(), clock.now() + time};
}

TEST_P(StoreSuite, APauseIsKeptOverARestartAndWrittenIntoTheJournal) {
  ASSERT_TRUE(store().steering().pause(pause_until(clock, hours(1))));
  ASSERT_TRUE(store().steering().pause({DestinationName{std::string(all_destinations)}, PauseKind::restored,
                                        "gateway", "restored", clock.now(), std::nullopt}));
  host->reopen();
  const auto pauses = store().steering().pauses().value();
  ASSERT_EQ(pauses.size(), 2U);
  EXPECT_EQ(pauses[0].kind, PauseKind::restored);
  EXPECT_FALSE(pauses[0].until);
  EXPECT_EQ(pauses[1].destination, helios);
  EXPECT_EQ(pauses[1].actor, "Alice");
  EXPECT_EQ(pauses[1].reason, "maintenance");
  EXPECT_EQ(pauses[1].until, clock.now() + hours(1));
  const auto before = store().verify_journal().value();
  EXPECT_TRUE(before.intact);
  EXPECT_EQ(store().steering().resume(helios, "Bob", "done").value(), true);
  EXPECT_EQ(store().steering().resume(helios, "Bob", "done").value(), false);
  EXPECT_EQ(store().verify_journal().value().events, before.events + 1);
  EXPECT_EQ(store().steering().pauses().value().size(), 1U);
}

TEST_P(StoreSuite, APauseEndsByItself) {
  ASSERT_TRUE(store().steering().pause(pause_until(clock, hours(1))));
  ASSERT_TRUE(store().steering().pause(
      {DestinationName{"other"}, PauseKind::restored, "gateway", "r", clock.now(), std::nullopt}));
  clock.advance(hours(1) - seconds(1));
  EXPECT_TRUE(store().steering().end_pauses(clock.now()).value().empty());
  clock.advance(seconds(1));
  const auto over = store().steering().end_pauses(clock.now()).value();
  ASSERT_EQ(over.size(), 1U);
  EXPECT_EQ(over[0].destination, helios);
  EXPECT_EQ(store().steering().pauses().value().size(), 1U);
}

TEST_P(StoreSuite, ANewPauseReplacesTheOld) {
  ASSERT_TRUE(store().steering().pause(pause_until(clock, hours(1))));
  ASSERT_TRUE(store().steering().pause(pause_until(clock, hours(2), PauseKind::draining)));
  const auto pauses = store().steering().pauses().value();
  ASSERT_EQ(pauses.size(), 1U);
  EXPECT_EQ(pauses[0].kind, PauseKind::draining);
  EXPECT_EQ(pauses[0].until, clock.now() + hours(2));
}

TEST_P(StoreSuite, BytesOfASlotAreCountedOnceAndDurably) {
  const auto slot = clock.now();
  const auto flow = ready_flow("K1");
  const auto other = ready_flow("K2");
  auto& steering = store().steering();
  EXPECT_TRUE(steering.reserve({helios, slot, flow.id, 1, 60, 100}).value());
  EXPECT_TRUE(steering.reserve({helios, slot, flow.id, 1, 60, 100}).value());
  EXPECT_EQ(steering.used(helios, slot).value(), 60U);
  const auto claims = store().claim({{State::ready}, helios, 10, "w", clock.now(), minutes(1)}).value();
  ASSERT_EQ(claims.size(), 2U);
  EXPECT_FALSE(steering.reserve({helios, slot, other.id, 1, 41, 100}).value());
  EXPECT_TRUE(steering.reserve({helios, slot, other.id, 1, 40, 100}).value());
  EXPECT_TRUE(steering.reserve({DestinationName{"other"}, slot, other.id, 1, 100, 100}).value());
  EXPECT_EQ(host->reopen().steering().used(helios, slot).value(), 100U);
  EXPECT_EQ(store().steering().used(helios, slot + hours(1)).value(), 0U);
}

TEST_P(StoreSuite, AFileLargerThanTheBudgetTakesAnEmptySlot) {
  const auto slot = clock.now();
  const auto claim = sending_flow("K1");
  auto& steering = store().steering();
  EXPECT_TRUE(steering.reserve({helios, slot, claim.flow.id, 1, 500, 100}).value());
  EXPECT_FALSE(steering.reserve({helios, slot, claim.flow.id, 2, 1, 100}).value());
  EXPECT_TRUE(steering.reserve({helios, slot + hours(1), claim.flow.id, 2, 1, 100}).value());
}

TEST_P(StoreSuite, BytesThatNeverLeftAreGivenBack) {
  const auto slot = clock.now();
  auto& steering = store().steering();
  // An attempt that failed for certain.
  const auto claim = sending_flow("K2");
  // An intent that never came to be, its worker gone.
  const auto dropped = ready_flow("K1");
  ASSERT_TRUE(steering.reserve({helios, slot, dropped.id, 1, 50, 100}).value());
  ASSERT_TRUE(steering.reserve({helios, slot, claim.flow.id, claim.flow.attempts, 50, 100}).value());
  Change change;
  change.flow = claim.flow.id;
  change.lease = claim.lease;
  change.steps.push_back({Trigger::fail_send});
  change.close_attempt = CloseAttempt{flow::AttemptOutcome::failed, "transport.timeout", ""};
  ASSERT_TRUE(store().apply(std::move(change)));
  const auto third = ready_flow("K3");
  EXPECT_TRUE(steering.reserve({helios, slot, third.id, 1, 100, 100}).value());
  EXPECT_EQ(steering.used(helios, slot).value(), 100U);
}

TEST_P(StoreSuite, HastenedFlowsComeInTheOrderOfTheirDeposit) {
  std::vector<FlowId> order;
  for (int i = 0; i < 3; ++i) {
    order.push_back(ready_flow("K" + std::to_string(i)).id);
    clock.advance(seconds(1));
  }
  // The first two failed, the second for a reason of its own.
  for (int i = 0; i < 2; ++i) {
    const auto claim = claim_one({State::ready});
    Change change;
    change.flow = claim.flow.id;
    change.lease = claim.lease;
    change.wait = Change::Wait{clock.now() + hours(1), i == 0 ? "transport.timeout" : "payload.altered"};
    ASSERT_TRUE(store().apply(std::move(change)));
  }
  EXPECT_EQ(store().steering().hasten(helios, {"transport.timeout", "transport.login"}).value(), 1U);
  EXPECT_EQ(claim_one({State::ready}).flow.id, order[0]);
  EXPECT_EQ(claim_one({State::ready}).flow.id, order[2]);
  EXPECT_TRUE(store().claim({{State::ready}, helios, 1, "w", clock.now(), minutes(1)}).value().empty());
}

TEST_P(StoreSuite, ADrainingClaimLeavesWhatCameLater) {
  const auto early = ready_flow("K1");
  clock.advance(seconds(1));
  const auto since = clock.now();
  const auto late = ready_flow("K2");
  ClaimRequest request{{State::ready}, helios, 10, "w", clock.now(), minutes(1)};
  request.created_before = since;
  const auto claims = store().claim(request).value();
  ASSERT_EQ(claims.size(), 1U);
  EXPECT_EQ(claims[0].flow.id, early.id);
  const auto left = store().steering().backlog(helios, since).value();
  EXPECT_EQ(left.ready, 2U);
  EXPECT_EQ(left.ready_before, 1U);
  EXPECT_EQ(left.sending, 0U);
  EXPECT_EQ(current(late.id).state, State::ready);
}

TEST_P(StoreSuite, GroupsFlowsByTheirTrouble) {
  auto refuse = [&](const std::string& key, const char* code) {
    const auto flow = accept_new(key, "<" + key + "/>");
    Change change;
    change.flow = flow.id;
    change.steps.push_back({Trigger::refuse});
    Report report;
    report.add({"note.first", Severity::info, {}, "n", "n"});
    report.add({code, Severity::error, {}, "fr", "en"});
    report.add({"xsd.other", Severity::error, {}, "fr", "en"});
    change.findings = report;
    EXPECT_TRUE(store().apply(std::move(change)));
    clock.advance(seconds(1));
    return flow.id;
  };
  const auto first = refuse("a", "pes.p2");
  refuse("b", "pes.p2");
  refuse("c", "xsd.invalid");
  const auto waiting = ready_flow("d");
  Change change;
  change.flow = waiting.id;
  change.wait = Change::Wait{clock.now() + hours(1), "transport.timeout"};
  ASSERT_TRUE(store().apply(std::move(change)));
  ready_flow("e");
  const auto groups = store().steering().error_groups(std::nullopt).value();
  ASSERT_EQ(groups.size(), 3U);
  EXPECT_EQ(groups[0].code, "pes.p2");
  EXPECT_EQ(groups[0].state, State::refused);
  EXPECT_EQ(groups[0].count, 2U);
  EXPECT_EQ(groups[0].sample, first);
  EXPECT_EQ(groups[1].code, "transport.timeout");
  EXPECT_EQ(groups[1].destination, helios);
  EXPECT_EQ(groups[2].code, "xsd.invalid");
  EXPECT_TRUE(store().steering().error_groups(AuthorityId{"999999999"}).value().empty());

  FlowFilter filter;
  filter.states = {State::refused};
  filter.code = "pes.p2";
  EXPECT_EQ(store().list(filter, "", 10).value().items.size(), 2U);
  filter.states.clear();
  filter.code = "transport.timeout";
  const auto timeouts = store().list(filter, "", 10).value().items;
  ASSERT_EQ(timeouts.size(), 1U);
  EXPECT_EQ(timeouts[0].id, waiting.id);
  filter.updated_before = clock.now() - hours(1);
  EXPECT_TRUE(store().list(filter, "", 10).value().items.empty());
}

TEST_P(StoreSuite, TellsWhatIsOverdue) {
  const auto claim = sending_flow("K2");
  const auto queued = ready_flow("K1");
  Change change;
  change.flow = claim.flow.id;
  change.lease = claim.lease;
  change.steps.push_back({Trigger::finish_send});
  change.close_attempt = CloseAttempt{flow::AttemptOutcome::sent, "", ""};
  ASSERT_TRUE(store().apply(std::move(change)));
  const auto now = clock.now();
  const OverdueLimits none{now, now, now, now};
  const auto early = store().steering().overdue(none).value();
  for (const auto& kind : early)
    EXPECT_EQ(kind.count, 0U) << kind.kind;
  const auto later = now + seconds(1);
  const OverdueLimits all{later, later, later, later};
  std::map<std::string, std::uint64_t> counts;
  const auto late = store().steering().overdue(all).value();
  for (const auto& kind : late) {
    counts[kind.kind] = kind.count;
    if (kind.kind == "acquit") EXPECT_EQ(kind.sample, claim.flow.id);
  }
  EXPECT_THAT(counts,
              testing::UnorderedElementsAre(testing::Pair("acquit", 1), testing::Pair("queued", 1),
                                            testing::Pair("to_sign", 0), testing::Pair("uncertain", 0)));
  FlowFilter filter;
  filter.overdue = all;
  EXPECT_EQ(store().list(filter, "", 10).value().items.size(), 2U);
  filter.states = {State::ready, State::refused};
  const auto ready = store().list(filter, "", 10).value().items;
  ASSERT_EQ(ready.size(), 1U);
  EXPECT_EQ(ready[0].id, queued.id);
  filter.states = {State::refused};
  EXPECT_TRUE(store().list(filter, "", 10).value().items.empty());
}

TEST_P(StoreSuite, ThePriorityIsChangedWithANote) {
  const auto slow = ready_flow("K1");
  clock.advance(seconds(1));
  const auto urgent = ready_flow("K2");
  Change change;
  change.flow = urgent.id;
  change.priority = flow::Priority::high;
  change.keep_wait = true;
  change.note = Note{"verb.priority", "Alice", "paie du mois"};
  EXPECT_EQ(store().apply(std::move(change)).value().priority, flow::Priority::high);
  EXPECT_EQ(store().events(urgent.id).value().back().code, "verb.priority");
  EXPECT_EQ(claim_one({State::ready}).flow.id, urgent.id);
  EXPECT_EQ(claim_one({State::ready}).flow.id, slow.id);
}

}  // namespace
}  // namespace demat::store::conformance
