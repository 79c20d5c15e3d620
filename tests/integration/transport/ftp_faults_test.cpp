#include <gmock/gmock.h>

#include <filesystem>

#include "tests/support/rig/pki.hpp"
#include "transport_fixture.hpp"

namespace demat::transport {
namespace {

using config::PutMode;
using ::testing::HasSubstr;
using ::testing::Not;

class FtpFaults : public ModeTest {
 protected:
  [[nodiscard]] static bool has_site() { return GetParam() != LinkMode::ftp_simulator; }
};

TEST_P(FtpFaults, GivesTheParametersRightBeforeStor) {
  const HeliosSim helios = sim();
  const auto peer = make_peer(helios.destination());
  ASSERT_TRUE(put(*peer, "a.xml", "<x/>"));
  ASSERT_TRUE(put(*peer, "b.xml", "<x/>"));
  const std::string gateway = "SITE P_DEST MHPCE11\nSITE P_APPLI THELPES2\nSITE P_MSG PES#123#034000#12\n";
  const std::string meta = "SITE META P_DEST=MHPCE11;P_APPLI=THELPES2;P_MSG=PES#123#034000#12\n";
  const std::string site = GetParam() == LinkMode::gateway_ftp      ? gateway
                           : GetParam() == LinkMode::passtrans_ftps ? meta
                                                                    : "";
  EXPECT_THAT(helios.trace(), HasSubstr(site + "STOR a.xml\n"));
  EXPECT_THAT(helios.trace(), HasSubstr(site + "STOR b.xml\n")) << "on a kept connection too";
  ASSERT_TRUE(helios.wait_for_deposits(2));
  const std::map<std::string, std::string> wanted{
      {"P_DEST", "MHPCE11"}, {"P_APPLI", "THELPES2"}, {"P_MSG", "PES#123#034000#12"}};
  for (const auto& deposit : helios.deposits()) {
    EXPECT_EQ(deposit.parameters, has_site() ? wanted : decltype(wanted){});
  }
}

TEST_P(FtpFaults, NeverSendsStorWhenSiteIsNotAnsweredWith200) {
  if (!has_site()) GTEST_SKIP() << "this mode has no SITE commands";
  const HeliosSim helios = sim();
  for (const char* reply : {"550 refused", "202 superfluous", "214-help\r\n214 end", "450 later"}) {
    helios.misbehave({{"refuse_site", reply}});
    const auto peer = make_peer(helios.destination());
    Transcript transcript;
    const auto done = put(*peer, "a.xml", "<x/>", transcript);
    ASSERT_FALSE(done) << reply;
    EXPECT_EQ(done.error().error.code, "transport.refused");
    EXPECT_EQ(done.error().error.outlook, Outlook::waiting);
    EXPECT_THAT(done.error().error.detail, HasSubstr(std::string(reply).substr(0, 3)));
    EXPECT_EQ(done.error().delivery, Delivery::not_delivered);
    EXPECT_THAT(transcript.text(), HasSubstr(std::string(reply).substr(0, 3)));
  }
  EXPECT_THAT(helios.trace(), Not(HasSubstr("STOR")));
  EXPECT_TRUE(helios.ledger().empty());
  helios.misbehave({});
  EXPECT_TRUE(put(*make_peer(helios.destination()), "a.xml", "<x/>"));
}

TEST_P(FtpFaults, DeliversNothingWhenTheLinkDiesOrHangsDuringSite) {
  if (!has_site()) GTEST_SKIP() << "this mode has no SITE commands";
  const HeliosSim helios = sim();
  auto destination = helios.destination();
  destination.connect_timeout = std::chrono::milliseconds(1000);
  const std::map<std::string, std::string> wanted{{"drop_site", "transport.interrupted"},
                                                  {"hang_site", "transport.timeout"}};
  for (const auto& [fault, code] : wanted) {
    helios.misbehave({{fault, "1"}});
    const auto done = put(*make_peer(destination), "a.xml", "<x/>");
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().error.code, code);
    EXPECT_EQ(done.error().delivery, Delivery::not_delivered);
  }
  EXPECT_THAT(helios.trace(), Not(HasSubstr("STOR")));
}

TEST_P(FtpFaults, RefusesInjectedParameters) {
  if (!has_site()) GTEST_SKIP() << "this mode has no SITE commands";
  const HeliosSim helios = sim();
  const auto peer = make_peer(helios.destination());
  std::vector<Parameters> bad{
      {"A\r\nDELE a.xml", "B", "C"}, {"A", "B\n", "C"}, {"A", "B", "C\0D"}, {"", "B", "C"}};
  bad[2].p_msg = std::string("C\0D", 3);
  if (GetParam() == LinkMode::passtrans_ftps) bad.push_back({"A;P_MSG=X", "B", "C"});
  for (const Parameters& parameters : bad) {
    Transcript transcript;
    const auto done = put(*peer, "a.xml", "<x/>", transcript, parameters);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().error.code, "transport.bad_parameter");
    EXPECT_EQ(done.error().error.outlook, Outlook::waiting);
    EXPECT_EQ(done.error().delivery, Delivery::not_delivered);
  }
  EXPECT_FALSE(std::filesystem::exists(helios.folder() / "trace.log") && !helios.trace().empty());
}

