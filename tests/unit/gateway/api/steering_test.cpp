#include "gateway/store/steering.hpp"

#include <thread>

#include "gateway/steering/gate.hpp"
#include "tests/unit/gateway/api/rig/api_fixture.hpp"

// Pauses, priorities, error groups, what is late: who may, what is refused, what is written.

namespace demat::api {
namespace {

using flow::Trigger;

class SteeringTest : public ApiTest {
 protected:
  void SetUp() override {
    ApiTest::SetUp();
    for (const auto& destination : services_->destinations())
      settings_.destinations.emplace_back().name = destination.name;
    name_ = settings_.destinations.at(0).name;
    gate_ = std::make_shared<steering::Gate>(settings_, *store_, clock_, *logger_);
    services_->gate = [this] { return gate_; };
  }
  [[nodiscard]] std::string in(Duration time) const { return to_iso8601(clock_.now() + time); }
  [[nodiscard]] std::string path(const std::string& verb) const {
    return "/v1/destinations/" + name_ + "/" + verb;
  }
  [[nodiscard]] std::string body(Duration time) const {
    return R"({"reason":"maintenance","until":")" + in(time) + R"("})";
  }

  config::Settings settings_;
  std::string name_;
  std::shared_ptr<steering::Gate> gate_;
};

TEST_F(SteeringTest, AnOperatorPausesAndResumes) {
  const auto paused = call("platform", "POST", path("pause"), body(std::chrono::hours(4)));
  ASSERT_EQ(paused.status, 200) << paused.body;
  expect_shape(json(paused), "DestinationList");
  const auto item = json(paused).at("items").at(0);
  expect_shape(item, "Destination");
  EXPECT_EQ(item.at("pauses").at(0).at("kind").as_string(), "paused");
  EXPECT_EQ(item.at("obstacle").at("code").as_string(), "sending.paused");
  EXPECT_TRUE(item.at("drained").as_bool());
  EXPECT_FALSE(gate_->enter(name_).open());
  const auto resumed = call("platform", "POST", path("resume"), R"({"reason":"done"})");
  ASSERT_EQ(resumed.status, 200);
  EXPECT_TRUE(json(resumed).at("items").at(0).at("pauses").as_array().empty());
  EXPECT_TRUE(gate_->enter(name_).open());
  EXPECT_EQ(call("platform", "POST", path("resume"), R"({"reason":"again"})").status, 200);
}

TEST_F(SteeringTest, APauseWantsAReasonAndAnEnd) {
  for (const auto& wrong : {std::string(R"({"reason":"m"})"), R"({"reason":"m","until":")" + in({}) + "\"}",
                            std::string(R"({"reason":"m","until":"tomorrow"})"),
                            R"({"reason":"m","until":")" + in(std::chrono::days(32)) + "\"}"})
    expect_problem(call("platform", "POST", path("pause"), wrong), 422, "api.field");
  expect_problem(call("platform", "POST", path("drain"), R"({"until":")" + in(std::chrono::hours(1)) + "\"}"),
                 422, "verb.reason");
  expect_problem(call("platform", "POST", "/v1/destinations/nowhere/pause", body(std::chrono::hours(1))), 404,
                 "api.unknown");
  EXPECT_TRUE(store_->steering().pauses().value().empty());
}

TEST_F(SteeringTest, OnlyThePlatformSteersDestinations) {
  for (const auto* who : {"operator", "transmitter", "reader"}) {
    for (const auto* verb : {"pause", "drain"})
      expect_problem(call(who, "POST", path(verb), body(std::chrono::hours(1))), 403, "access.denied");
    expect_problem(call(who, "POST", path("resume"), R"({"reason":"r"})"), 403, "access.denied");
    expect_problem(call(who, "GET", "/v1/overdue"), 403, "access.denied");
  }
}

TEST_F(SteeringTest, TheStarStandsForAll) {
  const auto drained = call("platform", "POST", "/v1/destinations/%2A/drain", body(std::chrono::hours(1)));
  ASSERT_EQ(drained.status, 200) << drained.body;
  EXPECT_EQ(json(drained).at("items").as_array().size(), settings_.destinations.size());
  EXPECT_TRUE(gate_->enter(name_).created_before());
}

TEST_F(SteeringTest, APriorityIsChangedBeforeTheSendOnly) {
  const auto id = deposited();
  const auto url = "/v1/flows/" + id.str() + "/priority";
  const auto done = call("operator", "POST", url, R"({"reason":"paie","priority":"high"})");
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(store_->find(id).value()->priority, flow::Priority::high);
  EXPECT_EQ(store_->events(id).value().back().code, "verb.priority");
  expect_problem(call("operator", "POST", url, R"({"reason":"paie","priority":"urgent"})"), 422, "api.field");
  expect_problem(call("operator", "POST", url, R"({"priority":"low"})"), 422, "verb.reason");
  expect_problem(call("reader", "POST", url, R"({"reason":"r","priority":"low"})"), 403, "access.denied");
  apply(id, {Trigger::cancel});
  expect_problem(call("operator", "POST", url, R"({"reason":"r","priority":"low"})"), 409, "verb.not_now");
}

TEST_F(SteeringTest, ErrorGroupsAreThoseOfTheCaller) {
  const auto id = deposited();
  store::Change change{.flow = id};
  change.steps.push_back({Trigger::refuse});
  Report report;
  report.add({"pes.p2", Severity::error, {}, "fr", "en"});
  change.findings = report;
  ASSERT_TRUE(store_->apply(std::move(change)));
  const auto mine = call("reader", "GET", "/v1/error-groups");
  ASSERT_EQ(mine.status, 200) << mine.body;
  expect_shape(json(mine), "ErrorGroupList");
  ASSERT_EQ(json(mine).at("items").as_array().size(), 1U);
  EXPECT_EQ(json(mine).at("items").at(0).at("sample").as_string(), id.str());
  const auto other = call("other", "GET", "/v1/error-groups");
  ASSERT_EQ(other.status, 200) << other.body;
  EXPECT_TRUE(json(other).at("items").as_array().empty());
  const auto found = call("reader", "GET", "/v1/flows?code=pes.p2&state=refused");
  EXPECT_EQ(json(found).at("items").as_array().size(), 1U);
  EXPECT_TRUE(json(call("reader", "GET", "/v1/flows?code=xsd.invalid")).at("items").as_array().empty());
}

TEST_F(SteeringTest, ListsWhatIsOverdue) {
  deposited();
  services_->deadlines = [] {
    config::Deadlines out;
    out.queued = std::chrono::milliseconds(1);
    return out;
  };
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  const auto counts = call("platform", "GET", "/v1/overdue");
  ASSERT_EQ(counts.status, 200) << counts.body;
  expect_shape(json(counts), "OverdueList");
  EXPECT_EQ(json(call("reader", "GET", "/v1/flows?overdue=true")).at("items").as_array().size(), 1U);
  EXPECT_TRUE(
      json(call("reader", "GET", "/v1/flows?overdue=true&state=sent")).at("items").as_array().empty());
  EXPECT_TRUE(json(call("reader", "GET", "/v1/flows?older_than=1h")).at("items").as_array().empty());
  EXPECT_EQ(json(call("reader", "GET", "/v1/flows?older_than=0s")).at("items").as_array().size(), 1U);
  for (const auto* wrong :
       {"older_than=5", "older_than=-1h", "older_than=h", "overdue=maybe", "older_than=99999999999999999d"})
    expect_problem(call("reader", "GET", std::string("/v1/flows?") + wrong), 400, "api.parameter");
}

}  // namespace
}  // namespace demat::api
