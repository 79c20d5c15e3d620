#include <gmock/gmock.h>
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "transport_fixture.hpp"

namespace demat::transport {
namespace {

using config::PutMode;
using ::testing::HasSubstr;
using ::testing::Not;

class SftpFaults : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string missing = rig::missing_for(LinkMode::passtrans_sftp);
    if (!missing.empty()) GTEST_SKIP() << missing;
  }

  static void keygen(const std::filesystem::path& path, const char* type, const char* phrase) {
    const int code = rig::run({"/usr/bin/ssh-keygen", "-q", "-t", type, "-N", phrase, "-f", path},
                              path.parent_path() / "keygen.log");
    if (code != 0) throw std::runtime_error("ssh-keygen failed");
  }

  static void allow(const HeliosSim& helios, const std::filesystem::path& key) {
    std::ofstream(helios.folder() / "ssh" / "authorized_keys", std::ios::app)
        << rig::read_file(key.string() + ".pub");
  }

  /// The sshd processes that serve a session, by the pid file of the listening one.
  static std::vector<pid_t> sessions(const HeliosSim& helios) {
    const std::string listener = std::to_string(std::stoi(rig::read_file(helios.folder() / "ssh" / "pid")));
    std::vector<pid_t> found;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      std::ifstream stat(entry.path() / "stat");
      std::string pid, name, state, parent;
      if (stat >> pid >> name >> state >> parent && parent == listener) found.push_back(std::stoi(pid));
    }
    return found;
  }
};

TEST_F(SftpFaults, SyncsAtThePeerBeforeClosing) {
  const HeliosSim helios = rig::start_sftp_sim();
  Transcript transcript;
  ASSERT_TRUE(put(*make_peer(helios.destination()), "A%%B%%C%%d.xml", "<x/>", transcript));
  EXPECT_THAT(transcript.text(), HasSubstr("= wrote 4 bytes\n= fsync\n= close\n"));
  ASSERT_TRUE(helios.wait_for_deposits(1));
  EXPECT_EQ(helios.deposits().at(0).parameters.at("P_DEST"), "A");
}

TEST_F(SftpFaults, LogsInWithRsaAndWithAPassphrase) {
  const HeliosSim helios = rig::start_sftp_sim();
  const rig::TempFolder folder;
  auto destination = helios.destination();
  destination.key = folder.path() / "rsa";
  destination.key_passphrase = config::Secret("phrase secrete");
  keygen(destination.key, "rsa", "phrase secrete");
  allow(helios, destination.key);
  const auto done = put(*make_peer(destination), "a.xml", "<x/>");
  ASSERT_TRUE(done) << done.error().error.detail;
  destination.key_passphrase = config::Secret("autre");
  const auto wrong = put(*make_peer(destination), "b.xml", "<x/>");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().error.code, "transport.login");
}

TEST_F(SftpFaults, SaysLoginForAKeyThatIsNotAllowed) {
  const HeliosSim helios = rig::start_sftp_sim();
  const rig::TempFolder folder;
  auto destination = helios.destination();
  destination.key = folder.path() / "other";
  keygen(destination.key, "ed25519", "");
  Transcript transcript;
  const auto done = put(*make_peer(destination), "a.xml", "<x/>", transcript);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().error.code, "transport.login");
  EXPECT_EQ(done.error().delivery, Delivery::not_delivered);
  EXPECT_THAT(transcript.text(), HasSubstr("transport.login"));
}

TEST_F(SftpFaults, RefusesAChangedUnknownOrMissingHostKey) {
  const HeliosSim helios = rig::start_sftp_sim();
  const rig::TempFolder folder;
  keygen(folder.path() / "other", "ed25519", "");
  const std::string host = "[127.0.0.1]:" + std::to_string(helios.port()) + " ";
  rig::write_file(folder.path() / "changed", host + rig::read_file(folder.path() / "other.pub"));
  rig::write_file(folder.path() / "empty", "");
  for (const char* name : {"changed", "empty", "missing"}) {
    auto destination = helios.destination();
    destination.known_hosts = folder.path() / name;
    const auto done = put(*make_peer(destination), "a.xml", "<x/>");
    ASSERT_FALSE(done) << name;
    EXPECT_EQ(done.error().error.code, "transport.identity") << name;
    EXPECT_EQ(done.error().delivery, Delivery::not_delivered);
  }
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "missing")) << "a key is never learnt";
  auto none = helios.destination();
  none.known_hosts.clear();
  EXPECT_EQ(make_peer(none)->list_returns().error().code, "transport.identity");
}

TEST_F(SftpFaults, TellsWhatACutInMidWriteLeaves) {
  for (const PutMode mode : {PutMode::direct, PutMode::temporary_then_rename}) {
    const HeliosSim helios = rig::start_sftp_sim();
    auto destination = helios.destination();
    destination.put = mode;
    const auto peer = make_peer(destination);
    const HookedSource source(3'000'000, [&] {
      for (const pid_t pid : sessions(helios))
        ::kill(pid, SIGKILL);
    });
    Transcript transcript;
    const auto done = peer->put(PutRequest{"coupe.xml", {}, source}, transcript);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().error.code, "transport.interrupted") << done.error().error.detail;
    const bool direct = mode == PutMode::direct;
    EXPECT_EQ(done.error().delivery, direct ? Delivery::ambiguous : Delivery::not_delivered);
    if (!direct) {
      EXPECT_EQ(peer->look("coupe.xml", 3'000'000).value(), Presence::partial_only);
    }
    EXPECT_TRUE(put(*peer, "ensuite.xml", "<x/>")) << "a new connection is made";
  }
}

