#include "protocols/report/subjects.hpp"

#include <gtest/gtest.h>

namespace demat::report {
namespace {

constexpr std::string_view flow = R"(<?xml version="1.0"?>
<n:PES_Aller xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller">
<Enveloppe/><EnTetePES/>
<PES_DepenseAller><EnTeteDepense><IdVer V="2"/></EnTeteDepense>
<Bordereau><BlocBordereau><Exer V="2026"/><IdBord V="12"/></BlocBordereau>
<Piece><BlocPiece><InfoPce><IdPce V="134"/></InfoPce></BlocPiece>
<LigneDePiece><BlocLignePiece><InfoLignePce><IdLigne V="1"/></InfoLignePce></BlocLignePiece>
<Tiers><InfoTiers><Nom V="X"/></InfoTiers></Tiers></LigneDePiece></Piece></Bordereau>
<Bordereau><BlocBordereau><Exer V="2026"/><IdBord V="13"/></BlocBordereau>
<Piece><BlocPiece><InfoPce><IdPce V="135"/></InfoPce></BlocPiece></Piece></Bordereau>
</PES_DepenseAller>
<PES_PJ><EnTetePES_PJ/><PJ><IdUnique V="A"/></PJ><PJ><Contenu/><IdUnique V="B"/></PJ></PES_PJ>
</n:PES_Aller>)";

Subject subject_at(const std::string& path, std::string_view document = flow) {
  Report report{{{"xsd.invalid", Severity::error, {1, path}, "faux", "wrong"}}};
  name_subjects(report, MemorySource(document));
  return report.findings.front().subject;
}

TEST(ReportSubjects, AreFoundAroundThePath) {
  const std::string depense = "/PES_Aller/PES_DepenseAller";
  struct Case {
    std::string path;
    Subject subject;
  };
  const std::vector<Case> cases{
      {"", {}},
      {"/PES_Aller/EnTetePES", {}},
      {depense + "/EnTeteDepense/IdVer", {.domaine = "depense"}},
      {depense + "/Bordereau", {.domaine = "depense", .exercice = "2026", .bordereau = "12"}},
      {depense + "/Bordereau[2]/Piece/BlocPiece",
       {.domaine = "depense", .exercice = "2026", .bordereau = "13", .piece = "135"}},
      {depense + "/Bordereau/Piece/LigneDePiece/Tiers/InfoTiers/Nom",
       {.domaine = "depense", .exercice = "2026", .bordereau = "12", .piece = "134", .ligne = "1"}},
      {"/PES_Aller/PES_PJ/PJ[2]/Contenu", {.domaine = "pj", .pj = "B"}},
      {depense + "/Bordereau[3]/Piece", {.domaine = "depense"}},
      {"/PES_Aller/PES_DepenseAllerX", {}}};
  for (const auto& one : cases)
    EXPECT_EQ(subject_at(one.path), one.subject) << one.path;
}

TEST(ReportSubjects, OfAFaultOfTheXmlAreWhereTheReadingBreaksOff) {
  const auto broken_at = [](std::string_view text) {
    std::string bytes(flow);
    bytes.insert(bytes.find(text), "&");
    Report report{{{"xml.malformed", Severity::error, {9, {}}, "faux", "wrong"}}};
    name_subjects(report, MemorySource(bytes));
    return report.findings.front().subject;
  };
  EXPECT_EQ(
      broken_at("<Nom V="),
      (Subject{.domaine = "depense", .exercice = "2026", .bordereau = "12", .piece = "134", .ligne = "1"}));
  EXPECT_EQ(broken_at("<Piece><BlocPiece><InfoPce><IdPce V=\"135\""),
            (Subject{.domaine = "depense", .exercice = "2026", .bordereau = "13"}));
  EXPECT_EQ(broken_at("<PES_PJ>"), Subject{});
}

TEST(ReportSubjects, LeaveWhatIsKnownAndWhatIsBroken) {
  Report report{{{"pes.p1", Severity::error, {1, "/PES_Aller/PES_PJ/PJ"}, "faux", "wrong"}}};
  report.findings.front().subject.pj = "Z";
  name_subjects(report, MemorySource(flow));
  EXPECT_EQ(report.findings.front().subject, (Subject{.pj = "Z"}));
  EXPECT_EQ(subject_at("/PES_Aller/PES_PJ/PJ[2]", flow.substr(0, flow.find("</PES_PJ>") - 8)), Subject{});
  EXPECT_EQ(subject_at("/x", "not xml"), Subject{});
}

}  // namespace
}  // namespace demat::report
