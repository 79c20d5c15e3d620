#include "cases.hpp"
#include "flows.hpp"

/// Bordereaux of dépense and recette, what they have in common, and what a nomenclature gives away.
namespace demat::preflight::test {
namespace {

constexpr std::string_view demat = R"(<InfoDematerialisee V="1"/>)";
constexpr std::string_view paper = R"(<InfoDematerialisee V="0"/>)";
constexpr std::string_view cumul = R"(<MtCumulAnnuel V="1200.00"/>)";

std::string mandat(const std::vector<Swap>& swaps) {
  return change(depense_flow(), swaps);
}
std::string titre(const std::vector<Swap>& swaps) {
  return change(recette_flow(), swaps);
}

/// The flow, its bordereau twice; `second` changes the copy.
std::string twice(const std::string& flow, const std::vector<Swap>& second) {
  const auto from = flow.find("<Bordereau");
  constexpr std::string_view end = "</Bordereau>";
  const auto to = flow.find(end) + end.size();
  const auto copy = change(flow.substr(from, to - from), R"( Id="B1")", R"( Id="B2")");
  return flow.substr(0, to) + change(copy, second) + flow.substr(to);
}

std::string fin_jur(const std::string& flow) {
  return change(flow, R"(<CodCol V="123"/>)", R"(<FinJur V="340000012"/><CodCol V="123"/>)");
}

std::string without_function(std::string flow) {
  constexpr std::string_view element = R"(<Fonction V="020"/>)";
  for (auto at = flow.find(element); at != std::string::npos; at = flow.find(element))
    flow.erase(at, element.size());
  return flow;
}

std::vector<RuleCase> nomenclatures() {
  const Swap hlm{
      "</InfoLignePce></BlocLignePiece>\n<Tiers><InfoTiers><CatTiers V=\"50\"/><NatJur V=\"03\"/><Nom "
      "V=\"ATELIER",
      "</InfoLignePce><InfoTVAHLM><RecTVA V=\"1\"/><MtHtRes V=\"10.00\"/></InfoTVAHLM>"
      "</BlocLignePiece>\n<Tiers><InfoTiers><CatTiers V=\"50\"/><NatJur V=\"03\"/><Nom V=\"ATELIER"};
  const Swap assure{"</InfoLignePiece>\n", R"(</InfoLignePiece><InfoAssure><CodAssDeb V="1"/></InfoAssure>)"};
  const Swap periode{R"(<ObjPce V="Location"/>)", R"(<ObjPce V="Location"/><DebFact V="2026-01-01"/>)"};
  return {
      {"pes.p5", "FunctionWithFiness", fin_jur(depense_flow()), 1, "Fonction (M14, M52, M57, M71)"},
      {"pes.p5", "FinessAlone", fin_jur(without_function(depense_flow())), 0},
      {"pes.p5", "FunctionOfHlm", mandat({hlm}), 1, "InfoTVAHLM (M31)"},
      {"pes.p5", "HlmAlone", without_function(mandat({hlm})), 0},
      {"pes.p5", "FunctionWithPatient", titre({assure}), 1, "InfoAssure (M21, M22)"},
      {"pes.p5", "PatientAlone", without_function(titre({assure})), 0},
      {"pes.p5", "InvoicedPeriodWithFunction", titre({periode}), 1},
      {"pes.p5", "OperationWithFunction",
       mandat({{R"(<Nature V="60632"/><Fonction V="020"/>)",
                R"(<Nature V="60632"/><Fonction V="020"/><Operation V="12"/>)"}}),
       0},
      {"pes.p5", "EmptyFunction",
       fin_jur(change(without_function(depense_flow()), R"(<Nature V="60632"/>)",
                      R"(<Nature V="60632"/><Fonction V=""/>)")),
       0},
  };
}

std::vector<RuleCase> totals() {
  constexpr std::string_view tva = R"(<MtBordTVA V="200.00"/>)";
  return {
      {"pes.p14", "Absent", mandat({{std::string(paper), std::string(demat)}, {std::string(cumul), ""}})},
      {"pes.p14", "Zero",
       mandat(
           {{std::string(paper), std::string(demat)}, {std::string(cumul), R"(<MtCumulAnnuel V="0.00"/>)"}}),
       1, "0.00"},
      {"pes.p14", "AmountAmongBlanks",
       mandat({{std::string(paper), std::string(demat)},
               {std::string(cumul), "<MtCumulAnnuel V=\" 6312190.16&#10;\"/>"}}),
       0},
      {"pes.p14", "DematerialisedAmongBlanks",
       mandat({{std::string(paper), "<InfoDematerialisee V=\" 1\"/>"}, {std::string(cumul), ""}})},
      {"pes.p14", "Present", mandat({{std::string(paper), std::string(demat)}}), 0},
      {"pes.p14", "OnPaper", mandat({{std::string(cumul), ""}}), 0},
      {"pes.p14", "TitreAbsent", titre({{std::string(paper), std::string(demat)}, {std::string(cumul), ""}})},
      {"pes.p14", "True",
       titre({{std::string(paper), R"(<InfoDematerialisee V="true"/>)"}, {std::string(cumul), ""}})},
      {"pes.p14", "Ormc",
       change(ormc_flow(), R"(<IdVer V="2"/>)", R"(<IdVer V="2"/><InfoDematerialisee V="1"/>)"), 0},
      {"pes.p15", "Good", depense_flow(), 0},
      {"pes.p15", "NotAnnounced", mandat({{std::string(tva), ""}})},
      {"pes.p15", "Zero", mandat({{std::string(tva), R"(<MtBordTVA V="0.00"/>)"}}), 1, "0.00"},
      {"pes.p15", "NoLigne",
       mandat({{R"(<MtTVA V="120.00"/>)", ""}, {R"(<MtTVA V="80.00"/>)", R"(<MtTVA V="0"/>)"}}), 1, "200.00"},
      {"pes.p15", "ZeroOnBothSides",
       mandat({{std::string(tva), R"(<MtBordTVA V="0"/>)"},
               {R"(<MtTVA V="120.00"/>)", ""},
               {R"(<MtTVA V="80.00"/>)", ""}}),
       0},
      {"pes.p15", "TitreZero",
       titre({{std::string(tva), R"(<MtBordTVA V="0"/>)"}, {R"(<MtTVA V="200.00"/>)", ""}})},
      {"pes.p15", "TitreNone", titre({{std::string(tva), ""}, {R"(<MtTVA V="200.00"/>)", ""}}), 0},
      {"pes.total.ht", "Mandat", mandat({{R"(<MtHT V="600.00"/>)", R"(<MtHT V="600.01"/>)"}}), 1, "1000.00"},
      {"pes.total.ht", "Titre", titre({{R"(<MtBordHt V="1000.00"/>)", R"(<MtBordHt V="999.00"/>)"}}), 1,
       "999.00"},
      {"pes.total.ht", "SameInOtherWords",
       mandat({{R"(<MtBordHT V="1000.00"/>)", R"(<MtBordHT V="1000"/>)"}}), 0},
      {"pes.total.ht", "Unreadable", mandat({{R"(<MtHT V="600.00"/>)", R"(<MtHT V="many"/>)"}}), 0},
      {"pes.total.tva", "Mandat", mandat({{R"(<MtTVA V="120.00"/>)", R"(<MtTVA V="121.00"/>)"}}), 1,
       "200.00"},
      {"pes.total.tva", "Good", recette_flow(), 0},
      {"pes.total.tva", "OfP15", mandat({{std::string(tva), ""}}), 0},
  };
}

std::vector<RuleCase> numbers_and_types() {
  const Swap type_04{R"(<TypBord V="01"/>)", R"(<TypBord V="04"/>)"};
  const Swap second_ligne{R"(<IdLigne V="2"/>)", R"(<IdLigne V="01"/>)"};
  const auto pieces = [](std::string_view number) {
    const auto flow = depense_flow();
    const auto from = flow.find("<Piece>");
    constexpr std::string_view end = "</Piece>";
    const auto to = flow.find(end) + end.size();
    const auto copy = change(flow.substr(from, to - from), R"(<IdPce V="41"/>)",
                             "<IdPce V=\"" + std::string(number) + "\"/>");
    return flow.substr(0, to) + copy + flow.substr(to);
  };
  const auto siret = [](std::string_view value) { return change(depense_flow(), "21340007000016", value); };
  return {
      {"pes.idcoll.cle", "WrongKey", siret("21340007000017"), 1, "21340007000017"},
      {"pes.idcoll.cle", "Siren", siret("213400070"), 1, "213400070"},
      {"pes.idcoll.cle", "LettersAreOfTheForm", siret("2134000070001A"), 0},
      {"pes.idcoll.cle", "Good", depense_flow(), 0},
      {"pes.p23", "Mandat", mandat({type_04}), 1, "04"},
      {"pes.p23", "Titre", titre({type_04}), 1, "04"},
      {"pes.p23", "Good", depense_flow(), 0},
      {"pes.p24", "Twice", twice(depense_flow(), {}), 1, "7"},
      {"pes.p24", "TwiceWithZero", twice(depense_flow(), {{R"(<IdBord V="7"/>)", R"(<IdBord V="007"/>)"}}), 1,
       "007"},
      {"pes.p24", "Titre", twice(recette_flow(), {}), 1, "8"},
      {"pes.p24", "OtherNumber", twice(depense_flow(), {{R"(<IdBord V="7"/>)", R"(<IdBord V="8"/>)"}}), 0},
      {"pes.p24", "OtherType", twice(depense_flow(), {{R"(<TypBord V="01"/>)", R"(<TypBord V="02"/>)"}}), 0},
      {"pes.p24", "OtherYear", twice(depense_flow(), {{R"(<Exer V="2026"/>)", R"(<Exer V="2025"/>)"}}), 0},
      {"pes.doublon.piece", "Twice", pieces("41"), 1, "41"},
      {"pes.doublon.piece", "Two", pieces("42"), 0},
      {"pes.doublon.piece", "InTwoBordereaux",
       twice(depense_flow(), {{R"(<IdBord V="7"/>)", R"(<IdBord V="8"/>)"}}), 0},
      {"pes.doublon.ligne", "Twice", mandat({second_ligne}), 1, "01"},
      {"pes.doublon.ligne", "InTwoPieces", pieces("42"), 0},
      {"pes.triplet", "Mandat", mandat({{R"(<NatPce V="01"/>)", R"(<NatPce V="13"/>)"}}), 1, "01 01 13"},
      {"pes.triplet", "Cancelling", mandat({{R"(<TypBord V="01"/>)", R"(<TypBord V="02"/>)"}}), 1,
       "02 01 01"},
      {"pes.triplet", "Titre", titre({{R"(<TypPce V="01"/>)", R"(<TypPce V="15"/>)"}}), 1, "01 15 01"},
      {"pes.triplet", "NotOurs", mandat({{R"(<NatPce V="01"/>)", R"(<NatPce V=" "/>)"}}), 1},
      {"pes.triplet", "Investment", mandat({{R"(<NatPce V="01"/>)", R"(<NatPce V="02"/>)"}}), 0},
      {"pes.triplet", "Ormc", ormc_flow(), 0},
  };
}

}  // namespace

std::vector<RuleCase> flux_cases() {
  auto out = nomenclatures();
  for (const auto& table : {totals(), numbers_and_types()})
    out.insert(out.end(), table.begin(), table.end());
  return out;
}

}  // namespace demat::preflight::test
