#include "cases.hpp"
#include "flows.hpp"

/// Titres: surcharge, dates, direct debits, and the treatment of their avis.
namespace demat::preflight::test {
namespace {

constexpr std::string_view piece_end = R"(<ObjPce V="Location"/></BlocPiece>)";

std::string titre(const std::vector<Swap>& swaps) {
  return change(recette_flow(), swaps);
}

/// A titre whose pièce has `more` at the end of its block.
std::string piece_with(std::string_view more, const std::vector<Swap>& swaps = {}) {
  return change(titre(swaps), piece_end, R"(<ObjPce V="Location"/>)" + std::string(more) + "</BlocPiece>");
}
std::string ligne_with(std::string_view more) {
  return titre({{"</InfoLignePiece>\n", "</InfoLignePiece>" + std::string(more)}});
}

Options of_version(std::string version) {
  Options options;
  options.rules.version = std::move(version);
  return options;
}

const Swap no_account{
    R"(<CpteBancaire><BIC V="BDFEFRPPCCT"/><IBAN V="FR7630001007941234567890185"/><TitCpte V="LOCATAIRE"/></CpteBancaire>)",
    ""};

std::vector<RuleCase> lignes() {
  const auto majo = [](std::string_view value, std::string_view more) {
    return titre({{R"(<Majo V="0"/>)", "<Majo V=\"" + std::string(value) + "\"/>" + std::string(more)}});
  };
  const std::string_view both = R"(<DteMajo V="2026-03-01"/><TxMajo V="10.00"/>)";
  const std::string_view list =
      R"(<RattachPiece><NatPceOrig V="05"/><ExerRat V="2026"/><IdPceOrig V="3"/></RattachPiece>)";
  const auto several_years = [](std::string_view links) {
    return change(ligne_with(links), R"(<TypPce V="01"/>)", R"(<TypPce V="10"/>)");
  };
  const auto retained = [](std::string_view amount) {
    return ligne_with("<VentilationMarche><IdMarche V=\"2026-7\"/><RetenueRecupTVA V=\"" +
                      std::string(amount) + "\"/></VentilationMarche>");
  };
  const auto recovered = [](std::string_view flux) {
    return titre({{"</LigneDePiece>", "<Recouvrement><TypFlux V=\"" + std::string(flux) +
                                          "\"/></Recouvrement></LigneDePiece>"}});
  };
  return {
      {"pes.p22", "NoDate", majo("1", R"(<TxMajo V="10.00"/>)"), 1, "Majo 1"},
      {"pes.p22", "NoRate", majo("true", R"(<DteMajo V="2026-03-01"/>)"), 1, "Majo true"},
      {"pes.p22", "Whole", majo("1", both), 0},
      {"pes.p22", "NotDue", majo("0", both), 1, "Majo 0"},
      {"pes.p22", "None", recette_flow(), 0},
      {"pes.recette.majoration", "NotAttached", majo("1", both)},
      {"pes.recette.majoration", "Attached",
       change(majo("1", both), "</InfoLignePiece>\n", "</InfoLignePiece>" + std::string(list)), 0},
      {"pes.recette.majoration", "Ormc",
       change(ormc_flow(), R"(<Majo V="0"/>)", R"(<Majo V="1"/>)" + std::string(both)), 0},
      {"pes.recette.convention", "Absent", several_years(""), 1, "01 10 01"},
      {"pes.recette.convention", "Named", several_years(R"(<LiensIdent><IdConv V="C7"/></LiensIdent>)"), 0},
      {"pes.recette.retenue", "Negative", retained("-1.00"), 1, "-1.00", of_version("5.30")},
      {"pes.recette.retenue", "Positive", retained("1.00"), 0, "", of_version("5.30")},
      {"pes.recette.retenue", "Before", retained("-1.00"), 0, "", of_version("5.17")},
      {"pes.recette.taux_tva", "Absent", titre({{R"(<TxTva V="20.00"/>)", ""}}), 1, "200.00"},
      {"pes.recette.taux_tva", "NoTva", ormc_flow(), 0},
      {"pes.recette.recouvrement", "Internal", recovered("02"), 1, "02"},
      {"pes.recette.recouvrement", "Ours", recovered("01"), 0},
      {"pes.recette.beneficiaire", "Ordinary",
       titre({{R"(<MtTVA V="200.00"/>)",
               R"(<MtTVA V="200.00"/><InfoCollBen><CodCollBen V="2"/></InfoCollBen>)"}})},
      {"pes.recette.beneficiaire", "Ormc",
       change(ormc_flow(), R"(<MtHT V="30.00"/>)",
              R"(<MtHT V="30.00"/><InfoCollBen><CodCollBen V="2"/></InfoCollBen>)"),
       0},
  };
}

std::vector<RuleCase> pieces() {
  const auto role = [](std::string_view pce) {
    return piece_with("", {{R"(<NatPce V="01"/>)", R"(<NatPce V="01"/><IdRol V="3"/>)"},
                           {R"(<TypPce V="01"/>)", "<TypPce V=\"" + std::string(pce) + "\"/>"}});
  };
  const auto asp = [](std::string_view date) {
    return piece_with("<DteAsp V=\"" + std::string(date) + "\"/>");
  };
  const auto role_asp = [](std::string_view date) { return change(ormc_flow(), "2026-01-20", date); };
  const auto period = [](std::string_view to) {
    return piece_with(R"(<DebFact V="2026-01-10"/><FinFact V=")" + std::string(to) + "\"/>");
  };
  return {
      {"pes.recette.type", "Thirteen", titre({{R"(<TypPce V="01"/>)", R"(<TypPce V="13"/>)"}}), 1, "13"},
      {"pes.recette.type", "One", recette_flow(), 0},
      {"pes.recette.role", "Ordinary", role("01"), 1, "01 01 01"},
      {"pes.recette.role", "SumOfARole", role("06"), 0},
      {"pes.recette.dteasp", "Before", asp("2026-01-13"), 1, "2026-01-13"},
      {"pes.recette.dteasp", "SameDay", asp("2026-01-14"), 0},
      {"pes.recette.dteasp_role", "Before", role_asp("2026-01-01"), 1, "2026-01-01"},
      {"pes.recette.dteasp_role", "After", ormc_flow(), 0},
      {"pes.recette.role_seul", "Ordinary",
       titre({{R"(<MtBordTVA V="200.00"/></Bloc)", R"(<MtBordTVA V="200.00"/><Objet V="Loyers"/></Bloc)"}}),
       1, "Objet"},
      {"pes.recette.role_seul", "Ormc", ormc_flow(), 0},
      {"pes.recette.periode", "Reversed", period("2026-01-01"), 1, "2026-01-01"},
      {"pes.recette.periode", "InOrder", period("2026-01-31"), 0},
  };
}

std::string sepa(std::string_view nature, std::string_view more = {}, std::string_view period = "07") {
  return "<InfoPrelevementSEPA><NatPrel V=\"" + std::string(nature) + "\"/><PerPrel V=\"" +
         std::string(period) + "\"/><DtePrel V=\"2026-03-01\"/><MtPrel V=\"30.00\"/><RefUniMdt V=\"R1\"/>" +
         std::string(more) + "</InfoPrelevementSEPA>";
}

/// A role whose titre has two lignes, with those direct debits.
std::string two_lignes(std::string_view first, std::string_view second) {
  const auto flow = ormc_flow();
  const auto from = flow.find("<LigneDePiece>");
  constexpr std::string_view end = "</LigneDePiece>";
  const auto to = flow.find(end) + end.size();
  const auto ligne = flow.substr(from, to - from);
  const auto with = [&](std::string_view block) {
    return change(ligne, "</InfoLignePiece>", "</InfoLignePiece>" + std::string(block));
  };
  return flow.substr(0, from) + with(first) + with(second) + flow.substr(to);
}

std::vector<RuleCase> direct_debits() {
  const std::string simple =
      R"(<InfoPrelevement><NatPrel V="02"/><PerPrel V="07"/><MtPrel V="30.00"/></InfoPrelevement>)";
  const auto ics = [](std::string_view value) {
    return ligne_with(sepa("01", "<AncienICS V=\"" + std::string(value) + "\"/>"));
  };
  const auto other_amount = change(sepa("01"), "30.00", "5.00");
  return {
      {"pes.prelevement.bloc", "SepaOfTheAuthority", ligne_with(sepa("02"))},
      {"pes.prelevement.bloc", "Sepa", ligne_with(sepa("01")), 0},
      {"pes.prelevement.bloc", "Simple", ligne_with(simple), 0},
      {"pes.prelevement.bloc", "SimpleOfTheTresor", ligne_with(change(simple, "\"02\"", "\"01\""))},
      {"pes.prelevement.compte", "None", change(ligne_with(sepa("01")), {no_account})},
      {"pes.prelevement.compte", "There", ligne_with(sepa("01")), 0},
      {"pes.prelevement.periode", "Monthly", ligne_with(sepa("01", "", "02")), 1, "02"},
      {"pes.prelevement.periode", "Single", ligne_with(sepa("01")), 0},
      {"pes.prelevement.ancien_ics", "Nne", ics("123456"), 0},
      {"pes.prelevement.ancien_ics", "NneLetters", ics("12345A"), 1, "12345A"},
      {"pes.prelevement.ancien_ics", "Ics", ics("FR72ZZZ123456"), 0},
      {"pes.prelevement.ancien_ics", "IcsWrongKey", ics("FR73ZZZ123456"), 1},
      {"pes.prelevement.ancien_ics", "Short", ics("FR72ZZZ"), 1},
      {"pes.prelevement.ancien_compte", "Both",
       ligne_with(sepa("01", R"(<AncienneBanque V="1"/><AncienIBAN V="FR7630001007941234567890185"/>)"))},
      {"pes.prelevement.ancien_compte", "One", ligne_with(sepa("01", R"(<AncienneBanque V="1"/>)")), 0},
      {"pes.prelevement.ormc", "OtherMandate", two_lignes(sepa("01"), change(sepa("01"), "R1", "R2"))},
      {"pes.prelevement.ormc", "OtherAmount", two_lignes(sepa("01"), other_amount), 0},
  };
}

std::string change_second(std::string text, std::string_view from, std::string_view to) {
  return text.replace(text.rfind(from), from.size(), to);
}

std::string pj_ref(std::string_view type) {
  return "<PJRef><Support V=\"01\"/><IdUnique V=\"PJ001\"/>" +
         (type.empty() ? "" : "<TypePJ V=\"" + std::string(type) + "\"/>") + "</PJRef>";
}
std::string edition(std::string_view value, std::string_view more = {}) {
  return piece_with("<Edition V=\"" + std::string(value) + "\"/>" + std::string(more));
}
std::string edition_ormc(std::string_view value, std::string_view more = {}) {
  constexpr std::string_view at = R"(<ObjPce V="Cantine"/>)";
  return change(ormc_flow(), at,
                std::string(at) + "<Edition V=\"" + std::string(value) + "\"/>" + std::string(more));
}

std::vector<RuleCase> editions() {
  constexpr std::string_view number = R"(<NumeroFacture V="F-1"/>)";
  constexpr std::string_view siret = R"(<IdTiers V="90000000100017"/>)";
  const auto state = [&](std::string_view more) {
    return change(edition("02", pj_ref("006") + std::string(number) + std::string(more)), siret,
                  R"(<IdTiers V="11000201100044"/>)");
  };
  return {
      {"pes.edition.titre", "OrmcOnly", edition("06"), 1, "06"},
      {"pes.edition.titre", "NotForOrmc", edition_ormc("01"), 1, "01"},
      {"pes.edition.titre", "Ormc", edition_ormc("06"), 0},
      {"pes.edition.titre", "Either", edition("09"), 0},
      {"pes.edition.titre", "EitherOrmc", edition_ormc("09"), 0},
      {"pes.edition.sans_traitement", "Ormc", edition_ormc("04"), 1, "04", of_version("5.17")},
      {"pes.edition.sans_traitement", "OrmcNow", edition_ormc("04"), 0, "", of_version("5.30")},
      {"pes.edition.sans_traitement", "Titre", edition("04"), 0, "", of_version("5.17")},
      {"pes.edition.pj", "None", edition("01"), 1, "01"},
      {"pes.edition.pj", "Right", edition("01", pj_ref("006")), 0},
      {"pes.edition.pj", "Untyped", edition("01", pj_ref("")), 0},
      {"pes.edition.pj", "OtherType", edition("01", pj_ref("011")), 1},
      {"pes.edition.pj", "Ormc010", edition_ormc("06", pj_ref("010") + pj_ref("011")), 0},
      {"pes.edition.pj", "OnTheLigne",
       change(edition("01"), R"(<MtTVA V="200.00"/>)", R"(<MtTVA V="200.00"/>)" + pj_ref("006")), 0},
      {"pes.edition.document", "OfChorus", edition("01", pj_ref("006") + pj_ref("008")), 1, "008"},
      {"pes.edition.document", "Joined", edition("01", pj_ref("006") + pj_ref("011")), 0},
      {"pes.edition.document", "WithoutTreatment", edition("04", pj_ref("008")), 0},
      {"pes.edition.siret", "Siret", edition("02"), 0},
      {"pes.edition.siret", "Siren",
       change(edition("02"), R"(<NatIdTiers V="01"/>)", R"(<NatIdTiers V="02"/>)"), 1, "02"},
      {"pes.edition.siret", "NoNumber", edition_ormc("08"), 1, "08"},
      {"pes.edition.facture", "None", edition("02"), 1, "02"},
      {"pes.edition.facture", "There", edition("02", number), 0},
      {"pes.edition.numero_facture", "Space", edition("09", R"(<NumeroFacture V="F 1"/>)"), 1, "F 1"},
      {"pes.edition.numero_facture", "SpaceForChorus", edition("02", R"(<NumeroFacture V="F 1"/>)"), 0},
      {"pes.edition.cadre", "None", edition("09"), 1, "09"},
      {"pes.edition.cadre", "There", edition("09", R"(<CadreFacturation V="S1"/>)"), 0},
      {"pes.edition.engagement", "None", state(""), 1, "11000201100044"},
      {"pes.edition.engagement", "There", state(R"(<NumeroEngagement V="E1"/>)"), 0},
      {"pes.edition.debiteur", "Two", change_second(two_lignes("", ""), "USAGER EXEMPLE", "AUTRE USAGER"), 1,
       "ORMC"},
      {"pes.edition.debiteur", "Same", two_lignes("", ""), 0},
      {"pes.recette.sans_effet", "RoleFields", piece_with(R"(<NumDette V="1"/>)"), 1, "NumDette"},
      {"pes.recette.sans_effet", "Chorus", piece_with(R"(<CodeService V="S1"/>)"), 1, "CodeService"},
      {"pes.recette.sans_effet", "Frame", edition("02", R"(<CadreFacturation V="S1"/>)"), 1,
       "CadreFacturation"},
      {"pes.recette.sans_effet", "ChorusUsed", edition("02", R"(<CodeService V="S1"/>)"), 0},
      {"pes.recette.sans_effet", "AspOfHelios", edition("01", R"(<DteAsp V="2026-02-01"/>)"), 1, "DteAsp"},
      {"pes.recette.sans_effet", "Envelope", edition_ormc("06", R"(<EnvRetour V="1"/>)"), 0},
  };
}

}  // namespace

std::vector<RuleCase> recette_cases() {
  auto out = lignes();
  for (const auto& table : {pieces(), direct_debits(), editions()})
    out.insert(out.end(), table.begin(), table.end());
  return out;
}

}  // namespace demat::preflight::test
