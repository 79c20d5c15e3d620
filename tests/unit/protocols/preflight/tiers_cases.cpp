#include "pairs.hpp"

namespace demat::preflight::test {
namespace {

std::string recette(std::string_view tiers, std::string_view piece = {}, std::string_view line = {},
                    std::string_view header = {}) {
  return aller(
      "<PES_RecetteAller><Bordereau><BlocBordereau><IdBord V=\"7\"/></BlocBordereau><Piece><BlocPiece>"
      "<IdPce V=\"41\"/>" +
          std::string(piece) + "</BlocPiece><LigneDePiece><BlocLignePiece>" + std::string(line) +
          "</BlocLignePiece><Tiers><InfoTiers>" + std::string(tiers) +
          "</InfoTiers></Tiers></LigneDePiece></Piece></Bordereau></PES_RecetteAller>",
      header);
}

std::string depense(std::string_view tiers, std::string_view piece = {}) {
  return aller(
      "<PES_DepenseAller><Bordereau><BlocBordereau/><Piece><BlocPiece><InfoPce>" + std::string(piece) +
      "</InfoPce></BlocPiece><LigneDePiece><BlocLignePiece/><Tiers><InfoTiers>" + std::string(tiers) +
      "</InfoTiers></Tiers></LigneDePiece></Piece></Bordereau></PES_DepenseAller>");
}

std::string id(std::string_view nature, std::string_view number, std::string_view category = "01") {
  return "<IdTiers V=\"" + std::string(number) + "\"/><NatIdTiers V=\"" + std::string(nature) +
         "\"/><CatTiers V=\"" + std::string(category) + "\"/>";
}

/// Letters of more than one byte.
std::string accents(int count) {
  std::string out;
  for (int i = 0; i < count; ++i)
    out += "&#201;";
  return out;
}

constexpr std::string_view nir = "255081416802538";
constexpr std::string_view finjur = "<FinJur V=\"750712184\"/>";

std::vector<Pair> cases() {
  const std::string born = "<DteNaissance V=\"1950-01-01\"/>";
  const auto place = [](std::string_view inside) {
    return "<LieuNaissance>" + std::string(inside) + "</LieuNaissance>";
  };
  const std::string person = "<CatTiers V=\"01\"/><Civilite V=\"MME\"/><Prenom V=\"Ada\"/>";
  const std::string body = "<CatTiers V=\"20\"/><Nom V=\"Syndicat\"/>";
  return {
      {"pes.p17", depense(person), depense("<CatTiers V=\"01\"/><Civilite V=\"MME\"/>"), "CatTiers 01"},
      {"pes.p17", depense(body), depense(body + "<Prenom V=\"Ada\"/>"), "CatTiers 20"},
      {"pes.p17", recette(body + "<Civilite V=\"MME\"/>"), recette("<CatTiers V=\"01\"/>"), "CatTiers 01", 2},
      {"pes.tiers.mademoiselle", depense(person), depense("<CatTiers V=\"01\"/><Civilite V=\"Mlle\"/>"),
       "Mlle"},
      {"pes.p19", depense(id("01", "73282932000074", "20")), depense(id("01", "73282932000075", "20")),
       "73282932000075"},
      {"pes.p19", depense(id("02", "732829320", "20")), depense(id("02", "73282932000074", "20"))},
      {"pes.p19", recette(id("03", "750712184", "20")), recette(id("03", "750712185", "20")), "750712185"},
      {"pes.p19", recette(id("04", nir)), recette(id("04", "255081416802539")), "…39"},
      {"pes.tiers.format", depense(id("05", "FR44732829320")), depense(id("05", "FR4", "20")), "FR4"},
      {"pes.tiers.format", depense(id("06", "US-12")), depense(id("06", "US-ABCDEFGHIJKLMNOP"))},
      {"pes.tiers.format", depense(id("05", "FR" + accents(2))), depense(id("05", "FR" + accents(1)))},
      {"pes.tiers.format", depense(id("06", "DE" + accents(16))), depense(id("06", "DE" + accents(17)))},
      {"pes.tiers.format", depense(id("10", "FRWF" + accents(14))), depense(id("10", "FRWF" + accents(15)))},
      {"pes.tiers.format", depense(id("11", "12345" + accents(75))),
       depense(id("11", "12345" + accents(76)))},
      {"pes.tiers.format", depense(id("07", "123456001")), depense(id("07", "12345600"))},
      {"pes.tiers.format", depense(id("08", "0123456789")), depense(id("08", "012345678X"))},
      {"pes.tiers.format", depense(id("10", "FRWF123")), depense(id("10", "WF123456"))},
      {"pes.tiers.format", depense(id("11", "12345ABC")), depense(id("11", "1234ABC"))},
      {"pes.tiers.format", depense(id("12", "1234567890123")), depense(id("12", "123456789012")), "…12"},
      {"pes.tiers.tva", depense(id("05", "FR44732829320", "20")), depense(id("05", "FR45732829320", "20"))},
      {"pes.tiers.nature", depense(id("01", "73282932000074")), depense("<IdTiers V=\"73282932000074\"/>"),
       "IdTiers"},
      {"pes.tiers.nature", depense(body), depense("<NatIdTiers V=\"01\"/>"), "NatIdTiers 01"},
      {"pes.tiers.personne_physique", depense(id("12", "1234567890123")),
       depense(id("12", "1234567890123", "20")), "NatIdTiers 12, CatTiers 20"},
      {"pes.tiers.nir_depense", depense(id("04", nir), "<TypPce V=\"02\"/><NatPce V=\"09\"/>"),
       depense(id("04", nir), "<TypPce V=\"01\"/><NatPce V=\"01\"/>"), "TypPce 01, NatPce 01"},
      {"pes.tiers.nir_recette", recette(id("04", nir) + "<TypTiers V=\"07\"/>"), recette(id("04", nir)),
       "CodAssDeb -"},
      {"pes.tiers.nir_recette", recette(id("04", nir), {}, "<InfoAssure><CodAssDeb V=\"1\"/></InfoAssure>"),
       recette(id("04", nir), {}, "<InfoAssure><CodAssDeb V=\"2\"/></InfoAssure>"), "CodAssDeb 2"},
      {"pes.tiers.nir_hospitalier", recette(id("04", nir), {}, {}, finjur), recette(id("04", nir))},
      {"pes.tiers.employeur", recette("<TypTiers V=\"05\"/>", {}, {}, finjur),
       recette("<TypTiers V=\"05\"/>")},
      {"pes.tiers.naissance", recette(person + born), recette(body + born), "CatTiers 20"},
      {"pes.tiers.naissance", recette(person + place("<NeEnFrance V=\"1\"/>")),
       recette(body + place("<NeEnFrance V=\"1\"/>"))},
      {"pes.tiers.lieu_naissance",
       recette(person + place("<NeEnFrance V=\"0\"/><Etranger><CodePays V=\"132\"/></Etranger>")),
       recette(person + place("<NeEnFrance V=\"1\"/><Etranger><CodePays V=\"132\"/></Etranger>"))},
      {"pes.tiers.lieu_naissance",
       recette(
           person +
           place("<NeEnFrance V=\"true\"/><MetropoleDomCom><CodeDeptDomCom V=\"34\"/></MetropoleDomCom>")),
       recette(
           person +
           place("<NeEnFrance V=\"false\"/><MetropoleDomCom><CodeDeptDomCom V=\"34\"/></MetropoleDomCom>"))},
      {"pes.tiers.code_naissance",
       recette(
           place("<MetropoleDomCom><CodeDeptDomCom V=\"34\"/><CodeCommune V=\"172\"/></MetropoleDomCom>")),
       recette(
           place("<MetropoleDomCom><CodeDeptDomCom V=\"974\"/><CodeCommune V=\"172\"/></MetropoleDomCom>")),
       "974 172"},
      {"pes.tiers.code_naissance",
       recette(place("<MetropoleDomCom><CodeDeptDomCom V=\"2A\"/></MetropoleDomCom>")),
       recette(place("<MetropoleDomCom><CodeDeptDomCom V=\"20\"/></MetropoleDomCom>")), "20"},
      {"pes.tiers.patient", recette("<CatTiers V=\"01\"/><TypTiers V=\"01\"/>", "<Edition V=\"05\"/>"),
       recette("<CatTiers V=\"20\"/><TypTiers V=\"01\"/>", "<Edition V=\"05\"/>"), "CatTiers 20"},
      {"pes.tiers.patient", recette("<CatTiers V=\"20\"/><TypTiers V=\"01\"/>", "<Edition V=\"01\"/>"),
       recette("<CatTiers V=\"20\"/><TypTiers V=\"01\"/>", "<Edition V=\"05\"/>")}};
}

}  // namespace

std::vector<RuleCase> tiers_cases() {
  return paired(cases());
}

}  // namespace demat::preflight::test