TEST_P(FtpFaults, KnowsWhatARefusedStorMeans) {
  const HeliosSim helios = sim();
  const std::map<std::string, std::string> wanted{{"550 no", "transport.refused"},
                                                  {"552 full", "transport.full"},
                                                  {"452 full", "transport.full"},
                                                  {"425 no data connection", "transport.refused"}};
  for (const auto& [reply, code] : wanted) {
    helios.misbehave({{"stor_reply", reply}});
    const auto done = put(*make_peer(helios.destination()), "a.xml", "<x/>");
    ASSERT_FALSE(done) << reply;
    EXPECT_EQ(done.error().error.code, code) << done.error().error.detail;
    EXPECT_EQ(done.error().delivery, Delivery::not_delivered);
  }
}

TEST_P(FtpFaults, CallsACutDuringStorAmbiguousAndLookingTellsThePart) {
  const HeliosSim helios = sim();
  helios.misbehave({{"drop_stor_after", "100000"}});
  const auto peer = make_peer(helios.destination());
  const auto done = put(*peer, "coupe.xml", some_bytes(3'000'000));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().delivery, Delivery::ambiguous);
  EXPECT_EQ(done.error().error.outlook, Outlook::waiting);
  helios.misbehave({});
  EXPECT_EQ(peer->look("coupe.xml", 3'000'000).value(), Presence::partial_only);
}

TEST_P(FtpFaults, CallsACutUnderTheTemporaryNameNotDelivered) {
  const HeliosSim helios = sim();
  helios.misbehave({{"drop_stor_after", "100000"}});
  auto destination = helios.destination();
  destination.put = PutMode::temporary_then_rename;
  const auto peer = make_peer(destination);
  const auto done = put(*peer, "coupe.xml", some_bytes(3'000'000));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().delivery, Delivery::not_delivered);
  helios.misbehave({});
  EXPECT_EQ(peer->look("coupe.xml", 3'000'000).value(), Presence::partial_only);
  ASSERT_TRUE(put(*peer, "coupe.xml", some_bytes(3'000'000))) << "the same name again takes its place";
  ASSERT_TRUE(helios.wait_for_deposits(1));
  EXPECT_EQ(helios.bytes(helios.deposits().at(0)), some_bytes(3'000'000));
}

