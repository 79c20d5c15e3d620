#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "gateway/pipeline/pipeline.hpp"
#include "gateway/steering/gate.hpp"
#include "send_rig.hpp"

namespace demat::pipeline {
namespace {

using flow::State;
using std::chrono::milliseconds;
using PutResult = tl::expected<void, transport::PutFailure>;

/// Hélios is down while flows keep coming, and comes back (R-03, R-04, B38).
class OutageTest : public RealTimeRig {
 protected:
  OutageTest() {
    settings.pipeline.check_workers = 1;
    settings.pipeline.retry.first = milliseconds(5);
    // Far beyond the test: only the breaker's own return makes them leave.
    settings.pipeline.retry.max = std::chrono::hours(1);
    settings.breaker = {3, milliseconds(60), milliseconds(120)};
  }
  Dependencies with_gate() {
    auto out = dependencies();
    out.gate = std::make_shared<steering::Gate>(settings, store(), clock, out.recorder.log());
    return out;
  }
};

TEST_F(OutageTest, FlowsAreTakenMeanwhileAndLeaveInOrderOnceWhenItIsBack) {
  settings.pipeline.retry.first = std::chrono::minutes(10);
  std::atomic<bool> down{true};
  std::mutex mutex;
  std::vector<std::string> names;
  script.put = [&](const transport::PutRequest& request) {
    if (down)
      return PutResult(tl::unexpected(transport::PutFailure{transport_error("transport.unreachable"),
                                                            transport::Delivery::not_delivered}));
    const std::lock_guard lock(mutex);
    names.push_back(request.remote_name);
    return PutResult{};
  };
  Pipeline pipeline(with_gate());
  pipeline.start();
  std::vector<FlowId> flows;
  for (int i = 0; i < 20; ++i) {
    flows.push_back(ready_flow("F" + std::to_string(i)).id);
    pipeline.wake();
    std::this_thread::sleep_for(milliseconds(20));
  }
  EXPECT_TRUE(comes_true([&] { return script.puts >= 5; }));
  // A probe may be under way: its flow comes back to ready with the failure.
  for (const auto& id : flows)
    EXPECT_TRUE(comes_true([&] { return current(id).state == State::ready; })) << id.str();
  {
    const std::lock_guard lock(mutex);
    EXPECT_TRUE(names.empty());
  }
  down = false;
  for (const auto& id : flows)
    EXPECT_TRUE(comes_true([&] { return current(id).state == State::sent; })) << id.str();
  pipeline.stop();
  std::vector<std::string> expected;
  for (const auto& id : flows)
    expected.push_back(current(id).remote_name);
  // The one that tried the link just before it was back may come later.
  EXPECT_EQ(names.size(), expected.size());
  EXPECT_TRUE(std::is_permutation(names.begin(), names.end(), expected.begin(), expected.end()));
  std::size_t before = 0;
  for (std::size_t i = 1; i < names.size(); ++i) {
    const auto place = [&](const std::string& name) {
      return std::find(expected.begin(), expected.end(), name) - expected.begin();
    };
    if (place(names[i]) < place(names[i - 1])) ++before;
  }
  EXPECT_LE(before, 1U);
}

TEST_F(OutageTest, APausedDestinationSendsNothingAndGoesOnByItself) {
  const auto until = clock.now() + milliseconds(1500);
  ASSERT_TRUE(store().steering().pause(
      {DestinationName{"helios"}, store::PauseKind::paused, "Alice", "m", clock.now(), until}));
  std::atomic<bool> early{false};
  script.put = [&](const transport::PutRequest&) {
    if (clock.now() < until) early = true;
    return PutResult{};
  };
  const auto flow = ready_flow("A");
  Pipeline pipeline(with_gate());
  pipeline.start();
  EXPECT_TRUE(comes_true([&] { return current(flow.id).state == State::sent; }));
  pipeline.stop();
  EXPECT_FALSE(early);
  EXPECT_EQ(script.puts, 1);
}

}  // namespace
}  // namespace demat::pipeline
