#include "gateway/store/sqlite_store.hpp"

#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <thread>
#include <vector>

#include "protocols/base/digest.hpp"
#include "sqlite_host.hpp"
#include "sqlite_raw.hpp"

// What only this implementation has: the folder, the lock, the schema, the blob files, the journal's key.

namespace demat::store {
namespace {

using conformance::content_of;
using conformance::inline_payload;
using conformance::TestClock;
namespace fs = std::filesystem;

class SqliteStoreTest : public testing::Test {
 protected:
  StagedPayload stage(const std::string& bytes) {
    auto writer = host.store().new_payload().value();
    EXPECT_TRUE(writer->append(bytes));
    return std::move(*writer->finish());
  }
  Result<AcceptOutcome> accept(const std::string& key, const std::string& bytes) {
    NewFlow item;
    item.flow.authority = AuthorityId{"123456782"};
    item.flow.business_key = key;
    return host.store().accept(std::move(item), stage(bytes));
  }
  FlowId accepted(const std::string& key, const std::string& bytes) {
    return std::get<DurableReceipt>(accept(key, bytes).value()).flow().id;
  }
  [[nodiscard]] fs::path database() const { return host.folder() / "dematd.db"; }
  [[nodiscard]] fs::path blob(const Sha256& name) const {
    return host.folder() / "blobs" / name.str().substr(0, 2) / name.str().substr(2);
  }
  [[nodiscard]] std::size_t staged_files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(host.folder() / "tmp"), {}));
  }

  TestClock clock;
  SqliteHost host{clock};
  const std::string large = std::string(3 * inline_payload, 'L');
};

TEST_F(SqliteStoreTest, CreatingTwiceIsRefused) {
  host.close();
  EXPECT_EQ(create_sqlite_store(options_in(host.folder())).error().code, "store.exists");
}

TEST_F(SqliteStoreTest, OneDaemonPerStore) {
  EXPECT_EQ(open_sqlite_store(options_in(host.folder()), clock).error().code, "store.locked");
  EXPECT_EQ(create_sqlite_store(options_in(host.folder())).error().code, "store.locked");
  host.close();
  EXPECT_TRUE(open_sqlite_store(options_in(host.folder()), clock));
}

TEST_F(SqliteStoreTest, AStoreOfAnotherEnvironmentIsRefused) {
  host.close();
  auto options = options_in(host.folder());
  options.environment = "production";
  EXPECT_EQ(open_sqlite_store(options, clock).error().code, "store.environment");
}

TEST_F(SqliteStoreTest, AFolderWithoutStoreSaysSo) {
  const TemporaryFolder empty;
  EXPECT_EQ(open_sqlite_store(options_in(empty.path()), clock).error().code, "store.missing");
}

TEST_F(SqliteStoreTest, AnInterruptedCreationIsTakenUpAgain) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "dematd.db.new") << "half";
  std::ofstream(folder.path() / "journal.key") << "half";
  ASSERT_TRUE(create_sqlite_store(options_in(folder.path())));
  EXPECT_TRUE(open_sqlite_store(options_in(folder.path()), clock));
}

