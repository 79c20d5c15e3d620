#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>

#include "protocols/preflight/preflight.hpp"
#include "tests/support/shared.hpp"

/// docs/rules-coverage says what becomes of every rule that the annotations of the schemas state.
namespace demat::preflight {
namespace {

namespace fs = std::filesystem;

/// What the schemas of 5.30 changed has a table of its own: its annotations are not in the model.
constexpr const char* of_5_30 = "pes530.tsv";

struct Line {
  std::vector<std::string> cells;
  std::string where;
};

std::vector<Line> table(const fs::path& file) {
  std::vector<Line> out;
  std::istringstream text(samples::read_file(file));
  std::string line;
  for (std::size_t number = 1; std::getline(text, line); ++number) {
    if (number == 1) continue;
    Line one{{}, file.filename().string() + ":" + std::to_string(number)};
    std::size_t from = 0;
    for (auto tab = line.find('\t'); tab != std::string::npos; tab = line.find('\t', from)) {
      one.cells.push_back(line.substr(from, tab - from));
      from = tab + 1;
    }
    one.cells.push_back(line.substr(from));
    out.push_back(std::move(one));
  }
  return out;
}

std::vector<Line> coverage() {
  std::vector<Line> out;
  for (const auto& entry : fs::directory_iterator(fs::path(DEMAT_SOURCE_DIR) / "docs" / "rules-coverage")) {
    if (entry.path().extension() != ".tsv" || entry.path().filename() == of_5_30) continue;
    for (auto& line : table(entry.path()))
      out.push_back(std::move(line));
  }
  return out;
}

std::string key(const Line& line) {
  return line.cells[0] + " " + line.cells[1] + " " + line.cells[2];
}

TEST(Coverage, NamesRulesThatThereAre) {
  const std::set<std::string> ways{"rule", "schema", "helios", "annex", "meaning", "return"};
  std::map<std::string, std::string> seen;
  for (const auto& line : coverage()) {
    ASSERT_EQ(line.cells.size(), 6U) << line.where;
    EXPECT_TRUE(ways.contains(line.cells[3])) << line.where << ": " << line.cells[3];
    EXPECT_EQ(line.cells[3] == "rule", !line.cells[4].empty()) << line.where;
    EXPECT_TRUE(seen.emplace(key(line), line.where).second) << line.where << " and " << seen[key(line)];
    std::istringstream codes(line.cells[4]);
    for (std::string code; codes >> code;)
      EXPECT_NE(find_rule(code), nullptr) << line.where << ": no rule " << code;
  }
}

TEST(Coverage, OfTheChangesOf530NamesRulesThatThereAreAndAllThatComeFromThem) {
  const std::set<std::string> ways{"rule", "schema", "helios", "annex", "meaning", "return"};
  std::set<std::string> seen;
  std::set<std::string> named;
  for (const auto& line : table(fs::path(DEMAT_SOURCE_DIR) / "docs" / "rules-coverage" / of_5_30)) {
    ASSERT_EQ(line.cells.size(), 5U) << line.where;
    EXPECT_TRUE(ways.contains(line.cells[2])) << line.where << ": " << line.cells[2];
    EXPECT_EQ(line.cells[2] == "rule", !line.cells[3].empty()) << line.where;
    EXPECT_TRUE(seen.insert(line.cells[0] + " " + line.cells[1]).second) << line.where << ": stands twice";
    std::istringstream codes(line.cells[3]);
    for (std::string code; codes >> code;) {
      EXPECT_NE(find_rule(code), nullptr) << line.where << ": no rule " << code;
      named.insert(code);
    }
  }
  for (const auto* const rule : all_rules()) {
    if (rule->source.find("pes530") != std::string_view::npos || rule->since == "5.30") {
      EXPECT_TRUE(named.contains(std::string(rule->code)))
          << rule->code << ": comes from 5.30, named nowhere";
    }
  }
}

/// Every annotation has its line, and every line its annotation.
TEST(Coverage, LeavesNoAnnotationOut) {
  const auto shared = samples::shared_folder(DEMAT_SOURCE_DIR);
  if (!shared) GTEST_SKIP() << "the annotations (../shared, or DEMAT_SHARED) are not here";
  std::set<std::string> ours;
  for (const auto& line : coverage())
    ours.insert(key(line));
  std::set<std::string> theirs;
  for (const auto& line : table(*shared / "model" / "business_rules_v5.17.tsv")) {
    theirs.insert(key(line));
    EXPECT_TRUE(ours.contains(key(line))) << key(line) << ": not accounted for";
  }
  for (const auto& line : coverage())
    EXPECT_TRUE(theirs.contains(key(line))) << line.where << ": no such annotation";
}

}  // namespace
}  // namespace demat::preflight
