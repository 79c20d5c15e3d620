#include <gmock/gmock.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/support/rig/pki.hpp"
#include "transport_fixture.hpp"

namespace demat::transport {
namespace {

using ::testing::HasSubstr;

/// ProFTPD as a second kind of peer: it knows no SITE of the State's, and under TLS it wants the data channel
/// to resume the session of the control channel.
class Proftpd : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists("/usr/sbin/proftpd") ||
        !std::filesystem::exists("/usr/lib/proftpd/mod_tls.so")) {
      GTEST_SKIP() << "proftpd-core or proftpd-mod-crypto is not installed";
    }
    if (::getuid() != 0) GTEST_SKIP() << "this configuration of proftpd needs root";
  }

  enum class Speech { ftp, ftps, sftp };

  void start(Speech speech) {
    for (const char* name : {"home", "home/entree", "home/sortie"})
      std::filesystem::create_directory(at(name));
    write_users();
    write_configuration(speech);
    server_ = rig::Child({"/usr/sbin/proftpd", "-n", "-c", at("conf")}, at("log"));
    const bool up =
        rig::wait_until([&] { return rig::read_file(at("log")).find("STARTUP") != std::string::npos; });
    ASSERT_TRUE(up) << rig::read_file(at("log"));
  }

  [[nodiscard]] config::Destination destination(LinkMode mode) const {
    config::Destination destination;
    destination.name = "proftpd";
    destination.mode = mode;
    destination.host = "127.0.0.1";
    destination.port = port_;
    destination.user = "demat";
    destination.password = config::Secret("secret");
    destination.ca = pki_.ca();
    destination.known_hosts = at("known_hosts");
    destination.send_directory = "/entree/";
    destination.return_directory = "/sortie/";
    destination.connect_timeout = std::chrono::seconds(5);
    destination.transfer_timeout = std::chrono::seconds(20);
    return destination;
  }

  [[nodiscard]] std::string at(const std::string& name) const { return (folder_.path() / name).string(); }

 private:
  void write_users() {
    const int made = rig::run({"/usr/bin/openssl", "passwd", "-6", "-salt", "rig", "secret"}, at("hash"));
    if (made != 0) throw std::runtime_error("openssl passwd failed");
    std::string hash = rig::read_file(at("hash"));
    hash.pop_back();
    rig::write_file(at("users"), "demat:" + hash + ":" + std::to_string(::getuid()) + ":" +
                                     std::to_string(::getgid()) + "::" + at("home") + ":/bin/false\n");
    std::filesystem::permissions(at("users"), std::filesystem::perms::owner_read);
  }

  void write_configuration(Speech speech) {
    std::ofstream conf(at("conf"));
    conf << "LoadModule mod_tls.c\nLoadModule mod_sftp.c\nServerType standalone\nDefaultAddress "
            "127.0.0.1\nUseIPv6 off\nPort "
         << port_ << "\nUser root\nGroup root\nRootLogin on\nAuthUserFile " << at("users")
         << "\nAuthOrder mod_auth_file.c\nRequireValidShell off\nDelayEngine off\nAllowOverwrite on\nPidFile "
         << at("pid") << "\nScoreboardFile " << at("score") << "\nSystemLog " << at("system.log")
         << "\nTransferLog none\nWtmpLog off\nDefaultRoot " << at("home") << "\n";
    if (speech == Speech::ftps) add_tls(conf);
    if (speech == Speech::sftp) add_sftp(conf);
  }

  void add_tls(std::ostream& conf) const {
    const rig::Issued server = pki_.issue("localhost", rig::Usage::server);
    conf << "TLSEngine on\nTLSRequired on\nTLSProtocol TLSv1.2 TLSv1.3\nTLSLog " << at("tls.log")
         << "\nTLSECCertificateFile " << server.certificate.string() << "\nTLSECCertificateKeyFile "
         << server.key.string() << "\n";
  }

  /// With HiddenStores: a deposit has its name once it is closed, not before.
  void add_sftp(std::ostream& conf) const {
    const int made =
        rig::run({"/usr/bin/ssh-keygen", "-q", "-t", "rsa", "-m", "PEM", "-N", "", "-f", at("host")},
                 at("keygen.log"));
    if (made != 0) throw std::runtime_error("ssh-keygen failed");
    const std::string host = "[127.0.0.1]:" + std::to_string(port_) + " ";
    rig::write_file(at("known_hosts"), host + rig::read_file(at("host.pub")));
    conf << "SFTPEngine on\nSFTPHostKey " << at("host") << "\nSFTPAuthMethods password\nSFTPLog "
         << at("sftp.log") << "\nHiddenStores on\n";
  }

  rig::TempFolder folder_;
  rig::Pki pki_{folder_.path() / "pki"};
  std::uint16_t port_ = rig::free_port();
  rig::Child server_;
};

