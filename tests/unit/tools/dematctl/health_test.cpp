#include "tools/dematctl/health.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_gateway.hpp"

namespace demat::ctl {
namespace {

using testing::HasSubstr;

const std::string question = "GET /healthz?verbose=1";
const std::string well =
    R"({"status":"ok","alarms":0,"parts":[{"name":"store","state":"ok","last_success":"2026-03-01T12:00:00.000000Z"}]})";
const std::string degraded =
    R"({"status":"degraded","alarms":2,"parts":[{"name":"store","state":"ok"},
        {"name":"destination/helios/send","state":"degraded","code":"transport.timeout"}]})";
const std::string failed =
    R"({"status":"failed","alarms":1,"parts":[{"name":"disk","state":"failed","code":"store.disk_low","detail":"a|b"}]})";
const std::string denied = R"({"code":"access.denied","detail":"Non.","detail_en":"No.","status":403})";

struct Told {
  const char* name;
  int status;
  std::string body;
  Watch watch;
  std::string line;
};
void PrintTo(const Told& told, std::ostream* out) {
  *out << told.name;
}
class HealthTest : public testing::TestWithParam<Told> {};

TEST_P(HealthTest, AMonitorGetsOneLineAndItsExit) {
  FakeGateway gateway;
  gateway.answers(question, GetParam().status, GetParam().body);
  auto session = gateway.session();
  EXPECT_EQ(static_cast<int>(health(session, true)), static_cast<int>(GetParam().watch));
  EXPECT_EQ(gateway.out.str(), GetParam().line);
  EXPECT_EQ(gateway.err.str(), "");
}

TEST_P(HealthTest, APersonGetsTheSameExit) {
  FakeGateway gateway;
  gateway.answers(question, GetParam().status, GetParam().body);
  auto session = gateway.session();
  EXPECT_EQ(static_cast<int>(health(session, false)), static_cast<int>(GetParam().watch));
}

INSTANTIATE_TEST_SUITE_P(
    Cases, HealthTest,
    testing::Values(Told{"Well", 200, well, Watch::ok, "OK - everything works | alarms=0\n"},
                    Told{"Degraded", 200, degraded, Watch::warning,
                         "WARNING - destination/helios/send transport.timeout | alarms=2\n"},
                    Told{"Failed", 503, failed, Watch::critical,
                         "CRITICAL - disk store.disk_low | alarms=1\n"},
                    Told{"Denied", 403, denied, Watch::unknown, "UNKNOWN - No.\n"},
                    Told{"Busy", 503, R"({"code":"http.busy","detail_en":"Busy.","status":503})",
                         Watch::critical, "CRITICAL - Busy.\n"}));

TEST(Health, NobodyThereIsCritical) {
  FakeGateway gateway;
  gateway.unreachable(question);
  auto session = gateway.session();
  EXPECT_EQ(static_cast<int>(health(session, true)), 2);
  EXPECT_EQ(gateway.out.str(), "CRITICAL - Unreachable.\n");
}

TEST(Health, APersonSeesEachPartAndWhenItLastWentWell) {
  FakeGateway gateway;
  gateway.answers(question, 200, well);
  auto session = gateway.session();
  static_cast<void>(health(session, false));
  EXPECT_THAT(gateway.out.str(), HasSubstr("store"));
  EXPECT_THAT(gateway.out.str(), HasSubstr("2026-03-01 12:00:00Z"));
}

TEST(Alarms, AreListedOrSaidToBeNone) {
  FakeGateway gateway;
  gateway.answers("GET /v1/alarms", 200, R"({"items":[]})");
  gateway.answers("GET /v1/alarms", 200,
                  R"({"items":[{"code":"send.uncertain","subject":"f1","since":"x","last":"y","count":3}]})");
  auto session = gateway.session();
  EXPECT_EQ(alarms(session), Exit::ok);
  EXPECT_THAT(gateway.out.str(), HasSubstr("Aucune alarme."));
  EXPECT_EQ(alarms(session), Exit::ok);
  EXPECT_THAT(gateway.out.str(), HasSubstr("send.uncertain"));
}

}  // namespace
}  // namespace demat::ctl
