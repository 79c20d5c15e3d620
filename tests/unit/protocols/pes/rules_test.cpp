#include "protocols/pes/rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "documents.hpp"

namespace demat::pes {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;

struct RuleCase {
  std::string name;
  std::string text;
  std::vector<std::string> expected;  ///< codes, in order
  RuleOptions options = {};
};

RuleOptions will_sign() {
  RuleOptions options;
  options.gateway_will_sign = true;
  return options;
}

RuleOptions utf8_too() {
  RuleOptions options;
  options.encodings = {"ISO-8859-1", "UTF-8"};
  return options;
}

std::string with_header(const EnTete& values, std::string_view nom_fic = "FLUX-1",
                        std::string_view version = "2") {
  return document("PES_Aller", aller_ns, enveloppe(nom_fic, version) + en_tete(values) + pj_domain());
}

std::string signed_bordereau(std::string_view id) {
  return bordereau(id, signature);
}

std::string utf8_head(std::string_view head) {
  return document("PES_Aller", aller_ns, enveloppe() + en_tete() + pj_domain(), "", head);
}

class Rules : public testing::TestWithParam<RuleCase> {};

TEST_P(Rules, FindExactly) {
  const auto judged = judge(GetParam().text, GetParam().options);
  EXPECT_EQ(codes(judged.report), GetParam().expected);
  for (const auto& finding : judged.report.findings) {
    EXPECT_FALSE(finding.fr.empty());
    EXPECT_FALSE(finding.en.empty());
    EXPECT_THAT(finding.fr, testing::Not(HasSubstr("{value}")));
    EXPECT_GT(finding.place.line, 0U) << finding.code;
  }
}

const auto case_name = [](const auto& row) { return row.param.name; };

INSTANTIATE_TEST_SUITE_P(
    HeaderFields, Rules,
    testing::Values(
        RuleCase{"Good", with_header({}), {}}, RuleCase{"Corsica", with_header({.id_post = "02A034"}), {}},
        RuleCase{"SevenDigits", with_header({.id_post = "0340001"}), {}},
        RuleCase{"PostTooShort", with_header({.id_post = "34000"}), {"pes.idpost"}},
        RuleCase{"PostOtherLetter", with_header({.id_post = "02C034"}), {"pes.idpost"}},
        RuleCase{"PostEmpty", with_header({.id_post = ""}), {"pes.idpost"}},
        RuleCase{"CollEmpty", with_header({.id_coll = ""}), {"pes.idcoll.missing"}},
        RuleCase{"CollTooLong", with_header({.id_coll = "123456789123456"}), {"pes.idcoll"}},
        RuleCase{"CollLetters", with_header({.id_coll = "2134000070001A"}), {"pes.idcoll"}},
        RuleCase{"ColZero", with_header({.cod_col = "000"}), {"pes.codcol"}},
        RuleCase{"ColLong", with_header({.cod_col = "1234"}), {"pes.codcol"}},
        RuleCase{"ColLetters", with_header({.cod_col = "A12"}), {"pes.codcol"}},
        RuleCase{"ColEmpty", with_header({.cod_col = ""}), {"pes.codcol"}},
        RuleCase{"BudA0", with_header({.cod_bud = "A0"}), {}},
        RuleCase{"BudZZ", with_header({.cod_bud = "ZZ"}), {"pes.codbud"}},
        RuleCase{"BudLong", with_header({.cod_bud = "123"}), {"pes.codbud"}},
        RuleCase{"NomFicEmpty", with_header({}, ""), {"pes.nomfic.missing"}},
        RuleCase{"NomFicBlank", with_header({}, "  "), {"pes.nomfic.missing"}},
        RuleCase{"NomFic100", with_header({}, std::string(100, 'x')), {}},
        RuleCase{"NomFic101", with_header({}, std::string(101, 'x')), {"pes.nomfic.too_long"}},
        RuleCase{"Version1", with_header({}, "F", "1"), {"pes.version"}},
        RuleCase{"Latin9", utf8_head("<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?>\n"), {"pes.encoding"}},
        RuleCase{"Utf8", utf8_head("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"), {"pes.encoding"}},
        RuleCase{"NoEncoding", utf8_head("<?xml version=\"1.0\"?>\n"), {"pes.encoding"}},
        RuleCase{"NoDeclaration", utf8_head(""), {"pes.encoding"}},
        RuleCase{"Utf8Accepted", utf8_head("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"), {}, utf8_too()},
        RuleCase{"NoneIsUtf8", utf8_head(""), {}, utf8_too()},
        RuleCase{"AnAcquitIsNotAFlow",
                 document("PES_ACQUIT", acquit_v2_ns,
                          enveloppe() + en_tete() + "<ACQUIT><ElementACQUIT/></ACQUIT>"),
                 {"pes.kind"}}),
    case_name);

INSTANTIATE_TEST_SUITE_P(
    Content, Rules,
    testing::Values(
        RuleCase{"NoDomain", aller(""), {"pes.p25"}},
        RuleCase{"EmptyDomain",
                 aller("<PES_PJ><EnTetePES_PJ><IdVer V=\"1\"/></EnTetePES_PJ></PES_PJ>"),
                 {"pes.p25"}},
        RuleCase{"OnlyASignature", aller(signature), {"pes.p25"}},
        RuleCase{"Marche",
                 aller("<PES_Marche><EnTeteMarche><IdVer V=\"2\"/></EnTeteMarche><Marches/></PES_Marche>"),
                 {}},
        RuleCase{"DepenseIdVer1", aller(depense("0", bordereau(), "1")), {"pes.p1"}},
        RuleCase{
            "DepenseNoIdVer", aller("<PES_DepenseAller>" + bordereau() + "</PES_DepenseAller>"), {"pes.p1"}},
        RuleCase{"PjIdVer2", aller(pj_domain("2")), {"pes.p9"}},
        RuleCase{"WrongCount", aller(depense("0", bordereau("", "", "7"))), {"pes.p26"}},
        RuleCase{"CountNotANumber", aller(depense("0", bordereau("", "", "x"))), {}}),
    case_name);

INSTANTIATE_TEST_SUITE_P(
    Signatures, Rules,
    testing::Values(
        RuleCase{"PaperUnsigned", aller(depense("0", bordereau("B1"))), {}},
        RuleCase{"AbsentUnsigned", aller(depense("", bordereau("B1"))), {}},
        RuleCase{"DematUnsigned", aller(depense("1", bordereau("B1"))), {"pes.p2"}},
        RuleCase{"TrueUnsigned", aller(depense("true", bordereau("B1"))), {"pes.p2"}},
        RuleCase{"DematSigned", aller(depense("1", signed_bordereau("B1"))), {}},
        RuleCase{"OneOfTwoSigned", aller(depense("1", signed_bordereau("B1") + bordereau("B2"))), {"pes.p2"}},
        RuleCase{"GlobalCoversAll",
                 aller(depense("1", bordereau("B1") + bordereau("B2")) + std::string(signature), " Id=\"R\""),
                 {}},
        RuleCase{"GlobalAndOwn", aller(depense("1", signed_bordereau("B1")) + std::string(signature)), {}},
        RuleCase{"PaperSigned", aller(depense("0", signed_bordereau("B1"))), {"pes.p3"}},
        RuleCase{"AbsentSigned", aller(depense("", signed_bordereau("B1"))), {"pes.p3"}},
        RuleCase{"PaperGlobal", aller(depense("0", bordereau("B1")) + std::string(signature)), {"pes.p3"}},
        RuleCase{"PjOnlyGlobal", aller(pj_domain() + std::string(signature)), {}},
        RuleCase{"TwoOnOne",
                 aller(depense("1", bordereau("B1", std::string(signature) + std::string(signature)))),
                 {"pes.signature.repeated"}},
        RuleCase{"InAPiece",
                 aller(depense("1", "<Bordereau><Piece>" + std::string(signature) + "</Piece></Bordereau>")),
                 {"pes.p2", "pes.signature.misplaced"}},
        RuleCase{"OtherNamespace", aller(depense("1", bordereau("B1", "<Signature/>"))), {"pes.p2"}},
        RuleCase{"InsideASignature",
                 aller(depense("1", bordereau("B1",
                                              "<s:Signature xmlns:s=\"http://www.w3.org/2000/09/xmldsig#\">"
                                              "<s:Object><s:Signature/></s:Object></s:Signature>"))),
                 {}}),
    case_name);

INSTANTIATE_TEST_SUITE_P(
    GatewaySigns, Rules,
    testing::Values(
        RuleCase{"BordereauIds", aller(depense("1", bordereau("B1") + bordereau("B2"))), {}, will_sign()},
        RuleCase{"RootId", aller(depense("1", bordereau() + bordereau("B2")), " Id=\"R\""), {}, will_sign()},
        RuleCase{"NoId", aller(depense("1", bordereau())), {"pes.sign.no_id"}, will_sign()},
        RuleCase{"OneIdMissing",
                 aller(depense("1", bordereau("B1") + bordereau())),
                 {"pes.sign.no_id"},
                 will_sign()},
        RuleCase{"DigitFirst",
                 aller(depense("1", bordereau("1B")), " Id=\"5e1a\""),
                 {"pes.sign.no_id"},
                 will_sign()},
        RuleCase{"SpaceInside", aller(depense("1", bordereau("a b"))), {"pes.sign.no_id"}, will_sign()},
        RuleCase{"Paper", aller(depense("0", bordereau("B1"))), {"pes.sign.not_dematerialised"}, will_sign()},
        RuleCase{"PaperNoId",
                 aller(depense("", bordereau())),
                 {"pes.sign.not_dematerialised", "pes.sign.no_id"},
                 will_sign()},
        RuleCase{"PjOnly", aller(pj_domain()), {}, will_sign()},
        RuleCase{"CameSigned", aller(depense("1", signed_bordereau("B1"))), {}, will_sign()},
        RuleCase{"CameHalfSigned",
                 aller(depense("1", signed_bordereau("B1") + bordereau("B2"))),
                 {"pes.p2"},
                 will_sign()}),
    case_name);

TEST(StructuralRules, LearnFactsOnTheWay) {
  const auto text = aller(depense("1", signed_bordereau("B1") + bordereau("B2")) +
                              "<PES_RecetteAller><EnTeteRecette><IdVer V=\"2\"/></EnTeteRecette>" +
                              bordereau("B3") + "</PES_RecetteAller>" + pj_domain() + std::string(signature),
                          " Id=\"R\"");
  const auto facts = judge(text).facts;
  EXPECT_THAT(facts.domains, ElementsAre("PES_DepenseAller", "PES_RecetteAller", "PES_PJ"));
  EXPECT_TRUE(facts.to_be_signed);
  EXPECT_EQ(facts.bordereaux, 3U);
  EXPECT_EQ(facts.pieces, 3U);
  EXPECT_EQ(facts.pj, 1U);
  EXPECT_EQ(facts.signatures, 2U);
  EXPECT_TRUE(facts.all_bordereaux_have_id);
  EXPECT_TRUE(facts.root_has_id);
  EXPECT_FALSE(facts.dematerialisee) << "recette does not say so";
}

TEST(StructuralRules, KnowNothingOfBordereauxWhereThereAreNone) {
  const auto facts = judge(aller(pj_domain())).facts;
  EXPECT_FALSE(facts.to_be_signed);
  EXPECT_FALSE(facts.all_bordereaux_have_id);
  EXPECT_FALSE(facts.dematerialisee);
}

TEST(StructuralRules, SayWhere) {
  const auto text = aller("\n\n" + depense("1", bordereau("B1") + "\n" + bordereau("B2", signature)));
  const auto report = judge(text).report;
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].place.line, 4U);
  EXPECT_THAT(report.findings[0].place.path, HasSubstr("/PES_Aller/PES_DepenseAller/Bordereau"));
}

