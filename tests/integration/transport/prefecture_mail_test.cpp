#include <set>

#include "prefecture_fixture.hpp"
#include "tests/support/rig/pki.hpp"

namespace demat::transport {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

using PrefectureMailTest = PrefectureTest;

std::string mail_with(const std::string& body) {
  return "From: <ministere@actes.test>\r\nTo: <actes@operateur.test>\r\nSubject: essai\r\n\r\n" + body;
}

std::vector<RemoteFile> listed(Peer& peer) {
  auto files = peer.list_returns();
  EXPECT_TRUE(files) << files.error().code << " " << files.error().detail;
  return files ? *files : std::vector<RemoteFile>();
}

TEST_F(PrefectureMailTest, ListsFetchesAndRemoves) {
  const PrefectureSim sim;
  const auto peer = make_peer(sim.destination());
  EXPECT_THAT(listed(*peer), IsEmpty());
  const std::string awkward =
      "a5 OK FETCH done\r\n* BYE\r\n{3}\r\n)\r\n" + std::string(50'000, 'x') + "\r\n\xe9t\xe9\r\n";
  sim.deliver(mail_with(awkward));
  sim.deliver(mail_with("second\r\n"));
  const auto files = listed(*peer);
  ASSERT_EQ(files.size(), 2U) << "a kept session sees new mail";
  const auto bytes = fetch_all(*peer, files[0]);
  ASSERT_TRUE(bytes) << bytes.error().detail;
  EXPECT_EQ(bytes->size(), files[0].size);
  EXPECT_TRUE(bytes->ends_with(awkward));
  ASSERT_TRUE(files[0].time);
  EXPECT_LT(std::chrono::abs(*files[0].time - SystemClock().now()), std::chrono::minutes(2));
  EXPECT_EQ(fetch_all(*peer, files[0]).value(), *bytes) << "as often as wanted";

  ASSERT_TRUE(peer->remove_return(files[0].name));
  const auto left = listed(*peer);
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].name, files[1].name) << "names stay";
  EXPECT_TRUE(peer->remove_return(files[0].name)) << "gone already";
  EXPECT_EQ(fetch_all(*peer, files[0]).error().code, "transport.absent");
  EXPECT_TRUE(fetch_all(*peer, left[0])) << "the session goes on";
  EXPECT_EQ(listed(*make_peer(sim.destination()))[0].name, files[1].name) << "to every session";
}

TEST_F(PrefectureMailTest, RefusesNamesOfOtherThings) {
  const PrefectureSim sim;
  sim.deliver(mail_with("one\r\n"));
  const auto peer = make_peer(sim.destination());
  RemoteFile file = listed(*peer).at(0);
  const std::string uid = file.name.substr(file.name.find('.'));
  for (const char* name : {"", "1", "a.b", "1.", ".1", "1.0", "1.2.3", "1.99999999999", "../../x"}) {
    file.name = name;
    EXPECT_EQ(fetch_all(*peer, file).error().code, "transport.unsafe_name") << name;
    EXPECT_EQ(peer->remove_return(name).error().code, "transport.unsafe_name") << name;
  }
  file.name = "1" + uid;
  EXPECT_EQ(fetch_all(*peer, file).error().code, "transport.absent") << "another numbering of the folder";
  EXPECT_EQ(peer->remove_return(file.name).error().code, "transport.absent");
  EXPECT_EQ(listed(*peer).size(), 1U);
}

TEST_F(PrefectureMailTest, ListsAFullMailboxInPages) {
  const PrefectureSim sim;
  sim.ask({"fill", "600"});
  const auto peer = make_peer(sim.destination());
  const auto files = listed(*peer);
  ASSERT_EQ(files.size(), 600U);
  std::set<std::string> names;
  for (const auto& file : files)
    names.insert(file.name);
  EXPECT_EQ(names.size(), 600U);
  EXPECT_THAT(fetch_all(*peer, files[0]).value(), HasSubstr("QUNURVMgZXNzYWkgMA==")) << "oldest first";
  ASSERT_TRUE(peer->remove_return(files[550].name));
  EXPECT_EQ(listed(*peer).size(), 599U);
}

TEST_F(PrefectureMailTest, ALargeMailPasses) {
  const PrefectureSim sim;
  std::string body;
  while (body.size() < 30'000'000)
    body += std::string(76, 'A') + "\r\n";
  sim.deliver(mail_with(body));
  const auto peer = make_peer(sim.destination());
  const RemoteFile file = listed(*peer).at(0);
  std::uint64_t size = 0;
  ASSERT_TRUE(peer->fetch(file, [&](std::string_view part) {
    size += part.size();
    return Status();
  }));
  EXPECT_EQ(size, file.size);
}

