#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "documents.hpp"
#include "protocols/base/digest.hpp"
#include "protocols/pes/acquit.hpp"
#include "protocols/pes/retour.hpp"
#include "protocols/xml/schema_pack.hpp"
#include "tests/support/invented.hpp"
#include "tests/support/pes_samples.hpp"
#include "tests/support/shared.hpp"

/// The generated samples: they pass our own rules, and the published schemas where these are at hand.
namespace demat::samples {
namespace {

using pes::test::codes;
using pes::test::judge;

FlowOutline outline(const std::string& flow) {
  auto out = outline_of(xml::MemorySource(flow));
  if (!out) throw std::runtime_error(out.error().en);
  return std::move(*out);
}

std::string recette_with_pj() {
  return recette({.nom_fic = "REC-1"}, {.bordereaux = 2}, sample_attachments(2, 5'000, 3));
}

TEST(Samples, PassTheStructuralRulesWhenTheGatewaySigns) {
  pes::RuleOptions options;
  options.gateway_will_sign = true;
  EXPECT_THAT(codes(judge(depense({}, {.bordereaux = 3}), options).report), testing::IsEmpty());
  EXPECT_THAT(codes(judge(recette_with_pj(), options).report), testing::IsEmpty());
  EXPECT_THAT(codes(judge(pj({}, 50'000), options).report), testing::IsEmpty());
}

TEST(Samples, LeaveOutIdsAndDematerialisationOnDemand) {
  const auto judged = judge(depense({}, {.bordereau_ids = false, .root_id = false, .dematerialisee = false}));
  EXPECT_THAT(codes(judged.report), testing::IsEmpty());
  EXPECT_FALSE(judged.facts.all_bordereaux_have_id);
  EXPECT_FALSE(judged.facts.root_has_id);
  EXPECT_FALSE(judged.facts.dematerialisee);
}

TEST(Samples, AreTheSameForTheSameOptions) {
  EXPECT_EQ(depense({}, {.seed = 5}), depense({}, {.seed = 5}));
  EXPECT_NE(depense({}, {.seed = 5}), depense({}, {.seed = 6}));
}

TEST(Samples, AreInLatin1UnlessAskedOtherwise) {
  const auto latin1 = depense();
  EXPECT_NE(latin1.find("l\xE8s-H\xEAtres"), std::string::npos);
  const auto utf8 = depense({.encoding = SampleEncoding::utf8});
  EXPECT_NE(utf8.find("lès-Hêtres"), std::string::npos);
  EXPECT_EQ(outline(latin1).header.libelle_col_bud, "Commune d'Exempleville-lès-Hêtres");
}

class SizedSample : public testing::TestWithParam<std::size_t> {};

TEST_P(SizedSample, IsAboutAsLongAsAsked) {
  const auto size = depense({}, shape_of_size(GetParam())).size();
  EXPECT_NEAR(static_cast<double>(size), static_cast<double>(GetParam()),
              static_cast<double>(GetParam()) * 0.2);
}

INSTANTIATE_TEST_SUITE_P(Sizes, SizedSample, testing::Values(5'000, 100'000, 1'000'000));

TEST(Samples, KeepWithinTheSizeOfAPjFlow) {
  for (const std::size_t bytes : {10'000U, 100'000U, 1'000'000U, 5'000'000U}) {
    const auto size = pj({}, bytes, 500'000).size();
    EXPECT_LE(size, bytes);
    EXPECT_GE(size, bytes - bytes / 5);
  }
  EXPECT_EQ(outline(pj({}, 1'000'000, 100'000)).pj.size(), 10U);
}

/// The road of the DOM and that of the stream show the rules the same document.
TEST(Samples, AreJudgedAlikeFromTreeAndStream) {
  const auto flow = depense({.id_post = "1", .cod_col = "000"}, {.bordereaux = 3, .bordereau_ids = false});
  const auto streamed = judge(flow);
  const auto tree = xml::parse(flow);
  ASSERT_TRUE(tree) << tree.error().en;
  const auto header = pes::read_header(xml::MemorySource(flow));
  ASSERT_TRUE(header) << header.error().en;
  pes::StructuralRules rules(*header, {});
  tree->visit(rules);
  const auto report = rules.finish();
  EXPECT_EQ(codes(report), codes(streamed.report));
  ASSERT_FALSE(report.findings.empty());
  for (std::size_t i = 0; i < report.findings.size(); ++i)
    EXPECT_EQ(report.findings[i].place, streamed.report.findings[i].place) << report.findings[i].code;
  EXPECT_EQ(rules.facts().bordereaux, streamed.facts.bordereaux);
  EXPECT_EQ(rules.facts().pieces, streamed.facts.pieces);
}

/// An upload is looked at while it comes (decisions, Intake): a cut may only say that more is needed.
TEST(Samples, HeadersAreReadFromAnyBeginningOrAskForMore) {
  for (const auto encoding : {SampleEncoding::latin1, SampleEncoding::utf8}) {
    const auto flow = depense({.nom_fic = "Dépense d'été", .encoding = encoding});
    bool read = false;
    for (std::size_t size = 0; size < 2'500; ++size) {
      const auto header = pes::read_header(xml::MemorySource(std::string_view(flow).substr(0, size)));
      if (header) {
        read = true;
        ASSERT_EQ(header->nom_fic.str(), "Dépense d'été") << size;
        ASSERT_EQ(header->id_coll, sample_siret(0)) << size;
      } else {
        ASSERT_FALSE(read) << size << ": read before, not with more";
        ASSERT_TRUE(header.error().code == "xml.malformed" || header.error().code == "pes.header.missing")
            << size << ": " << header.error().code;
      }
    }
    EXPECT_TRUE(read);
  }
}

TEST(Samples, CutAnswersAreNeverMistakenForWholeOnes) {
  const auto text = acquit(outline(depense()), Verdict::positive);
  const auto last = text.rfind('>');
  for (std::size_t size = 0; size < last; ++size) {
    const auto decoded = pes::decode_acquit(xml::MemorySource(std::string_view(text).substr(0, size)));
    ASSERT_FALSE(decoded) << size;
    EXPECT_EQ(decoded.error().code, "acquit.unreadable");
  }
}

TEST(Samples, OutlineNamesWhatAnAnswerMustName) {
  const auto flow = outline(recette_with_pj());
  EXPECT_EQ(flow.header.nom_fic.str(), "REC-1");
  ASSERT_EQ(flow.bordereaux.size(), 2U);
  EXPECT_FALSE(flow.bordereaux[0].depense);
  EXPECT_EQ(flow.bordereaux[0].numero, "1");
  EXPECT_EQ(flow.bordereaux[0].exercice, "2026");
  EXPECT_THAT(flow.bordereaux[0].pieces, testing::ElementsAre("1", "2", "3"));
  EXPECT_EQ(flow.pj.size(), 2U);
}

struct AnswerCase {
  Verdict verdict;
  int version;
  pes::AcquitVerdict expected;
};

class Answers : public testing::TestWithParam<AnswerCase> {};

TEST_P(Answers, AreDecodedAsTheyWereMeant) {
  for (const auto& flow :
       {depense({.nom_fic = "DEP-7"}), recette_with_pj(), pj({.nom_fic = "PJ-1"}, 5'000)}) {
    const auto sent = outline(flow);
    const auto text = acquit(sent, GetParam().verdict, GetParam().version);
    const auto decoded = pes::decode_acquit(xml::MemorySource(text));
    ASSERT_TRUE(decoded) << decoded.error().detail;
    EXPECT_STREQ(to_string(decoded->verdict), to_string(GetParam().expected));
    EXPECT_EQ(decoded->header.nom_fic, sent.header.nom_fic);
    EXPECT_EQ(decoded->header.cod_col.empty(), GetParam().verdict == Verdict::box1);
  }
}

INSTANTIATE_TEST_SUITE_P(Verdicts, Answers,
                         testing::Values(AnswerCase{Verdict::positive, 1, pes::AcquitVerdict::acknowledged},
                                         AnswerCase{Verdict::positive, 2, pes::AcquitVerdict::acknowledged},
                                         AnswerCase{Verdict::mixed, 1, pes::AcquitVerdict::partly_rejected},
                                         AnswerCase{Verdict::mixed, 2, pes::AcquitVerdict::partly_rejected},
                                         AnswerCase{Verdict::negative, 1, pes::AcquitVerdict::rejected},
                                         AnswerCase{Verdict::negative, 2, pes::AcquitVerdict::rejected},
                                         AnswerCase{Verdict::box1, 2, pes::AcquitVerdict::rejected}));

TEST(Samples, NonAcquitRejects) {
  const auto text = non_acquit(outline(depense()));
  const auto decoded = pes::decode_acquit(xml::MemorySource(text));
  ASSERT_TRUE(decoded) << decoded.error().detail;
  EXPECT_EQ(decoded->header.kind, pes::Kind::non_acquit);
  EXPECT_EQ(decoded->verdict, pes::AcquitVerdict::rejected);
}

TEST(Samples, ReturnsSpeakOfEveryPiece) {
  const auto text = retour(outline(depense({}, {.bordereaux = 2, .pieces = 5})), true);
  const auto decoded = pes::decode_retour(xml::MemorySource(text));
  ASSERT_TRUE(decoded) << decoded.error().detail;
  EXPECT_EQ(decoded->header.id_coll, sample_siret(0));
  EXPECT_EQ(decoded->pieces_total, 10U);
  EXPECT_EQ(decoded->par_etat.at("04"), 2U);
}

TEST(Invented, NumbersHaveRightKeys) {
  for (unsigned number = 0; number < 50; ++number)
    EXPECT_TRUE(is_siret(sample_siret(number))) << sample_siret(number);
  Dice dice(1);
  EXPECT_TRUE(is_siret(make_company(dice).siret));
  EXPECT_EQ(make_iban(dice).size(), 27U);
}

TEST(Gzip, IsReadableAgain) {
  const auto packed = gzip("facture");
  ASSERT_GT(packed.size(), 2U);
  EXPECT_EQ(packed.substr(0, 2), "\x1f\x8b");
}

/// Our own pack takes what the generator writes, by the streaming road as by the tree, except what is wrong
/// on purpose.
class OwnPack : public testing::Test {
 protected:
  void SetUp() override {
    const auto folder = std::filesystem::path(DEMAT_SOURCE_DIR) / "schemas" / "pes" / "5.30";
    auto loaded = xml::SchemaPack::load(folder);
    ASSERT_TRUE(loaded) << loaded.error().en << ' ' << loaded.error().detail;
    pack = *loaded;
  }

  [[nodiscard]] std::vector<std::string> by_tree(const std::string& text) const {
    const auto document = xml::parse(text);
    if (!document) return {document.error().code};
    return messages(pack->validate(*document));
  }

  [[nodiscard]] std::vector<std::string> by_stream(const std::string& text) const {
    Report report;
    const auto status = pack->validate_stream(xml::MemorySource(text), {}, {}, report);
    if (!status) return {status.error().code};
    return messages(report);
  }

  static std::vector<std::string> messages(const Report& report) {
    std::vector<std::string> out;
    for (const auto& finding : report.findings)
      out.push_back(finding.code + " " + finding.en);
    return out;
  }

  std::shared_ptr<const xml::SchemaPack> pack;
};

TEST_F(OwnPack, AcceptsTheSamples) {
  const auto sent = outline(depense({}, {.bordereaux = 2}));
  const auto revenue = outline(recette_with_pj());
  const std::vector<std::string> samples{depense({}, {.bordereaux = 2, .pieces = 10, .lignes = 2}),
                                         depense({.encoding = SampleEncoding::utf8}),
                                         recette_with_pj(),
                                         pj({}, 100'000, 50'000),
                                         acquit(sent, Verdict::mixed, 1),
                                         acquit(sent, Verdict::mixed, 2),
                                         acquit(revenue, Verdict::negative, 2),
                                         retour(sent, true),
                                         retour(revenue, false)};
  for (const auto& sample : samples) {
    EXPECT_THAT(by_tree(sample), testing::IsEmpty()) << sample.substr(0, 200);
    EXPECT_THAT(by_stream(sample), testing::IsEmpty()) << sample.substr(0, 200);
  }
}

TEST_F(OwnPack, RefusesABox1Acquit) {
  const auto box1 = acquit(outline(depense()), Verdict::box1);
  EXPECT_THAT(by_tree(box1), testing::Not(testing::IsEmpty()));
}

/// xmllint with the published schemas is the judge; it needs ../shared.
class PublishedSchemas : public testing::Test {
 protected:
  void SetUp() override {
    const auto shared = shared_folder(DEMAT_SOURCE_DIR);
    if (!shared || !std::filesystem::exists(*shared / "schemas" / "pes" / "v5.30"))
      GTEST_SKIP() << "the published schemas (../shared, or DEMAT_SHARED) are not here";
    if (!std::filesystem::exists("/usr/bin/xmllint")) GTEST_SKIP() << "xmllint is not installed";
    pack = *shared / "schemas" / "pes" / "v5.30" / "PES_V2";
    folder = std::filesystem::temp_directory_path() /
             ("demat-samples-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::create_directories(folder);
  }
  void TearDown() override {
    if (!folder.empty()) std::filesystem::remove_all(folder);
  }

  void expect_valid(const std::string& schema, const std::string& document) const {
    const auto file = folder / "document.xml";
    std::ofstream(file, std::ios::binary) << document;
    const auto log = folder / "log";
    const auto command = "xmllint --noout --nonet --huge --schema '" + (pack / schema).string() + "' '" +
                         file.string() + "' > '" + log.string() + "' 2>&1";
    EXPECT_EQ(std::system(command.c_str()), 0) << read_file(log).substr(0, 3000);
  }

  std::filesystem::path pack;
  std::filesystem::path folder;
};

TEST_F(PublishedSchemas, AcceptFlows) {
  const std::string schema = "Rev0/PES_Aller.xsd";
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    expect_valid(schema, depense({}, {.bordereaux = 3, .pieces = 40, .lignes = 2, .seed = seed}));
    expect_valid(schema, recette({}, {.bordereaux = 2, .pieces = 40, .seed = seed},
                                 sample_attachments(2, 5'000, seed)));
  }
  expect_valid(schema, depense({}, {.bordereau_ids = false, .root_id = false, .dematerialisee = false}));
  expect_valid(schema, depense({.encoding = SampleEncoding::utf8}));
  expect_valid(schema, pj({}, 300'000, 100'000));
}

TEST_F(PublishedSchemas, AcceptAnswers) {
  const std::array flows{outline(depense({}, {.bordereaux = 2})), outline(recette_with_pj()),
                         outline(pj({}, 5'000))};
  for (const auto& flow : flows) {
    for (const auto verdict : {Verdict::positive, Verdict::mixed, Verdict::negative}) {
      expect_valid("Rev0/PES_V2_Acquit_Autonome_V2.xsd", acquit(flow, verdict, 2));
      expect_valid("Rev0/PES_V2_Acquit_Autonome.xsd", acquit(flow, verdict, 1));
    }
  }
  const std::string schema = "RETOUR/Rev0/PES_Retour.xsd";
  expect_valid(schema, retour(outline(depense({}, {.pieces = 7})), true));
  expect_valid(schema, retour(outline(recette({}, {.pieces = 7})), false));
}

}  // namespace
}  // namespace demat::samples
