#include "protocols/report/sheet.hpp"

#include <gtest/gtest.h>

#include "findings.hpp"

namespace demat::report {
namespace {

std::string order_of(Report report) {
  std::string out;
  for (const auto& one : in_order(std::move(report)).findings)
    out += one.code;
  return out;
}

TEST(ReportOrder, IsThatOfTheDocumentWhateverCheckSpokeFirst) {
  EXPECT_EQ(order_of({{finding("h", 900, mandat("2", "9")), finding("g", 400, mandat("2", "7", "1")),
                       finding("d", 60, mandat("1", "2", "1")), finding("e", 70, mandat("1", "2", "2")),
                       finding("c", 0, mandat("1", "2")), finding("b", 0, mandat("1", "")),
                       finding("a", 999, {}), finding("f", 80, mandat("1", "3"))}}),
            "abcdefgh");
}

TEST(ReportOrder, KeepsTheSamePieceOfAnotherBordereauApart) {
  EXPECT_EQ(order_of({{finding("a", 10, mandat("1", "5")), finding("c", 100, mandat("2", "5")),
                       finding("b", 20, mandat("1", "5")), finding("d", 110, mandat("2", "5"))}}),
            "abcd");
}

TEST(ReportOrder, PutsDomainsWhereTheDocumentHasThem) {
  EXPECT_EQ(order_of({{finding("b", 500, {.domaine = "pj", .pj = "X"}),
                       finding("a", 20, {.domaine = "recette", .bordereau = "1"}),
                       finding("c", 600, {.domaine = "pj", .pj = "A"})}}),
            "abc");
}

TEST(ReportOrder, LeavesWhatHasNeitherLineNorSubjectAsItCame) {
  EXPECT_EQ(order_of({{finding("a", 0), finding("b", 0), finding("c", 3)}}), "abc");
}

TEST(ReportVerdict, CountsAndAgreesInNumber) {
  struct Case {
    Counts counts;
    Words said;
  };
  const std::vector<Case> cases{
      {{0, 0, 0}, {"accepté : aucune remarque", "accepted: no remark"}},
      {{2, 3, 0}, {"refusé : 2 erreurs, 3 avertissements", "refused: 2 errors, 3 warnings"}},
      {{1, 1, 1},
       {"refusé : 1 erreur, 1 avertissement, 1 information", "refused: 1 error, 1 warning, 1 information"}},
      {{0, 1, 0}, {"accepté : 1 avertissement", "accepted: 1 warning"}}};
  for (const auto& one : cases)
    EXPECT_EQ(verdict(one.counts), one.said);
  Report report{
      {finding("a", 0), finding("b", 0, {}, Severity::warning), finding("c", 0, {}, Severity::info)}};
  EXPECT_EQ(verdict(counts(report)), cases[2].said);
}

}  // namespace
}  // namespace demat::report
