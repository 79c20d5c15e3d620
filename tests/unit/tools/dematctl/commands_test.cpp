#include "tools/dematctl/commands.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>
#include <fstream>

#include "fake_gateway.hpp"
#include "tools/dematctl/certificate.hpp"
#include "tools/dematctl/commands_check.hpp"

namespace demat::ctl {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using testing::HasSubstr;
using testing::Not;

const std::string duplicate =
    R"({"code":"intake.duplicate","detail":"Ce flux existe déjà.","detail_en":"Exists.","status":409,"flow":"f-1"})";

class CommandsTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              ("dematctl-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  static std::string text_of_file(const fs::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  fs::path folder_;
  FakeGateway gateway_;
  FakeGateway scripted_{true};
};

TEST_F(CommandsTest, SubmitSendsTheFileAndSaysWhatBecameOfIt) {
  gateway_.answers("POST /v1/flows", 202, R"({"id":"f-1","state":"received"})");
  Session session = gateway_.session();
  EXPECT_EQ(submit(session, {{"dir/dépense 1.xml"}, ""}), Exit::ok);
  ASSERT_EQ(gateway_.requests.size(), 1U);
  EXPECT_EQ(gateway_.requests[0].upload, "dir/dépense 1.xml");
  EXPECT_THAT(gateway_.requests[0].headers, testing::Contains(std::pair<std::string, std::string>(
                                                "Demat-File-Name", "d%C3%A9pense%201.xml")));
  EXPECT_THAT(gateway_.out.str(), HasSubstr("f-1  received"));
  EXPECT_THAT(gateway_.out.str(), Not(HasSubstr("already here")));
}

TEST_F(CommandsTest, SubmitGoesOnAfterARefusalAndKeepsItsExit) {
  gateway_.answers("POST /v1/flows", 409, duplicate);
  gateway_.answers("POST /v1/flows", 200, R"({"id":"f-2","state":"sent"})");
  Session session = gateway_.session();
  EXPECT_EQ(submit(session, {{"a.xml", "b.xml"}, ""}), Exit::conflict);
  EXPECT_EQ(gateway_.requests.size(), 2U);
  EXPECT_THAT(gateway_.err.str(), HasSubstr("Ce flux existe déjà."));
  EXPECT_THAT(gateway_.err.str(), HasSubstr("intake.duplicate"));
  EXPECT_THAT(gateway_.err.str(), HasSubstr("f-1"));
  EXPECT_THAT(gateway_.out.str(), HasSubstr("déjà déposé"));
}

TEST_F(CommandsTest, SubmitStopsWithoutGateway) {
  gateway_.unreachable("POST /v1/flows");
  Session session = gateway_.session();
  EXPECT_EQ(submit(session, {{"a.xml", "b.xml"}, ""}), Exit::network);
  EXPECT_EQ(gateway_.requests.size(), 1U);
}

TEST_F(CommandsTest, JsonIsOneObjectPerLineAndErrorsGoBeside) {
  scripted_.answers("POST /v1/flows", 202, R"({"id":"f-1","state":"received"})");
  scripted_.answers("POST /v1/flows", 409, duplicate);
  Session session = scripted_.session();
  EXPECT_EQ(submit(session, {{"a.xml", "b.xml"}, ""}), Exit::conflict);
  const auto deposit = json::parse(scripted_.out.str()).as_object();
  EXPECT_EQ(deposit.at("file").as_string(), "a.xml");
  EXPECT_EQ(deposit.at("flow").at("id").as_string(), "f-1");
  const auto problem = json::parse(scripted_.err.str()).as_object();
  EXPECT_EQ(problem.at("code").as_string(), "intake.duplicate");
  EXPECT_EQ(problem.at("file").as_string(), "b.xml");
  EXPECT_EQ(problem.at("exit").as_int64(), 5);
}

TEST_F(CommandsTest, ListFollowsPagesUpToItsLimit) {
  gateway_.answers("GET /v1/flows?state=sent&state=ready&nomfic=A%26B&limit=3", 200,
                   R"({"items":[{"id":"1"},{"id":"2"}],"next":"c2"})");
  gateway_.answers("GET /v1/flows?state=sent&state=ready&nomfic=A%26B&limit=1&cursor=c2", 200,
                   R"({"items":[{"id":"3"}],"next":"c3"})");
  Session session = gateway_.session();
  EXPECT_EQ(list(session, {{"sent", "ready"}, "A&B", "", "", 3}), Exit::ok);
  EXPECT_EQ(gateway_.requests.size(), 2U);
  EXPECT_THAT(gateway_.out.str(), HasSubstr("\n3"));
}

TEST_F(CommandsTest, HistoryPutsEventsAndAttemptsTogether) {
  scripted_.answers(
      "GET /v1/flows/f-1/events", 200,
      R"({"items":[{"sequence":1,"at":"2026-03-01T12:00:00.000000Z","code":"flow.received"}]})");
  scripted_.answers("GET /v1/flows/f-1/attempts", 200, R"({"items":[{"number":1,"outcome":"sent"}]})");
  Session session = scripted_.session();
  EXPECT_EQ(history(session, "f-1", false), Exit::ok);
  EXPECT_THAT(scripted_.out.str(), HasSubstr(R"("kind":"event"})"));
  EXPECT_THAT(scripted_.out.str(), HasSubstr(R"("kind":"attempt"})"));
}

struct StatusCase {
  int status;
  Exit exit;
};
TEST_F(CommandsTest, StatusesBecomeExits) {
  for (const StatusCase c :
       {StatusCase{400, Exit::refused}, StatusCase{401, Exit::denied}, StatusCase{403, Exit::denied},
        StatusCase{404, Exit::not_found}, StatusCase{409, Exit::conflict}, StatusCase{413, Exit::refused},
        StatusCase{422, Exit::refused}, StatusCase{500, Exit::unavailable},
        StatusCase{503, Exit::unavailable}}) {
    FakeGateway gateway;
    gateway.answers("GET /v1/flows/x", c.status, "not json");
    Session session = gateway.session();
    EXPECT_EQ(get(session, "x"), c.exit) << c.status;
    EXPECT_THAT(gateway.err.str(), HasSubstr("http." + std::to_string(c.status)));
  }
}

TEST_F(CommandsTest, AnAnswerThatIsNoJsonIsNoSuccess) {
  gateway_.answers("GET /v1/whoami", 200, "<html>");
  Session session = gateway_.session();
  EXPECT_EQ(whoami(session), Exit::network);
  EXPECT_THAT(gateway_.err.str(), HasSubstr("ctl.answer"));
}

TEST_F(CommandsTest, WatchFollowsToTheEndAndBacksOff) {
  const std::string path = "GET /v1/flows/f-1";
  gateway_.answers(path, 200, R"({"id":"f-1","state":"received","updated_at":"1","nom_fic":"DEP"})");
  gateway_.answers(path, 200, R"({"id":"f-1","state":"received","updated_at":"1","nom_fic":"DEP"})");
  gateway_.unreachable(path);
  gateway_.answers(path, 200, R"({"id":"f-1","state":"acknowledged","updated_at":"2","nom_fic":"DEP"})");
  gateway_.answers(path + "/events", 200,
                   R"({"items":[{"sequence":1,"at":"2026-03-01T12:00:00.1Z","code":"flow.received",
                       "from":"received","to":"received"}]})");
  gateway_.answers(path + "/events", 200,
                   R"({"items":[{"sequence":1,"at":"2026-03-01T12:00:00.1Z","code":"flow.received",
                       "from":"received","to":"received"},
                      {"sequence":2,"at":"2026-03-01T12:00:09.1Z","code":"flow.acknowledged",
                       "from":"sent","to":"acknowledged"}]})");
  Session session = gateway_.session();
  EXPECT_EQ(watch(session, {{"f-1"}, {}}), Exit::ok);
  const std::string shown = gateway_.out.str();
  EXPECT_THAT(shown, HasSubstr("sent → acknowledged"));
  EXPECT_EQ(shown.find("flow.received"), shown.rfind("flow.received")) << "each event once";
  EXPECT_EQ(gateway_.slept, std::chrono::milliseconds(200 + 300 + 450));
}