TEST_F(Proftpd, TakesDepositsDirectAndByRenaming) {
  start(Speech::ftp);
  for (const config::PutMode mode : {config::PutMode::direct, config::PutMode::temporary_then_rename}) {
    auto there = destination(LinkMode::ftp_simulator);
    there.put = mode;
    const auto peer = make_peer(there);
    const std::string name = "A%%B#" + std::to_string(static_cast<int>(mode)) + " \xc3\xa9.xml";
    for (int round = 0; round < 3; ++round) {
      const auto done = put(*peer, name, some_bytes(300'000));
      ASSERT_TRUE(done) << done.error().error.detail;
    }
    EXPECT_EQ(rig::read_file(at("home/entree/" + name)), some_bytes(300'000));
    EXPECT_EQ(peer->look(name, 300'000).value(), Presence::final_name);
    EXPECT_EQ(peer->look("autre", 1).value(), Presence::absent);
  }
}

TEST_F(Proftpd, ResumesItsTlsSessionForEveryTransfer) {
  start(Speech::ftps);
  rig::write_file(at("home/sortie/retour.xml"), some_bytes(200'000));
  for (const char* most : {"", "1.2"}) {
    auto there = destination(LinkMode::passtrans_ftps);
    there.max_tls = most;
    const auto peer = make_peer(there);
    for (int round = 0; round < 3; ++round) {
      const auto files = peer->list_returns();
      ASSERT_TRUE(files) << most << files.error().detail << rig::read_file(at("tls.log"));
      ASSERT_EQ(files->size(), 1U);
      const auto fetched = fetch_all(*peer, files->at(0));
      ASSERT_TRUE(fetched) << most << fetched.error().detail;
      EXPECT_EQ(*fetched, some_bytes(200'000));
    }
  }
}

TEST_F(Proftpd, GetsNoDepositWhenItKnowsNoMeta) {
  start(Speech::ftps);
  const auto done = put(*make_peer(destination(LinkMode::passtrans_ftps)), "a.xml", "<x/>");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().error.code, "transport.refused");
  EXPECT_THAT(done.error().error.detail, HasSubstr("500"));
  EXPECT_EQ(done.error().delivery, Delivery::not_delivered);
  EXPECT_TRUE(std::filesystem::is_empty(at("home/entree")));
}

TEST_F(Proftpd, ShowsADepositOnceItIsClosed) {
  start(Speech::sftp);
  const auto peer = make_peer(destination(LinkMode::passtrans_sftp));
  const HookedSource slow(300'000, [&] {
    EXPECT_FALSE(std::filesystem::exists(at("home/entree/lent.xml")));
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
  });
  Transcript transcript;
  const auto done = peer->put(PutRequest{"lent.xml", {}, slow}, transcript);
  EXPECT_TRUE(done) << done.error().error.detail << rig::read_file(at("sftp.log"));
  EXPECT_EQ(peer->look("lent.xml", 300'000).value(), Presence::final_name);
  // Taken as soon as it is there: it was whole.
  std::atomic<bool> taken{false};
  std::thread taker([&] {
    for (int i = 0; i < 20'000 && !taken; ++i) {
      taken = std::filesystem::remove(at("home/entree/pris.xml"));
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  const HookedSource again(300'000, [] { std::this_thread::sleep_for(std::chrono::milliseconds(300)); });
  const auto second = peer->put(PutRequest{"pris.xml", {}, again}, transcript);
  taker.join();
  EXPECT_TRUE(taken);
  EXPECT_TRUE(second) << transcript.text();
}

}  // namespace
}  // namespace demat::transport
