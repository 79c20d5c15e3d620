#include <gmock/gmock.h>

#include <filesystem>

#include "transport_fixture.hpp"

namespace demat::transport {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class RoundTrip : public ModeTest {};

TEST_P(RoundTrip, DeliversEverySizeByteForByteOnOneConnection) {
  const HeliosSim helios = sim();
  const auto peer = make_peer(helios.destination());
  const std::vector<std::size_t> sizes{0, 1, 4096, 65'536, 261'121, 5'000'000};
  for (const std::size_t size : sizes) {
    const auto done = put(*peer, "taille-" + std::to_string(size) + ".xml", some_bytes(size));
    ASSERT_TRUE(done) << size << " " << done.error().error.detail;
  }
  ASSERT_TRUE(helios.wait_for_deposits(sizes.size()));
  for (const auto& deposit : helios.deposits()) {
    EXPECT_EQ(helios.bytes(deposit), some_bytes(deposit.size)) << deposit.name;
    EXPECT_EQ(deposit.name, "taille-" + std::to_string(deposit.size) + ".xml");
  }
}

TEST_P(RoundTrip, KeepsOddNamesAsTheyAre) {
  const HeliosSim helios = sim();
  const auto peer = make_peer(helios.destination());
  const std::vector<std::string> names{"MHPCE11%%THELPES2%%PES#123#034000#12%%0a1b", "a%25b;c?d=e.xml",
                                       "avec espace.xml", "-tiret.xml", "accentu\xc3\xa9.xml"};
  for (const std::string& name : names) {
    const auto done = put(*peer, name, "<x/>");
    ASSERT_TRUE(done) << name << " " << done.error().error.detail;
  }
  ASSERT_TRUE(helios.wait_for_deposits(names.size()));
  std::vector<std::string> seen;
  for (const auto& deposit : helios.deposits())
    seen.push_back(deposit.name);
  EXPECT_THAT(seen, ::testing::UnorderedElementsAreArray(names));
}

TEST_P(RoundTrip, RenamesFromATemporaryNameWhenAsked) {
  const HeliosSim helios = sim();
  auto destination = helios.destination();
  destination.put = config::PutMode::temporary_then_rename;
  const auto peer = make_peer(destination);
  Transcript transcript;
  const auto done = put(*peer, "renomm\xc3\xa9 1.xml", some_bytes(70'000), transcript);
  ASSERT_TRUE(done) << done.error().error.detail;
  ASSERT_TRUE(helios.wait_for_deposits(1));
  EXPECT_EQ(helios.deposits().at(0).name, "renomm\xc3\xa9 1.xml");
  EXPECT_EQ(helios.bytes(helios.deposits().at(0)), some_bytes(70'000));
  EXPECT_TRUE(std::filesystem::is_empty(helios.entree()));
}

TEST_P(RoundTrip, LooksForWhatWasDeposited) {
  const HeliosSim helios = sim({"--keep-deposits"});
  const auto peer = make_peer(helios.destination());
  ASSERT_EQ(peer->look("a.xml", 3).value(), Presence::absent);
  ASSERT_TRUE(put(*peer, "a.xml", "abc"));
  rig::write_file(helios.entree() / ".b.xml.part", "ab");
  EXPECT_EQ(peer->look("a.xml", 3).value(), Presence::final_name);
  EXPECT_EQ(peer->look("a.xml", 4).value(), Presence::partial_only);
  EXPECT_EQ(peer->look("b.xml", 3).value(), Presence::partial_only);
  EXPECT_EQ(peer->look("c.xml", 3).value(), Presence::absent);
}

TEST_P(RoundTrip, ListsAndFetchesReturnsOnly) {
  const HeliosSim helios = sim();
  const auto peer = make_peer(helios.destination());
  EXPECT_TRUE(peer->list_returns().value().empty());
  const std::string bytes = some_bytes(1'000'001);
  rig::write_file(helios.sortie() / "retour %% #1.xml", bytes);
  rig::write_file(helios.sortie() / ".en-cours.xml", "half");
  std::filesystem::create_directory(helios.sortie() / "archives");
  const auto files = peer->list_returns();
  ASSERT_TRUE(files) << files.error().detail;
  ASSERT_EQ(files->size(), 1U);
  EXPECT_EQ(files->at(0).name, "retour %% #1.xml");
  EXPECT_EQ(files->at(0).size, bytes.size());
  const auto fetched = fetch_all(*peer, files->at(0));
  ASSERT_TRUE(fetched) << fetched.error().detail;
  EXPECT_EQ(*fetched, bytes);
}

TEST_P(RoundTrip, RemovesAReturnAndSaysWhenOneIsGone) {
  const HeliosSim helios = sim();
  const auto peer = make_peer(helios.destination());
  rig::write_file(helios.sortie() / "un %%.xml", "1");
  rig::write_file(helios.sortie() / "deux.xml", "2");
  const Status removed = peer->remove_return("un %%.xml");
  ASSERT_TRUE(removed) << removed.error().detail;
  EXPECT_FALSE(std::filesystem::exists(helios.sortie() / "un %%.xml"));
  EXPECT_TRUE(std::filesystem::exists(helios.sortie() / "deux.xml"));
  const auto gone = fetch_all(*peer, {"un %%.xml", 1, {}});
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, "transport.absent");
  EXPECT_EQ(gone.error().outlook, Outlook::waiting);
}

TEST_P(RoundTrip, StopsAFetchWhenTheSinkFails) {
  const HeliosSim helios = sim();
  const auto peer = make_peer(helios.destination());
  rig::write_file(helios.sortie() / "gros.xml", some_bytes(3'000'000));
  const Status stopped = peer->fetch({"gros.xml", 3'000'000, {}}, [](std::string_view) -> Status {
    return failure(waiting_error("store.full", "plein", "full"));
  });
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, "store.full");
  EXPECT_TRUE(peer->list_returns()) << "usable after it";
  EXPECT_TRUE(std::filesystem::exists(helios.sortie() / "gros.xml")) << "a cut RETR removes nothing";
}

TEST_P(RoundTrip, RefusesUnsafeNamesBeforeAnythingLeaves) {
  const HeliosSim helios = sim();
  const auto peer = make_peer(helios.destination());
  for (const std::string name : {"../a.xml", "a/b.xml", "a\r\nDELE b.xml", "", "..", "a\x01"}) {
    const auto done = put(*peer, name, "<x/>");
    ASSERT_FALSE(done) << name;
    EXPECT_EQ(done.error().error.code, "transport.bad_parameter");
    EXPECT_EQ(done.error().delivery, Delivery::not_delivered);
    EXPECT_EQ(fetch_all(*peer, {name, 1, {}}).error().code, "transport.unsafe_name");
    EXPECT_EQ(peer->remove_return(name).error().code, "transport.unsafe_name");
  }
  EXPECT_TRUE(helios.ledger().empty());
}

TEST_P(RoundTrip, ProbesBothDirectoriesAndTellsTheDialogueWithoutSecrets) {
  const HeliosSim helios = sim();
  const auto peer = make_peer(helios.destination());
  Transcript transcript;
  const Status probed = peer->probe(transcript);
  ASSERT_TRUE(probed) << probed.error().detail;
  EXPECT_THAT(transcript.text(), HasSubstr("entree/: 0"));
  EXPECT_THAT(transcript.text(), HasSubstr("sortie/: 0"));
  EXPECT_THAT(transcript.text(), Not(HasSubstr("demat-test")));
  auto wrong = helios.destination();
  wrong.return_directory = "nulle-part/";
  EXPECT_FALSE(make_peer(wrong)->probe(transcript));
}

TEST_P(RoundTrip, SaysUnreachableWhileTheServerIsDownAndGoesOnAfterwards) {
  HeliosSim helios = sim();
  const auto peer = make_peer(helios.destination());
  ASSERT_TRUE(put(*peer, "avant.xml", "<x/>"));
  helios.stop();
  const auto down = put(*peer, "pendant.xml", "<x/>");
  ASSERT_FALSE(down);
  EXPECT_EQ(down.error().error.code, "transport.unreachable");
  EXPECT_EQ(down.error().error.outlook, Outlook::waiting);
  EXPECT_EQ(down.error().delivery, Delivery::not_delivered);
  helios.start();
  const auto after = put(*peer, "apres.xml", "<x/>");
  ASSERT_TRUE(after) << after.error().error.detail;
}

TEST_P(RoundTrip, TakesAFreshConnectionWhenTheKeptOneDiedUnseen) {
  HeliosSim helios = sim();
  const auto peer = make_peer(helios.destination());
  ASSERT_TRUE(put(*peer, "avant.xml", "<x/>"));
  helios.stop();
  helios.start();
  const auto after = put(*peer, "apres.xml", "<x/>");
  ASSERT_TRUE(after) << after.error().error.detail;
  EXPECT_TRUE(peer->list_returns());
}

TEST_P(RoundTrip, SaysUnreachableForAnUnknownHost) {
  const HeliosSim helios = sim();
  auto destination = helios.destination();
  destination.host = std::string(64, 'x') + ".invalid";  // longer than a label: no name server is asked
  const auto done = put(*make_peer(destination), "a.xml", "<x/>");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().error.code, "transport.unreachable");
  EXPECT_EQ(done.error().delivery, Delivery::not_delivered);
}

/// A ByteSource that breaks after its first part.
class BrokenSource final : public ByteSource {
 public:
  [[nodiscard]] Result<std::size_t> read(std::size_t offset, std::span<char> buffer) const override {
    if (offset > 0) return failure(waiting_error("store.unreadable", "illisible", "unreadable"));
    const std::size_t size = std::min<std::size_t>(buffer.size(), 1000);
    std::fill_n(buffer.begin(), size, 'a');
    return size;
  }
  [[nodiscard]] std::size_t size() const override { return 400'000; }
};

TEST_P(RoundTrip, SaysAmbiguousWhenOurOwnBytesBreakOff) {
  const HeliosSim helios = sim();
  const auto peer = make_peer(helios.destination());
  Transcript transcript;
  const BrokenSource source;
  const auto done = peer->put(PutRequest{"a.xml", some_parameters(), source}, transcript);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().error.code, "store.unreadable");
  EXPECT_EQ(done.error().delivery, Delivery::ambiguous);
}

INSTANTIATE_TEST_SUITE_P(Modes, RoundTrip, every_mode, [](const auto& one) { return mode_label(one.param); });

}  // namespace
}  // namespace demat::transport
