#include <fstream>
#include <thread>

#include "gateway/store/actes.hpp"
#include "gateway/store/backup.hpp"
#include "gateway/store/returns.hpp"
#include "gateway/store/steering.hpp"
#include "sqlite_host.hpp"
#include "sqlite_raw.hpp"
#include "tests/unit/gateway/store/conformance/care_suite.hpp"

// Backup while the store works, restore elsewhere, verification of what lies on the disk.

namespace demat::store::conformance {
namespace {

namespace fs = std::filesystem;
using flow::State;
using flow::Trigger;
using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class BackupTest : public CareSuite {
 protected:
  [[nodiscard]] const fs::path& folder() const { return static_cast<SqliteHost&>(*host).folder(); }
  [[nodiscard]] fs::path database() const { return folder() / "dematd.db"; }
  Chore wait() {
    while (care().chore().running)
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    return care().chore();
  }
  Chore back_up(const std::string& name, bool with_key = true) {
    const auto started = care().start_backup({backups_.path() / name, with_key, "tester"});
    EXPECT_TRUE(started) << started.error().detail;
    return wait();
  }
  VerifyReport verified(Depth depth = Depth::full) {
    EXPECT_TRUE(care().start_verify(depth, 0, "tester"));
    const auto chore = wait();
    EXPECT_FALSE(chore.error) << chore.error->detail;
    return care().last_verify().value();
  }
  Result<RestoreReport> restore(const std::string& name, const fs::path& key = {}) {
    return restore_backup({backups_.path() / name, target(), key}, clock);
  }
  [[nodiscard]] fs::path target() const { return backups_.path() / "restored"; }
  [[nodiscard]] fs::path file_of(const Sha256& name) const {
    return folder() / "blobs" / name.str().substr(0, 2) / name.str().substr(2);
  }
  static std::string big(char c) { return std::string(3 * inline_payload, c); }

  TemporaryFolder backups_;
};

std::vector<std::string> codes(const VerifyReport& report) {
  std::vector<std::string> out;
  for (const auto& trouble : report.troubles)
    out.push_back(trouble.code);
  return out;
}

TEST_P(BackupTest, AStoreComesBackElsewhereAndGoesOnCarefully) {
  const auto done = current(acknowledged("K1"));
  const auto received = accept_new("K2", big('a'));
  const auto sending = sending_flow("K3").flow;
  const auto held = accept_new("K4", "<four/>");
  step(held.id, Trigger::hold);
  const auto chore = back_up("one");
  ASSERT_FALSE(chore.error) << chore.error->detail;
  const auto after = accept_new("K5", "<five/>");
  const auto listed = list_backups(backups_.path()).value();
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0].name, "one");

  const auto report = restore("one");
  ASSERT_TRUE(report) << report.error().code << report.error().detail;
  EXPECT_EQ(report->epoch, 2U);
  EXPECT_EQ(report->uncertain, 3U);
  auto opened = open_sqlite_store(options_in(target()), clock);
  ASSERT_TRUE(opened) << opened.error().detail;
  auto& restored = **opened;
  EXPECT_EQ(restored.find(done.id).value()->state, State::acknowledged);
  for (const auto& id : {received.id, sending.id, held.id})
    EXPECT_EQ(restored.find(id).value()->state, State::uncertain);
  EXPECT_EQ(restored.attempts(sending.id).value().back().outcome, flow::AttemptOutcome::lost);
  EXPECT_EQ(restored.find(after.id).value(), std::nullopt);
  EXPECT_EQ(content_of(**restored.open_payload(received.original)), big('a'));
  EXPECT_TRUE(restored.care().verify_chain().value().check.intact);
  EXPECT_EQ(restored.care().epoch().value(), 2U);
  const auto pauses = restored.steering().pauses().value();
  ASSERT_EQ(pauses.size(), 1U);
  EXPECT_EQ(pauses[0].kind, PauseKind::restored);
  // Not sent: each goes back to where it stood, none skips its checks.
  for (const auto& [id, state] : {std::pair(received.id, State::received),
                                  std::pair(sending.id, State::ready), std::pair(held.id, State::held)}) {
    Change change;
    change.flow = id;
    change.steps = {{.trigger = Trigger::find_not_sent}};
    EXPECT_EQ(restored.apply(std::move(change)).value().state, state);
  }
}

