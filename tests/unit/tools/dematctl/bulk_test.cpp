#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_gateway.hpp"
#include "tools/dematctl/commands_steering.hpp"

namespace demat::ctl {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

const std::string listing = "GET /v1/flows?state=refused&code=pes.p2&limit=500";

class BulkTest : public testing::Test {
 protected:
  BulkTest() {
    options_.verb = "replay";
    options_.reason = "rule corrected";
    options_.bulk.filter = "state=refused,code=pes.p2";
    for (FakeGateway* gateway : {&gateway_, &scripted_})
      gateway->answers(listing, 200, R"({"items":[{"id":"c"},{"id":"b"},{"id":"a"}]})");
  }
  /// The flows that a verb was called on, in order.
  static std::vector<std::string> called(const FakeGateway& gateway) {
    std::vector<std::string> out;
    for (const auto& request : gateway.requests)
      if (request.method == "POST") out.push_back(request.path);
    return out;
  }

  FakeGateway gateway_;
  FakeGateway scripted_{true};
  VerbOptions options_;
};

TEST_F(BulkTest, TakesTheOldestFirstAndKeepsThePace) {
  for (const auto* id : {"a", "b", "c"})
    gateway_.answers(std::string("POST /v1/flows/") + id + "/replay", 201,
                     std::string(R"({"id":"new-)") + id + R"(","state":"received"})");
  options_.bulk.limit = 2;
  options_.bulk.rate = "5/s";
  Session session = gateway_.session();
  EXPECT_EQ(apply_verb(session, options_), Exit::ok);
  EXPECT_THAT(called(gateway_), testing::ElementsAre("/v1/flows/a/replay", "/v1/flows/b/replay"));
  EXPECT_EQ(gateway_.body_of(1).at("reason").as_string(), "rule corrected");
  EXPECT_EQ(gateway_.slept, milliseconds(200));
  EXPECT_THAT(gateway_.out.str(), HasSubstr("a → new-a"));
  EXPECT_THAT(gateway_.out.str(), HasSubstr("2 flows, 2 done, 0 skipped, 0 failed."));
}

TEST_F(BulkTest, ADryRunChangesNothing) {
  options_.bulk.dry_run = true;
  Session session = scripted_.session();
  EXPECT_EQ(apply_verb(session, options_), Exit::ok);
  EXPECT_TRUE(called(scripted_).empty());
  EXPECT_THAT(scripted_.out.str(), HasSubstr(R"("id":"a","verb":"replay","result":"would")"));
  EXPECT_THAT(scripted_.out.str(), HasSubstr(R"("dry_run":true,"found":3,"done":0)"));
}

TEST_F(BulkTest, ASecondRunSkipsWhatIsDoneAndTellsWhatFailed) {
  scripted_.answers("POST /v1/flows/a/replay", 409, R"({"code":"store.duplicate","status":409})");
  scripted_.answers("POST /v1/flows/b/replay", 503, R"({"code":"store.busy","status":503})");
  scripted_.answers("POST /v1/flows/c/replay", 201, R"({"id":"new-c","state":"received"})");
  Session session = scripted_.session();
  EXPECT_EQ(apply_verb(session, options_), Exit::unavailable);
  EXPECT_THAT(scripted_.out.str(), HasSubstr(R"("id":"a","verb":"replay","result":"skipped")"));
  EXPECT_THAT(scripted_.out.str(), HasSubstr(R"("id":"b","verb":"replay","result":"failed")"));
  EXPECT_THAT(scripted_.out.str(), HasSubstr(R"("found":3,"done":1,"skipped":1,"failed":1)"));
}

TEST_F(BulkTest, StopsWhereTheRightIsMissing) {
  gateway_.answers("POST /v1/flows/a/replay", 403, R"({"code":"access.denied","status":403})");
  Session session = gateway_.session();
  EXPECT_EQ(apply_verb(session, options_), Exit::denied);
  EXPECT_EQ(called(gateway_).size(), 1U);
}

TEST_F(BulkTest, WrongFiltersAndPacesAskNothing) {
  for (const auto* filter : {"state", "status=refused", "state=", ",", "code=a,,"}) {
    options_.bulk.filter = filter;
    Session session = gateway_.session();
    EXPECT_EQ(apply_verb(session, options_), Exit::usage) << filter;
  }
  options_.bulk.filter = "state=refused";
  for (const auto* rate : {"5", "0/s", "-1/s", "5/day", "s"}) {
    options_.bulk.rate = rate;
    Session session = gateway_.session();
    EXPECT_EQ(apply_verb(session, options_), Exit::usage) << rate;
  }
  options_.bulk = {};
  Session session = gateway_.session();
  EXPECT_EQ(apply_verb(session, options_), Exit::usage);
  EXPECT_TRUE(gateway_.requests.empty());
}

TEST_F(BulkTest, ReadsFiltersAndPaces) {
  EXPECT_EQ(query_of_filter("state=refused|rejected,since=2026-03-01,older_than=2h").value().str(),
            "?state=refused&state=rejected&from=2026-03-01&older_than=2h");
  EXPECT_EQ(pace_of("100/min").value(), milliseconds(600));
  EXPECT_EQ(pace_of("20/h").value(), milliseconds(180'000));
  EXPECT_EQ(pace_of("").value(), milliseconds(0));
}

TEST_F(BulkTest, ShowsQueuesAndSteersThem) {
  const std::string state =
      R"({"items":[{"name":"helios","ready":3,"sending":0,"drained":true,"breaker":{"state":"closed"},)"
      R"("pauses":[{"kind":"draining","until":"2026-03-01T18:00:00.000000Z"}],)"
      R"("window":{"defined":true,"open":false,"changes_at":"2026-03-02T07:00:00.000000Z"},)"
      R"("obstacle":{"code":"window.closed","until":"2026-03-02T07:00:00.000000Z"}}]})";
  gateway_.answers("GET /v1/destinations", 200, state);
  gateway_.answers("POST /v1/destinations/%2A/drain", 200, state);
  Session session = gateway_.session();
  EXPECT_EQ(queue_list(session), Exit::ok);
  EXPECT_THAT(gateway_.out.str(), HasSubstr("draining → 2026-03-01 18:00:00Z"));
  EXPECT_THAT(gateway_.out.str(), HasSubstr("window.closed → 2026-03-02 07:00:00Z"));
  EXPECT_EQ(queue_steer(session, {"*", "drain", "maintenance", "", "4h"}), Exit::ok);
  EXPECT_FALSE(gateway_.body_of(1).at("until").as_string().empty());
  EXPECT_EQ(queue_steer(session, {"*", "pause", "maintenance", "", "soon"}), Exit::usage);
  EXPECT_EQ(windows_list(session), Exit::ok);
  EXPECT_THAT(gateway_.out.str(), HasSubstr("non / no"));
}

}  // namespace
}  // namespace demat::ctl
