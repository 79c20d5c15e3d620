#include "gateway/pipeline/pipeline.hpp"

#include <mutex>
#include <set>

#include "send_rig.hpp"

namespace demat::pipeline {
namespace {

using flow::State;
using std::chrono::milliseconds;
using PutResult = tl::expected<void, transport::PutFailure>;

/// The whole pipeline with its threads, over real time.
class PipelineTest : public RealTimeRig {
 protected:
  PipelineTest() {
    settings.pipeline.check_workers = 1;
    settings.pipeline.retry.first = milliseconds(5);
    settings.pipeline.retry.max = milliseconds(50);
  }
  bool gets(const FlowId& id, State state) {
    return comes_true([&] { return current(id).state == state; });
  }
};

TEST_F(PipelineTest, ManySlowSendsUnderAShortLeaseAreSentOnce) {
  settings.pipeline.lease = milliseconds(3'000);
  auto& helios = settings.destinations.at(0);
  helios.connect_timeout = helios.transfer_timeout = milliseconds(500);
  helios.senders = 2;
  std::vector<FlowId> flows;
  for (int i = 0; i < 10; ++i)
    flows.push_back(ready_flow("F" + std::to_string(i)).id);
  std::mutex mutex;
  std::multiset<std::string> names;
  script.put = [&](const transport::PutRequest& request) {
    std::this_thread::sleep_for(milliseconds(900));  // ten by two senders take longer than one lease
    const std::lock_guard lock(mutex);
    names.insert(request.remote_name);
    return PutResult{};
  };
  Pipeline pipeline(dependencies());
  pipeline.start();
  for (const auto& id : flows)
    EXPECT_TRUE(gets(id, State::sent));
  pipeline.stop();
  EXPECT_EQ(names.size(), flows.size());
  for (const auto& id : flows) {
    EXPECT_FALSE(has_event(id, "lose_send"));
    EXPECT_EQ(current(id).attempts, 1U);
  }
}

TEST_F(PipelineTest, AnExceptionStopsOneFlowAndNothingElse) {
  std::atomic<bool> first_connection{true};
  auto parts = dependencies();
  parts.make_peer = [&](const auto&) -> std::unique_ptr<transport::Peer> {
    if (first_connection.exchange(false)) throw std::bad_alloc();
    return std::make_unique<ScriptedPeer>(script);
  };
  const auto bad = ready_flow("bad");
  const auto good = ready_flow("good");
  script.put = [](const transport::PutRequest& request) {
    if (request.bytes.size() == std::string_view("<bad/>").size()) throw std::logic_error("broken");
    return PutResult{};
  };
  Pipeline pipeline(parts);
  pipeline.start();
  EXPECT_TRUE(gets(good.id, State::sent));
  pipeline.stop();
  // Its intent was committed: whether it left is not known.
  EXPECT_EQ(current(bad.id).state, State::sending);
  EXPECT_EQ(script.puts, 2);
}

TEST_F(PipelineTest, AReadyFlowWhoseDestinationWasRemovedSaysSo) {
  settings.destinations.clear();
  const auto flow = ready_flow("A");
  {
    Pipeline pipeline(dependencies());
    pipeline.start();
    EXPECT_TRUE(comes_true([&] { return current(flow.id).waiting_code == "destination.unknown"; }));
    pipeline.stop();
  }
  config::Destination helios;
  helios.name = "helios";
  helios.mode = config::LinkMode::ftp_simulator;
  settings.destinations = {helios};
  Pipeline pipeline(dependencies());
  pipeline.start();
  EXPECT_TRUE(gets(flow.id, State::sent));
  EXPECT_EQ(current(flow.id).waiting_code, "");
}

}  // namespace
}  // namespace demat::pipeline
