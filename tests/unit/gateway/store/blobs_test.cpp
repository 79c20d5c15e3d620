#include "gateway/store/blobs.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "gateway/store/connection.hpp"
#include "sqlite_host.hpp"

namespace demat::store {
namespace {

/// Stands for a file that the disk does not let go: as root, no permission keeps a file.
class Stubborn {
 public:
  explicit Stubborn(std::filesystem::path path) : path_(std::move(path)) {
    std::filesystem::remove(path_);
    std::filesystem::create_directory(path_);
  }
  void yield() const {
    std::filesystem::remove(path_);
    std::ofstream(path_) << "bytes";
  }

 private:
  std::filesystem::path path_;
};

struct BlobsTest : testing::Test {
  BlobsTest() : db(folder.path() / "db", Connection::Mode::create), blobs(folder.path()) {
    db.run("CREATE TABLE payload(sha256 TEXT,bytes BLOB,purged_at INTEGER)");
    EXPECT_TRUE(Blobs::create_folders(folder.path()));
  }
  const TemporaryFolder folder;
  Connection db;
  Blobs blobs;
  const Sha256 name{std::string(64, 'a')};
};

TEST_F(BlobsTest, WhatTheDiskDoesNotLetGoIsTriedAgainAfterTheNextCommit) {
  const Stubborn file(blobs.path_of(name));
  blobs.discard(name);
  blobs.committed(db);
  ASSERT_TRUE(std::filesystem::exists(blobs.path_of(name)));
  file.yield();
  blobs.committed(db);
  EXPECT_FALSE(std::filesystem::exists(blobs.path_of(name)));
}

TEST_F(BlobsTest, WhatHasARowAgainStays) {
  const Stubborn file(blobs.path_of(name));
  blobs.discard(name);
  blobs.committed(db);
  file.yield();
  db.run("INSERT INTO payload(sha256) VALUES(?)", name);
  blobs.committed(db);
  EXPECT_TRUE(std::filesystem::exists(blobs.path_of(name)));
}

TEST(StagingFolder, RemovesLaterWhatTheDiskDoesNotLetGo) {
  const TemporaryFolder folder;
  StagingFolder staging(folder.path());
  const auto path = staging.fresh_path();
  const Stubborn file(path);
  staging.remove(path);
  staging.clear_up();
  ASSERT_TRUE(std::filesystem::exists(path));
  file.yield();
  staging.clear_up();
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(StagingFolder, TheNextFileThatIsStagedTakesLeftOversAway) {
  const TemporaryFolder folder;
  const auto staging = std::make_shared<StagingFolder>(folder.path());
  const auto path = staging->fresh_path();
  const Stubborn file(path);
  staging->remove(path);
  file.yield();
  const auto writer = make_payload_writer(staging, 0);
  ASSERT_TRUE(writer->append("bytes"));
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace demat::store
