#include "cases.hpp"
#include "flows.hpp"

namespace demat::preflight::test {
namespace {

constexpr std::string_view signature = R"(<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>)";
constexpr std::string_view end_of_bordereau = "</Bordereau>";

Options will_sign() {
  Options options;
  options.gateway_will_sign = true;
  return options;
}

std::string dematerialised() {
  return change(depense_flow(), R"(<InfoDematerialisee V="0"/>)", R"(<InfoDematerialisee V="1"/>)");
}

std::string with_signatures(const std::string& flow, std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i)
    all += signature;
  return change(flow, end_of_bordereau, all + std::string(end_of_bordereau));
}

std::string bordereau_of(const std::string& flow) {
  const auto from = flow.find("<Bordereau");
  return flow.substr(from, flow.find(end_of_bordereau) + end_of_bordereau.size() - from);
}

/// Whole numbers as xs:decimal may write them.
std::string decimals() {
  return change(depense_flow(), {{R"(<Version V="2"/>)", R"(<Version V="02"/>)"},
                                 {R"(<IdVer V="2"/>)", R"(<IdVer V=" +2 "/>)"},
                                 {R"(<NbrPce V="1"/>)", R"(<NbrPce V="1.0"/>)"}});
}

std::string without_domains() {
  const auto flow = pj_flow();
  const auto from = flow.find("<PES_PJ>");
  return flow.substr(0, from) + "</n:PES_Aller>";
}

std::vector<RuleCase> broken() {
  const auto in = [](std::string_view from, std::string_view to) { return change(depense_flow(), from, to); };
  const std::string acquit =
      R"(<n:PES_ACQUIT xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour/v2">)"
      R"(<Enveloppe/><EnTetePES/><ACQUIT/></n:PES_ACQUIT>)";
  return {
      {"pes.kind", "Acquit", acquit},
      {"pes.encoding", "Utf8", in("ISO-8859-1", "UTF-8"), 1, "UTF-8"},
      {"pes.nomfic.missing", "Empty", in(R"(<NomFic V="FLUX-1"/>)", R"(<NomFic V=""/>)")},
      {"pes.nomfic.too_long", "Letters", in("FLUX-1", std::string(101, 'x')), 1, "101"},
      {"pes.codcol", "Zero", in(R"(<CodCol V="123"/>)", R"(<CodCol V="000"/>)"), 1, "000"},
      {"pes.idpost", "Short", in("034000", "34000"), 1, "34000"},
      {"pes.codbud", "Letters", in(R"(<CodBud V="00"/>)", R"(<CodBud V="ZZ"/>)"), 1, "ZZ"},
      {"pes.idcoll.missing", "Empty", in("21340007000016", "")},
      {"pes.idcoll", "Long", in("21340007000016", "213400070000162")},
      {"pes.version", "One", in(R"(<Version V="2"/>)", R"(<Version V="1"/>)"), 1, "1"},
      {"pes.p1", "One", in(R"(<IdVer V="2"/>)", R"(<IdVer V="1"/>)"), 1, "1"},
      {"pes.p2", "Unsigned", dematerialised()},
      {"pes.p3", "Signed", with_signatures(depense_flow(), 1)},
      {"pes.p9", "Two", change(pj_flow(), R"(<IdVer V="1"/>)", R"(<IdVer V="2"/>)"), 1, "2"},
      {"pes.p25", "NoDomain", without_domains()},
      {"pes.p26", "Two", in(R"(<NbrPce V="1"/>)", R"(<NbrPce V="2"/>)"), 1, "2"},
      {"pes.sign.not_dematerialised", "Paper", depense_flow(), 1, "PES_DepenseAller", will_sign()},
      {"pes.sign.no_id", "None", change(dematerialised(), R"( Id="B1")", ""), 1, "", will_sign()},
      {"pes.signature.misplaced", "InAPiece",
       change(dematerialised(), "</Piece>", std::string(signature) + "</Piece>")},
      {"pes.signature.repeated", "Two", with_signatures(dematerialised(), 2)},
      {"pes.signature.too_many", "Thousands", with_signatures(dematerialised(), 2'001), 1},
  };
}

}  // namespace

/// A document keeps every structural rule that it does not break; so the signed ones keep those about
/// signatures, and the flow of one attachment the others.
std::vector<RuleCase> structural_cases() {
  auto cases = broken();
  const auto signed_flow = with_signatures(dematerialised(), 1);
  std::vector<RuleCase> kept;
  for (const auto& one : cases) {
    const bool of_pj = one.code == "pes.p9";
    kept.push_back({one.code, "Good", of_pj ? pj_flow() : signed_flow, 0, "", {}});
  }
  kept.push_back({"pes.sign.no_id", "HasId", dematerialised(), 0, "", will_sign()});
  kept.push_back({"pes.sign.not_dematerialised", "Dematerialised", dematerialised(), 0, "", will_sign()});
  // ORMC go unsigned; one that calls itself dematerialised is signed as any other.
  const auto ormc_signed =
      change(ormc_flow(), "</EnTeteRecette>", R"(<InfoDematerialisee V=" true "/></EnTeteRecette>)");
  kept.push_back({"pes.sign.not_dematerialised", "Ormc", ormc_flow(), 0, "", will_sign()});
  kept.push_back({"pes.sign.no_id", "Ormc", ormc_flow(), 0, "", will_sign()});
  kept.push_back({"pes.sign.no_id", "OrmcDematerialised", ormc_signed, 1, "", will_sign()});
  kept.push_back({"pes.p2", "OrmcDematerialised", ormc_signed, 1, "", {}});
  kept.push_back({"pes.p2", "OrmcSigned", change(ormc_signed, "<Bordereau>", R"(<Bordereau Id="B1">)"), 0, "",
                  will_sign()});
  const auto role_and_titre =
      change(ormc_flow(), "</PES_RecetteAller>", bordereau_of(recette_flow()) + "</PES_RecetteAller>");
  kept.push_back(
      {"pes.sign.not_dematerialised", "OrmcAndTitre", role_and_titre, 1, "PES_RecetteAller", will_sign()});
  for (const auto* code : {"pes.p1", "pes.version", "pes.p26"})
    kept.push_back({code, "Decimal", decimals(), 0, "", {}});
  kept.push_back(
      {"pes.p9", "Decimal", change(pj_flow(), R"(<IdVer V="1"/>)", R"(<IdVer V="1.0"/>)"), 0, "", {}});
  cases.insert(cases.end(), kept.begin(), kept.end());
  return cases;
}

}  // namespace demat::preflight::test