TEST_F(SqliteStoreTest, FilesAreForTheServiceOnly) {
  accepted("K1", large);
  for (const auto& file : {host.folder() / "journal.key", blob(sha256(large))}) {
    struct stat status {};
    ASSERT_EQ(::stat(file.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U) << file.filename();
  }
}

TEST_F(SqliteStoreTest, SettingsAreThoseThatMakeItDurable) {
  EXPECT_EQ(ask_raw(database(), "PRAGMA journal_mode"), "wal");
  EXPECT_EQ(ask_raw(database(), "PRAGMA page_size"), "4096");
}

TEST_F(SqliteStoreTest, ADamagedDatabaseIsNamedAsSuch) {
  host.close();
  for (const char* suffix : {"-wal", "-shm"})
    fs::remove(database().string() + suffix);
  std::ofstream(database(), std::ios::trunc) << std::string(20'000, 'x');
  EXPECT_EQ(open_sqlite_store(options_in(host.folder()), clock).error().code, "store.corrupt");
}

TEST_F(SqliteStoreTest, DroppedStagedFilesLeaveNothing) {
  {
    const auto staged = stage(large);
    EXPECT_EQ(staged_files(), 1U);
  }
  EXPECT_EQ(staged_files(), 0U);
  {
    auto writer = host.store().new_payload().value();
    ASSERT_TRUE(writer->append(large));
  }
  EXPECT_EQ(staged_files(), 0U);
  accepted("K1", large);
  EXPECT_TRUE(std::holds_alternative<SameBytes>(accept("K1", large).value()));
  EXPECT_EQ(staged_files(), 0U);
}

TEST_F(SqliteStoreTest, SmallPayloadsAreRowsLargeOnesFiles) {
  const std::string at_boundary(inline_payload, 'b');
  accepted("K1", at_boundary);
  accepted("K2", at_boundary + "!");
  EXPECT_FALSE(fs::exists(blob(sha256(at_boundary))));
  EXPECT_TRUE(fs::exists(blob(sha256(at_boundary + "!"))));
}

TEST_F(SqliteStoreTest, ARefusedItemLeavesNoBlob) {
  const auto id = accepted("K1", "<a/>");
  Change change;
  change.flow = id;
  change.documents.push_back({"report", "r", "text/plain", stage(large)});
  change.steps = {{.trigger = flow::Trigger::pass_checks}, {.trigger = flow::Trigger::release}};
  EXPECT_FALSE(host.store().apply(std::move(change)));
  EXPECT_FALSE(fs::exists(blob(sha256(large))));
  EXPECT_EQ(staged_files(), 0U);
}

TEST_F(SqliteStoreTest, RecoverySweepsAndReconcilesBothWays) {
  accepted("K1", large);
  const std::string other(2 * inline_payload, 'o');
  accepted("K2", other);
  host.close();
  std::ofstream(host.folder() / "tmp" / "left.part") << "half";
  const auto orphan = sha256("orphan");
  std::ofstream(blob(orphan)) << "orphan";
  fs::remove(blob(sha256(other)));
  EXPECT_EQ(host.reopen().recover(clock.now()).value().temporary_files_swept, 1U);
  const auto report = host.store().reconcile([] { return true; }).value();
  EXPECT_EQ(report.orphan_blobs, 1U);
  EXPECT_FALSE(fs::exists(blob(orphan)));
  EXPECT_EQ(report.missing_blobs, std::vector<Sha256>{sha256(other)});
  EXPECT_EQ(host.store().open_payload(sha256(other)).error().code, "store.corrupt");
  EXPECT_TRUE(host.store().open_payload(sha256(large)));
  // The same bytes coming again, from anyone, heal it.
  NewReturn item;
  item.destination = DestinationName{"helios"};
  item.remote_name = "X";
  ASSERT_TRUE(host.store().import_return(item, stage(other)));
  EXPECT_EQ(content_of(**host.store().open_payload(sha256(other))), other);
}

TEST_F(SqliteStoreTest, RecoveryLeavesAloneWhatIsBeingStaged) {
  const std::string coming(2 * inline_payload, 'c');
  auto writer = host.store().new_payload().value();
  ASSERT_TRUE(writer->append(coming));
  auto staged = stage(large);
  EXPECT_EQ(staged_files(), 2U);
  EXPECT_EQ(host.store().recover(clock.now()).value().temporary_files_swept, 0U);
  EXPECT_EQ(host.store().reconcile([] { return true; }).value().orphan_blobs, 0U);
  EXPECT_EQ(staged_files(), 2U);
  NewReturn item;
  item.destination = DestinationName{"helios"};
  item.remote_name = "X";
  ASSERT_TRUE(host.store().import_return(item, std::move(staged)));
  item.remote_name = "Y";
  ASSERT_TRUE(host.store().import_return(item, writer->finish().value()));
  EXPECT_EQ(content_of(**host.store().open_payload(sha256(coming))), coming);
}

/// Blobs get their names while the reconciliation walks through them again and again.
TEST_F(SqliteStoreTest, ReconciliationBesideTheWorkLosesNothing) {
  std::atomic<bool> done = false;
  std::thread walker([&] {
    while (!done.load())
      EXPECT_EQ(host.store().reconcile([] { return true; }).value().orphan_blobs, 0U);
  });
  std::vector<Sha256> names;
  for (int i = 0; i < 60; ++i) {
    const std::string bytes = std::to_string(i) + std::string(inline_payload, 'b');
    NewReturn item;
    item.destination = DestinationName{"helios"};
    item.remote_name = std::to_string(i);
    ASSERT_TRUE(host.store().import_return(item, stage(bytes)));
    names.push_back(sha256(bytes));
  }
  done = true;
  walker.join();
  EXPECT_TRUE(host.store().reconcile([] { return true; }).value().missing_blobs.empty());
  for (const auto& name : names)
    EXPECT_TRUE(fs::exists(blob(name)));
}

TEST_F(SqliteStoreTest, AnyEditOfTheJournalIsFound) {
  accepted("K1", "<a/>");
  const auto id = accepted("K2", "<b/>");
  accepted("K3", "<c/>");
  const struct {
    const char* edit;
    const char* undo;
    std::uint64_t first_bad;
  } cases[] = {
      {"UPDATE event SET actor='x' WHERE sequence=2", "UPDATE event SET actor='' WHERE sequence=2", 2},
      {"UPDATE event SET reason='x' WHERE sequence=3", "UPDATE event SET reason='' WHERE sequence=3", 3},
      {"UPDATE event SET at=at+1 WHERE sequence=1", "UPDATE event SET at=at-1 WHERE sequence=1", 1},
      {"UPDATE event SET payloads=payloads||'0' WHERE sequence=1",
       "UPDATE event SET payloads=substr(payloads,1,64) WHERE sequence=1", 1},
      {"UPDATE journal_head SET sequence=2", "UPDATE journal_head SET sequence=3", 4},
      {"DELETE FROM event WHERE sequence=3", "SELECT 1", 3},
  };
  for (const auto& c : cases) {
    ASSERT_TRUE(host.store().verify_journal().value().intact);
    run_raw(database(), c.edit);
    const auto check = host.store().verify_journal().value();
    EXPECT_FALSE(check.intact) << c.edit;
    EXPECT_EQ(check.first_bad, c.first_bad) << c.edit;
    run_raw(database(), c.undo);
    if (std::string_view(c.undo) == "SELECT 1") break;
  }
}

TEST_F(SqliteStoreTest, AFullDatabaseRefusesWaitsAndRecovers) {
  host.close();
  auto options = options_in(host.folder());
  options.max_pages = 80;
  auto store = open_sqlite_store(options, clock).value();
  const auto post = [&store](int number) {
    auto writer = store->new_payload().value();
    EXPECT_TRUE(writer->append(std::string(inline_payload - 100, 'p') + std::to_string(number)));
    NewFlow item;
    item.flow.authority = AuthorityId{"123456782"};
    return store->accept(std::move(item), std::move(*writer->finish()));
  };
  int stored = 0;
  Result<AcceptOutcome> last = post(0);
  while (last && stored < 1000)
    last = post(++stored);
  ASSERT_FALSE(last);
  EXPECT_EQ(last.error().code, "store.disk_full");
  EXPECT_EQ(last.error().outlook, Outlook::waiting);
  EXPECT_EQ(store->list({}, "", 500).value().items.size(), static_cast<std::size_t>(stored));
  EXPECT_TRUE(store->verify_journal().value().intact);
  store.reset();
  store = open_sqlite_store(options_in(host.folder()), clock).value();
  EXPECT_TRUE(post(5000));
  EXPECT_TRUE(store->verify_journal().value().intact);
}

TEST_F(SqliteStoreTest, ANewerSchemaIsRefused) {
  host.close();
  run_raw(database(), "PRAGMA user_version=99");
  EXPECT_EQ(open_sqlite_store(options_in(host.folder()), clock).error().code, "store.newer_schema");
}

}  // namespace
}  // namespace demat::store
