#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <thread>
#include <vector>

#include "gateway/base/crash_point.hpp"
#include "protocols/base/digest.hpp"
#include "sqlite_host.hpp"

// A child process accepts flows and dies of SIGKILL at a named crash point; what it acknowledged before is
// read back by the parent, who checks that nothing is lost or half there. This shows that no acknowledgement
// precedes its commit; it says nothing about fsync itself (stack D4).

namespace demat::store {
namespace {

using conformance::content_of;
using conformance::inline_payload;

std::string bytes_of(int number, std::size_t size) {
  std::string bytes = "<flow n='" + std::to_string(number) + "'/>";
  bytes.resize(std::max(bytes.size(), size), ' ');
  return bytes;
}

void accept_one(Store& store, int number, std::size_t size, int acknowledge_to) {
  auto writer = store.new_payload();
  if (!writer || !(*writer)->append(bytes_of(number, size))) std::_Exit(3);
  auto staged = (*writer)->finish();
  if (!staged) std::_Exit(4);
  NewFlow item;
  item.flow.authority = AuthorityId{"123456782"};
  item.flow.business_key = "K" + std::to_string(number);
  const auto outcome = store.accept(std::move(item), std::move(*staged));
  if (!outcome) std::_Exit(5);
  if (::write(acknowledge_to, &number, sizeof number) != sizeof number) std::_Exit(6);
}

/// The child's life; it never returns.
[[noreturn]] void accept_until_killed(const std::filesystem::path& folder, const char* crash_at,
                                      std::size_t size, int acknowledge_to) {
  ::setenv("DEMAT_CRASH_AT", crash_at, 1);
  const SystemClock clock;
  auto store = open_sqlite_store(options_in(folder), clock);
  if (!store || !(*store)->recover(clock.now())) std::_Exit(2);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&store, t, size, acknowledge_to] {
      for (int i = 0; i < 50; ++i)
        accept_one(**store, t * 1000 + i, size, acknowledge_to);
    });
  for (auto& thread : threads)
    thread.join();
  std::_Exit(0);
}

/// Runs the child; returns the numbers it acknowledged, and how it ended.
std::vector<int> acknowledged_before_death(const std::filesystem::path& folder, const char* crash_at,
                                           std::size_t size, int& status) {
  int pipe_ends[2] = {-1, -1};
  if (::pipe(pipe_ends) != 0) throw std::runtime_error("pipe failed");
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(pipe_ends[0]);
    accept_until_killed(folder, crash_at, size, pipe_ends[1]);
  }
  ::close(pipe_ends[1]);
  std::vector<int> numbers;
  int number = 0;
  while (::read(pipe_ends[0], &number, sizeof number) == sizeof number)
    numbers.push_back(number);
  ::close(pipe_ends[0]);
  ::waitpid(child, &status, 0);
  return numbers;
}

void expect_all_there(Store& store, const std::vector<int>& numbers, std::size_t size) {
  for (const int number : numbers) {
    const auto name = sha256(bytes_of(number, size));
    const auto payload = store.open_payload(name);
    ASSERT_TRUE(payload) << "flow " << number << " was acknowledged and is lost: " << payload.error().detail;
    EXPECT_EQ(content_of(**payload), bytes_of(number, size));
  }
  std::size_t flows = 0;
  std::string cursor;
  do {
    const auto page = store.list({}, cursor, 500).value();
    for (const auto& f : page.items) {
      ++flows;
      EXPECT_EQ(store.documents(f.id).value().size(), 1U) << "half a flow";
      EXPECT_EQ(store.events(f.id).value().size(), 1U) << "half a flow";
      EXPECT_TRUE(store.open_payload(f.original)) << "half a flow";
    }
    cursor = page.next;
  } while (!cursor.empty());
  EXPECT_GE(flows, numbers.size());
}

struct Crash {
  const char* point;
  std::size_t size;
};

class CrashPoint : public testing::TestWithParam<Crash> {};

TEST_P(CrashPoint, LosesNothingThatWasAcknowledged) {
  if (!crash_points_compiled_in) GTEST_SKIP() << "built without DEMAT_CRASH_POINTS";
  const auto& [point, size] = GetParam();
  const SystemClock clock;
  SqliteHost host(clock);
  host.close();
  int status = 0;
  const auto numbers = acknowledged_before_death(host.folder(), point, size, status);
  ASSERT_TRUE(WIFSIGNALED(status)) << "the point was never passed; exit status " << WEXITSTATUS(status);
  EXPECT_EQ(WTERMSIG(status), SIGKILL);

  auto& store = host.reopen();
  const auto report = store.recover(clock.now());
  ASSERT_TRUE(report) << report.error().detail;
  const auto repaired = store.reconcile([] { return true; });
  ASSERT_TRUE(repaired) << repaired.error().detail;
  EXPECT_TRUE(repaired->missing_blobs.empty());
  expect_all_there(store, numbers, size);
  EXPECT_TRUE(store.verify_journal().value().intact);
  EXPECT_TRUE(std::filesystem::is_empty(host.folder() / "tmp"));
  // A second look finds nothing left to repair.
  EXPECT_EQ(store.recover(clock.now()).value().temporary_files_swept, 0U);
  EXPECT_EQ(store.reconcile([] { return true; }).value().orphan_blobs, 0U);
}

constexpr std::size_t small = 200;
constexpr std::size_t large = inline_payload * 2;

INSTANTIATE_TEST_SUITE_P(Sqlite, CrashPoint,
                         testing::Values(Crash{"staged_written:7", large}, Crash{"blob_fsynced:7", large},
                                         Crash{"blob_renamed:1", large}, Crash{"blob_renamed:9", large},
                                         Crash{"accept_payload_kept:5", small},
                                         Crash{"accept_payload_kept:5", large},
                                         Crash{"before_commit:4", small}, Crash{"before_commit:4", large},
                                         Crash{"after_commit:4", small}, Crash{"after_commit:4", large},
                                         Crash{"after_commit:20", small}),
                         [](const auto& info) {
                           std::string name =
                               info.param.point + std::string(info.param.size == small ? "_small" : "_large");
                           std::replace(name.begin(), name.end(), ':', '_');
                           return name;
                         });

}  // namespace
}  // namespace demat::store
