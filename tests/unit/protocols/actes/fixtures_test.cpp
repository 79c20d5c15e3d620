#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "protocols/actes/read.hpp"
#include "protocols/actes/rules.hpp"
#include "protocols/xml/schema_pack.hpp"
#include "tests/support/shared.hpp"

/// Every ACTES document of the reference material gets the verdict that its manifest states.
namespace demat::actes {
namespace {

struct Row {
  std::string file, kind, root, base, current;  ///< verdicts of versions 1.1 and 2.2
};

std::vector<Row> rows(const std::filesystem::path& shared) {
  std::istringstream manifest(demat::samples::read_file(shared / "fixtures/MANIFEST.tsv"));
  std::vector<Row> found;
  for (std::string line; std::getline(manifest, line);) {
    std::vector<std::string> cells;
    std::istringstream text(line);
    for (std::string cell; std::getline(text, cell, '\t');)
      cells.push_back(cell);
    if (cells.size() < 18 || !cells[1].starts_with("actes-")) continue;
    found.push_back({cells[0], cells[2], cells[3], cells[16], cells[17]});
  }
  return found;
}

class Fixtures : public testing::Test {
 protected:
  void SetUp() override {
    const auto folder = demat::samples::shared_folder(DEMAT_SOURCE_DIR);
    if (!folder) GTEST_SKIP() << "no folder of reference material";
    shared = *folder;
    all = rows(shared);
    ASSERT_GT(all.size(), 80U);
  }
  [[nodiscard]] std::string bytes(const Row& row) const {
    return demat::samples::read_file(shared / "fixtures" / row.file);
  }
  static std::string verdict(const xml::SchemaPack& pack, const std::string& bytes) {
    const auto document = xml::parse(bytes);
    if (!document) return "not-wf";
    return pack.validate(*document).findings.empty() ? "valid" : "invalid";
  }
  static std::shared_ptr<const xml::SchemaPack> pack(const std::string& version) {
    return xml::SchemaPack::load(DEMAT_SOURCE_DIR "/schemas/actes/" + version).value();
  }