TEST_P(BackupTest, MailsThatMayHaveLeftSinceWaitForAPerson) {
  MailSettlement told;
  told.item = import("m", "mail");
  told.item.state = flow::ReturnState::matched;
  told.mails.resize(1);
  told.mails[0].recipients = {"a@exemple.fr"};
  told.tell = 0;
  ASSERT_TRUE(store().actes().settle(std::move(told)));
  ASSERT_FALSE(back_up("one").error);
  ASSERT_TRUE(restore("one"));
  auto opened = open_sqlite_store(options_in(target()), clock);
  ASSERT_TRUE(opened) << opened.error().detail;
  auto& mails = (*opened)->mails();
  EXPECT_TRUE(mails.due(clock.now(), 9).value().empty());
  const auto listed = mails.list({}, "", 9).value().items;
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0].state, MailState::failed);
  EXPECT_EQ(listed[0].error_code, "mail.restored");
  ASSERT_TRUE(mails.retry(listed[0].id, "tester"));
  EXPECT_EQ(mails.due(clock.now(), 9).value().size(), 1U);
}

TEST_P(BackupTest, NoAcquitOfAReturnIsMadeByItselfAfterwards) {
  ASSERT_TRUE(store().put_authority({AuthorityId{"123456782"}, "Ville", {}, true}, "op"));
  ASSERT_TRUE(store().returns().put_acquit_mode(AuthorityId{"123456782"}, flow::AcquitMode::on_read, "op"));
  const auto settled = [&](const std::string& name, const std::string& note, const FlowId& acquit = {}) {
    Settlement settlement;
    settlement.item = import(name, name);
    settlement.item.kind = "PES_Retour";
    settlement.item.state = flow::ReturnState::available;
    settlement.item.authority = AuthorityId{"123456782"};
    settlement.item.match_rule = "siret";
    settlement.item.acquit_note = note;
    const auto id = settlement.item.id;
    EXPECT_TRUE(store().settle_return(std::move(settlement)));
    if (!acquit.empty()) EXPECT_TRUE(store().returns().acquitted(id, acquit, "tester"));
    return id;
  };
  const auto due = settled("due", "due");
  const auto unread = settled("unread", "");
  const auto impossible = settled("impossible", "return.acquit_impossible");
  const auto made = settled("made", "", acknowledged("K1"));
  ASSERT_FALSE(back_up("one").error);
  ASSERT_TRUE(restore("one"));
  auto opened = open_sqlite_store(options_in(target()), clock);
  ASSERT_TRUE(opened) << opened.error().detail;
  auto& restored = **opened;
  ASSERT_TRUE(restored.mark_return_read(unread, true, "tester"));
  EXPECT_TRUE(restored.returns().due_acquits("", 10).value().items.empty());
  const auto note = [&](const ReturnId& id) { return restored.find_return(id).value()->acquit_note; };
  EXPECT_EQ(note(due), acquit_restored);
  EXPECT_EQ(note(unread), acquit_restored);
  EXPECT_EQ(note(impossible), "return.acquit_impossible");
  EXPECT_EQ(note(made), "");
}

TEST_P(BackupTest, TheKeyStaysApartUnlessAskedFor) {
  accept_new("K1", "<one/>");
  ASSERT_FALSE(back_up("one", false).error);
  EXPECT_FALSE(fs::exists(backups_.path() / "one/journal.key"));
  const auto without = restore("one");
  ASSERT_FALSE(without);
  EXPECT_EQ(without.error().code, "backup.key");
  std::ofstream(backups_.path() / "other.key") << std::string(32, 'k');
  const auto wrong = restore("one", backups_.path() / "other.key");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, "backup.manifest");
  EXPECT_TRUE(restore("one", folder() / "journal.key"));
}

TEST_P(BackupTest, ADamagedOrChangedBackupIsRefused) {
  const auto flow = accept_new("K1", big('a'));
  ASSERT_FALSE(back_up("one").error);
  ASSERT_FALSE(back_up("two").error);
  EXPECT_EQ(back_up("two").error->code, "backup.folder");
  const auto name = flow.original.str();
  std::ofstream(backups_.path() / "one/blobs" / name.substr(0, 2) / name.substr(2)) << big('b');
  const auto damaged = restore("one");
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().code, "backup.damaged");
  EXPECT_FALSE(fs::exists(target() / "dematd.db"));
  std::ofstream(backups_.path() / "two/manifest.txt", std::ios::app) << "missing: x\n";
  EXPECT_EQ(restore("two").error().code, "backup.manifest");
  EXPECT_EQ(restore("none").error().code, "backup.manifest");
}

TEST_P(BackupTest, ItNeverRestoresOverAnything) {
  accept_new("K1", "<one/>");
  ASSERT_FALSE(back_up("one").error);
  fs::create_directories(target());
  std::ofstream(target() / "something") << "x";
  EXPECT_EQ(restore("one").error().code, "store.exists");
}

