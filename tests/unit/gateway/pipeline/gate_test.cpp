#include "gateway/steering/gate.hpp"

#include <map>

#include "gateway/base/paris.hpp"
#include "send_rig.hpp"

namespace demat::pipeline {
namespace {

using namespace std::chrono_literals;
using flow::State;
using steering::Gate;
using steering::LinkOutcome;

struct HandClockHolder {
  HandClock clock;
};

/// The gate over a real store, with a clock that the test moves; `turn` is what a sender does.
class GateTest : public HandClockHolder, public SendRig {
 protected:
  GateTest() : SendRig(clock) {
    settings.breaker = {3, 10s, 40s};
    // Monday 2 March 2026, 08:00 in Paris.
    clock.advance(from_iso8601("2026-03-02T07:00:00Z").value() - clock.now());
  }
  Gate make_gate() { return {settings, store(), clock, dependencies().recorder.log()}; }

  void window(std::string from, std::string to, std::size_t bytes) {
    config::Window out;
    out.name = "w" + std::to_string(settings.windows.size());
    out.destination = "helios";
    out.from = std::move(from);
    out.to = std::move(to);
    out.bytes_per_hour = bytes;
    settings.windows.push_back(out);
  }
  void pause(store::PauseKind kind, const std::string& name, Duration time) {
    ASSERT_TRUE(store().steering().pause(
        {DestinationName{name}, kind, "Alice", "maintenance", clock.now(), clock.now() + time}));
  }
  [[nodiscard]] std::string obstacle(Gate& gate) {
    const auto passage = gate.enter("helios");
    return passage.open() ? "" : passage.obstacle()->code;
  }

