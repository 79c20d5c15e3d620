#include "gateway/store/care.hpp"

#include <thread>

#include "protocols/base/digest.hpp"
#include "tests/unit/gateway/api/rig/api_fixture.hpp"

// Traces, purge, journal, backups and verification through the API: who may, and what it says.

namespace demat::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class CareApiTest : public ApiTest {
 protected:
  boost::json::value ended(const std::string& path) {
    for (;;) {
      auto answer = json(call("platform", "GET", path));
      if (!answer.at("chore").at("running").as_bool()) return answer;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
};

TEST_F(CareApiTest, TheRegisterOfAnAuthorityIsItsOwn) {
  const auto id = deposited();
  const auto bytes = sample("EXEMPLE-0001");
  const auto page = call("platform", "GET", "/v1/traces");
  ASSERT_EQ(page.status, 200) << page.body;
  expect_shape(json(page), "TracePage");
  const auto trace = json(page).at("items").at(0);
  expect_shape(trace, "Trace");
  EXPECT_EQ(trace.at("sha1").as_string(), sha1(bytes).str());
  EXPECT_EQ(trace.at("size").to_number<std::size_t>(), bytes.size());
  EXPECT_EQ(trace.at("subject").as_string(), id.str());
  EXPECT_EQ(json(call("auditor", "GET", "/v1/traces")).at("items").as_array().size(), 1U);
  EXPECT_EQ(json(call("platform", "GET", "/v1/traces?authority=" + siren_b_)).at("items").as_array().size(),
            0U);
  expect_problem(call("auditor", "GET", "/v1/traces?authority=" + siren_b_), 403, "access.denied");
  expect_problem(call("reader", "GET", "/v1/traces"), 403, "access.denied");
  const auto csv = call("auditor", "GET", "/v1/traces?format=csv");
  EXPECT_THAT(csv.body, StartsWith("\xEF\xBB\xBF"
                                   "direction,"));
  EXPECT_THAT(csv.body, HasSubstr(sha1(bytes).str()));
  EXPECT_THAT(call("platform", "GET", "/v1/traces?format=xml").body, HasSubstr("<traces "));
  expect_problem(call("platform", "GET", "/v1/traces?format=pdf"), 400, "api.parameter");
  expect_problem(call("platform", "GET", "/v1/traces?from=soon"), 400, "api.parameter");
}

TEST_F(CareApiTest, APurgeIsToldBeforeAndNeedsAReason) {
  deposited();
  const auto dry = call("platform", "POST", "/v1/purge", R"({"dry_run":true})");
  ASSERT_EQ(dry.status, 200) << dry.body;
  expect_shape(json(dry), "PurgeReport");
  expect_problem(call("platform", "POST", "/v1/purge", R"({"older_than_days":1})"), 422, "api.field");
  for (const auto* body :
       {R"({"reason":"x","states":["sent"]})", R"({"reason":"x","states":["ready"]})",
        R"({"reason":"x","older_than_days":0})", R"({"reason":"x","older_than_days":"1"})"})
    expect_problem(call("platform", "POST", "/v1/purge", body), 422, "api.field");
  const auto done = call("platform", "POST", "/v1/purge", R"({"reason":"tri","older_than_days":1})");
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(json(done).at("counts").as_array().size(), 0U);
  expect_problem(call("operator", "POST", "/v1/purge", R"({"reason":"tri"})"), 403, "access.denied");
}

TEST_F(CareApiTest, PurgedBytesAreGoneWithAReason) {
  const auto id = deposited();
  apply(id, {flow::Trigger::refuse});
  store::PurgePlan plan;
  plan.failed_before = clock_.now() + std::chrono::hours(1);
  plan.reason = "essai";
  ASSERT_TRUE(store_->care().purge(plan, clock_.now(), 10));
  const auto gone = call("transmitter", "GET", "/v1/flows/" + id.str() + "/payload");
  expect_problem(gone, 410, "payload.purged");
  EXPECT_THAT(gone.body, HasSubstr("essai"));
}

TEST_F(CareApiTest, TheJournalIsForThePlatform) {
  const auto id = deposited();
  const auto page = call("platform", "GET", "/v1/journal?flow=" + id.str());
  ASSERT_EQ(page.status, 200) << page.body;
  expect_shape(json(page).at("items").at(0), "JournalLine");
  EXPECT_EQ(call("platform", "GET", "/v1/journal?code=flow.received&limit=1").status, 200);
  const auto text = call("platform", "GET", "/v1/journal/export?first=1");
  EXPECT_THAT(text.body, HasSubstr("\"head\":"));
  const auto anchor = call("platform", "POST", "/v1/journal/anchors", "{}");
  ASSERT_EQ(anchor.status, 200) << anchor.body;
  expect_shape(json(anchor), "Anchor");
  EXPECT_EQ(call("platform", "GET", "/v1/journal/anchors").status, 200);
  expect_problem(call("auditor", "GET", "/v1/journal"), 403, "access.denied");
  expect_problem(call("platform", "GET", "/v1/journal?first=x"), 400, "api.parameter");
  expect_problem(call("platform", "GET", "/v1/journal?cursor=x"), 400, "store.bad_cursor");
}

TEST_F(CareApiTest, BacksUpBelowTheConfiguredFolderOnly) {
  deposited();
  expect_problem(call("platform", "POST", "/v1/backups", "{}"), 409, "backup.not_configured");
  services_->backup_folder = [this] { return std::filesystem::path(folder_.path()) / "backups"; };
  for (const auto* name : {"../x", ".x", "", "a/b"})
    expect_problem(call("platform", "POST", "/v1/backups", std::string(R"({"name":")") + name + R"("})"), 422,
                   "api.field");
  const auto begun = call("platform", "POST", "/v1/backups", R"({"name":"one"})");
  ASSERT_EQ(begun.status, 202) << begun.body;
  expect_shape(json(begun), "BackupStarted");
  const auto list = ended("/v1/backups");
  expect_shape(list, "BackupList");
  ASSERT_EQ(list.at("items").as_array().size(), 1U) << list;
  expect_shape(list.at("items").at(0), "Backup");
  EXPECT_TRUE(std::filesystem::exists(std::filesystem::path(folder_.path()) / "backups/one/manifest.txt"));
  expect_problem(call("operator", "POST", "/v1/backups", "{}"), 403, "access.denied");
}

TEST_F(CareApiTest, VerifiesTheStore) {
  deposited();
  const auto begun = call("platform", "POST", "/v1/store/verify", R"({"depth":"full"})");
  ASSERT_EQ(begun.status, 202) << begun.body;
  const auto status = ended("/v1/store/verify");
  expect_shape(status, "VerifyStatus");
  EXPECT_TRUE(status.at("report").at("sound").as_bool()) << status;
  expect_problem(call("platform", "POST", "/v1/store/verify", R"({"depth":"deep"})"), 422, "api.field");
}

TEST_F(CareApiTest, ALowDiskMakesDepositsWaitAndNothingElse) {
  services_->guards = [] {
    config::Guards guards;
    guards.min_free_disk = std::size_t{1} << 62U;
    return guards;
  };
  const auto refused = deposit("transmitter", sample("EXEMPLE-0001"));
  expect_problem(refused, 503, "store.disk_low");
  EXPECT_EQ(refused.headers.count("retry-after"), 1U);
  EXPECT_EQ(call("platform", "GET", "/v1/flows").status, 200);
}

}  // namespace
}  // namespace demat::api
