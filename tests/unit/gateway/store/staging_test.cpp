#include "gateway/store/staging.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>

#include "sqlite_host.hpp"

namespace demat::store {
namespace {

/// Files of this process may not grow past `bytes` while it lives; the signal is ignored, so that write
/// fails.
class FileQuota {
 public:
  explicit FileQuota(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileQuota() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FileQuota(const FileQuota&) = delete;
  FileQuota& operator=(const FileQuota&) = delete;

 private:
  void (*handler_)(int);
  rlimit before_{};
};

constexpr std::size_t limit = 100;

TEST(Staging, AFullDiskIsAWaitingErrorAndLeavesNothing) {
  const TemporaryFolder folder;
  for (const std::size_t quota : {0U, 150U, 5000U}) {
    auto writer = make_payload_writer(std::make_shared<StagingFolder>(folder.path()), limit);
    ASSERT_TRUE(writer->append(std::string(limit, 'a')));
    Status status;
    {
      const FileQuota full(quota);
      for (int i = 0; i < 100 && status; ++i)
        status = writer->append(std::string(limit, 'b'));
    }
    ASSERT_FALSE(status) << quota;
    EXPECT_EQ(status.error().code, "store.disk_full");
    EXPECT_EQ(status.error().outlook, Outlook::waiting);
    writer.reset();
    EXPECT_TRUE(std::filesystem::is_empty(folder.path())) << quota;
  }
}

TEST(Staging, TakesThePlaceBeforeTheFirstByte) {
  const TemporaryFolder folder;
  auto writer = make_payload_writer(std::make_shared<StagingFolder>(folder.path()), limit);
  constexpr std::uint64_t petabyte = std::uint64_t{1} << 50U;
  const Status status = writer->reserve(petabyte);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, "store.disk_full");
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  ASSERT_TRUE(writer->reserve(limit)) << "small ones need no file";
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  ASSERT_TRUE(writer->reserve(1'000'000));
  const auto file = *std::filesystem::directory_iterator(folder.path());
  EXPECT_EQ(std::filesystem::file_size(file), 0U);
  struct stat facts {};
  ASSERT_EQ(::stat(file.path().c_str(), &facts), 0);
  EXPECT_GE(facts.st_blocks * 512, 1'000'000);
  ASSERT_TRUE(writer->append("less than announced"));
  const auto staged = writer->finish();
  ASSERT_TRUE(staged);
  EXPECT_EQ(staged->size(), 19U);
}

TEST(Staging, AMissingFolderIsAnError) {
  auto writer = make_payload_writer(std::make_shared<StagingFolder>("does/not/exist"), limit);
  EXPECT_TRUE(writer->append("small"));
  EXPECT_EQ(writer->append(std::string(limit, 'b')).error().code, "store.io");
}

TEST(Staging, WhatIsStagedIsHashedAsItComes) {
  const TemporaryFolder folder;
  auto writer = make_payload_writer(std::make_shared<StagingFolder>(folder.path()), limit);
  for (int i = 0; i < 10; ++i)
    ASSERT_TRUE(writer->append("0123456789abcdef"));
  const auto staged = writer->finish().value();
  EXPECT_EQ(staged.size(), 160U);
  std::string whole(160, '\0');
  EXPECT_EQ(staged.bytes().read(0, whole).value(), 160U);
  EXPECT_EQ(whole, staged.bytes().view());
  std::string middle(5, '\0');
  EXPECT_EQ(staged.bytes().read(158, middle).value(), 2U);
}

}  // namespace
}  // namespace demat::store
