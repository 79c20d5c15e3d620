#include "protocols/actes/rules.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "messages.hpp"
#include "rule_cases.hpp"

namespace demat::actes {
namespace {

const Classification& classification() {
  static const Classification found = samples::classification();
  return found;
}

RuleOptions options() {
  RuleOptions found;
  found.today = "2026-01-20";
  found.classification = &classification();
  return found;
}

Dossier dossier() {
  Dossier d;
  d.authority = {"123456782", "034", "2", "31"};
  d.number = "2026_01A";
  d.date = "2026-01-15";
  d.nature = "1";
  d.matieres = {"7", "1"};
  d.object = "Vote du budget primitif de l'été";
  d.paper = "N";
  d.documents = {{"deliberation.pdf", 1000, Media::pdf, "99_DE", false}};
  d.annexes = {{"plan.png", 10, Media::png, "99_SE", false}, {"budget.xml", 10, Media::xml, "99_SE", true}};
  d.return_addresses = {"tdt@exemple.fr"};
  return d;
}

/// "code@field" of each finding.
std::set<std::string> said(const Report& report) {
  std::set<std::string> found;
  for (const auto& finding : report.findings)
    found.insert(finding.code + "@" + finding.place.path);
  return found;
}

struct Fault {
  const char* expected;  ///< "code@field"; "" when the change is fine
  std::function<void(Dossier&, RuleOptions&)> change;
};

std::ostream& operator<<(std::ostream& out, const Fault& fault) {
  return out << fault.expected;
}

class ActeRule : public testing::TestWithParam<Fault> {};

TEST_P(ActeRule, IsTheOnlyOneThatSpeaks) {
  auto d = dossier();
  auto o = options();
  GetParam().change(d, o);
  const auto report = check(d, o);
  const std::string expected = GetParam().expected;
  EXPECT_EQ(said(report), expected.empty() ? std::set<std::string>{} : std::set<std::string>{expected});
  for (const auto& finding : report.findings) {
    EXPECT_EQ(finding.fr.find("{value}"), std::string::npos);
    EXPECT_FALSE(finding.en.empty());
  }
}

using D = Dossier;
using O = RuleOptions;

const std::vector<Fault>& metadata_faults() {
  static const std::vector<Fault> faults{Fault{"", [](D&, O&) {}},
                                         Fault{"actes.authority@authority.siren",
                                               [](D& d, O&) { d.authority.siren = "12345678"; }},
                                         Fault{"actes.authority@authority.department",
                                               [](D& d, O&) { d.authority.department = "134"; }},
                                         Fault{"", [](D& d, O&) { d.authority.department = "02A"; }},
                                         Fault{"actes.authority@authority.arrondissement",
                                               [](D& d, O&) { d.authority.arrondissement = ""; }},
                                         Fault{"actes.authority@authority.nature",
                                               [](D& d, O&) { d.authority.nature = "3"; }},
                                         Fault{"actes.authority.nature@authority.nature",
                                               [](D& d, O&) { d.authority.nature = "02"; }},
                                         Fault{"actes.number.missing@number",
                                               [](D& d, O&) { d.number = ""; }},
                                         Fault{"", [](D& d, O&) { d.number = "A"; }},
                                         Fault{"", [](D& d, O&) { d.number = "TEST_DGCL_4"; }},
                                         Fault{"", [](D& d, O&) { d.number = "123456789012345"; }},
                                         Fault{"actes.number.pattern@number",
                                               [](D& d, O&) { d.number = "1234567890123456"; }},
                                         Fault{"actes.number.pattern@number",
                                               [](D& d, O&) { d.number = "_A"; }},
                                         Fault{"actes.number.pattern@number",
                                               [](D& d, O&) { d.number = "A_"; }},
                                         Fault{"actes.number.pattern@number",
                                               [](D& d, O&) { d.number = "a"; }},
                                         Fault{"actes.number.pattern@number",
                                               [](D& d, O&) { d.number = "A-B"; }},
                                         Fault{"actes.number.pattern@number",
                                               [](D& d, O&) { d.number = "A B"; }},
                                         Fault{"actes.number.pattern@number",
                                               [](D& d, O&) { d.number = "É"; }},
                                         Fault{"", [](D& d, O&) { d.number = "a-B c", d.imported = true; }},
                                         Fault{"actes.number.pattern@number",
                                               [](D& d, O&) { d.number = "a-", d.imported = true; }},
                                         Fault{"actes.date.missing@date", [](D& d, O&) { d.date = ""; }},
                                         Fault{"actes.date.format@date",
                                               [](D& d, O&) { d.date = "15/01/2026"; }},
                                         Fault{"actes.date.format@date",
                                               [](D& d, O&) { d.date = "2026-1-5"; }},
                                         Fault{"actes.date.format@date",
                                               [](D& d, O&) { d.date = "2025-02-29"; }},
                                         Fault{"", [](D& d, O&) { d.date = "2026-01-20"; }},
                                         Fault{"actes.date.future@date",
                                               [](D& d, O&) { d.date = "2026-01-21"; }},
                                         Fault{"actes.nature@nature", [](D& d, O&) { d.nature = "7"; }},
                                         Fault{"actes.matiere.integer@matieres[2]",
                                               [](D& d, O&) {
                                                 d.matieres = {"7", "1a"};
                                               }},
                                         Fault{"actes.matiere.levels@matieres",
                                               [](D& d, O&) { d.matieres = {"7"}; }},
                                         Fault{"actes.matiere.levels@matieres",
                                               [](D& d, O&) { d.matieres = {}; }},
                                         Fault{"actes.matiere.levels@matieres",
                                               [](D& d, O&) { d.matieres = {"7", "1", "2", "3", "4", "5"}; }},
                                         Fault{"",
                                               [](D& d, O&) {
                                                 d.matieres = {"7", "1", "2", "3", "4"};
                                               }},
                                         Fault{"actes.matiere.unknown@matieres",
                                               [](D& d, O&) {
                                                 d.matieres = {"7", "2"};
                                               }},
                                         Fault{"actes.matiere.unknown@matieres",
                                               [](D& d, O&) {
                                                 d.matieres = {"7", "1", "9"};
                                               }},
                                         Fault{"actes.matiere.unverified@matieres",
                                               [](D& d, O& o) {
                                                 o.classification = nullptr;
                                                 d.classification_date = "2019-04-18";
                                                 d.matieres = {"7", "1", "9"};
                                               }},
                                         Fault{"actes.matiere.unknown@matieres",
                                               [](D& d, O& o) {
                                                 o.classification = nullptr;
                                                 d.classification_date = "2019-04-18";
                                                 d.matieres = {"7", "11"};
                                               }},
                                         Fault{"actes.classification.missing@classification_date",
                                               [](D&, O& o) { o.classification = nullptr; }},
                                         Fault{"actes.classification.outdated@classification_date",
                                               [](D& d, O&) { d.classification_date = "2025-11-30"; }},
                                         Fault{"", [](D& d, O&) { d.classification_date = "2025-12-01"; }},
                                         Fault{"actes.classification.date@classification_date",
                                               [](D& d, O& o) {
                                                 o.classification = nullptr;
                                                 d.classification_date = "hier";
                                               }},
                                         Fault{"actes.object.missing@object",
                                               [](D& d, O&) { d.object = " \n"; }},
                                         Fault{"", [](D& d, O&) { d.object = std::string(498, 'a') + "é"; }},
                                         Fault{"actes.object.too_long@object",
                                               [](D& d, O&) { d.object = std::string(499, 'a') + "é"; }},
                                         Fault{"actes.object.latin1@object",
                                               [](D& d, O&) { d.object = "L’école"; }},
                                         Fault{"actes.object.latin1@object",
                                               [](D& d, O&) { d.object = "a\x02"; }},
                                         Fault{"", [](D& d, O&) { d.object = "A & B < 'c' \"d\" \\ é"; }},
                                         Fault{"actes.previous_id@previous_id",
                                               [](D& d, O&) { d.previous_id = "034-1-20260101-A-DE"; }},
                                         Fault{"", [](D& d, O&) { d.previous_id = samples::acte_id; }},
                                         Fault{"actes.paper@paper", [](D& d, O&) { d.paper = ""; }},
                                         Fault{"actes.paper@paper", [](D& d, O&) { d.paper = "0"; }},
                                         Fault{"", [](D& d, O&) { d.paper = "O"; }},
                                         Fault{"actes.address.missing@return_addresses",
                                               [](D& d, O&) { d.return_addresses = {}; }},
                                         Fault{"actes.address.invalid@return_addresses[2]", [](D& d, O&) {
                                                 d.return_addresses.push_back("a+b@exemple.fr");
                                               }}};
  return faults;
}

const std::vector<Fault>& file_faults() {
  static const std::vector<Fault> faults{
      Fault{"actes.document.missing@documents", [](D& d, O&) { d.documents = {}; }},
      Fault{"actes.document.several@documents",
            [](D& d, O&) {
              d.documents.push_back({"autre.pdf", 1, Media::pdf, "99_DE", false});
            }},
      Fault{"actes.file.empty@documents", [](D& d, O&) { d.documents[0].size = 0; }},
      Fault{"actes.file.empty@annexes[2]", [](D& d, O&) { d.annexes[1].size = 0; }},
      Fault{"actes.file.media@documents", [](D& d, O&) { d.documents[0].media = Media::other; }},
      Fault{"actes.file.media@annexes", [](D& d, O&) { d.annexes[0].media = Media::other; }},
      Fault{"actes.document.image@documents", [](D& d, O&) { d.documents[0].media = Media::jpeg; }},
      Fault{"actes.document.image@documents", [](D& d, O&) { d.documents[0].media = Media::png; }},
      Fault{"",
            [](D& d, O& o) {
              d.documents[0].media = Media::jpeg;
              o.allow_image_document = true;
            }},
      Fault{"actes.document.xml@documents",
            [](D& d, O&) {
              d.documents[0].media = Media::xml;
              d.annexes = {};
            }},
      Fault{"actes.document.xml@documents",
            [](D& d, O&) {
              d.nature = "5";
              d.matieres = {"7", "10"};
              d.documents = {{"budget.xml", 1, Media::xml, "99_BU", false}};
              d.annexes = {};
            }},
      Fault{"",
            [](D& d, O&) {
              d.nature = "5";
              d.documents = {{"budget.xml", 1, Media::xml, "99_BU", false}};
              d.annexes = {{"d.pdf", 1, Media::pdf, "99_BU", false}};
            }},
      Fault{"",
            [](D& d, O& o) {
              d.nature = "5";
              d.matieres = {"7", "10"};
              o.xml_needs_budget_matiere = false;
              d.documents = {{"budget.xml", 1, Media::xml, "99_BU", false}};
              d.annexes = {};
            }},
      Fault{"actes.annex.media@annexes",
            [](D& d, O&) {
              d.nature = "5";
              d.documents = {{"budget.xml", 1, Media::xml, "99_BU", false}};
              d.annexes = {{"d.png", 1, Media::png, "99_BU", false}};
            }},
      Fault{"",
            [](D& d, O& o) {
              o.allow_pdf_budget = true;
              d.nature = "5";
              d.documents = {{"budget.pdf", 1, Media::pdf, "99_BU", false}};
              d.annexes = {{"budget.xml", 1, Media::xml, "99_BU", false}};
            }},
      Fault{"",
            [](D& d, O&) {
              d.nature = "5";
              d.matieres = {"7", "10"};
              d.documents = {{"compte.pdf", 1, Media::pdf, "99_BU", false}};
              d.annexes = {};
            }},
      Fault{"actes.document.pdf_budget@documents",
            [](D& d, O&) {
              d.nature = "5";
              d.documents = {{"budget.pdf", 1, Media::pdf, "99_BU", false}};
              d.annexes = {};
            }},
      Fault{"actes.annexes.too_many@annexes", [](D&, O& o) { o.max_annexes = 1; }},
      Fault{"actes.type.missing@documents.type", [](D& d, O&) { d.documents[0].type = ""; }},
      Fault{"actes.type.missing@annexes[2].type", [](D& d, O&) { d.annexes[1].type = ""; }},
      Fault{"actes.type.not_allowed@documents.type", [](D& d, O&) { d.documents[0].type = "10_DE"; }},
      Fault{"actes.type.not_allowed@documents.type", [](D& d, O&) { d.documents[0].type = "99_de"; }},
      Fault{"actes.type.not_allowed@annexes.type", [](D& d, O&) { d.annexes[0].type = "CO_DE"; }},
      Fault{"actes.type.not_allowed@annexes.type", [](D& d, O&) { d.annexes[0].type = "99_AU"; }},
      Fault{"actes.file.same_name@annexes[2].name", [](D& d, O&) {
              d.annexes[0].name = "Été.pdf";
              d.annexes[1].name = "ÉTÉ.PDF";
            }}};
  return faults;
}

INSTANTIATE_TEST_SUITE_P(Metadata, ActeRule, testing::ValuesIn(metadata_faults()));
INSTANTIATE_TEST_SUITE_P(Files, ActeRule, testing::ValuesIn(file_faults()));

/// A case expects exactly what it names: without the rule, it fails.
TEST(ActeRules, HaveEachACase) {
  auto tried = codes_of_import_cases();
  tried.merge(codes_of_answer_cases());
  for (const auto* faults : {&metadata_faults(), &file_faults()})
    for (const auto& fault : *faults) {
      const std::string_view expected = fault.expected;
      tried.insert(std::string(expected.substr(0, expected.find('@'))));
    }
  tried.insert("actes.archive.too_large");  // Archives.WeighAtMost150MiB
  tried.erase("");
  std::set<std::string> known;
  for (const auto& rule : rules())
    known.insert(std::string(rule.code));
  EXPECT_EQ(tried, known);
}

TEST(ActeRules, ANatureThatDoesNotExist) {
  for (const auto* nature : {"", "0", "7", "DE", "-1"}) {
    auto d = dossier();
    d.nature = nature;
    EXPECT_EQ(said(check(d, options())), std::set<std::string>{"actes.nature@nature"}) << nature;
  }
}

TEST(ActeRules, NameTheCharactersAndProposeAText) {
  auto d = dossier();
  d.object = "L’œuvre";
  const auto report = check(d, options());
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_NE(report.findings[0].fr.find("’ œ → « L'oeuvre »"), std::string::npos) << report.findings[0].fr;
}

TEST(ActeRules, NameTheTypologiesAllowed) {
  auto d = dossier();
  d.documents[0].type = "10_DE";
  const auto report = check(d, options());
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_NE(report.findings[0].fr.find("10_DE (deliberation.pdf)"), std::string::npos);
  EXPECT_NE(report.findings[0].fr.find("99_DE, 99_SE"), std::string::npos);
}

TEST(ActeRules, SeverityIsData) {
  auto d = dossier();
  d.number = "a";
  auto o = options();
  o.severities["actes.number.pattern"] = Severity::warning;
  EXPECT_FALSE(check(d, o).refused());
  EXPECT_EQ(check(d, o).findings.size(), 1U);
}

TEST(ActeRules, HaveUniqueCodesAndWords) {
  std::set<std::string_view> codes;
  for (const auto& rule : rules()) {
    EXPECT_TRUE(codes.insert(rule.code).second) << rule.code;
    EXPECT_TRUE(rule.code.starts_with("actes."));
    EXPECT_TRUE(rule.source.starts_with("actes ")) << rule.code;
    EXPECT_FALSE(rule.fr.empty() || rule.en.empty()) << rule.code;
    EXPECT_EQ(rule.fr.find("{value}") == std::string_view::npos,
              rule.en.find("{value}") == std::string_view::npos)
        << rule.code;
  }
}

TEST(Archives, WeighAtMost150MiB) {
  EXPECT_TRUE(check_archive_size(157'286'400, options()).findings.empty());
  const auto report = check_archive_size(157'286'401, options());
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].code, "actes.archive.too_large");
}

TEST(Addresses, AreThoseOfTheSchema) {
  for (const auto* good : {"a@b.fr", "prenom.nom@mairie-exemple.fr", "a_b@c.d.museum", "A-1@X.ORG", "-@-.fr"})
    EXPECT_TRUE(is_return_address(good)) << good;
  for (const auto* bad :
       {"", "a", "a@b", "@b.fr", "a@.fr", "a@b.f", "a@b.paris75", "a@b.abcdefg", "a+b@c.fr", "a..b@c.fr",
        ".a@c.fr", "a.@c.fr", "a@c..fr", "a@b_c.fr", "é@c.fr", "a b@c.fr", "a@b@c.fr", "a@b.fr "})
    EXPECT_FALSE(is_return_address(bad)) << bad;
}

}  // namespace
}  // namespace demat::actes
