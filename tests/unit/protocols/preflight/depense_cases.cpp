#include "cases.hpp"
#include "flows.hpp"

/// Mandats: what they are attached to, and what only they carry.
namespace demat::preflight::test {
namespace {

Options of_version(std::string version) {
  Options options;
  options.rules.version = std::move(version);
  return options;
}

std::string block(std::string_view name, std::string_view content) {
  return "<" + std::string(name) + ">" + std::string(content) + "</" + std::string(name) + ">";
}
std::string field(std::string_view name, std::string_view value) {
  return value.empty() ? "" : "<" + std::string(name) + " V=\"" + std::string(value) + "\"/>";
}

std::string of_triplet(std::string flow, std::string_view bord, std::string_view pce, std::string_view nat) {
  flow = change(std::move(flow), R"(<TypBord V="01"/>)", field("TypBord", bord));
  return change(std::move(flow), R"(<TypPce V="01"/><NatPce V="01"/>)",
                field("TypPce", pce) + field("NatPce", nat));
}

/// A mandat whose first ligne has `more` after InfoLignePce.
std::string mandat(std::string_view bord, std::string_view pce, std::string_view nat, std::string_view more) {
  const auto flow = of_triplet(depense_flow(), bord, pce, nat);
  constexpr std::string_view end = R"(<MtTVA V="120.00"/></InfoLignePce>)";
  return change(flow, end, std::string(end) + std::string(more));
}

std::string titre(std::string_view bord, std::string_view pce, std::string_view nat, std::string_view more) {
  const auto flow = of_triplet(recette_flow(), bord, pce, nat);
  constexpr std::string_view end = "</InfoLignePiece>\n";
  return change(flow, end, "</InfoLignePiece>" + std::string(more) + "\n");
}

std::string rattach(std::string_view nature, std::string_view year, std::string_view piece,
                    std::string_view ligne) {
  return block("RattachPiece", field("NatPceOrig", nature) + field("ExerRat", year) +
                                   field("IdPceOrig", piece) + field("IdLigneOrig", ligne));
}

std::vector<RuleCase> attached_mandats() {
  const auto whole = rattach("01", "2026", "12", "1");
  return {
      // The second ligne of the flow has no block: it is counted too.
      {"pes.p20", "Absent", mandat("02", "02", "06", ""), 2, "02 02 06"},
      {"pes.p20", "OnTheFirstOnly", mandat("02", "02", "06", whole), 1},
      {"pes.p20", "NoLigne", mandat("01", "13", "01", rattach("01", "2026", "12", "")), 2, "01 13 01"},
      {"pes.p20", "NotACorrection", mandat("01", "01", "01", ""), 0},
      {"pes.p20", "OtherDomain", mandat("01", "14", "01", ""), 0},
      {"pes.depense.rattachement", "CorrectionOfPayment",
       mandat("02", "02", "06", rattach("03", "2026", "12", "0")), 1, "03"},
      {"pes.depense.rattachement", "Correction", mandat("02", "02", "06", whole), 0},
      {"pes.depense.rattachement", "AfterPayment", mandat("01", "05", "01", rattach("03", "2026", "12", "0")),
       0},
      {"pes.depense.rattachement", "AfterPaymentOther", mandat("01", "05", "01", whole), 1, "01"},
      {"pes.depense.rattachement", "Marche03", mandat("01", "09", "02", rattach("03", "2026", "12", "")), 0},
      {"pes.depense.rattachement", "Marche05", mandat("01", "09", "01", rattach("05", "2026", "12", "1")), 0},
      {"pes.depense.rattachement", "Marche01", mandat("01", "09", "01", whole), 1},
      {"pes.depense.rattachement", "NonValeur", mandat("01", "07", "01", rattach("04", "2026", "12", "")), 0},
      {"pes.depense.rattachement", "NonValeurOther", mandat("01", "07", "01", whole), 1},
      {"pes.depense.rattachement", "Ordinary05", mandat("01", "01", "01", rattach("05", "2026", "12", "1")),
       0},
      {"pes.depense.rattachement", "Ordinary01", mandat("01", "01", "01", whole), 1},
      {"pes.depense.rattachement", "Unsaid", mandat("01", "01", "02", whole), 0},
      {"pes.rattachement.ligne", "Zero", mandat("02", "02", "06", rattach("01", "2026", "12", "0")), 1, "0"},
      {"pes.rattachement.ligne", "One", mandat("02", "02", "06", whole), 0},
      {"pes.rattachement.ligne", "AbsentIsOfP20", mandat("02", "02", "06", rattach("01", "2026", "12", "")),
       0},
      {"pes.rattachement.ligne", "OfPayment", mandat("01", "05", "01", rattach("03", "2026", "12", "1")), 1,
       "1"},
      {"pes.rattachement.ligne", "OfPaymentZero", mandat("01", "05", "01", rattach("03", "2026", "12", "0")),
       0},
      {"pes.rattachement.ligne", "OfOrderAbsent", mandat("01", "01", "01", rattach("05", "2026", "12", "")),
       1},
      {"pes.rattachement.exercice", "WithinTheYear", mandat("02", "02", "06", whole), 0},
      {"pes.rattachement.exercice", "NotWithin", mandat("02", "02", "06", rattach("01", "2025", "12", "1")),
       1, "2025"},
      {"pes.rattachement.exercice", "Earlier", mandat("01", "02", "09", rattach("02", "2024", "12", "1")), 0},
      {"pes.rattachement.exercice", "NotEarlier", mandat("01", "02", "09", rattach("02", "2026", "12", "1")),
       1, "2026"},
  };
}

std::vector<RuleCase> attached_titres() {
  const auto whole = rattach("01", "2026", "12", "1");
  const auto listed = rattach("05", "2026", "12", "");
  return {
      {"pes.p20", "TitreAbsent", titre("01", "14", "01", ""), 1, "01 14 01"},
      {"pes.p20", "TitreWhole", titre("02", "02", "10", whole), 0},
      {"pes.recette.rattachement", "Correction", titre("02", "02", "06", whole), 0},
      {"pes.recette.rattachement", "CorrectionOf03",
       titre("02", "02", "06", rattach("03", "2026", "12", "0")), 1, "03"},
      {"pes.recette.rattachement", "AfterPayment", titre("01", "05", "01", rattach("03", "2026", "12", "")),
       0},
      {"pes.recette.rattachement", "NotAfterPayment",
       titre("01", "01", "01", rattach("03", "2026", "12", "")), 1},
      {"pes.recette.rattachement", "NonValeur", titre("01", "05", "01", rattach("04", "2026", "12", "")), 1,
       "04"},
      {"pes.recette.liste_majoration", "Ordinary", titre("01", "01", "01", listed), 1, "01 01 01",
       of_version("5.17")},
      {"pes.recette.liste_majoration", "Surcharge", titre("01", "09", "01", listed), 0, "",
       of_version("5.17")},
      {"pes.recette.liste_majoration", "GoneWith530", titre("01", "01", "01", listed), 0, "",
       of_version("5.30")},
      {"pes.rattachement.ligne", "ListHasNone", titre("01", "09", "01", rattach("05", "2026", "12", "3")), 1,
       "3"},
  };
}

std::string with_dgp(std::string_view content) {
  constexpr std::string_view dgp =
      R"(<DGP><Dgp V="0"/><DteDebDgp V="2026-01-02"/><DteFinDgp V="2026-02-01"/><DureeDgp V="30"/></DGP>)";
  return change(depense_flow(), dgp, block("DGP", content));
}

std::vector<RuleCase> mandats() {
  const auto linked = [](std::string_view name) { return block("LiensIdent", field(name, "2026-7")); };
  const auto ventile = block("VentilationMarche", field("IdMarche", "2026-7"));
  const auto other = block("LiensIdent", field("IdMarche", "2026-8")) + ventile;
  return {
      {"pes.p21", "Whole", depense_flow(), 0},
      {"pes.p21", "NoEnd", with_dgp(R"(<Dgp V="0"/><DteDebDgp V="2026-01-02"/><DureeDgp V="30"/>)")},
      {"pes.p21", "InterestAlone", with_dgp(R"(<CodIntMor V="01"/>)")},
      {"pes.p21", "Absent", with_dgp(""), 0},
      {"pes.depense.dgp_dates", "Reversed",
       with_dgp(R"(<Dgp V="0"/><DteDebDgp V="2026-03-02"/><DteFinDgp V="2026-02-01"/><DureeDgp V="30"/>)"), 1,
       "2026-02-01"},
      {"pes.depense.dgp_dates", "InOrder", depense_flow(), 0},
      {"pes.depense.opspec", "Half", mandat("01", "01", "01", block("OpSpec", field("CodOpSpec", "01")))},
      {"pes.depense.opspec", "Whole",
       mandat("01", "01", "01", block("OpSpec", field("CodOpSpec", "01") + field("IdOpSpec", "A1"))), 0},
      {"pes.depense.convention", "Absent", mandat("01", "06", "01", ""), 2, "01 06 01"},
      {"pes.depense.convention", "OnOneLigne", mandat("01", "06", "01", linked("IdConv")), 1},
      {"pes.depense.convention", "OtherKind", depense_flow(), 0},
      {"pes.depense.lien", "Marche", mandat("01", "09", "01", ""), 2},
      {"pes.depense.lien", "MarcheNamed", mandat("01", "09", "01", linked("IdMarche")), 1},
      {"pes.depense.lien", "MarcheVentile", mandat("01", "09", "01", ventile), 1},
      {"pes.depense.lien", "Emprunt", mandat("01", "01", "04", linked("IdMarche")), 2},
      {"pes.depense.lien", "Inventaire", mandat("01", "01", "03", linked("IdActif")), 1},
      {"pes.depense.lien", "Regie", mandat("01", "01", "05", linked("IdRegie")), 1},
      {"pes.depense.lien", "Ordinary", depense_flow(), 0},
      {"pes.depense.marche", "Two", mandat("01", "09", "01", other), 1, "2026-8", of_version("5.30")},
      {"pes.depense.marche", "Before", mandat("01", "09", "01", other), 0, "", of_version("5.17")},
      {"pes.depense.marche", "One", mandat("01", "09", "01", linked("IdMarche") + ventile), 0},
  };
}

}  // namespace

std::vector<RuleCase> depense_cases() {
  auto out = mandats();
  for (const auto& table : {attached_mandats(), attached_titres()})
    out.insert(out.end(), table.begin(), table.end());
  return out;
}

}  // namespace demat::preflight::test