TEST_F(PrefectureMailTest, HandsOnTheSinksErrorAndGoesOn) {
  const PrefectureSim sim;
  sim.deliver(mail_with("one\r\n"));
  const auto peer = make_peer(sim.destination());
  const RemoteFile file = listed(*peer).at(0);
  const Status done = peer->fetch(
      file, [](std::string_view) -> Status { return failure(waiting_error("store.full", "f", "e")); });
  EXPECT_EQ(done.error().code, "store.full");
  EXPECT_TRUE(fetch_all(*peer, file));
}

TEST_F(PrefectureMailTest, OutlivesAServerThatGoesAndComes) {
  const PrefectureSim sim;
  sim.deliver(mail_with("one\r\n"));
  const auto peer = make_peer(sim.destination());
  const RemoteFile file = listed(*peer).at(0);
  sim.ask({"imap-stop"});
  // Dovecot lets its sessions go a moment after it has stopped listening.
  ASSERT_TRUE(rig::wait_until([&] { return !peer->list_returns(); }));
  const auto down = peer->list_returns();
  ASSERT_FALSE(down);
  EXPECT_EQ(down.error().code, "transport.unreachable");
  sim.ask({"imap-start"});
  EXPECT_TRUE(fetch_all(*peer, file)) << "a new session, the same name";
  sim.ask({"imap-stop"});
  sim.ask({"imap-start"});
  EXPECT_TRUE(fetch_all(*peer, file)) << "a kept session died unseen";
  sim.ask({"imap-stop"});
  sim.ask({"imap-start"});
  EXPECT_TRUE(peer->remove_return(file.name));
  EXPECT_THAT(listed(*peer), IsEmpty());
}

TEST_F(PrefectureMailTest, TellsWhyItCannotComeIn) {
  const PrefectureSim sim;
  const PrefectureSim expired({"--imap-certificate", "expired"});
  const PrefectureSim elsewhere({"--imap-certificate", "elsewhere"});
  const rig::TempFolder folder;
  auto password = sim.destination();
  password.prefecture.mail_password = config::Secret("wrong");
  auto authority = sim.destination();
  authority.prefecture.mail_ca = rig::Pki(folder.path() / "pki").ca();
  auto missing = sim.destination();
  missing.prefecture.mail_folder = "Nowhere";
  auto control = sim.destination();
  control.prefecture.mail_folder = "IN\r\nBOX";
  auto nobody = sim.destination();
  nobody.prefecture.mail_port = rig::free_port();
  const std::vector<std::pair<config::Destination, const char*>> cases{
      {password, "transport.login"},
      {authority, "transport.identity"},
      {expired.destination(), "transport.identity"},
      {elsewhere.destination(), "transport.identity"},
      {missing, "transport.refused"},
      {control, "transport.bad_parameter"},
      {nobody, "transport.unreachable"}};
  for (const auto& [to, code] : cases) {
    const auto files = make_peer(to)->list_returns();
    ASSERT_FALSE(files) << code;
    EXPECT_EQ(files.error().code, code) << files.error().detail;
    EXPECT_EQ(files.error().outlook, Outlook::waiting);
  }
}

TEST_F(PrefectureMailTest, ProbesBothWays) {
  const PrefectureSim sim;
  sim.deliver(mail_with("one\r\n"));
  Transcript transcript;
  const Status good = make_peer(sim.destination())->probe(transcript);
  ASSERT_TRUE(good) << good.error().detail << transcript.text();
  EXPECT_THAT(transcript.text(), HasSubstr("connected, server verified"));
  EXPECT_THAT(transcript.text(), HasSubstr("= INBOX: 1\n"));
  EXPECT_THAT(transcript.text(), HasSubstr("> ****\n"));
  for (const char* secret : {"demat-test", "AGFjdGVzAGRlbWF0LXRlc3Q="})
    EXPECT_THAT(transcript.text(), Not(HasSubstr(secret)));
  auto to = sim.destination();
  to.prefecture.pins = {"sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="};
  Transcript half;
  EXPECT_EQ(make_peer(to)->probe(half).error().code, "transport.identity");
  EXPECT_THAT(half.text(), HasSubstr("= INBOX: 1\n")) << "the other way is told, too";
  EXPECT_THAT(sim.records("deposit"), IsEmpty());
}

}  // namespace
}  // namespace demat::transport
