#include "protocols/actes/budget.hpp"

#include <gtest/gtest.h>

#include "protocols/actes/canonical_text.hpp"
#include "protocols/base/digest.hpp"

namespace demat::actes {
namespace {

const std::string plain =
    "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n"
    "<DocumentBudgetaire xmlns=\"http://www.minefi.gouv.fr/cp/demat/docbudgetaire\">\n"
    "<VersionSchema V=\"72\"/>\n"
    "   <EnTeteDocBudgetaire><LibelleColl V=\"Ch\xE2teau\"/><IdColl V=\"12345678200011\"/>\n\n"
    "</EnTeteDocBudgetaire>\n"
    "<!-- rien -->\n"
    "<Budget><EnTeteBudget><Nomenclature V=\"M57-M57\"/></EnTeteBudget>"
    "<BlocBudget><NatDec V=\"09\"/><Exer V=\"2026\"/><NatFonc V=\"3\"/></BlocBudget></Budget>\n"
    "</DocumentBudgetaire>\n";

std::string code_of(const Report& report) {
  return report.findings.empty() ? "" : report.findings.front().code;
}

TEST(Budgets, AreRead) {
  const auto budget = read_budget(plain);
  ASSERT_TRUE(budget) << budget.error().en;
  EXPECT_EQ(budget->schema_version, "72");
  EXPECT_EQ(budget->label, "Château");
  EXPECT_EQ(budget->siret, "12345678200011");
  EXPECT_EQ(budget->nature, "09");
  EXPECT_EQ(budget->year, "2026");
  EXPECT_EQ(budget->function, "3");
  EXPECT_EQ(budget->nomenclature, "M57-M57");
  EXPECT_EQ(budget->budgets, 1U);
  EXPECT_FALSE(budget->single_account);
  EXPECT_FALSE(budget->seal);
}

TEST(Seals, AreThoseOfTheIndentedCanonicalForm) {
  // Written by hand from the description: one element a line, three blanks a level, no comment, no seal; the
  // text before the seal stays and the one after it goes, so the root's end tag is indented once.
  const std::string canonical =
      "<DocumentBudgetaire xmlns=\"http://www.minefi.gouv.fr/cp/demat/docbudgetaire\">\n"
      "   <VersionSchema V=\"72\"></VersionSchema>\n"
      "   <EnTeteDocBudgetaire>\n"
      "      <LibelleColl V=\"Château\"></LibelleColl>\n"
      "      <IdColl V=\"12345678200011\"></IdColl>\n"
      "   </EnTeteDocBudgetaire>\n"
      "   \n"
      "   <Budget>\n"
      "      <EnTeteBudget>\n"
      "         <Nomenclature V=\"M57-M57\"></Nomenclature>\n"
      "      </EnTeteBudget>\n"
      "      <BlocBudget>\n"
      "         <NatDec V=\"09\"></NatDec>\n"
      "         <Exer V=\"2026\"></Exer>\n"
      "         <NatFonc V=\"3\"></NatFonc>\n"
      "      </BlocBudget>\n"
      "   </Budget>\n"
      "   </DocumentBudgetaire>";
  const auto sealed = seal_budget(plain, "2026-01-15");
  ASSERT_TRUE(sealed) << sealed.error().en;
  const auto budget = read_budget(*sealed);
  ASSERT_TRUE(budget && budget->seal);
  EXPECT_EQ(budget->seal->sha1, sha1(canonical).str());
  EXPECT_EQ(budget->seal->md5.size(), 32U);
  EXPECT_EQ(budget->seal->date, "2026-01-15");
  EXPECT_TRUE(budget->seal_matches);
  EXPECT_TRUE(check_budget(*sealed, "budget.xml").findings.empty());
}

TEST(Seals, DoNotDependOnHowTheFileIsLaidOut) {
  const auto sealed = seal_budget(plain, "2026-01-15").value();
  std::string dense;
  for (std::size_t i = 0; i < sealed.size(); ++i)
    if (sealed[i] != '\n' && !(sealed[i] == ' ' && i > 0 && (sealed[i - 1] == ' ' || sealed[i - 1] == '\n')))
      dense += sealed[i];
  EXPECT_TRUE(read_budget(dense).value().seal_matches) << dense;
  auto upper = sealed;
  for (auto at = upper.find("md5=\"") + 5; upper[at] != '"'; ++at)
    upper[at] = static_cast<char>(std::toupper(static_cast<unsigned char>(upper[at])));
  EXPECT_TRUE(read_budget(upper).value().seal_matches) << "case does not count";
  EXPECT_EQ(seal_budget(sealed, "2026-01-15").value(), sealed) << "sealing again changes nothing";
}

/// White space that a serializer might not keep as ours does: the file as it stands is the sealed form.
TEST(Seals, OfAFileThatNothingTouchedMatch) {
  const std::string ns = " xmlns=\"" + std::string{budget_ns} + "\"";
  const std::string kept =
      "<DocumentBudgetaire" + ns +
      ">\n <EnTeteDocBudgetaire>  </EnTeteDocBudgetaire>\n  <Budget>a  b\n</Budget>\n   ";
  const auto form = kept + "</DocumentBudgetaire>";
  const auto seal = "<Scellement md5=\"MD5\" sha1=\"" + sha1(form).str() + "\" date=\"2026-01-15\"/>\n";
  auto sealed = kept + seal + "</DocumentBudgetaire>\n";
  EXPECT_FALSE(read_budget(sealed).value().seal_matches);
  // MD5 of that form, by another program.
  sealed.replace(sealed.find("MD5"), 3, "061cc6ebb2b31e06e7554ba93e7e92b2");
  EXPECT_TRUE(read_budget(sealed).value().seal_matches);
  sealed.replace(sealed.find("a  b"), 4, "a b");
  EXPECT_FALSE(read_budget(sealed).value().seal_matches);
}

TEST(Seals, TellAChange) {
  auto sealed = seal_budget(plain, "2026-01-15").value();
  sealed.replace(sealed.find("2026\"/><NatFonc"), 4, "2027");
  EXPECT_FALSE(read_budget(sealed).value().seal_matches);
  EXPECT_EQ(code_of(check_budget(sealed, "budget.xml")), "actes.budget.seal");
  auto half = seal_budget(plain, "2026-01-15").value();
  half.replace(half.find("md5=\"") + 5, 1, "z");
  EXPECT_EQ(code_of(check_budget(half, "budget.xml")), "actes.budget.seal") << "both digests count";
}

TEST(BudgetRules, SayWhatIsWrong) {
  EXPECT_EQ(code_of(check_budget(plain, "b.xml")), "actes.budget.not_sealed");
  EXPECT_EQ(check_budget(plain, "b.xml").findings.front().place.path, "b.xml");
  EXPECT_EQ(code_of(check_budget("<a/>", "b.xml")), "actes.budget.not_budget");
  EXPECT_EQ(code_of(check_budget("<DocumentBudgetaire/>", "b.xml")), "actes.budget.not_budget")
      << "no namespace";
  EXPECT_EQ(code_of(check_budget("<a", "b.xml")), "actes.budget.malformed");
  EXPECT_EQ(code_of(check_budget("<!DOCTYPE a><a/>", "b.xml")), "actes.budget.malformed");
  EXPECT_EQ(code_of(check_budget("<DocumentBudgetaire xmlns=\"" + std::string{budget_ns} + "\"/>", "b.xml")),
            "actes.budget.structure");
}

TEST(BudgetRules, TheSingleAccountIsOneToo) {
  const auto sealed =
      seal_budget("<CompteFinancierUnique><A V=\"1\"/></CompteFinancierUnique>", "2026-01-15");
  ASSERT_TRUE(sealed) << sealed.error().en;
  EXPECT_TRUE(check_budget(*sealed, "cfu.xml").findings.empty());
  EXPECT_TRUE(read_budget(*sealed).value().single_account);
}

TEST(Tokens, CoverEveryByte) {
  const std::string text = "<a b=\"x>y\"><!-- <c> --><?p q?>t &lt; u<d></d></a>";
  std::string again;
  for (const auto& token : tokens_of(text))
    again += token.bytes;
  EXPECT_EQ(again, text);
  const auto tokens = tokens_of(text);
  ASSERT_EQ(tokens.size(), 7U);
  EXPECT_EQ(tokens[0].name(), "a");
  EXPECT_EQ(tokens[3].kind, Token::Kind::text);
  EXPECT_EQ(tokens[5].depth, 1U);
}

}  // namespace
}  // namespace demat::actes
