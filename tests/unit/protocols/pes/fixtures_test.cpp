#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <sstream>

#include "documents.hpp"
#include "protocols/pes/acquit.hpp"
#include "protocols/pes/header.hpp"
#include "protocols/pes/retour.hpp"
#include "tests/support/shared.hpp"

/// Reads every published or derived PES document of the reference material, when it is there.
namespace demat::pes {
namespace {

struct Row {
  std::string file;
  std::string kind;
  std::string root;
  std::string ns;
  bool well_formed = true;
};

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> out;
  std::istringstream in(line);
  for (std::string field; std::getline(in, field, '\t');)
    out.push_back(field);
  return out;
}

class Fixtures : public testing::Test {
 protected:
  void SetUp() override {
    const auto shared = samples::shared_folder(DEMAT_SOURCE_DIR);
    if (!shared || !std::filesystem::exists(*shared / "fixtures" / "MANIFEST.tsv"))
      GTEST_SKIP() << "the reference material (../shared, or DEMAT_SHARED) is not here";
    folder = *shared / "fixtures";
    std::istringstream manifest(samples::read_file(folder / "MANIFEST.tsv"));
    std::string line;
    std::getline(manifest, line);
    const auto columns = split(line);
    const auto verdict =
        static_cast<std::size_t>(std::find(columns.begin(), columns.end(), "pes-5.30") - columns.begin());
    ASSERT_LT(verdict, columns.size());
    while (std::getline(manifest, line)) {
      const auto fields = split(line);
      if (fields.at(1).starts_with("pes-"))
        rows.push_back({fields[0], fields[1], fields.at(3), fields.at(4), fields.at(verdict) != "not-wf"});
    }
    ASSERT_GT(rows.size(), 50U);
  }

  [[nodiscard]] std::string bytes(const Row& row) const { return samples::read_file(folder / row.file); }

  std::filesystem::path folder;
  std::vector<Row> rows;
};

TEST_F(Fixtures, HeadersAreReadOrRefusedWithAKnownCode) {
  std::size_t read = 0;
  for (const auto& row : rows) {
    const auto text = bytes(row);
    const auto header = read_header(xml::MemorySource(text));
    const bool known = kind_of(row.root, row.ns) != Kind::unknown;
    if (header) {
      ++read;
      EXPECT_TRUE(known) << row.file;
      EXPECT_FALSE(header->id_post.empty() && header->nom_fic.empty()) << row.file;
    } else if (known && row.well_formed) {
      EXPECT_EQ(header.error().code, "pes.header.missing") << row.file;
      EXPECT_NE(row.file.find("drop_required"), std::string::npos) << row.file << ": " << header.error().en;
    }
  }
  EXPECT_GT(read, 80U);
}

TEST_F(Fixtures, FlowsOfKnownFaultsAreJudged) {
  using Codes = std::vector<std::string>;
  const std::map<std::string, Codes> expected{
      {"pes-aller/HELIOS_SIMU_ALR2_NoIdPost.xml", {"pes.idpost"}},
      {"pes-aller/PES_ALLER_MauvaisCodBud.xml", {"pes.codbud"}},
      {"pes-aller/pes_aller_IdColl_trop_long.xml", {"pes.idcoll"}},
      {"pes-aller/pes_aller_PasDeNomFic.xml", {"pes.nomfic.missing", "pes.codcol"}},
      {"pes-aller/pes_aller_utf8.xml", {"pes.encoding"}},
      {"pes-aller/pes_aller_ok.xml", {}},
      {"pes-aller/gen_PES_PJ_max.xml", {}},
      {"pes-marche/derived_PES_MARCHE_agysoft_5.17.xml", {}},
  };
  for (const auto& [file, faults] : expected) {
    const auto judged = test::judge(samples::read_file(folder / file));
    Codes errors;
    for (const auto& finding : judged.report.findings)
      if (finding.severity == Severity::error) errors.push_back(finding.code);
    EXPECT_EQ(errors, faults) << file;
  }
}

TEST_F(Fixtures, NoAcquitIsLost) {
  std::map<std::string, std::string> verdicts;
  for (const auto& row : rows) {
    if (row.kind != "pes-acquit" || row.root == "wrong_root" || row.root == "PES_ACQUIT_RETOUR") continue;
    const auto text = bytes(row);
    const auto acquit = decode_acquit(xml::MemorySource(text));
    EXPECT_EQ(acquit.has_value(), row.well_formed) << row.file;
    if (!acquit) continue;
    EXPECT_FALSE(acquit->elements.empty()) << row.file;
    verdicts[std::filesystem::path(row.file).filename()] = to_string(acquit->verdict);
  }
  EXPECT_EQ(verdicts.at("006111_190130123456-ACK-A3020100_A0000IDL_KO.xml"), "partly_rejected");
  EXPECT_EQ(verdicts.at("006111_190130123456-ACK-A3020100_A0000SDP_KO.xml"), "partly_rejected");
  EXPECT_EQ(verdicts.at("pes_acquit_not_valid.xml"), "rejected");
  EXPECT_EQ(verdicts.at("pes_acquit.a2963b.xml"), "acknowledged");
}

TEST_F(Fixtures, NoReturnIsLost) {
  std::size_t decoded = 0;
  for (const auto& row : rows) {
    if (row.kind != "pes-retour") continue;
    const auto text = bytes(row);
    const auto retour = decode_retour(xml::MemorySource(text));
    EXPECT_EQ(retour.has_value(), row.well_formed) << row.file;
    if (!retour) continue;
    ++decoded;
    EXPECT_GE(retour->pieces_total, 1U) << row.file;
  }
  EXPECT_GT(decoded, 20U);
}

}  // namespace
}  // namespace demat::pes
