#include "gateway/store/writer.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

#include "gateway/store/counters.hpp"
#include "gateway/store/errors.hpp"
#include "sqlite_host.hpp"

namespace demat::store {
namespace {

/// Fails the commit of a group on demand, and notes what it was told.
class Saboteur final : public Participant {
 public:
  void item_begins() override {}
  void item_undone() override { ++items_undone; }
  void before_commit(Connection&) override {
    if (armed) throw Refusal(disk_full("test"));
  }
  void committed(Connection&) override { ++commits; }
  void undone(Connection&, bool) override { ++groups_undone; }

  std::atomic<bool> armed{false};
  std::atomic<int> items_undone{0};
  std::atomic<int> groups_undone{0};
  std::atomic<int> commits{0};
};

class WriterTest : public testing::Test {
 protected:
  WriterTest() { db.execute("CREATE TABLE t(v INTEGER)"); }
  [[nodiscard]] std::int64_t rows() {
    return writer
        .run([](Connection& c) {
          auto row = c.prepare("SELECT count(*) FROM t");
          return row.step() ? row.next<std::int64_t>() : -1;
        })
        .value();
  }
  Status insert(int value) {
    return writer.run([value](Connection& c) { c.run("INSERT INTO t(v) VALUES(?)", value); });
  }

  TemporaryFolder folder;
  Connection db{folder.path() / "t.db", Connection::Mode::create};
  Saboteur saboteur;
  Writer writer{db, {&saboteur}};
};

TEST_F(WriterTest, GivesTheValueBackAfterTheCommit) {
  ASSERT_TRUE(insert(1));
  EXPECT_EQ(rows(), 1);
  EXPECT_GE(saboteur.commits.load(), 1);
}

TEST_F(WriterTest, ARefusedItemIsUndoneAndSaysWhy) {
  const Status refused = writer.run([](Connection& c) {
    c.run("INSERT INTO t(v) VALUES(1)");
    throw Refusal(not_found("thing"));
  });
  EXPECT_EQ(refused.error().code, "store.not_found");
  EXPECT_EQ(rows(), 0);
  EXPECT_EQ(saboteur.items_undone.load(), 1);
}

TEST_F(WriterTest, EagerWorkIsAnsweredBeforeItsCommitAndGoesWithTheNext) {
  ASSERT_TRUE(insert(1));
  const int before = saboteur.commits.load();
  const auto told = writer.run_eagerly([](Connection& c) {
    c.run("INSERT INTO t(v) VALUES(2)");
    return 7;
  });
  EXPECT_EQ(told.value(), 7);
  ASSERT_TRUE(insert(3));
  EXPECT_LE(saboteur.commits.load(), before + 2);
  EXPECT_EQ(rows(), 3);
}

TEST_F(WriterTest, EagerWorkAloneIsCommittedSoon) {
  const int before = saboteur.commits.load();
  ASSERT_TRUE(writer.run_eagerly([](Connection& c) { c.run("INSERT INTO t(v) VALUES(1)"); }));
  for (int i = 0; i < 6'000 && saboteur.commits.load() == before; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(saboteur.commits.load(), before + 1);
}

TEST_F(WriterTest, EagerWorkIsCommittedAtTheEnd) {
  {
    Connection other(folder.path() / "e.db", Connection::Mode::create);
    other.execute("CREATE TABLE t(v INTEGER)");
    Writer ending(other, {});
    ASSERT_TRUE(ending.run_eagerly([](Connection& c) { c.run("INSERT INTO t(v) VALUES(1)"); }));
  }
  Connection again(folder.path() / "e.db", Connection::Mode::read);
  EXPECT_TRUE(again.prepare("SELECT v FROM t").step());
}

TEST_F(WriterTest, AFailedCommitTakesEagerWorkWithIt) {
  saboteur.armed = true;
  ASSERT_TRUE(writer.run_eagerly([](Connection& c) { c.run("INSERT INTO t(v) VALUES(1)"); }));
  EXPECT_EQ(insert(2).error().code, "store.disk_full");
  saboteur.armed = false;
  EXPECT_EQ(rows(), 0);
}

std::vector<Status> insert_in_company(Writer& writer, int value) {
  return writer.run_together({[value](Connection& c) { c.run("INSERT INTO t(v) VALUES(?)", value); }},
                             Writer::Answer::in_company);
}

TEST_F(WriterTest, WorkInCompanyIsDurableWhenItIsAnswered) {
  const int before = saboteur.commits.load();
  ASSERT_TRUE(insert_in_company(writer, 1).front());
  EXPECT_EQ(saboteur.commits.load(), before + 1);
  EXPECT_EQ(rows(), 1);
}

TEST_F(WriterTest, AFailedCommitFailsWhatWaitedForCompany) {
  saboteur.armed = true;
  std::vector<Status> waited;
  std::thread other([&] { waited = insert_in_company(writer, 1); });
  EXPECT_EQ(insert(2).error().code, "store.disk_full");
  other.join();
  ASSERT_EQ(waited.size(), 1U);
  EXPECT_EQ(waited.front().error().code, "store.disk_full");
  saboteur.armed = false;
  EXPECT_EQ(rows(), 0);
}

/// A number is never given twice, whatever becomes of the transaction that counted it.
TEST_F(WriterTest, CountersSurviveTheLossOfTheirTransaction) {
  Connection other(folder.path() / "c.db", Connection::Mode::create);
  other.execute("CREATE TABLE counter(key TEXT PRIMARY KEY, value INTEGER NOT NULL)");
  Counters counters;
  Saboteur breaks;
  Writer counting(other, {&counters, &breaks});
  const auto next = [&] {
    return counting.run_eagerly([&](Connection& c) { return counters.count_up(c, "k"); }).value();
  };
  const auto commit = [&] {
    return counting.run([](Connection& c) { c.run("UPDATE counter SET value=value"); });
  };
  EXPECT_EQ(next(), 1U);
  ASSERT_TRUE(commit());
  breaks.armed = true;
  EXPECT_EQ(next(), 2U);
  EXPECT_EQ(next(), 3U);
  EXPECT_FALSE(commit());
  breaks.armed = false;
  ASSERT_TRUE(commit());  // whatever goes to disk next carries the numbers that were told
  const auto stored = counting.run([](Connection& c) {
    auto row = c.prepare("SELECT value FROM counter");
    return row.step() ? row.next<std::uint64_t>() : 0;
  });
  EXPECT_EQ(stored.value(), 3U);
  EXPECT_EQ(next(), 4U);
}

TEST_F(WriterTest, ABrokenInvariantReachesItsCallerAndHarmsNobodyElse) {
  EXPECT_THROW(static_cast<void>(writer.run([](Connection& c) {
                 c.run("INSERT INTO t(v) VALUES(1)");
                 throw std::logic_error("broken");
               })),
               std::logic_error);
  EXPECT_TRUE(insert(2));
  EXPECT_EQ(rows(), 1);
}

TEST_F(WriterTest, NothingIsClaimedWhenTheGroupCannotCommit) {
  saboteur.armed = true;
  const auto failed = insert(1);
  EXPECT_EQ(failed.error().code, "store.disk_full");
  EXPECT_EQ(failed.error().outlook, Outlook::waiting);
  EXPECT_EQ(saboteur.groups_undone.load(), 1);
  saboteur.armed = false;
  EXPECT_EQ(rows(), 0);
  EXPECT_TRUE(insert(1));
  EXPECT_EQ(rows(), 1);
}

TEST_F(WriterTest, ManyCallersShareCommits) {
  constexpr int threads = 24;
  constexpr int each = 20;
  std::vector<std::thread> callers;
  for (int t = 0; t < threads; ++t)
    callers.emplace_back([&] {
      for (int i = 0; i < each; ++i)
        EXPECT_TRUE(insert(i));
    });
  for (auto& caller : callers)
    caller.join();
  EXPECT_LT(saboteur.commits.load(), threads * each);
  EXPECT_EQ(rows(), threads * each);
}

}  // namespace
}  // namespace demat::store