TEST_F(CommandsTest, WatchEndsBadlyWhenTheFlowDoes) {
  gateway_.answers("GET /v1/flows/f-1", 200, R"({"id":"f-1","state":"rejected","updated_at":"1"})");
  gateway_.answers("GET /v1/flows/f-1/events", 200, R"({"items":[]})");
  Session session = gateway_.session();
  EXPECT_EQ(watch(session, {{"f-1"}, {}}), Exit::refused);
}

TEST_F(CommandsTest, WatchGivesUpInTime) {
  gateway_.answers("GET /v1/flows/f-1", 200, R"({"id":"f-1","state":"sent","updated_at":"1"})");
  gateway_.answers("GET /v1/flows/f-1/events", 200, R"({"items":[]})");
  Session session = gateway_.session();
  EXPECT_EQ(watch(session, {{"f-1"}, std::chrono::seconds(30)}), Exit::unavailable);
  EXPECT_THAT(gateway_.err.str(), HasSubstr("ctl.watch_timeout"));
}

TEST_F(CommandsTest, WatchDoesNotWaitForWhatIsNotThere) {
  Session session = gateway_.session();
  EXPECT_EQ(watch(session, {{"f-9"}, {}}), Exit::not_found);
  EXPECT_EQ(gateway_.slept.count(), 0);
}

