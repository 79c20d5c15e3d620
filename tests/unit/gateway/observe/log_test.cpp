#include "gateway/observe/log.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "gateway/observe/json_line.hpp"

namespace demat::observe {
namespace {

namespace fs = std::filesystem;

TEST(JsonStringTest, EscapesAndRepairs) {
  struct Case {
    std::string text;
    std::string json;
  };
  const std::string bad = "\xEF\xBF\xBD";
  const std::vector<Case> cases{
      {"", "\"\""},
      {"plain", "\"plain\""},
      {"a\"b\\c", "\"a\\\"b\\\\c\""},
      {"\n\r\t", "\"\\n\\r\\t\""},
      {std::string("\0\x1f\x7f", 3), "\"\\u0000\\u001f\\u007f\""},
      {"réglé €", "\"réglé €\""},
      {"\xF0\x9F\x98\x80", "\"\xF0\x9F\x98\x80\""},
      {"r\xE9gl\xE9", "\"r" + bad + "gl" + bad + "\""},           // Latin-1
      {"\xC0\xAF", "\"" + bad + bad + "\""},                      // overlong
      {"\xED\xA0\x80", "\"" + bad + bad + bad + "\""},            // surrogate
      {"\xF4\x90\x80\x80", "\"" + bad + bad + bad + bad + "\""},  // beyond U+10FFFF
      {"cut \xE2\x82", "\"cut " + bad + bad + "\""},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(json_string(c.text), c.json);
    EXPECT_NO_THROW(boost::json::parse(json_string(c.text))) << c.json;
  }
}

TEST(JsonLineTest, KeepsTypes) {
  const std::string line = json_line("2026-03-01T00:00:00Z", Level::warning, "flow.sent",
                                     {{"flow", "f-1"},
                                      {"bytes", 12U},
                                      {"seconds", 0.25},
                                      {"again", false},
                                      {"nothing", std::numeric_limits<double>::infinity()}});
  const auto object = boost::json::parse(line).as_object();
  EXPECT_EQ(object.at("ts").as_string(), "2026-03-01T00:00:00Z");
  EXPECT_EQ(object.at("level").as_string(), "warning");
  EXPECT_EQ(object.at("code").as_string(), "flow.sent");
  EXPECT_EQ(object.at("flow").as_string(), "f-1");
  EXPECT_EQ(object.at("bytes").as_int64(), 12);
  EXPECT_DOUBLE_EQ(object.at("seconds").as_double(), 0.25);
  EXPECT_FALSE(object.at("again").as_bool());
  EXPECT_TRUE(object.at("nothing").is_null());
  EXPECT_FALSE(object.contains("alarm"));
}

class LoggerTest : public testing::Test {
 protected:
  void SetUp() override {
    file_ = fs::path(testing::TempDir()) /
            ("demat-log-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove(file_);
    fs::remove(moved());
  }
  void TearDown() override {
    fs::remove(file_);
    fs::remove(moved());
  }
  [[nodiscard]] fs::path moved() const { return file_.string() + ".1"; }

  static std::vector<boost::json::object> lines(const fs::path& file) {
    std::ifstream in(file);
    std::vector<boost::json::object> all;
    for (std::string line; std::getline(in, line);)
      all.push_back(boost::json::parse(line).as_object());
    return all;
  }

  fs::path file_;
};

TEST_F(LoggerTest, WritesFromItsLevelOn) {
  const auto log = Logger::create(Level::info, file_);
  log->debug("not.seen");
  log->info("seen", {{"n", 1}});
  log->error("seen.error");
  log->alarm("seen.alarm", {{"flow", "{} %v"}});
  const auto all = lines(file_);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].at("code").as_string(), "seen");
  EXPECT_EQ(all[1].at("level").as_string(), "error");
  EXPECT_TRUE(all[2].at("alarm").as_bool());
  EXPECT_EQ(all[2].at("flow").as_string(), "{} %v");
}

TEST_F(LoggerTest, ReopensAfterRotation) {
  const auto log = Logger::create(Level::info, file_);
  log->info("before");
  fs::rename(file_, moved());
  log->reopen();
  log->info("after");
  ASSERT_EQ(lines(moved()).size(), 1U);
  ASSERT_EQ(lines(file_).size(), 1U);
  EXPECT_EQ(lines(file_)[0].at("code").as_string(), "after");
}

TEST_F(LoggerTest, LinesOfThreadsDoNotMix) {
  const auto log = Logger::create(Level::info, file_);
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&log, t] {
        for (int i = 0; i < 100; ++i)
          log->info("line", {{"thread", t}, {"i", i}});
      });
    }
  }
  EXPECT_EQ(lines(file_).size(), 400U);
}

TEST(LoggerCreateTest, AnUnusableFileThrows) {
  EXPECT_ANY_THROW((void)Logger::create(Level::info, "/proc/none/dematd.log"));
}

TEST(LevelTest, HasWords) {
  for (const Level level : {Level::debug, Level::info, Level::warning, Level::error})
    EXPECT_EQ(level_from(to_string(level)), level);
}

}  // namespace
}  // namespace demat::observe
