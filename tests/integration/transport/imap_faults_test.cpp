#include <gmock/gmock.h>

#include <filesystem>

#include "tests/support/rig/pki.hpp"
#include "transport_fixture.hpp"

namespace demat::transport {
namespace {

/// The scripted IMAP server in one of its modes.
class Imap {
 public:
  explicit Imap(const std::string& mode) {
    const auto issued = rig::Pki(folder_.path() / "pki").issue("localhost", rig::Usage::server);
    const std::filesystem::path script =
        std::filesystem::path(DEMAT_SOURCE_DIR) / "tests/integration/transport/scripted_imap.py";
    const std::uint16_t port = rig::free_port();
    child_ =
        rig::Child({"/usr/bin/python3", script, std::to_string(port), issued.certificate, issued.key, mode},
                   folder_.path() / "log");
    const bool up = rig::wait_until([&] { return rig::read_file(folder_.path() / "log").starts_with("up"); });
    if (!up) throw std::runtime_error("scripted IMAP: " + rig::read_file(folder_.path() / "log"));
    to_.name = "actes";
    to_.mode = LinkMode::prefecture;
    const bool silent = mode == "silent" || mode == "trickle" || mode == "no_end";
    to_.connect_timeout = to_.transfer_timeout = std::chrono::milliseconds(silent ? 1500 : 10'000);
    to_.prefecture.mail_host = "localhost";
    to_.prefecture.mail_port = port;
    to_.prefecture.mail_user = "actes";
    to_.prefecture.mail_password = config::Secret("mot \"de\" passe");
    to_.prefecture.mail_ca = folder_.path() / "pki" / "ca.pem";
  }
  [[nodiscard]] std::unique_ptr<Peer> peer() const { return make_peer(to_); }

 private:
  rig::TempFolder folder_;
  config::Destination to_;
  rig::Child child_;
};

constexpr std::uint64_t mail_size = 28;

struct Lie {
  const char* mode;
  const char* code;  ///< empty: no error
};

void PrintTo(const Lie& lie, std::ostream* out) {
  *out << lie.mode;
}

class ImapListing : public ::testing::TestWithParam<Lie> {};

TEST_P(ImapListing, EndsInTimeWhateverTheServerDoes) {
  const Imap imap(GetParam().mode);
  const auto begin = std::chrono::steady_clock::now();
  const auto files = imap.peer()->list_returns();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(8));
  if (*GetParam().code == '\0') {
    ASSERT_TRUE(files) << files.error().detail;
    ASSERT_EQ(files->size(), 1U);
    EXPECT_EQ(files->front().name, "7.5");
    return;
  }
  ASSERT_FALSE(files);
  // What never ends meets the bound on its size or the one on its time, as the machine is fast or slow.
  const bool endless = GetParam().mode == std::string_view("no_end");
  if (endless && files.error().code == "transport.timeout") return;
  EXPECT_EQ(files.error().code, GetParam().code) << files.error().detail;
}

INSTANTIATE_TEST_SUITE_P(
    Modes, ImapListing,
    ::testing::Values(Lie{"good", ""}, Lie{"login", ""}, Lie{"absurd_size", ""}, Lie{"many_mails", ""},
                      Lie{"silent", "transport.timeout"}, Lie{"endless_greeting", "transport.refused"},
                      Lie{"bye", "transport.refused"}, Lie{"no_way_in", "transport.login"},
                      Lie{"unavailable", "transport.refused"}, Lie{"no_uidvalidity", "transport.refused"},
                      Lie{"no_end", "transport.refused"}, Lie{"another_tag", "transport.refused"}),
    [](const auto& test) { return std::string(test.param.mode); });

class ImapFetching : public ::testing::TestWithParam<Lie> {};

TEST_P(ImapFetching, GivesTheMailOrAnError) {
  const Imap imap(GetParam().mode);
  const auto bytes = fetch_all(*imap.peer(), RemoteFile{"7.5", mail_size, {}});
  if (*GetParam().code == '\0') {
    ASSERT_TRUE(bytes) << bytes.error().detail;
    EXPECT_EQ(bytes->size(), mail_size);
    return;
  }
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().code, GetParam().code) << bytes.error().detail;
}

INSTANTIATE_TEST_SUITE_P(Modes, ImapFetching,
                         ::testing::Values(Lie{"good", ""}, Lie{"quoted", ""}, Lie{"body_first", ""},
                                           Lie{"other_mail", "transport.refused"},
                                           Lie{"grown", "transport.refused"},
                                           Lie{"cut", "transport.interrupted"},
                                           Lie{"trickle", "transport.timeout"},
                                           Lie{"vanished", "transport.absent"}),
                         [](const auto& test) { return std::string(test.param.mode); });

TEST(ImapRemoval, NeedsUidplusAndTellsARefusal) {
  EXPECT_TRUE(Imap("good").peer()->remove_return("7.5"));
  for (const char* mode : {"no_uidplus", "read_only"}) {
    const auto removed = Imap(mode).peer()->remove_return("7.5");
    ASSERT_FALSE(removed) << mode;
    EXPECT_EQ(removed.error().code, "transport.refused") << mode;
  }
}

}  // namespace
}  // namespace demat::transport
