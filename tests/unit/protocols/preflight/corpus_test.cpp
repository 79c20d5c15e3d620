#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "cases.hpp"
#include "enclosed.hpp"
#include "protocols/pes/header.hpp"
#include "protocols/xml/parser.hpp"
#include "tests/support/pes_samples.hpp"
#include "tests/support/shared.hpp"

/// Every flow of the corpus that is no mutant, and what the rules say of it: codes, with a ! where the flow
/// is refused, and how often, written down in corpus_findings.tsv. DEMAT_UPDATE_DOCS=1 writes it anew: read
/// the difference.
namespace demat::preflight::test {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> out;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, '\t');)
    out.push_back(cell);
  return out;
}

/// The PES_Aller of the manifest that are real, derived from a real one, or written by its makers.
std::vector<std::string> flows(const fs::path& fixtures) {
  std::vector<std::string> out;
  std::istringstream manifest(samples::read_file(fixtures / "MANIFEST.tsv"));
  for (std::string line; std::getline(manifest, line);) {
    const auto row = cells(line);
    if (row.size() > 3 && (row[1] == "pes-aller" || row[1] == "pes-marche") && row[2] != "mutant")
      out.push_back(row[0]);
  }
  return out;
}

std::string said(const Report& report) {
  std::map<std::string, std::size_t> times;
  for (const auto& finding : report.findings)
    ++times[finding.code + (finding.severity == Severity::error ? "!" : "")];
  std::string out;
  for (const auto& [code, count] : times)
    out += (out.empty() ? "" : " ") + code + (count > 1 ? "*" + std::to_string(count) : "");
  return out;
}

TEST(Corpus, IsJudgedAsWrittenDown) {
  const auto shared = samples::shared_folder(DEMAT_SOURCE_DIR);
  if (!shared) GTEST_SKIP() << "the corpus (../shared, or DEMAT_SHARED) is not here";
  Options options;
  options.pack = pack();
  std::string found = "file\tfindings\n";
  for (const auto& file : flows(*shared / "fixtures"))
    found += file + "\t" + said(judged(samples::read_file(*shared / "fixtures" / file), options)) + "\n";
  const fs::path page =
      fs::path(DEMAT_SOURCE_DIR) / "tests" / "unit" / "protocols" / "preflight" / "corpus_findings.tsv";
  if (std::getenv("DEMAT_UPDATE_DOCS") != nullptr)  // NOLINT(concurrency-mt-unsafe)
    std::ofstream(page, std::ios::binary) << found;
  EXPECT_EQ(samples::read_file(page), found) << "run with DEMAT_UPDATE_DOCS=1 and read the difference";
}

/// Mutants too are judged to the end: rules run beside the schema, not after it.
TEST(Corpus, NeverStopsTheRules) {
  const auto shared = samples::shared_folder(DEMAT_SOURCE_DIR);
  if (!shared) GTEST_SKIP() << "the corpus (../shared, or DEMAT_SHARED) is not here";
  std::size_t judged_whole = 0;
  for (const auto* kind : {"pes-aller", "pes-marche", "pes-acquit", "pes-retour"})
    for (const auto& entry : fs::directory_iterator(*shared / "fixtures" / kind)) {
      const auto text = samples::read_file(entry.path());
      if (!xml::parse(text) || !pes::read_header(xml::MemorySource(text))) continue;
      EXPECT_NO_THROW(static_cast<void>(judged(text))) << entry.path();
      ++judged_whole;
    }
  EXPECT_GT(judged_whole, 50U);
}

/// The road of small flows and that of large ones show the rules the same document.
TEST(Corpus, IsJudgedAlikeFromTreeAndStream) {
  const auto flow =
      samples::recette({.id_post = "1", .id_coll = "21340007000017"}, {.bordereaux = 3, .pieces = 30});
  const auto streamed = judged(flow);
  const auto tree = xml::parse(flow);
  ASSERT_TRUE(tree) << tree.error().en;
  const auto header = pes::read_header(xml::MemorySource(flow));
  ASSERT_TRUE(header) << header.error().en;
  Preflight preflight({});
  for (auto* visitor : preflight.visitors())
    tree->visit(*visitor);
  const auto report = preflight.finish(*header);
  ASSERT_FALSE(report.findings.empty());
  ASSERT_EQ(said(report), said(streamed));
  for (std::size_t i = 0; i < report.findings.size(); ++i) {
    EXPECT_EQ(report.findings[i].place, streamed.findings[i].place) << report.findings[i].code;
    EXPECT_EQ(report.findings[i].subject, streamed.findings[i].subject) << report.findings[i].code;
  }
}

}  // namespace
}  // namespace demat::preflight::test
