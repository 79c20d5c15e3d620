#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "protocols/xml/schema_pack.hpp"
#include "shared_files.hpp"

namespace demat::xml {
namespace {

using test::read_file;
using test::shared_folder;
using test::TemporaryFolder;

struct Row {
  std::string file;
  std::string root;
  std::string ns;
  std::string schema;
  std::string verdict;
};

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream stream(line);
  for (std::string field; std::getline(stream, field, '\t');)
    fields.push_back(field);
  return fields;
}

std::vector<Row> pes_rows(const std::string& column) {
  std::istringstream manifest(read_file(shared_folder() / "fixtures/MANIFEST.tsv"));
  std::string line;
  std::getline(manifest, line);
  const auto header = split(line);
  const auto at = [&](const std::vector<std::string>& fields, const std::string& name) {
    for (std::size_t i = 0; i < header.size(); ++i)
      if (header[i] == name) return fields.at(i);
    return std::string{};
  };
  std::vector<Row> rows;
  while (std::getline(manifest, line)) {
    const auto fields = split(line);
    if (at(fields, column) != "-")
      rows.push_back({at(fields, "file"), at(fields, "root"), at(fields, "namespace"), at(fields, "schema"),
                      at(fields, column)});
  }
  return rows;
}

/// A pack folder around the published schemas of one version, which stay as they are.
void make_state_pack(const TemporaryFolder& folder, const std::string& version) {
  std::filesystem::create_directories(folder.path());
  for (const auto& item :
       std::filesystem::directory_iterator(shared_folder() / "schemas/pes" / ("v" + version)))
    std::filesystem::create_symlink(item.path(), folder.path() / item.path().filename());
  const std::string base = "http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/";
  std::string toml = "protocol = \"pes\"\nversion = \"" + version + "\"\ntitle = \"published\"\n";
  const std::vector<std::vector<std::string>> entries = {
      {"PES_Aller", "aller", "PES_V2/Rev0/PES_Aller.xsd"},
      {"PES_ACQUIT", "retour", "PES_V2/Rev0/PES_V2_Acquit_Autonome.xsd"},
      {"PES_ACQUIT", "retour/v2", "PES_V2/Rev0/PES_V2_Acquit_Autonome_V2.xsd"},
      {"PES_ACQUIT_RETOUR", "aller/ack", "PES_V2/RETOUR/Rev0/PES_V2_Acquit_Retour.xsd"},
      {"PES_Retour", "retour", "PES_V2/RETOUR/Rev0/PES_Retour.xsd"}};
  for (const auto& entry : entries)
    toml += "[[entry]]\nroot = \"" + entry[0] + "\"\nnamespace = \"" + base + entry[1] + "\"\nfile = \"" +
            entry[2] + "\"\n";
  toml +=
      "[[entry]]\nroot = \"DocumentBudgetaire\"\nnamespace = "
      "\"http://www.minefi.gouv.fr/cp/demat/docbudgetaire\"\n"
      "file = \"SchemaDocBudg/DocumentBudgetaire.xsd\"\n";
  folder.write("pack.toml", toml);
}

bool has(const Report& report, std::string_view code) {
  return std::any_of(report.findings.begin(), report.findings.end(),
                     [&](const Finding& f) { return f.code == code; });
}

std::string first(const Report& report) {
  if (report.findings.empty()) return "no finding";
  const auto& finding = report.findings.front();
  return finding.place.path + ":" + std::to_string(finding.place.line) + " " + finding.fr;
}

std::string verdict(const Status& parsed, const Report& report) {
  if (!parsed) return "not-wf";
  if (has(report, "xsd.unsupported_domain")) return "unsupported";
  return report.refused() ? "invalid" : "valid";
}

/// Both roads give the expected verdict, and the same findings.
void check(const SchemaPack& pack, const Row& row, const std::string& expected) {
  SCOPED_TRACE(row.file);
  const auto bytes = read_file(shared_folder() / "fixtures" / row.file);
  Report streamed;
  const auto status = pack.validate_stream(MemorySource{bytes}, {}, {}, streamed);
  EXPECT_EQ(verdict(status, streamed), expected) << first(streamed);

  const auto document = parse(bytes);
  const auto validated = document ? pack.validate(*document) : Report{};
  EXPECT_EQ(verdict(document ? Status{} : failure(document.error()), validated), expected)
      << first(validated);
  if (!document || !status) return;
  ASSERT_EQ(validated.findings.size(), streamed.findings.size());
  for (std::size_t i = 0; i < validated.findings.size(); ++i) {
    EXPECT_EQ(validated.findings[i].place, streamed.findings[i].place);
    EXPECT_EQ(validated.findings[i].fr, streamed.findings[i].fr);
  }
}

class PublishedPack : public testing::TestWithParam<const char*> {};

TEST_P(PublishedPack, GivesTheVerdictOfEveryRow) {
  const std::string version = GetParam();
  if (!std::filesystem::exists(shared_folder() / "schemas/pes" / ("v" + version)))
    GTEST_SKIP() << "no published schemas beside the project";
  const TemporaryFolder folder;
  make_state_pack(folder, version);
  const auto pack = SchemaPack::load(folder.path());
  ASSERT_TRUE(pack) << pack.error().detail;
  const auto rows = pes_rows("pes-" + version);
  ASSERT_GT(rows.size(), 100U);
  for (const auto& row : rows)
    check(**pack, row, row.verdict);
}
INSTANTIATE_TEST_SUITE_P(Versions, PublishedPack, testing::Values("5.30", "5.17", "5.11"));

class OwnPack : public testing::TestWithParam<const char*> {};

TEST_P(OwnPack, GivesTheVerdictOfEveryRow) {
  const std::string version = GetParam();
  const auto folder = std::filesystem::path{DEMAT_SOURCE_DIR} / "schemas/pes" / version;
  if (!std::filesystem::exists(shared_folder() / "fixtures"))
    GTEST_SKIP() << "no fixtures beside the project";
  const auto pack = SchemaPack::load(folder);
  ASSERT_TRUE(pack) << pack.error().en << pack.error().detail;
  std::size_t covered = 0;
  for (const auto& row : pes_rows("pes-" + version)) {
    const auto bytes = read_file(shared_folder() / "fixtures" / row.file);
    const auto document = parse(bytes);
    if (document && (*pack)->entry(document->root().name(), document->root().ns()) == nullptr) {
      // A root that is wrong on purpose.
      EXPECT_TRUE(has((*pack)->validate(*document), "xsd.unknown_root")) << row.file;
      EXPECT_EQ(row.verdict, "invalid") << row.file;
      continue;
    }
    ++covered;
    check(**pack, row, row.verdict);
  }
  EXPECT_GT(covered, 90U);
}
INSTANTIATE_TEST_SUITE_P(Versions, OwnPack, testing::Values("5.17", "5.30"));

}  // namespace
}  // namespace demat::xml