TEST(StructuralRules, ShowWhatWasFoundButNotAllOfIt) {
  const auto report = judge(with_header({.cod_col = std::string(500, '7')})).report;
  ASSERT_EQ(codes(report), std::vector<std::string>{"pes.codcol"});
  EXPECT_THAT(report.findings[0].fr, HasSubstr("« 777"));
  EXPECT_LT(report.findings[0].fr.size(), 400U);
}

TEST(StructuralRules, CountWhatTheyDoNotList) {
  std::string bordereaux;
  for (int i = 0; i < 1000; ++i)
    bordereaux += bordereau();
  const auto report = judge(aller(depense("1", bordereaux))).report;
  ASSERT_EQ(report.findings.size(), 21U);
  EXPECT_THAT(report.findings.back().fr, HasSubstr("980"));
  EXPECT_EQ(report.findings.back().code, "pes.p2");
}

TEST(StructuralRules, TakeTheirSeverityFromTheOptions) {
  RuleOptions options;
  options.rules.severities = {{"pes.p1", Severity::error}, {"pes.codcol", Severity::warning}};
  const auto strict = judge(aller(depense("0", bordereau(), "1")), options).report;
  EXPECT_TRUE(strict.refused());
  const auto lenient = judge(with_header({.cod_col = "000"}), options).report;
  EXPECT_FALSE(lenient.refused());
  EXPECT_EQ(codes(lenient), std::vector<std::string>{"pes.codcol"});
}

TEST(StructuralRules, BoundTheDomainsOfAHostileFile) {
  std::string domains;
  for (int i = 0; i < 5000; ++i)
    domains += "<D" + std::to_string(i) + "><X/></D" + std::to_string(i) + ">";
  const auto judged = judge(aller(domains + depense("1", bordereau("B1"))));
  EXPECT_LE(judged.facts.domains.size(), 65U);
  EXPECT_EQ(judged.facts.bordereaux, 1U);
}

TEST(RuleTable, IsWellFormed) {
  std::set<std::string_view> seen;
  for (const auto* const one : structural_rules()) {
    const auto& rule = *one;
    EXPECT_TRUE(seen.insert(rule.code).second) << rule.code;
    EXPECT_TRUE(rule.code.starts_with("pes.")) << rule.code;
    EXPECT_FALSE(rule.source.empty()) << rule.code;
    const bool fr = rule.fr.find("{value}") != std::string_view::npos;
    const bool en = rule.en.find("{value}") != std::string_view::npos;
    EXPECT_EQ(fr, en) << rule.code;
  }
  EXPECT_EQ(seen.size(), 21U);
}

}  // namespace
}  // namespace demat::pes
