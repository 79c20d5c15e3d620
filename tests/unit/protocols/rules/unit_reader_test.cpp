#include "protocols/rules/unit_reader.hpp"

#include <gtest/gtest.h>

#include "protocols/xml/parser.hpp"

namespace demat::rules {
namespace {

struct Seen {
  UnitKind kind;
  std::size_t index;
  Subject subject;
  std::string value;
  Place place;
};

class Recorder final : public Family {
 public:
  void close(const Unit& unit, Verdicts& /*out*/) override {
    seen.push_back({unit.kind, unit.index, unit.subject(), std::string(unit["BlocPiece/InfoPce/TypPce"_f]),
                    unit.place_of("BlocPiece/InfoPce/TypPce"_f)});
  }
  void finish(Verdicts& /*out*/) override { ++finished; }

  std::vector<Seen> seen;
  int finished = 0;
};

constexpr std::string_view document =
    R"(<PES_Aller>
<EnTetePES><CodCol V="123"/></EnTetePES>
<PES_DepenseAller><EnTeteDepense><IdVer V="2"/></EnTeteDepense>
<Bordereau><BlocBordereau><Exer V="2026"/><IdBord V="7"/></BlocBordereau>
<Piece><BlocPiece><InfoPce><IdPce V="41"/><TypPce V="01"/></InfoPce></BlocPiece>
<LigneDePiece><BlocLignePiece><InfoLignePce><IdLigne V="1"/></InfoLignePce></BlocLignePiece></LigneDePiece></Piece>
<Piece><BlocPiece><InfoPce><IdPce V="42"/><TypPce V="02"/></InfoPce></BlocPiece></Piece>
<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><Piece V="9"/></Signature></Bordereau>
</PES_DepenseAller><PES_Marche><Bordereau/></PES_Marche></PES_Aller>)";

std::vector<Seen> of(const std::vector<Seen>& all, UnitKind kind) {
  std::vector<Seen> out;
  for (const auto& one : all)
    if (one.kind == kind) out.push_back(one);
  return out;
}

TEST(UnitReader, ShowsEachUnitWhenItCloses) {
  Recorder recorder;
  Verdicts out({});
  UnitReader reader({&recorder}, out);
  const auto parsed = xml::parse(document);
  ASSERT_TRUE(parsed);
  parsed->visit(reader);
  EXPECT_EQ(recorder.finished, 1);

  const auto pieces = of(recorder.seen, UnitKind::piece);
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_EQ(pieces[1].index, 2U);
  EXPECT_EQ(pieces[1].value, "02");
  EXPECT_EQ(pieces[1].subject,
            (Subject{.domaine = "depense", .exercice = "2026", .bordereau = "7", .piece = "42"}));
  EXPECT_EQ(pieces[1].place.path, "/PES_Aller/PES_DepenseAller/Bordereau/Piece[2]/BlocPiece/InfoPce/TypPce");
  EXPECT_EQ(pieces[1].place.line, 7U);

  const auto lignes = of(recorder.seen, UnitKind::ligne);
  ASSERT_EQ(lignes.size(), 1U);
  EXPECT_EQ(lignes[0].subject.ligne, "1");
  EXPECT_EQ(lignes[0].subject.piece, "41");
  EXPECT_EQ(of(recorder.seen, UnitKind::bordereau).size(), 1U) << "PES_Marche is not cut";
}

/// Takes the text of the attachments, and says which units lie in what.
class TextTaker final : public Family {
 public:
  void close(const Unit& unit, Verdicts& /*out*/) override {
    if (unit.kind == UnitKind::pj) subjects.push_back(unit.subject());
  }
  void text(const Unit& unit, FieldName field, std::string_view piece) override {
    if (unit.kind == UnitKind::pj && field == "Contenu/Fichier"_f) taken += piece;
  }
  [[nodiscard]] bool reads_text() const override { return true; }