const std::string documents =
    R"({"items":[{"number":1,"role":"original","sha256":"x"},
       {"number":3,"role":"acquit","sha256":"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"},
       {"number":2,"role":"acquit","sha256":"y"}]})";

TEST_F(CommandsTest, FetchTakesTheLastAcquitWhole) {
  gateway_.answers("GET /v1/flows/f-1/documents", 200, documents);
  gateway_.answers("GET /v1/flows/f-1/documents/3", 200, "hello");
  Session session = gateway_.session();
  FetchOptions options;
  options.id = "f-1";
  options.acquit = true;
  options.output = folder_ / "acquit.xml";
  EXPECT_EQ(fetch(session, options), Exit::ok);
  EXPECT_EQ(text_of_file(folder_ / "acquit.xml"), "hello");
}

TEST_F(CommandsTest, FetchKeepsNoDamagedFile) {
  gateway_.answers("GET /v1/flows/f-1/documents", 200, documents);
  gateway_.answers("GET /v1/flows/f-1/documents/3", 200, "hellO");
  Session session = gateway_.session();
  FetchOptions options;
  options.id = "f-1";
  options.document = 3;
  options.output = folder_ / "acquit.xml";
  EXPECT_EQ(fetch(session, options), Exit::network);
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(CommandsTest, FetchWritesPayloadsToStandardOutputAsTheyAre) {
  gateway_.answers("GET /v1/flows/f-1/payload", 200, "\xE9\x01");
  Session session = gateway_.session();
  FetchOptions options;
  options.id = "f-1";
  EXPECT_EQ(fetch(session, options), Exit::ok);
  EXPECT_EQ(gateway_.out.str(), "\xE9\x01");
}

TEST_F(CommandsTest, FetchSaysWhenNoAcquitHasCome) {
  gateway_.answers("GET /v1/flows/f-1/documents", 200, R"({"items":[{"number":1,"role":"original"}]})");
  Session session = gateway_.session();
  FetchOptions options;
  options.id = "f-1";
  options.acquit = true;
  EXPECT_EQ(fetch(session, options), Exit::not_found);
}

TEST_F(CommandsTest, VerbsCarryTheirReason) {
  gateway_.answers("POST /v1/flows/f-1/resolve", 200, R"({"id":"f-1","state":"sent"})");
  Session session = gateway_.session();
  EXPECT_EQ(apply_verb(session, {"resolve", {"f-1"}, "vu au guichet", "sent", false}), Exit::ok);
  EXPECT_EQ(gateway_.body_of(0).at("reason").as_string(), "vu au guichet");
  EXPECT_EQ(gateway_.body_of(0).at("outcome").as_string(), "sent");
  EXPECT_FALSE(gateway_.body_of(0).contains("accept_duplicate"));
}

TEST_F(CommandsTest, AuthorityAddChecksNumbersAndExistence) {
  Session session = gateway_.session();
  EXPECT_EQ(authority_add(session, {"123456789", "X", {}, -1}), Exit::usage);
  EXPECT_EQ(authority_add(session, {"123456782", "X", {"12345678200000"}, -1}), Exit::usage);
  EXPECT_TRUE(gateway_.requests.empty());
  gateway_.answers("PUT /v1/authorities/123456782", 200, R"({"siren":"123456782","name":"Valjoie"})");
  EXPECT_EQ(authority_add(session, {"123456782", "Valjoie", {}, -1}), Exit::ok);
  gateway_.answers("GET /v1/authorities/123456782", 200, R"({"siren":"123456782","name":"Valjoie"})");
  EXPECT_EQ(authority_add(session, {"123456782", "Valjoie", {}, -1}), Exit::conflict);
}

TEST_F(CommandsTest, AuthoritySetKeepsWhatIsNotNamed) {
  gateway_.answers("GET /v1/authorities/123456782", 200,
                   R"({"siren":"123456782","name":"Valjoie","sirets":["12345678200010"],"active":false})");
  gateway_.answers("PUT /v1/authorities/123456782", 200, R"({"siren":"123456782","name":"Val-Joie"})");
  Session session = gateway_.session();
  EXPECT_EQ(authority_set(session, {"123456782", "Val-Joie", {}, -1}), Exit::ok);
  EXPECT_EQ(json::serialize(gateway_.body_of(1)),
            R"({"name":"Val-Joie","sirets":["12345678200010"],"active":false})");
}

TEST_F(CommandsTest, IdentityGrantAddsToWhatIsThere) {
  const std::string print(64, 'a');
  gateway_.answers(
      "GET /v1/identities", 200,
      R"({"items":[{"sha256":")" + print +
          R"(","name":"Agent","active":true,"grants":[{"authority":"123456782","role":"reader"}]}]})");
  gateway_.answers("PUT /v1/identities/" + print, 200, R"({"name":"Agent"})");
  Session session = gateway_.session();
  EXPECT_EQ(identity_grant(session, {print, "", {"123456782:reader", "123456782:operator"}, false}),
            Exit::ok);
  EXPECT_EQ(gateway_.body_of(1).at("grants").as_array().size(), 2U);
  EXPECT_EQ(identity_grant(session, {print, "", {"operator"}, false}), Exit::usage);
  EXPECT_EQ(identity_add(session, {print, "Agent", {}, false}), Exit::conflict);
  EXPECT_EQ(identity_disable(session, std::string(64, 'b'), false), Exit::not_found);
}