TEST_F(SftpFaults, CutsAPeerThatStandsStill) {
  const HeliosSim helios = rig::start_sftp_sim();
  auto destination = helios.destination();
  destination.transfer_timeout = std::chrono::milliseconds(700);
  const auto peer = make_peer(destination);
  std::vector<pid_t> stopped;
  const HookedSource source(3'000'000, [&] {
    if (!stopped.empty()) return;
    stopped = sessions(helios);
    for (const pid_t pid : stopped)
      ::kill(pid, SIGSTOP);
  });
  Transcript transcript;
  const auto start = std::chrono::steady_clock::now();
  const auto done = peer->put(PutRequest{"fige.xml", {}, source}, transcript);
  const auto took = std::chrono::steady_clock::now() - start;
  for (const pid_t pid : stopped)
    ::kill(pid, SIGCONT);
  ASSERT_FALSE(stopped.empty());
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().error.code, "transport.timeout");
  EXPECT_EQ(done.error().delivery, Delivery::ambiguous);
  EXPECT_LT(took, std::chrono::seconds(5));
}

TEST_F(SftpFaults, DoubtsADirectDepositThatWasTakenBeforeItsEnd) {
  for (const PutMode mode : {PutMode::direct, PutMode::temporary_then_rename}) {
    const HeliosSim helios = rig::start_sftp_sim();
    auto destination = helios.destination();
    destination.put = mode;
    const bool direct = mode == PutMode::direct;
    const HookedSource source(300'000, [&] {
      if (direct) EXPECT_TRUE(helios.wait_for_deposits(1)) << "a file that stands still is taken";
      if (!direct) std::this_thread::sleep_for(std::chrono::milliseconds(400));
    });
    Transcript transcript;
    const auto done = make_peer(destination)->put(PutRequest{"entame.xml", {}, source}, transcript);
    ASSERT_EQ(done.has_value(), !direct) << transcript.text();
    ASSERT_TRUE(helios.wait_for_deposits(1));
    EXPECT_EQ(helios.deposits().at(0).size < 300'000, direct);
    if (direct) {
      EXPECT_EQ(done.error().error.code, "transport.absent");
      EXPECT_EQ(done.error().delivery, Delivery::ambiguous);
      EXPECT_THAT(transcript.text(), HasSubstr("= gone before it was closed"));
    }
  }
}

TEST_F(SftpFaults, TrustsASlowDepositThatIsStillThere) {
  const HeliosSim helios = rig::start_sftp_sim({"--keep-deposits"});
  const HookedSource source(300'000, [] { std::this_thread::sleep_for(std::chrono::milliseconds(300)); });
  Transcript transcript;
  const auto done = make_peer(helios.destination())->put(PutRequest{"lent.xml", {}, source}, transcript);
  EXPECT_TRUE(done) << done.error().error.detail;
  EXPECT_EQ(rig::read_file(helios.entree() / "lent.xml").size(), 300'000U);
}

TEST_F(SftpFaults, GivesUpOnAServerThatNeverGreets) {
  const rig::TempFolder folder;
  rig::write_file(folder.path() / "known_hosts", "");
  const std::uint16_t port = rig::free_port();
  rig::Child mute({"/usr/bin/python3", "-c",
                   "import socket,time,sys\ns=socket.create_server(('127.0.0.1'," + std::to_string(port) +
                       "))\nprint('up',flush=True)\nc=s.accept()\ntime.sleep(30)"},
                  folder.path() / "log");
  ASSERT_TRUE(rig::wait_until([&] { return rig::read_file(folder.path() / "log") == "up\n"; }));
  config::Destination destination;
  destination.name = "muet";
  destination.host = "127.0.0.1";
  destination.port = port;
  destination.user = "x";
  destination.known_hosts = folder.path() / "known_hosts";
  destination.connect_timeout = std::chrono::milliseconds(500);
  const auto done = put(*make_peer(destination), "a.xml", "<x/>");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().error.code, "transport.timeout");
  EXPECT_EQ(done.error().delivery, Delivery::not_delivered);
}

TEST_F(SftpFaults, NeverOverwritesByRenaming) {
  const HeliosSim helios = rig::start_sftp_sim({"--keep-deposits"});
  rig::write_file(helios.entree() / "a.xml", "first");
  auto destination = helios.destination();
  destination.put = PutMode::temporary_then_rename;
  const auto done = put(*make_peer(destination), "a.xml", "second");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().error.code, "transport.refused");
  EXPECT_EQ(done.error().delivery, Delivery::not_delivered);
  EXPECT_EQ(rig::read_file(helios.entree() / "a.xml"), "first");
}

TEST_F(SftpFaults, SaysWhenTheDirectoryIsMissing) {
  const HeliosSim helios = rig::start_sftp_sim();
  auto destination = helios.destination();
  destination.send_directory = "nulle-part";
  const auto done = put(*make_peer(destination), "a.xml", "<x/>");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().delivery, Delivery::not_delivered);
  EXPECT_EQ(done.error().error.outlook, Outlook::waiting);
}

TEST_F(SftpFaults, ListsUnsafeNamesButFetchesNone) {
  const HeliosSim helios = rig::start_sftp_sim();
  rig::write_file(helios.sortie() / "a\nb.xml", "x");
  const auto peer = make_peer(helios.destination());
  const auto files = peer->list_returns();
  ASSERT_EQ(files.value().size(), 1U);
  const auto fetched = fetch_all(*peer, files->at(0));
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().code, "transport.unsafe_name");
  EXPECT_EQ(fetched.error().outlook, Outlook::permanent);
  EXPECT_THAT(fetched.error().detail, Not(HasSubstr("\n")));
}

}  // namespace
}  // namespace demat::transport
