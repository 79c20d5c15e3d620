#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "protocols/preflight/preflight.hpp"
#include "tests/support/shared.hpp"

/// docs/rules.md lists the rules there are. DEMAT_UPDATE_DOCS=1 writes it anew.
namespace demat::preflight {
namespace {

std::string versions(const rules::RuleInfo& rule) {
  if (rule.since.empty() && rule.until.empty()) return "";
  return std::string(rule.since) + "–" + std::string(rule.until);
}

std::string row(const rules::RuleInfo& rule) {
  std::string out = "|";
  for (const auto& cell :
       {"`" + std::string(rule.code) + "`", std::string(rule.name == rule.code ? "" : rule.name),
        std::string(to_string(rule.level)), std::string(to_string(rule.severity)), versions(rule),
        std::string(rule.title_fr), std::string(rule.title_en), std::string(rule.source)})
    out += " " + cell + (cell.empty() ? "|" : " |");
  return out + "\n";
}

std::string table() {
  std::string out =
      "| code | name | level | default | versions | règle | rule | source |\n"
      "|---|---|---|---|---|---|---|---|\n";
  for (const auto* const rule : all_rules())
    out += row(*rule);
  return out;
}

TEST(RulesPage, ListsEveryRuleThatThereIs) {
  const auto page = std::filesystem::path(DEMAT_SOURCE_DIR) / "docs" / "rules.md";
  auto text = samples::read_file(page);
  const auto begins = text.find("| code | name |");
  ASSERT_NE(begins, std::string::npos) << page << " has no table";
  if (std::getenv("DEMAT_UPDATE_DOCS") != nullptr) {  // NOLINT(concurrency-mt-unsafe)
    text = text.substr(0, begins) + table();
    std::ofstream(page, std::ios::binary) << text;
  }
  EXPECT_EQ(text.substr(begins), table()) << "run this test with DEMAT_UPDATE_DOCS=1 to write the page anew";
}

}  // namespace
}  // namespace demat::preflight