TEST_F(CommandsTest, JournalAndProbeTellBadNewsByTheirExit) {
  gateway_.answers("GET /v1/journal/verify", 200, R"({"intact":false,"events":9,"first_bad":4})");
  gateway_.answers(
      "POST /v1/destinations/helios/probe", 200,
      R"({"destination":"helios","ok":false,"code":"transport.login","fr":"Refus.","en":"Denied.",
                       "transcript":"220 hi\n530 no"})");
  Session session = gateway_.session();
  EXPECT_EQ(journal_verify(session), Exit::refused);
  EXPECT_EQ(probe(session, "helios"), Exit::unavailable);
  EXPECT_THAT(gateway_.out.str(), HasSubstr("530 no"));
}

TEST_F(CommandsTest, NothingFromOutsideDrivesTheTerminal) {
  gateway_.answers("GET /v1/flows/f-1", 200, R"({"nom_fic":"\u001b[2J"})");
  gateway_.answers("GET /v1/flows/f-1/report", 200,
                   R"({"state":"rejected","findings":[],"answer":[{"fr":"\u001b]0;x\u0007"}]})");
  Session session = gateway_.session();
  EXPECT_EQ(report(session, "f-1", {}), Exit::ok);
  EXPECT_THAT(gateway_.out.str(), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace demat::ctl