  /// Claims and sends one flow if the gate lets it; its id, or the obstacle.
  std::string turn(Gate& gate) {
    auto passage = gate.enter("helios");
    if (!passage.open()) return passage.obstacle()->code;
    const auto claims = store()
                            .claim({{State::ready},
                                    DestinationName{"helios"},
                                    1,
                                    "w",
                                    clock.now(),
                                    1min,
                                    passage.created_before()})
                            .value();
    if (claims.empty()) return "none";
    if (!passage.admit(claims[0].flow)) {
      store::Change back{.flow = claims[0].flow.id, .lease = claims[0].lease};
      back.keep_wait = true;
      EXPECT_TRUE(store().apply(std::move(back)));
      return "back";
    }
    auto sender = stage();
    const auto health = sender.process(claims[0]);
    passage.report(health == PeerHealth::in_trouble ? LinkOutcome::trouble : LinkOutcome::well);
    return claims[0].flow.id.str();
  }
};

TEST_F(GateTest, WithoutWindowsAndPausesEverythingLeaves) {
  auto gate = make_gate();
  const auto flow = ready_flow("A");
  EXPECT_EQ(turn(gate), flow.id.str());
  EXPECT_EQ(turn(gate), "none");
  EXPECT_EQ(gate.enter("nowhere").obstacle()->code, "destination.unknown");
}

TEST_F(GateTest, AWindowThatReopensLetsTheQueueLeaveInOrder) {
  window("09:00", "10:00", 0);
  auto gate = make_gate();
  std::vector<std::string> order;
  for (const auto* key : {"A", "B", "C"}) {
    order.push_back(ready_flow(key).id.str());
    clock.advance(1s);
  }
  const auto closed = gate.enter("helios");
  ASSERT_FALSE(closed.open());
  EXPECT_EQ(closed.obstacle()->code, "window.closed");
  EXPECT_EQ(closed.obstacle()->until, from_iso8601("2026-03-02T08:00:00Z").value());
  clock.advance(1h);
  for (const auto& id : order)
    EXPECT_EQ(turn(gate), id);
  clock.advance(1h);
  EXPECT_EQ(obstacle(gate), "window.closed");
}

/// no hour of the clock takes more than its budget, but for one file that is larger than it.
TEST_F(GateTest, NoHourTakesMoreThanItsBudget) {
  constexpr std::size_t budget = 100;
  window("00:00", "24:00", budget);
  auto gate = make_gate();
  std::vector<std::string> order;
  std::map<std::string, std::uint64_t> sizes;
  for (std::size_t i = 0; i < 14; ++i) {
    // The eighth is larger than a whole slot.
    const auto flow = ready_flow("F" + std::to_string(i) + std::string(i == 7 ? 150 : 10 + i, 'x'));
    order.push_back(flow.id.str());
    sizes[flow.id.str()] = flow.outgoing_size;
    clock.advance(1ms);
  }
  std::vector<std::string> sent;
  std::map<Instant, std::uint64_t> hours;
  std::map<Instant, std::size_t> files;
  for (int minute = 0; minute < 12 * 60; minute += 10, clock.advance(10min)) {
    for (auto outcome = turn(gate); sizes.contains(outcome); outcome = turn(gate)) {
      sent.push_back(outcome);
      const auto hour = std::chrono::floor<std::chrono::hours>(clock.now());
      hours[hour] += sizes[outcome];
      ++files[hour];
    }
  }
  EXPECT_EQ(sent, order);
  for (const auto& [hour, bytes] : hours)
    EXPECT_TRUE(bytes <= budget || files[hour] == 1) << to_iso8601(hour) << ' ' << bytes;
  EXPECT_GE(hours.size(), 5U);
}

TEST_F(GateTest, AFullHourIsKnownAfterARestart) {
  window("00:00", "24:00", 20);
  ready_flow("AAAAAAAAAA");
  clock.advance(1ms);  // or they would go by their random identifiers
  const auto second = ready_flow("BBBBBBBBBB");
  {
    auto gate = make_gate();
    EXPECT_NE(turn(gate), "back");
  }
  auto gate = make_gate();
  EXPECT_EQ(turn(gate), "back");
  EXPECT_EQ(turn(gate), "window.full");
  const auto views = gate.views().value();
  ASSERT_EQ(views.size(), 1U);
  EXPECT_EQ(views[0].bytes_left, 7U);
  EXPECT_EQ(views[0].obstacle->code, "window.full");
  clock.advance(1h);
  EXPECT_EQ(turn(gate), second.id.str());
  EXPECT_EQ(current(second.id).waiting_code, "");
}

TEST_F(GateTest, PausesHoldBackUntilTheirEnd) {
  const auto flow = ready_flow("A");
  auto gate = make_gate();
  for (const auto* name : {"helios", "*"}) {
    pause(store::PauseKind::paused, name, 1h);
    ASSERT_TRUE(gate.refresh());
    EXPECT_EQ(turn(gate), "sending.paused") << name;
    ASSERT_TRUE(store().steering().resume(DestinationName{name}, "Alice", "done"));
    ASSERT_TRUE(gate.refresh());
    EXPECT_EQ(obstacle(gate), "") << name;
  }
  pause(store::PauseKind::paused, "elsewhere", 1h);
  ASSERT_TRUE(gate.refresh());
  EXPECT_EQ(obstacle(gate), "");
  pause(store::PauseKind::paused, "helios", 1h);
  clock.advance(2s);
  EXPECT_EQ(obstacle(gate), "sending.paused") << "read again by itself";
  clock.advance(1h);
  EXPECT_EQ(turn(gate), flow.id.str());
}

TEST_F(GateTest, ARestoredStoreSendsNothingUntilAPersonSaysSo) {
  ASSERT_TRUE(store().steering().pause(
      {DestinationName{"*"}, store::PauseKind::restored, "gateway", "restored", clock.now(), std::nullopt}));
  auto gate = make_gate();
  clock.advance(24h * 365);
  EXPECT_EQ(obstacle(gate), "sending.paused");
  ASSERT_TRUE(store().steering().resume(DestinationName{"*"}, "Alice", "reconciled"));
  ASSERT_TRUE(gate.refresh());
  EXPECT_EQ(obstacle(gate), "");
}

TEST_F(GateTest, ADrainSendsOnlyWhatWasThere) {
  const auto early = ready_flow("A");
  clock.advance(1s);
  pause(store::PauseKind::draining, "helios", 1h);
  clock.advance(1s);
  const auto late = ready_flow("B");
  auto gate = make_gate();
  EXPECT_EQ(turn(gate), early.id.str());
  EXPECT_EQ(turn(gate), "none");
  clock.advance(1h);
  EXPECT_EQ(turn(gate), late.id.str());
}

TEST_F(GateTest, TheBreakerRestsAndTheOldestGoesFirstAfterwards) {
  std::vector<std::string> order;
  for (const auto* key : {"A", "B", "C", "D", "E"}) {
    order.push_back(ready_flow(key).id.str());
    clock.advance(1s);
  }
  script.put = [](const auto&) {
    return tl::expected<void, transport::PutFailure>(tl::unexpected(
        transport::PutFailure{transport_error("transport.unreachable"), transport::Delivery::not_delivered}));
  };
  settings.pipeline.retry.first = 1h;
  auto gate = make_gate();
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_EQ(turn(gate), order[i]);
  EXPECT_EQ(turn(gate), "breaker.open");
  clock.advance(10s);
  // Two probes: the oldest, then the next one.
  EXPECT_EQ(turn(gate), order[0]);
  EXPECT_EQ(turn(gate), order[1]);
  EXPECT_EQ(turn(gate), "breaker.open");
  script.put = [](const auto&) { return tl::expected<void, transport::PutFailure>{}; };
  clock.advance(20s);
  for (const auto& id : order)
    EXPECT_EQ(turn(gate), id);
  EXPECT_EQ(turn(gate), "none");
}

TEST_F(GateTest, ARefusedFileIsNoTroubleOfTheLink) {
  for (int i = 0; i < 6; ++i)
    ready_flow("F" + std::to_string(i));
  script.put = [](const auto&) {
    return tl::expected<void, transport::PutFailure>(tl::unexpected(
        transport::PutFailure{transport_error("transport.refused"), transport::Delivery::not_delivered}));
  };
  auto gate = make_gate();
  for (int i = 0; i < 6; ++i)
    EXPECT_NE(turn(gate), "breaker.open");
}

TEST_F(GateTest, APersonMayCloseTheBreaker) {
  settings.breaker.failures = 1;
  auto gate = make_gate();
  gate.enter("helios").report(LinkOutcome::trouble);
  EXPECT_EQ(obstacle(gate), "breaker.open");
  EXPECT_TRUE(gate.close_breaker("helios"));
  EXPECT_EQ(obstacle(gate), "");
  EXPECT_FALSE(gate.close_breaker("nowhere"));
}

}  // namespace
}  // namespace demat::pipeline
