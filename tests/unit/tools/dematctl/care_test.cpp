#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_gateway.hpp"
#include "tools/dematctl/commands_care.hpp"

namespace demat::ctl {
namespace {

using ::testing::HasSubstr;

TEST(CareCommands, PurgeAsksUntilNothingIsLeftAndAddsUp) {
  FakeGateway gateway;
  const std::string line = R"({"what":"refused","authority":"123456782","bytes":10,"examples":[],"items":)";
  gateway.answers("POST /v1/purge", 200, R"({"dry_run":false,"more":true,"counts":[)" + line + "200}]}");
  gateway.answers("POST /v1/purge", 200, R"({"dry_run":false,"more":false,"counts":[)" + line + "7}]}");
  auto session = gateway.session();
  PurgeOptions options;
  options.reason = "tri";
  options.states = {"refused"};
  EXPECT_EQ(purge(session, options), Exit::ok);
  EXPECT_EQ(gateway.requests.size(), 2U);
  EXPECT_EQ(gateway.body_of(0).at("reason").as_string(), "tri");
  EXPECT_EQ(gateway.body_of(0).at("states").as_array().size(), 1U);
  EXPECT_FALSE(gateway.body_of(0).contains("older_than_days"));
  EXPECT_THAT(gateway.out.str(), HasSubstr("207"));
}

TEST(CareCommands, ADryRunAsksOnce) {
  FakeGateway gateway;
  gateway.answers("POST /v1/purge", 200, R"({"dry_run":true,"more":true,"counts":[]})");
  auto session = gateway.session();
  PurgeOptions options;
  options.dry_run = true;
  EXPECT_EQ(purge(session, options), Exit::ok);
  EXPECT_EQ(gateway.requests.size(), 1U);
  EXPECT_THAT(gateway.out.str(), HasSubstr("rien n'a été purgé"));
}

TEST(CareCommands, ABackupIsWaitedFor) {
  FakeGateway gateway;
  gateway.answers("POST /v1/backups", 202, R"({"name":"one","chore":{"kind":"backup","running":true}})");
  gateway.answers("GET /v1/backups", 200, R"({"items":[],"chore":{"kind":"backup","running":true}})");
  gateway.answers(
      "GET /v1/backups", 200,
      R"({"items":[{"name":"one","files":3,"bytes":9}],"chore":{"kind":"backup","running":false}})");
  auto session = gateway.session();
  EXPECT_EQ(backup(session, {.name = "one"}), Exit::ok);
  EXPECT_GT(gateway.slept.count(), 0);
  EXPECT_THAT(gateway.out.str(), HasSubstr("one"));
}

TEST(CareCommands, AFailedBackupSaysWhy) {
  FakeGateway gateway;
  gateway.answers("POST /v1/backups", 202, R"({"name":"one","chore":{"kind":"backup","running":true}})");
  gateway.answers(
      "GET /v1/backups", 200,
      R"({"items":[],"chore":{"kind":"backup","running":false,"code":"store.disk_full","fr":"Plein.","en":"Full."}})");
  auto session = gateway.session();
  EXPECT_EQ(backup(session, {}), Exit::refused);
  EXPECT_THAT(gateway.err.str(), HasSubstr("Plein."));
}

TEST(CareCommands, AnUnsoundStoreEndsWithAnError) {
  FakeGateway gateway;
  gateway.answers("POST /v1/store/verify", 202, R"({"chore":{"kind":"verify","running":true}})");
  gateway.answers(
      "GET /v1/store/verify", 200,
      R"({"chore":{"kind":"verify","running":false},"report":{"sound":false,"troubles":[{"code":"verify.blob_missing","detail":"abc"}]}})");
  auto session = gateway.session();
  EXPECT_EQ(verify_store(session, {.full = true}), Exit::refused);
  EXPECT_EQ(gateway.body_of(0).at("depth").as_string(), "full");
  EXPECT_THAT(gateway.out.str(), HasSubstr("verify.blob_missing"));
}

TEST(CareCommands, ListsAndExportsTakeTheirFilters) {
  FakeGateway gateway;
  gateway.answers("GET /v1/traces?from=2026-01-01&limit=50", 200,
                  R"({"items":[{"direction":"sent","name":"x"}]})");
  gateway.answers("GET /v1/traces?format=xml&to=2026-02-01", 200, "<traces/>");
  gateway.answers("GET /v1/journal?code=payload.purged&limit=50", 200, R"({"items":[{"sequence":7}]})");
  gateway.answers("GET /v1/journal/export?first=3", 200, "{}\n");
  auto session = gateway.session();
  EXPECT_EQ(traces_list(session, {.from = "2026-01-01"}), Exit::ok);
  EXPECT_EQ(traces_export(session, {.to = "2026-02-01", .format = "xml"}), Exit::ok);
  EXPECT_EQ(journal_search(session, {.code = "payload.purged"}), Exit::ok);
  EXPECT_EQ(journal_export(session, {.first = "3"}), Exit::ok);
  EXPECT_THAT(gateway.out.str(), HasSubstr("<traces/>"));
}

}  // namespace
}  // namespace demat::ctl