  std::string taken;
  std::vector<Subject> subjects;
};

TEST(UnitReader, GivesTextToThoseWhoReadItAndKnowsWhatADocumentLiesIn) {
  constexpr std::string_view flow =
      "<PES_Aller><PES_PJ> <PJ> <Contenu> <Fichier>AB<!-- -->CD</Fichier></Contenu>"
      R"(<IdUnique V="P1"/></PJ></PES_PJ></PES_Aller>)";
  const auto parsed = xml::parse(flow);
  ASSERT_TRUE(parsed);
  Unit outer;
  outer.kind = UnitKind::bordereau;
  outer.add("BlocBordereau/IdBord"_f, "7", "BlocBordereau/IdBord", 1);
  TextTaker taker;
  Recorder deaf;
  Verdicts out({});
  UnitReader reader({&deaf, &taker}, out, &outer);
  parsed->visit(reader);
  EXPECT_EQ(taker.taken, "ABCD");
  ASSERT_EQ(taker.subjects.size(), 1U);
  EXPECT_EQ(taker.subjects[0].pj, "P1");
  EXPECT_EQ(taker.subjects[0].bordereau, "7");
}

/// Neither few fat fields nor many lean ones take memory without end.
TEST(Unit, KeepsWhatFitsItsLimitsAndCountsTheRest) {
  const std::string fat(65'000, 'x');
  Unit unit;
  for (int i = 0; i < 1'400; ++i)
    unit.add("CodServ"_f, fat, "CodServ", 1);
  unit.add("IdPce"_f, "41", "IdPce", 2);
  std::size_t bytes = 0;
  for (const auto& field : unit.fields())
    bytes += field.value_size + field.path_size;
  EXPECT_LE(bytes, Unit::max_text);
  EXPECT_EQ(unit.fields().size() + unit.dropped, 1'401U);
  EXPECT_GT(unit.dropped, 1'000U);
  EXPECT_EQ(unit["IdPce"_f], "41") << "what is small still has its place";

  unit.reset();
  for (std::size_t i = 0; i < Unit::max_fields + 3; ++i)
    unit.add("A"_f, "1", "A", 1);
  EXPECT_EQ(unit.fields().size(), Unit::max_fields);
  EXPECT_EQ(unit.dropped, 3U);
}

TEST(Verdicts, KeepTheFirstPlacesAndCountTheOthers) {
  static constexpr RuleInfo rule{.code = "pes.x",
                                 .name = "X",
                                 .source = "test",
                                 .title_fr = "",
                                 .title_en = "",
                                 .fr = "« {value} » au lieu de {expected}",
                                 .en = "\"{value}\" not {expected}",
                                 .remedy_fr = "corriger",
                                 .remedy_en = "mend"};
  Verdicts out({.version = "5.30", .severities = {{"pes.x", Severity::error}}});
  for (int i = 0; i < 25; ++i)
    out.add(rule, {.place = {1, {}}, .value = "9", .expected = {"2", "2"}});
  const auto report = out.take();
  ASSERT_EQ(report.findings.size(), max_hits + 1);
  EXPECT_EQ(report.findings[0].fr, "« 9 » au lieu de 2");
  EXPECT_EQ(report.findings[0].severity, Severity::error);
  EXPECT_EQ(report.findings[0].remedy, (Words{"corriger", "mend"}));
  EXPECT_NE(report.findings.back().fr.find("5 autre"), std::string::npos);
}

constexpr RuleInfo small{.code = "pes.y",
                         .name = "Y",
                         .source = "test",
                         .title_fr = "",
                         .title_en = "",
                         .fr = "non",
                         .en = "no",
                         .remedy_fr = "",
                         .remedy_en = ""};

TEST(Verdicts, AreSilentOfRulesThatAreOff) {
  Verdicts out({.version = "", .severities = {}, .off = {"pes.y"}});
  out.add(small, {.place = {1, {}}});
  out.add_unlisted(small, 3);
  EXPECT_TRUE(out.take().findings.empty());
}

TEST(Verdicts, CountPlacesThatNobodyKept) {
  Verdicts out({});
  out.add(small, {.place = {7, {}}});
  out.add_unlisted(small, 4);
  const auto report = out.take();
  ASSERT_EQ(report.findings.size(), 2U);
  EXPECT_NE(report.findings[1].en.find("4 more"), std::string::npos);
}

TEST(Verdicts, AreInTheOrderOfTheDocument) {
  Verdicts out({});
  for (const std::size_t line : {9U, 2U, 5U})
    out.add(small, {.place = {line, {}}});
  const auto report = out.take();
  ASSERT_EQ(report.findings.size(), 3U);
  EXPECT_EQ(report.findings[0].place.line, 2U);
  EXPECT_EQ(report.findings[2].place.line, 9U);
}

TEST(Rules, AreInForceInTheirVersions) {
  struct Case {
    std::string_view since, until, version;
    bool expected;
  };
  for (const auto& c :
       {Case{"", "", "5.17", true}, Case{"5.26", "", "5.17", false}, Case{"5.26", "", "5.30", true},
        Case{"", "5.25", "5.30", false}, Case{"", "5.25", "5.17", true}, Case{"", "5.30", "5.30-dgfip", true},
        Case{"", "5.25", "", false}, Case{"5.9", "", "5.17", true}}) {
    EXPECT_EQ(in_force({.code = "x",
                        .name = "x",
                        .source = "",
                        .title_fr = "",
                        .title_en = "",
                        .fr = "",
                        .en = "",
                        .remedy_fr = "",
                        .remedy_en = "",
                        .since = c.since,
                        .until = c.until},
                       c.version),
              c.expected)
        << c.since << " " << c.until << " " << c.version;
  }
}

}  // namespace
}  // namespace demat::rules