  std::filesystem::path shared;
  std::vector<Row> all;
};

/// Rows of ACTES that the cases below do not read: the archives, which archive/reader_test unpacks, and whose
/// members are rows of their own. The verdict under 1.1 (`actes-libriciel`) is no other one of ours: what
/// leaves is 2.2, and what comes is read tolerantly.
TEST_F(Fixtures, NoRowIsLeftOut) {
  std::istringstream manifest(demat::samples::read_file(shared / "fixtures/MANIFEST.tsv"));
  std::set<std::string> read;
  for (const auto& row : all)
    read.insert(row.file);
  std::set<std::string> left_out;
  std::string line;
  std::getline(manifest, line);  // the names of the columns
  while (std::getline(manifest, line)) {
    std::vector<std::string> cells;
    std::istringstream text(line);
    for (std::string cell; std::getline(text, cell, '\t');)
      cells.push_back(cell);
    ASSERT_GE(cells.size(), 18U) << line;
    const bool ours =
        cells[1].starts_with("actes") || cells[1] == "archives" || cells[16] != "-" || cells[17] != "-";
    if (ours && !read.contains(cells[0])) left_out.insert(cells[0]);
  }
  EXPECT_EQ(left_out, (std::set<std::string>{"archives/SIC-EACT--210600730--20180115-1.tar.gz",
                                             "archives/reponse_prefecture.tar.gz"}));
}

TEST_F(Fixtures, HaveTheStatedVerdict) {
  const auto strict = pack("2.2");
  for (const auto& row : all)
    EXPECT_EQ(verdict(*strict, bytes(row)), row.current) << row.file;
}

TEST_F(Fixtures, ThatAreRealPassTheInputPack) {
  const auto relaxed = pack("2.2-input");
  for (const auto& row : all) {
    const bool real = row.kind == "real" || row.base == "valid" || row.current == "valid";
    if (real) EXPECT_EQ(verdict(*relaxed, bytes(row)), "valid") << row.file;
  }
}

/// Well-formed and of a known root: understood, whatever the schema says. The one document that is not
/// well-formed only by its encoding is understood too.
TEST_F(Fixtures, AreUnderstoodOrRefused) {
  for (const auto& row : all) {
    const auto found = read(bytes(row));
    const bool encoding = row.file.find("bad_utf8") != std::string::npos;
    const bool other_root = row.file.find("wrong_root") != std::string::npos;
    const bool nobodys = row.file == "actes-envelope/mut_env__case_changed.xml";  // idcl for IDCL
    const bool expected = (row.current != "not-wf" || encoding) && !other_root && !nobodys;
    ASSERT_EQ(found.has_value(), expected) << row.file << (found ? "" : found.error().en);
    if (!found) continue;
    const auto* message = std::get_if<Message>(&found->content);
    EXPECT_EQ(message != nullptr, row.file.starts_with("actes-message/")) << row.file;
    if (message != nullptr) EXPECT_EQ(info(message->code).root, row.root) << row.file;
    if (row.kind == "real" && row.current == "valid" && message != nullptr)
      for (const auto& remark : found->remarks.findings)
        EXPECT_TRUE(remark.code == "actes.read.value" || remark.code == "actes.read.encoding" ||
                    remark.code == "actes.read.missing")
            << row.file << remark.code << remark.en;
  }
}

/// The archive of the reference material is valid for the schema and yet not as it should be (actes 3.5).
TEST_F(Fixtures, TheSampleArchiveIsNotAsItShouldBe) {
  const std::string name = "EACT--210600730--20180115-1";
  const std::string form = "006-210600730-20180115-007-AR-1-1_0.xml";
  ImportedEnvelope imported;
  imported.archive_name = "SIC-" + name + ".tar.gz";
  imported.envelope_name = name + ".xml";
  imported.trigram = "SIC";
  imported.application = "EACT";
  const auto envelope =
      read(demat::samples::read_file(shared / "fixtures/actes-envelope" / imported.envelope_name));
  const auto message = read(demat::samples::read_file(shared / "fixtures/actes-message" / form));
  ASSERT_TRUE(envelope && message);
  imported.envelope = std::get<Envelope>(envelope->content);
  imported.encoding = envelope->encoding;
  imported.authority = imported.envelope.emitter;
  imported.forms = {{form, std::get<Message>(message->content), message->encoding}};
  imported.files = {{imported.envelope_name, 1, Media::xml}, {form, 1, Media::xml}};
  for (const auto& file : files_of(imported.forms[0].message))
    imported.files.push_back({file.name, 1, Media::jpeg});
  RuleOptions options;
  options.today = "2018-01-16";
  std::set<std::string> said;
  for (const auto& finding : check(imported, options).findings)
    said.insert(finding.code);
  EXPECT_EQ(said, (std::set<std::string>{"actes.import.encoding", "actes.authority.nature", "actes.paper",
                                         "actes.document.image", "actes.type.not_allowed"}));
}

TEST_F(Fixtures, RealClassificationsAreWhole) {
  std::size_t seen = 0;
  for (const auto& row : all) {
    if (row.kind != "real" || row.root != "RetourClassification") continue;
    const auto found = read_classification(bytes(row));
    ASSERT_TRUE(found) << row.file;
    ++seen;
    EXPECT_EQ(found->date.size(), 10U) << row.file;
    EXPECT_GE(found->natures.size(), 5U) << row.file;
    EXPECT_GE(found->matieres.size(), 2U) << row.file;
    EXPECT_NE(found->matiere(std::vector<int>{1, 1}), nullptr) << row.file;
    for (const auto& nature : found->natures)
      EXPECT_TRUE(found->allows(nature.code, found->default_type(nature.code))) << row.file << nature.code;
  }
  EXPECT_GT(seen, 8U);
}

}  // namespace
}  // namespace demat::actes
