#include <gtest/gtest.h>

#include <filesystem>

#include "cases.hpp"
#include "flows.hpp"
#include "protocols/xml/schema_pack.hpp"

/// Odd ways of writing a flow that are all legal: the schema takes them and so does Hélios. A rule that said
/// anything about one of them would hold money back for nothing.
namespace demat::preflight::test {
namespace {

struct Legal {
  std::string name;
  std::string text;
  bool before_530 = true;  ///< 5.17 takes it as well
};

std::string everywhere(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

std::vector<Legal> written_otherwise() {
  const auto depense = depense_flow();
  return {
      {"OtherPrefix", everywhere(everywhere(depense, "n:PES", "helios:PES"), "xmlns:n=", "xmlns:helios=")},
      {"OtherQuotes", everywhere(depense, "\"", "'")},
      {"SmallLettersInTheEncoding", change(depense, "ISO-8859-1", "iso-8859-1")},
      {"WordsForBooleans",
       everywhere(change(depense, R"(<InfoDematerialisee V="0"/>)", R"(<InfoDematerialisee V=" false "/>)"),
                  R"(<CodRes V="0"/>)", R"(<CodRes V=" false"/>)")},
      {"AmountsWithSignsAndZeros",
       change(depense, {{R"(<MtBordHT V="1000.00"/>)", R"(<MtBordHT V=" +1000. "/>)"},
                        {R"(<MtHT V="600.00"/>)", R"(<MtHT V="0600"/>)"},
                        {R"(<MtTVA V="80.00"/>)", R"(<MtTVA V="80.0"/>)"}})},
      {"VersionsWithZeros", change(depense, {{R"(<Version V="2"/>)", R"(<Version V="02"/>)"},
                                             {R"(<IdVer V="2"/>)", R"(<IdVer V="2.0"/>)"}})},
      {"CommentsAndInstructions", change(depense, "<Piece>", "<!-- une pièce --><?editeur 1?><Piece>")},
      {"ReferencesInValues", change(depense, "PAPETERIE EXEMPLE", "PAPETERIE &#38; FILS &#233;lite")},
      {"EmptyWhereItMayBe", change(depense, "<CodCol", R"(<FinJur V=""/><CodCol)")},
      {"NotDematerialisedWithoutSayingSo", change(depense, R"(<InfoDematerialisee V="0"/>)", "")},
      {"MainBudgetOrAnother", change(depense, R"(<CodBud V="00"/>)", R"(<CodBud V="A0"/>)")},
      {"Corsica", change(depense, R"(<IdPost V="034000"/>)", R"(<IdPost V="02A0340"/>)")},
  };
}

std::string domain_of(const std::string& flow, const std::string& element) {
  const auto end = "</" + element + ">";
  const auto from = flow.find("<" + element + ">");
  return flow.substr(from, flow.find(end) + end.size() - from);
}

std::string bordereau_of(const std::string& flow) {
  const auto from = flow.find("<Bordereau");
  return flow.substr(from, flow.find("</PES_DepenseAller>") - from);
}

/// What a mandat or a titre takes back is positive too; it says what it corrects.
std::string corrective(const std::string& flow) {
  auto text = change(flow, {{R"(<TypBord V="01"/>)", R"(<TypBord V="02"/>)"},
                            {R"(<TypPce V="01"/>)", R"(<TypPce V="02"/>)"},
                            {R"(<NatPce V="01"/>)", R"(<NatPce V="06"/>)"}});
  const std::string origin =
      R"(<RattachPiece><NatPceOrig V="01"/><ExerRat V="2026"/><IdPceOrig V="12"/><IdLigneOrig V="1"/></RattachPiece>)";
  return everywhere(text, "</BlocLignePiece>", origin + "</BlocLignePiece>");
}

std::vector<Legal> composed_otherwise() {
  const auto depense = depense_flow();
  const auto second = change(bordereau_of(depense),
                             {{R"(Id="B1")", R"(Id="B2")"}, {R"(<IdBord V="7"/>)", R"(<IdBord V="8"/>)"}});
  const auto recette = change(domain_of(recette_flow(), "PES_RecetteAller"), R"(Id="B1")", R"(Id="B9")");
  return {
      {"AllDomains",
       change(depense, "</n:PES_Aller>", recette + domain_of(pj_flow(), "PES_PJ") + "</n:PES_Aller>")},
      {"SeveralBordereaux", change(depense, "</PES_DepenseAller>", second + "</PES_DepenseAller>")},
      {"OneNumberInTwoTypes",
       change(depense, "</PES_DepenseAller>",
              bordereau_of(corrective(change(depense, R"(Id="B1")", R"(Id="B2")"))) + "</PES_DepenseAller>")},
      {"MandatTakenBack", corrective(depense)},
      {"TitreTakenBack", corrective(recette_flow())},
  };
}

/// The letter "a" by gzip, in base64, as pj_flow() has it.
constexpr std::string_view letter = "H4sIAAAAAAAC/0sEAEO+t+gBAAAA";

std::vector<Legal> attached_otherwise() {
  const auto with = [](std::string_view content) { return change(pj_flow(), letter, content); };
  return {
      {"InLines", with("\r\n H4sIAAAAAAAC\r\n/0sEAEO+t+gBAAAA\r\n")},
      {"InLinesByReferences", with("H4sIAAAAAAAC&#13;&#10;/0sEAEO+t+gBAAAA")},
      {"InACdataSection", with("<![CDATA[H4sIAAAAAAAC/0sEAEO+t+gBAAAA]]>")},
      {"InPieces", with("H4sIAA<![CDATA[AAAAAC/0s]]>EAEO+<!-- c -->t+gBAAAA")},
      {"WithTheNameOfTheFile", with("H4sICAAAAAAC/2ZhY3R1cmUucGRmAEsEAEO+t+gBAAAA")},
      {"WithEveryFieldOfTheHeader", with("H4sIHgAAAAAA/wQAQUJDRG4ucGRmAGMAxKEBAQD+/2FDvrfoAQAAAA==")},
      {"OfTwoMembers", with("H4sIAAAAAAACA0sEAEO+t+gBAAAAH4sIAAAAAAACA0sEAEO+t+gBAAAA")},
      {"WithZerosBehind", with("H4sIAAAAAAACA0sEAEO+t+gBAAAAAAAAAAAAAAA=")},
  };
}

struct Reference {
  std::string_view type, domaine, objet, identifiant;
};

/// What TPES_PJ/TypePJ, TPES_RefCompta/Domaine and TypeObjet allow.
std::vector<Legal> referring() {
  constexpr std::array allowed{
      Reference{"003", "01", "01", "41"},   Reference{"003", "01", "02", "41"},
      Reference{"004", "01", "03", "41"},   Reference{"005", "01", "01", "41"},
      Reference{"002", "02", "01", "51"},   Reference{"002", "02", "02", "51"},
      Reference{"007", "02", "06", "12"},   Reference{"008", "02", "01", "51"},
      Reference{"008", "02", "06", "12"},   Reference{"010", "02", "06", "12"},
      Reference{"011", "02", "01", "51"},   Reference{"011", "02", "06", "12"},
      Reference{"014", "02", "01", "51"},   Reference{"014", "02", "06", "12"},
      Reference{"001", "04", "01", "1"},    Reference{"001", "04", "02", "3"},
      Reference{"001", "04", "03", "1"},    Reference{"012", "04", "10", "2026"},
      Reference{"013", "04", "10", "2026"}, Reference{"009", "06", "02", "2026VOIRIE/1"}};
  std::vector<Legal> out;
  for (const auto& one : allowed) {
    const auto leaf = [](std::string_view name, std::string_view value) {
      return "<" + std::string(name) + " V=\"" + std::string(value) + "\"/>";
    };
    out.push_back(
        {"Type" + std::string(one.type) + "Of" + std::string(one.domaine) + "Object" + std::string(one.objet),
         change(pj_flow(), {{leaf("TypePJ", "003"), leaf("TypePJ", one.type)},
                            {leaf("Domaine", "01"), leaf("Domaine", one.domaine)},
                            {leaf("TypeObjet", "01"), leaf("TypeObjet", one.objet)},
                            {leaf("Identifiant", "41"), leaf("Identifiant", one.identifiant)}}),
         one.type != "014"});
  }
  out.push_back({"WithoutType", change(pj_flow(), R"(<TypePJ V="003"/>)", "")});
  return out;
}

std::string said(const Report& report) {
  std::string out;
  for (const auto& f : report.findings)
    out += f.code + " " + f.place.path + " [" + f.value + "] " + f.fr + "\n";
  return out;
}

void expect_silence(const std::vector<Legal>& flows, const std::string& version) {
  const auto pack =
      xml::SchemaPack::load(std::filesystem::path(DEMAT_SOURCE_DIR) / "schemas" / "pes" / version);
  ASSERT_TRUE(pack) << pack.error().en << " " << pack.error().detail;
  for (const auto& flow : flows) {
    if (version == "5.17" && !flow.before_530) continue;
    Report by_schema;
    const auto status = (*pack)->check(flow.text, {}, by_schema);
    ASSERT_TRUE(status) << flow.name << ": " << status.error().en;
    EXPECT_EQ(said(by_schema), "") << flow.name << ", schema " << version;
    Options options;
    options.rules.version = version;
    EXPECT_EQ(said(judged(flow.text, options)), "") << flow.name << ", rules " << version;
  }
}

TEST(LegalFlows, WrittenOtherwiseAreNotRemarkedUpon) {
  for (const auto* version : {"5.17", "5.30"})
    expect_silence(written_otherwise(), version);
}

TEST(LegalFlows, ComposedOtherwiseAreNotRemarkedUpon) {
  for (const auto* version : {"5.17", "5.30"})
    expect_silence(composed_otherwise(), version);
}

TEST(LegalFlows, AttachmentsPackedOtherwiseAreNotRemarkedUpon) {
  for (const auto* version : {"5.17", "5.30"})
    expect_silence(attached_otherwise(), version);
}

TEST(LegalFlows, AttachmentsOfEveryTypeAreNotRemarkedUpon) {
  for (const auto* version : {"5.17", "5.30"})
    expect_silence(referring(), version);
}

}  // namespace
}  // namespace demat::preflight::test