TEST_P(FtpFaults, CallsAMissingReplyAfterTheLastByteAmbiguous) {
  const HeliosSim helios = sim();
  helios.misbehave({{"drop_before_226", "1"}});
  const auto done = put(*make_peer(helios.destination()), "a.xml", some_bytes(50'000));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().delivery, Delivery::ambiguous);
  EXPECT_TRUE(helios.wait_for_deposits(1)) << "it did arrive: sending it again would double it";
}

TEST_P(FtpFaults, WaitsForALateReplyAsLongAsForATransfer) {
  const HeliosSim helios = sim();
  helios.misbehave({{"late_226", "3"}});
  auto destination = helios.destination();
  destination.connect_timeout = std::chrono::milliseconds(1000);
  destination.transfer_timeout = std::chrono::milliseconds(20'000);
  const auto peer = make_peer(destination);
  for (const char* name : {"a.xml", "b.xml"}) {  // on a new connection, then on the kept one
    const auto done = put(*peer, name, some_bytes(50'000));
    ASSERT_TRUE(done) << done.error().error.detail;
  }
  destination.transfer_timeout = std::chrono::milliseconds(1500);
  const auto never = put(*make_peer(destination), "c.xml", some_bytes(50'000));
  ASSERT_FALSE(never);
  EXPECT_EQ(never.error().error.code, "transport.timeout");
  EXPECT_EQ(never.error().delivery, Delivery::ambiguous);
}

TEST_P(FtpFaults, GivesNoFileTwiceWhenAFetchIsCutOnAKeptConnection) {
  const HeliosSim helios = sim();
  const std::string whole = some_bytes(2'000'000);
  rig::write_file(helios.sortie() / "retour.xml", whole);
  const auto peer = make_peer(helios.destination());
  ASSERT_TRUE(peer->list_returns());  // the connection is kept
  helios.misbehave({{"abort_retr_after", "300000"}});
  std::string got;
  const Status fetched = peer->fetch({"retour.xml", whole.size(), {}}, [&](std::string_view part) {
    got += part;
    return Status();
  });
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().outlook, Outlook::waiting);
  EXPECT_LT(got.size(), whole.size());
  EXPECT_EQ(got, whole.substr(0, got.size()));
  helios.misbehave({});
  EXPECT_EQ(fetch_all(*peer, {"retour.xml", whole.size(), {}}).value(), whole);
}

TEST_P(FtpFaults, CallsARefusedRenameNotDelivered) {
  const HeliosSim helios = sim();
  helios.misbehave({{"refuse_rnto", "1"}});
  auto destination = helios.destination();
  destination.put = PutMode::temporary_then_rename;
  const auto done = put(*make_peer(destination), "a.xml", "<x/>");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().error.code, "transport.refused");
  EXPECT_EQ(done.error().delivery, Delivery::not_delivered);
}

TEST_P(FtpFaults, GivesUpATransferThatTakesTooLong) {
  const HeliosSim helios = sim();
  helios.misbehave({{"slow", "200000"}});
  auto destination = helios.destination();
  destination.transfer_timeout = std::chrono::milliseconds(1500);
  const auto done = put(*make_peer(destination), "lent.xml", some_bytes(8'000'000));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().error.code, "transport.timeout");
  EXPECT_EQ(done.error().delivery, Delivery::ambiguous);
}

TEST_P(FtpFaults, SaysLoginWhenThePasswordIsWrong) {
  const HeliosSim helios = sim();
  auto destination = helios.destination();
  destination.password = config::Secret("wrong-password");
  Transcript transcript;
  const auto done = put(*make_peer(destination), "a.xml", "<x/>", transcript);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().error.code, "transport.login");
  EXPECT_EQ(done.error().delivery, Delivery::not_delivered);
  EXPECT_THAT(transcript.text(), HasSubstr("PASS ****"));
  EXPECT_THAT(transcript.text() + done.error().error.detail, Not(HasSubstr("wrong-password")));
}

TEST_P(FtpFaults, ListsOnServersThatKnowLess) {
  const HeliosSim helios = sim();
  rig::write_file(helios.sortie() / "un deux.xml", "12345");
  std::filesystem::create_directory(helios.sortie() / "archives");
  const std::vector<std::map<std::string, std::string>> servers{
      {{"no_mlsd", "1"}},
      {{"no_mlsd", "1"}, {"odd_list", "1"}},
      {{"no_mlsd", "1"}, {"odd_list", "1"}, {"nlst_with_path", "1"}}};
  for (const auto& faults : servers) {
    helios.misbehave(faults);
    const auto files = make_peer(helios.destination())->list_returns();
    ASSERT_TRUE(files) << files.error().detail;
    ASSERT_EQ(files->size(), 1U) << faults.size();
    EXPECT_EQ(files->at(0).name, "un deux.xml");
    EXPECT_EQ(files->at(0).size, 5U);
  }
}

TEST_P(FtpFaults, WorksInActiveModeExceptUnderTls) {
  const HeliosSim helios = sim();
  auto destination = helios.destination();
  destination.passive = false;
  const auto peer = make_peer(destination);
  const auto done = put(*peer, "a.xml", some_bytes(100'000));
  if (GetParam() == LinkMode::passtrans_ftps) {
    ASSERT_FALSE(done) << "libcurl would send the data in clear";
    EXPECT_EQ(done.error().error.code, "transport.bad_parameter");
    EXPECT_EQ(done.error().delivery, Delivery::not_delivered);
    return;
  }
  ASSERT_TRUE(done) << done.error().error.detail;
  EXPECT_TRUE(peer->list_returns());
  EXPECT_THAT(helios.trace(), HasSubstr("EPRT"));
}

TEST_P(FtpFaults, LeavesRemovalToTheStateExceptAtTheSimulator) {
  const HeliosSim helios = sim();
  rig::write_file(helios.sortie() / "a.xml", "1");
  const auto peer = make_peer(helios.destination());
  ASSERT_TRUE(fetch_all(*peer, {"a.xml", 1, {}}));
  ASSERT_TRUE(rig::wait_until([&] { return helios.records("fetched").size() == 1; }));
  const bool there = std::filesystem::exists(helios.sortie() / "a.xml");
  EXPECT_EQ(there, GetParam() == LinkMode::ftp_simulator);
  EXPECT_THAT(helios.trace(), Not(HasSubstr("DELE")));
}

INSTANTIATE_TEST_SUITE_P(Modes, FtpFaults, every_ftp_mode,
                         [](const auto& one) { return mode_label(one.param); });

class FtpsIdentity : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string missing = rig::missing_for(LinkMode::passtrans_ftps);
    if (!missing.empty()) GTEST_SKIP() << missing;
  }
};

TEST_F(FtpsIdentity, RefusesAnUnknownAuthority) {
  const HeliosSim helios = rig::start_ftp_sim(LinkMode::passtrans_ftps);
  const rig::TempFolder folder;
  auto destination = helios.destination();
  destination.ca = rig::Pki(folder.path(), "Other CA").ca();
  const auto done = put(*make_peer(destination), "a.xml", "<x/>");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().error.code, "transport.identity");
  EXPECT_EQ(done.error().delivery, Delivery::not_delivered);
  EXPECT_THAT(helios.trace(), Not(HasSubstr("PASS")));
}

TEST_F(FtpsIdentity, RefusesACertificateOfAnotherHost) {
  const rig::TempFolder folder;
  const rig::Pki pki(folder.path());
  const rig::Issued other = pki.issue("autre", rig::Usage::client);  // no name of this host in it
  rig::write_file(folder.path() / "server.pem",
                  rig::read_file(other.certificate) + rig::read_file(other.key));
  const HeliosSim helios = rig::start_ftp_sim(LinkMode::passtrans_ftps, {"--pki", folder.path()});
  const auto done = put(*make_peer(helios.destination()), "a.xml", "<x/>");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().error.code, "transport.identity") << done.error().error.detail;
}

TEST_F(FtpsIdentity, NeverSpeaksInClearToAServerWithoutTls) {
  const HeliosSim helios = rig::start_ftp_sim(LinkMode::gateway_ftp);
  const rig::TempFolder folder;
  auto destination = helios.destination();
  destination.mode = LinkMode::passtrans_ftps;
  destination.ca = rig::Pki(folder.path()).ca();
  const auto done = put(*make_peer(destination), "a.xml", "<x/>");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().error.code, "transport.identity");
  EXPECT_THAT(helios.trace(), Not(HasSubstr("PASS")));
}

TEST_F(FtpsIdentity, NeedsAnAuthority) {
  config::Destination destination;
  destination.name = "d";
  destination.mode = LinkMode::passtrans_ftps;
  destination.host = "127.0.0.1";
  EXPECT_EQ(make_peer(destination)->list_returns().error().code, "transport.identity");
}

TEST_F(FtpsIdentity, KeepsToTls12WhenAsked) {
  const HeliosSim helios = rig::start_ftp_sim(LinkMode::passtrans_ftps);
  auto destination = helios.destination();
  destination.max_tls = "1.2";
  const auto peer = make_peer(destination);
  for (int round = 0; round < 4; ++round) {
    const auto done = put(*peer, std::to_string(round) + ".xml", some_bytes(10'000));
    ASSERT_TRUE(done) << done.error().error.detail;
  }
  EXPECT_TRUE(helios.wait_for_deposits(4));
}

}  // namespace
}  // namespace demat::transport
