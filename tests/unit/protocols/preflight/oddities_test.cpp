#include <gtest/gtest.h>

#include <random>
#include <regex>

#include "cases.hpp"
#include "flows.hpp"

/// Rules run beside the schema: whatever a document is, they end, and say no more than they may.
namespace demat::preflight::test {
namespace {

constexpr std::array<std::string_view, 12> odd{
    "",      " ",   "-1",   "0",          "00",       "99999999999999999999999",
    "1.234", "nan", "true", "2026-13-45", "\xC3\xA9", "' or 1=1"};

/// Where the leaves of a text are.
std::vector<std::pair<std::size_t, std::size_t>> leaves(const std::string& text) {
  static const std::regex leaf(R"re(<\w+ V="[^"]*"/>)re");
  std::vector<std::pair<std::size_t, std::size_t>> out;
  for (auto at = std::sregex_iterator(text.begin(), text.end(), leaf); at != std::sregex_iterator(); ++at)
    out.emplace_back(static_cast<std::size_t>(at->position()), static_cast<std::size_t>(at->length()));
  return out;
}

/// One leaf left out, doubled, moved to the front of another, or with an odd value.
std::string spoilt(const std::string& text, std::mt19937& dice) {
  const auto all = leaves(text);
  const auto one = all[dice() % all.size()];
  const auto leaf = text.substr(one.first, one.second);
  auto out = text;
  switch (dice() % 4) {
    case 0:
      return out.erase(one.first, one.second);
    case 1:
      return out.insert(one.first, leaf);
    case 2:
      out.erase(one.first, one.second);
      return out.insert(leaves(out)[dice() % (all.size() - 1)].first, leaf);
    default: {
      const auto from = leaf.find('"') + 1;
      return out.replace(one.first + from, leaf.size() - from - 3, odd[dice() % odd.size()]);
    }
  }
}

TEST(Oddities, NeverStopTheRules) {
  std::mt19937 dice(7);  // NOLINT(cert-msc51-cpp): the same documents at every run
  for (const auto& flow : {depense_flow(), recette_flow(), ormc_flow(), pj_flow()}) {
    auto text = change(flow, "ISO-8859-1", "UTF-8");
    for (int round = 0; round < 100; ++round) {
      if (round % 10 == 0) text = change(flow, "ISO-8859-1", "UTF-8");
      text = spoilt(text, dice);
      const auto report = judged(text);
      for (const auto& finding : report.findings) {
        ASSERT_NE(find_rule(finding.code), nullptr) << finding.code;
        ASSERT_EQ(finding.fr.find("{"), std::string::npos) << finding.fr;
      }
    }
  }
}

TEST(Oddities, AreReportedWithinBounds) {
  auto flow = depense_flow();
  const auto from = flow.find("<Bordereau");
  constexpr std::string_view end = "</Bordereau>";
  const auto to = flow.find(end) + end.size();
  const auto one = change(flow.substr(from, to - from), R"(<NatPce V="01"/>)", R"(<NatPce V="99"/>)");
  std::string many;
  for (int i = 0; i < 500; ++i)
    many += one;
  const auto report = judged(flow.replace(from, to - from, many));
  std::size_t triplets = 0;
  for (const auto& finding : report.findings)
    triplets += finding.code == "pes.triplet" ? 1U : 0U;
  EXPECT_EQ(triplets, rules::max_hits + 1);
  EXPECT_NE(report.findings.back().en.find("480 more"), std::string::npos);
}

}  // namespace
}  // namespace demat::preflight::test