TEST_P(BackupTest, FlowsComeInWhileItRuns) {
  for (int i = 0; i < 40; ++i)
    accept_new("A" + std::to_string(i), big(static_cast<char>('a' + i % 26)) + std::to_string(i));
  ASSERT_TRUE(care().start_backup({backups_.path() / "one", true, "tester"}));
  for (int i = 0; i < 40; ++i)
    accept_new("B" + std::to_string(i), big('Z') + std::to_string(i));
  ASSERT_FALSE(wait().error);
  const auto report = restore("one");
  ASSERT_TRUE(report) << report.error().detail;
  auto opened = open_sqlite_store(options_in(target()), clock).value();
  ASSERT_TRUE(opened->care().start_verify(Depth::full, 0, "tester"));
  while (opened->care().chore().running)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  const auto verdict = opened->care().last_verify().value();
  EXPECT_TRUE(verdict.sound()) << verdict.troubles.front().code;
  EXPECT_GE(verdict.payloads, 40U);
}

TEST_P(BackupTest, AMissingPayloadIsToldAndDoesNotPreventTheRest) {
  const auto lost = accept_new("K1", big('a'));
  accept_new("K2", big('b'));
  fs::remove(file_of(lost.original));
  const auto chore = back_up("one");
  ASSERT_TRUE(chore.error);
  EXPECT_EQ(chore.error->code, "store.corrupt");
  const auto report = restore("one");
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_THAT(report->missing, testing::ElementsAre(lost.original));
}

TEST_P(BackupTest, ASoundStoreIsSaidToBeSound) {
  acknowledged("K1");
  accept_new("K2", big('b'));
  EXPECT_EQ(care().last_scrub().value(), std::nullopt);
  const auto report = verified();
  EXPECT_TRUE(report.sound()) << report.troubles.front().code << report.troubles.front().detail;
  EXPECT_EQ(report.payloads, 3U);
  EXPECT_GT(report.bytes, 3 * inline_payload);
  EXPECT_TRUE(care().last_scrub().value().has_value());
}

TEST_P(BackupTest, EveryDamageIsFound) {
  const auto small = accept_new("K1", "<one/>");
  const auto gone = accept_new("K2", big('b'));
  const auto changed = accept_new("K3", big('c'));
  fs::remove(file_of(gone.original));
  std::ofstream(file_of(changed.original)) << big('d');
  std::ofstream(folder() / "blobs/ab" / std::string(62, 'e')) << "nobody's";
  run_raw(database(), "UPDATE payload SET bytes=x'00' WHERE sha256='" + small.original.str() + "'");
  run_raw(database(), "UPDATE event SET actor='nobody' WHERE sequence=2");
  run_raw(database(), "UPDATE state_count SET flows=9 WHERE state='received'");
  const auto quick = verified(Depth::quick);
  EXPECT_THAT(codes(quick), Contains("verify.blob_missing"));
  EXPECT_THAT(codes(quick), Contains("verify.journal"));
  EXPECT_THAT(codes(quick), Contains("verify.count"));
  EXPECT_EQ(quick.orphans, 1U);
  const auto full = codes(verified());
  EXPECT_THAT(full, Contains("verify.blob_damaged"));
  EXPECT_THAT(full, Contains("verify.payload"));
  EXPECT_EQ(care().last_scrub().value(), std::nullopt);
}

TEST_P(BackupTest, RewritingThePastUnderTheKeyShowsAtTheAnchor) {
  accept_new("K1", "<one/>");
  run_raw(database(), "UPDATE anchor SET chain=x'00'");
  const auto verdict = care().verify_chain().value();
  EXPECT_FALSE(verdict.check.intact);
  EXPECT_EQ(verdict.trouble, "anchor 1");
}

TEST_P(BackupTest, ADamagedDatabaseIsRefusedAtTheStart) {
  accept_new("K1", "<one/>");
  ASSERT_FALSE(back_up("one").error);
  static_cast<SqliteHost&>(*host).close();
  {
    std::fstream file(database(), std::ios::in | std::ios::out | std::ios::binary);
    file << std::string(4096, 'x');
  }
  const auto opened = open_sqlite_store(options_in(folder()), clock);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, "store.corrupt");
  EXPECT_TRUE(restore("one"));
}

INSTANTIATE_TEST_SUITE_P(Sqlite, BackupTest,
                         testing::Values(Implementation{
                             "Sqlite",
                             [](const Clock& clock) { return std::make_unique<SqliteHost>(clock); }}),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace demat::store::conformance
