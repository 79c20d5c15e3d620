#include "tests/support/marche_cases.hpp"

#include <stdexcept>
#include <utility>

#include "tests/support/marche_flows.hpp"

namespace demat::samples {
namespace {

/// Which flow, what to put where, and the one rule that this breaks.
struct Case {
  std::string code;
  std::string (*flow)();
  std::vector<std::pair<std::string, std::string>> edits;
};

std::string subsequent() {
  return edited(
      edited(marche_flow(), R"(<NatureMarche V="01"/>)", R"(<NatureMarche V="05"/>)"), "<ModaliteExecution",
      R"(<IdAccordCadre V="2025CADRE"/><SiretPAAccordCadre V="21340000500012"/><ModaliteExecution)");
}

/// An IBAN from abroad with its BIC.
std::string abroad() {
  return edited(edited(marche_flow(), "FR7630001007941234567890185", "DE89370400440532013000"), "BDFEFRPPXXX",
                "COBADEFFXXX");
}

/// An IBAN of Monaco, which banks as France does: no BIC is needed.
std::string monaco() {
  return edited(edited(marche_flow(), "FR7630001007941234567890185", "MC5830001007941234567890185"),
                "<BIC V=\"BDFEFRPPXXX\"/>", "");
}

std::string replaced_all(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

/// The second titulaire is a company of Wallis-et-Futuna.
std::string islanders() {
  return replaced_all(marche_flow(), "<NatIdTitulaire V=\"01\"/>\n<IdTitulaire V=\"80000002800020\"/>",
                      "<NatIdTitulaire V=\"10\"/>\n<IdTitulaire V=\"FRWFENROBESCHENE\"/>");
}

/// The sub-contractor is a company of the United States.
std::string outsider() {
  return edited(
      replaced_all(marche_flow(), "<NatIdSousTraitant V=\"01\"/>\n<IdSousTraitant V=\"80000003600015\"/>",
                   "<NatIdSousTraitant V=\"06\"/>\n<IdSousTraitant V=\"USSIGNALISATION\"/>"),
      "<IBAN V=\"FR7610207000010000012345642\"/>",
      "<CodePays V=\"US\"/><NumeroCompteEtranger V=\"026009593-1234\"/>");
}

/// Another sub-contractor by the same act.
std::string two_acts() {
  auto flow = marche_flow();
  const auto from = flow.find("<SousTraitantPaiementDirect>");
  const auto to = flow.find("</Operateurs>");
  auto second = edited(flow.substr(from, to - from), "80000003600015", "80000004400019");
  return flow.insert(to, second);
}

std::string twice(std::string_view second_sequence) {
  auto flow = marche_flow();
  const auto from = flow.find("<Marche>");
  const auto to = flow.find("</Marches>");
  auto second = edited(flow.substr(from, to - from), R"(<SequenceEnvoi V="1"/>)",
                       "<SequenceEnvoi V=\"" + std::string(second_sequence) + "\"/>");
  return flow.insert(to, second);
}
/// A second contract of that number and sequence, as `edit` makes it.
std::string with_second(std::string_view from, std::string_view to) {
  auto flow = marche_flow();
  const auto begin = flow.find("<Marche>");
  const auto end = flow.find("</Marches>");
  return flow.insert(end, edited(flow.substr(begin, end - begin), from, to));
}
/// Awarded by another authority, who numbers her own.
std::string of_another_authority() {
  return with_second("<IdPA V=\"21340000500012\"/>", "<IdPA V=\"20006910200016\"/>");
}
/// By the same, once named and once not.
std::string of_the_same_authority() {
  return with_second("<PA>\n<IdPA V=\"21340000500012\"/>\n<NomPA V=\"Commune d'Exempleville\"/>\n</PA>\n",
                     "");
}

/// A concession with the number and the sequence of a marché.
std::string marche_and_concession() {
  const auto concession = concession_flow();
  const auto from = concession.find("<Concessions>");
  const auto other = concession.substr(from, concession.find("</PES_Marche>") - from);
  const auto renamed = edited(edited(other, "2025HALLES", "2026VOIRIE01"), "2025-11-03", "2026-01-01");
  return edited(edited(marche_flow(), "<SequenceEnvoi V=\"1\"/>", "<SequenceEnvoi V=\"2\"/>"), "</Marches>",
                "</Marches>" + renamed);
}

/// The sub-contractor is there twice by the same act, for instance of two titulaires.
std::string one_act_twice() {
  auto flow = marche_flow();
  const auto from = flow.find("<SousTraitantPaiementDirect>");
  const auto to = flow.find("</Operateurs>");
  const auto again = flow.substr(from, to - from);
  return flow.insert(to, again);
}

/// Two companies that wait for their numbers say so in the same words.
std::string waiting_concessionnaires() {
  return edited(replaced_all(edited(concession_flow(), "DE123456789", "EN_COURS_IMMATRICULATION"),
                             "<NatIdConcessionnaire V=\"05\"/>", "<NatIdConcessionnaire V=\"09\"/>"),
                "</Concessionnaires>",
                "<Concessionnaire><NatIdConcessionnaire V=\"09\"/><IdConcessionnaire "
                "V=\"EN_COURS_IMMATRICULATION\"/><DenominationSociale V=\"Autre SAS\"/></Concessionnaire>"
                "</Concessionnaires>");
}
std::string waiting_titulaires() {
  auto flow = marche_flow();
  for (const std::string id : {"80000001000010", "80000002800020"})
    flow = replaced_all(flow, "<NatIdTitulaire V=\"01\"/>\n<IdTitulaire V=\"" + id + "\"/>",
                        "<NatIdTitulaire V=\"09\"/>\n<IdTitulaire V=\"EN_COURS_IMMATRICULATION\"/>");
  return flow;
}

/// A name that is an identifier, in other letters where the amounts are shared.
std::string names_in_small_letters() {
  return edited(islanders(), "<IdTitulaire V=\"FRWFENROBESCHENE\"/>\n<MontantHTNotifie",
                "<IdTitulaire V=\"FRWFEnrobesChene\"/>\n<MontantHTNotifie");
}

/// VAT that nobody has: schemas know no zero for it.
std::string without_vat() {
  auto flow = marche_flow();
  for (const auto* amount : {"16000.00", "12000.00", "4000.00", "8000.00", "5000.00", "3000.00"})
    flow = edited(flow, "<MontantTVANotifie V=\"" + std::string(amount) + "\"/>\n", "");
  return flow;
}

/// Whole numbers as xs:decimal may write them.
std::string decimals() {
  return edited(edited(marche_modification_flow(), "<SequenceEnvoi V=\"2\"/>", "<SequenceEnvoi V=\" 2.0\"/>"),
                "<NbEntreprisesGroupees V=\"02\"/>\n</ModificationTitulaire>",
                "<NbEntreprisesGroupees V=\"+2.0\"/>\n</ModificationTitulaire>");
}

std::string same_sequence() {
  return twice("1");
}
std::string next_sequence() {
  return twice("2");
}

std::string too_large() {
  std::string many;
  for (int i = 0; i < 10'100; ++i)
    many += "<PJRef><Support V=\"03\"/><IdUnique V=\"P" + std::to_string(i) +
            "\"/><TypePJ V=\"009\"/><NomPJ V=\"p.pdf\"/></PJRef>";
  return edited(marche_flow(), "<PJRefs>", "<PJRefs>" + many);
}

/// Without the element that begins and ends so.
std::string without(std::string flow, const std::string& element) {
  const auto from = flow.find("<" + element + ">");
  const auto end = "</" + element + ">";
  const auto to = flow.find(end);
  if (from == std::string::npos || to == std::string::npos) throw std::invalid_argument(element);
  return flow.erase(from, to + end.size() - from);
}
/// A framework of which nobody has an amount yet.
std::string framework() {
  const auto flow = edited(marche_flow(), R"(<NatureMarche V="01"/>)", R"(<NatureMarche V="04"/>)");
  return without(without(flow, "Operateurs"), "VentilationsAcheteurs");
}
/// It takes the place of the sending before.
std::string corrective() {
  return edited(edited(marche_flow(), R"(<SequenceEnvoi V="1"/>)", R"(<SequenceEnvoi V="2"/>)"),
                R"(<CaractereCorrectifEnregistrement V="0"/>)",
                R"(<CaractereCorrectifEnregistrement V="1"/>)");
}
/// The contract as it stands, no modification said.
std::string brought_up_to_date() {
  return edited(marche_flow(), R"(<SequenceEnvoi V="1"/>)", R"(<SequenceEnvoi V="3"/>)");
}
std::string another_contract() {
  return with_second("<IdContrat V=\"2026VOIRIE01\"/>", "<IdContrat V=\"2026VOIRIE02\"/>");
}
/// Estimates that nobody gave.
std::string without_estimates() {
  auto flow = marche_flow();
  for (const auto* amount : {"100000.00", "50000", "150000.00"})
    flow = edited(flow, "<MontantHTEstime V=\"" + std::string(amount) + "\"/>\n", "");
  return flow;
}
/// Of the whole contract, not of its buyers.
std::string estimated_as_a_whole() {
  auto flow = marche_flow();
  for (const auto* amount : {"100000.00", "50000"})
    flow = edited(flow, "<MontantHTEstime V=\"" + std::string(amount) + "\"/>\n", "");
  return flow;
}

std::string no_operators() {
  return without(marche_flow(), "Operateurs");
}
std::string no_sharing() {
  return without(marche_flow(), "VentilationsAcheteurs");
}
std::string no_attachment() {
  return without(marche_flow(), "PES_PJ");
}

const Case cases[]{
    {"pes.marche.trop_grand", too_large, {}},
    {"pes.marche.id_contrat", concession_flow, {{"2025HALLES", "HALLES2025"}}},
    {"pes.marche.annee",
     marche_flow,
     {{"<IdContrat V=\"2026VOIRIE01\"/>", "<IdContrat V=\"2025VOIRIE01\"/>"}}},
    {"pes.marche.annee", concession_flow, {{"2025HALLES", "2026HALLES"}}},
    {"pes.marche.premier_envoi",
     marche_flow,
     {{"<CaractereCorrectifEnregistrement V=\"0\"/>", "<CaractereCorrectifEnregistrement V=\"1\"/>"}}},
    {"pes.marche.numero_premier_envoi",
     marche_flow,
     {{"<NumeroOrdreModification V=\"00\"/>", "<NumeroOrdreModification V=\"01\"/>"}}},
    {"pes.marche.modification_premier_envoi",
     marche_modification_flow,
     {{"<SequenceEnvoi V=\"2\"/>", "<SequenceEnvoi V=\"1\"/>"},
      {"<NumeroOrdreModification V=\"01\"/>", "<NumeroOrdreModification V=\"00\"/>"}}},
    {"pes.marche.modification_sans_numero",
     concession_flow,
     {{"<NumeroOrdreModification V=\"01\"/>", "<NumeroOrdreModification V=\"00\"/>"}}},
    {"pes.marche.premier_envoi",
     marche_flow,
     {{"<SequenceEnvoi V=\"1\"/>", "<SequenceEnvoi V=\"1.0\"/>"},
      {"<CaractereCorrectifEnregistrement V=\"0\"/>", "<CaractereCorrectifEnregistrement V=\" true \"/>"}}},
    {"pes.marche.sequence_double", same_sequence, {}},
    {"pes.marche.sequence_double", of_the_same_authority, {}},
    {"pes.marche.meme_flux", next_sequence, {}},
    {"pes.marche.operateur_siret", concession_flow, {{"80000001000010", "80000001000011"}}},
    {"pes.marche.operateur_siret", concession_flow, {{"80000001000010", "800000010"}}},
    {"pes.marche.operateur_identifiant", concession_flow, {{"DE123456789", "DE12345"}}},
    {"pes.marche.operateur_identifiant",
     concession_flow,
     {{"<NatIdConcessionnaire V=\"05\"/>", "<NatIdConcessionnaire V=\"06\"/>"},
      {"DE123456789", "ZZBEISPIEL"}}},
    {"pes.marche.operateur_identifiant",
     concession_flow,
     {{"<NatIdConcessionnaire V=\"05\"/>", "<NatIdConcessionnaire V=\"07\"/>"}}},
    {"pes.marche.operateur_identifiant",
     concession_flow,
     {{"<NatIdConcessionnaire V=\"05\"/>", "<NatIdConcessionnaire V=\"08\"/>"},
      {"DE123456789", "12345678901"}}},
    {"pes.marche.operateur_identifiant",
     concession_flow,
     {{"<NatIdConcessionnaire V=\"05\"/>", "<NatIdConcessionnaire V=\"10\"/>"}}},
    {"pes.marche.operateur_identifiant",
     concession_flow,
     {{"<NatIdConcessionnaire V=\"05\"/>", "<NatIdConcessionnaire V=\"11\"/>"}}},
    {"pes.marche.personne_physique", marche_flow, {{"<CatTiers V=\"50\"/>", "<CatTiers V=\"01\"/>"}}},
    {"pes.marche.code_postal", marche_flow, {{"<CP V=\"34000\"/>", "<CP V=\"3400\"/>"}}},
    {"pes.marche.residence", marche_flow, {{"<CodRes V=\"0\"/>", "<CodRes V=\"1\"/>"}}},
    {"pes.marche.residence", marche_flow, {{"<CodRes V=\"0\"/>", "<CodRes V=\"0\"/><CodPays V=\"109\"/>"}}},
    {"pes.marche.acheteur_siret",
     marche_flow,
     {{"<IdPA V=\"21340000500012\"/>", "<IdPA V=\"21340000500013\"/>"}}},
    {"pes.marche.acheteur_siret",
     subsequent,
     {{"<SiretPAAccordCadre V=\"21340000500012\"/>", "<SiretPAAccordCadre V=\"12345678901234\"/>"}}},
    {"pes.marche.acheteur_double",
     marche_flow,
     {{"</Acheteurs>",
       "<Acheteur><IdAcheteur V=\"20006910200016\"/><NomAcheteur V=\"Agglo\"/></Acheteur></Acheteurs>"}}},
    {"pes.marche.operateurs", no_operators, {}},
    {"pes.marche.acte_double", two_acts, {}},
    {"pes.marche.concessionnaire_double",
     concession_flow,
     {{"</Concessionnaires>",
       "<Concessionnaire><NatIdConcessionnaire V=\"05\"/><IdConcessionnaire "
       "V=\"DE123456789\"/><DenominationSociale V=\"Beispiel GmbH\"/></Concessionnaire>"
       "</Concessionnaires>"}}},
    {"pes.marche.casse_bancaire", abroad, {{"DE89370400440532013000", "GB29nwbk60161331926819"}}},
    {"pes.marche.casse_bancaire", marche_flow, {{"BDFEFRPPXXX", "bdfeFRPPXXX"}}},
    {"pes.marche.iban", marche_flow, {{"FR7630001007941234567890185", "FR7630001007941234567890186"}}},
    {"pes.marche.bic", marche_flow, {{"BDFEFRPPXXX", "BDFEQQPPXXX"}}},
    {"pes.marche.bic_etranger", abroad, {{"<BIC V=\"COBADEFFXXX\"/>", ""}}},
    {"pes.marche.rib", marche_flow, {{"<CleRib V=\"45\"/>", "<CleRib V=\"46\"/>"}}},
    {"pes.marche.rib", marche_flow, {{"<CodeGuic V=\"00794\"/>", ""}}},
    {"pes.marche.rib_international", marche_flow, {{"<CodeEtab", "<IdPayInt V=\"FR76\"/><CodeEtab"}}},
    {"pes.marche.compte_etranger",
     marche_flow,
     {{"<IBAN V=\"FR7610207000010000012345642\"/>",
       "<CodePays V=\"US\"/><NumeroCompteEtranger V=\"026009593-1234\"/>"}}},
    {"pes.marche.pays_compte", outsider, {{"<CodePays V=\"US\"/>", "<CodePays V=\"QQ\"/>"}}},
    {"pes.marche.montant_estime",
     marche_flow,
     {{"<MontantHTEstime V=\"150000.00\"/>", "<MontantHTEstime V=\"119999.99\"/>"},
      {"<MontantHTEstime V=\"100000.00\"/>", "<MontantHTEstime V=\"69999.99\"/>"}}},
    {"pes.marche.montant_estime_acheteurs",
     marche_flow,
     {{"<MontantHTEstime V=\"50000\"/>", "<MontantHTEstime V=\"50000.01\"/>"}}},
    {"pes.marche.ventilations", no_sharing, {}},
    {"pes.marche.ventilation_ht",
     marche_flow,
     {{"<MontantHTNotifie V=\"10000.00\"/>", "<MontantHTNotifie V=\"10000.01\"/>"}}},
    {"pes.marche.ventilation_tva", marche_flow, {{"<MontantTVANotifie V=\"3000.00\"/>", ""}}},
    {"pes.marche.ventilation_tva_partielle", marche_flow, {{"<MontantTVANotifie V=\"8000.00\"/>", ""}}},
    {"pes.marche.ventilation_tva_partielle",
     without_vat,
     {{"<IdAcheteur V=\"20006910200016\"/>\n<MontantHTNotifie "
       "V=\"40000.00\"/>\n<CaractereEstimatifMontantNotifie V=\"0\"/>",
       "<IdAcheteur V=\"20006910200016\"/>\n<MontantHTNotifie "
       "V=\"40000.00\"/>\n<CaractereEstimatifMontantNotifie V=\"0\"/><MontantTVANotifie V=\"8000.00\"/>"}}},
    {"pes.marche.ventilation_tva",
     marche_flow,
     {{"<MontantTVANotifie V=\"5000.00\"/>", "<MontantTVANotifie V=\"4000.00\"/>"}}},
    {"pes.marche.ventilation_ht_actualise", marche_flow, {{"<MontantHTActualise V=\"51000.00\"/>", ""}}},
    {"pes.marche.ventilation_tva_actualisee", marche_flow, {{"<MontantTVAActualise V=\"12200.00\"/>", ""}}},
    {"pes.marche.ventilation_acheteur",
     marche_flow,
     {{"<VentilationAcheteur>\n<IdAcheteur V=\"20006910200016\"/>",
       "<VentilationAcheteur>\n<IdAcheteur V=\"21340000500020\"/>"}}},
    {"pes.marche.ventilation_titulaire",
     marche_flow,
     {{"<NatIdTitulaire V=\"01\"/>\n<IdTitulaire V=\"80000002800020\"/>\n<MontantHTNotifie",
       "<NatIdTitulaire V=\"05\"/>\n<IdTitulaire V=\"80000002800020\"/>\n<MontantHTNotifie"}}},
    {"pes.marche.ventilation_titulaire_double",
     marche_flow,
     {{"<NatIdTitulaire V=\"01\"/>\n<IdTitulaire V=\"80000002800020\"/>\n<MontantHTNotifie",
       "<NatIdTitulaire V=\"01\"/>\n<IdTitulaire V=\"80000001000010\"/>\n<MontantHTNotifie"}}},
    {"pes.marche.ventilation_sous_traitant",
     marche_flow,
     {{"<IdSousTraitant V=\"80000003600015\"/>\n<MontantHTNotifie",
       "<IdSousTraitant V=\"80000004400019\"/>\n<MontantHTNotifie"}}},
    {"pes.marche.ventilation_sous_traitant_double",
     marche_flow,
     {{"</VentilationsSousTraitantPaiementDirect>",
       "<VentilationSousTraitantPaiementDirect><NatIdSousTraitant V=\"01\"/>"
       "<IdSousTraitant V=\"80000003600015\"/><MontantHTNotifie V=\"0\"/><CaractereEstimatifMontantNotifie "
       "V=\"0\"/></VentilationSousTraitantPaiementDirect>"
       "</VentilationsSousTraitantPaiementDirect>"}}},
    {"pes.marche.modification_titulaire",
     marche_modification_flow,
     {{"<Id V=\"80000002800020\"/>", "<Id V=\"80000004400019\"/>"}}},
    {"pes.marche.modification_sous_traitant",
     marche_modification_flow,
     {{"<Id V=\"80000003600015\"/>", "<Id V=\"80000004400019\"/>"}}},
    {"pes.marche.montant_modifie",
     marche_modification_flow,
     {{"<MontantHTEstime V=\"160000.00\"/>\n<DeltaMontantHTEstime",
       "<MontantHTNotifie V=\"130000.00\"/><DeltaMontantHTNotifie V=\"10000.00\"/>"
       "<MontantHTEstime V=\"160000.00\"/>\n<DeltaMontantHTEstime"}}},
    {"pes.marche.duree_modifiee",
     marche_modification_flow,
     {{"<DureeEnMois V=\"30\"/>\n<DeltaDureeEnMois", "<DureeEnMois V=\"32\"/>\n<DeltaDureeEnMois"}}},
    {"pes.marche.accord_cadre", subsequent, {{"<SiretPAAccordCadre V=\"21340000500012\"/>", ""}}},
    {"pes.marche.accord_cadre", subsequent, {{"<IdAccordCadre V=\"2025CADRE\"/>", ""}}},
    {"pes.marche.accord_cadre_distinct",
     subsequent,
     {{"<IdAccordCadre V=\"2025CADRE\"/>", "<IdAccordCadre V=\"2026VOIRIE01\"/>"}}},
    {"pes.marche.multi_budget", marche_flow, {{"<CodBud V=\"00\"/>", "<CodBud V=\"02\"/>"}}},
    {"pes.marche.propositions",
     marche_flow,
     {{"<NbTotalPropositionsDemat V=\"4\"/>", "<NbTotalPropositionsDemat V=\"6\"/>"}}},
    {"pes.marche.groupement",
     marche_flow,
     {{"<NbEntreprisesGroupees V=\"02\"/>", "<NbEntreprisesGroupees V=\"00\"/>"}}},
    {"pes.marche.groupement", marche_flow, {{"<TypeGroupement V=\"03\"/>", "<TypeGroupement V=\"01\"/>"}}},
    {"pes.marche.groupement_type",
     marche_flow,
     {{"<TypeGroupement V=\"03\"/>\n<NbEntreprisesGroupees V=\"02\"/>", ""}}},
    {"pes.marche.groupement_modifie",
     marche_modification_flow,
     {{"<NbEntreprisesGroupees V=\"02\"/>\n</ModificationTitulaire>", "</ModificationTitulaire>"}}},
    {"pes.marche.delai_garantie", marche_flow, {{"<DelaiGarantie V=\"12\"/>", ""}}},
    {"pes.marche.autoliquidation",
     marche_flow,
     {{"<AutoliquidationTVA V=\"1\"/>", "<AutoliquidationTVA V=\"0\"/>"}}},
    {"pes.marche.autoliquidation",
     marche_flow,
     {{"<MontantHTActualise V=\"10000.00\"/>",
       "<MontantHTActualise V=\"10000.00\"/><MontantTVAActualise V=\"100.00\"/>"},
      {"<MontantTVAActualise V=\"12200.00\"/>", "<MontantTVAActualise V=\"12100.00\"/>"}}},
    {"pes.marche.origine", marche_flow, {{"<OrigineFrance V=\"0.2\"/>", "<OrigineFrance V=\"0.6\"/>"}}},
    {"pes.marche.taux_avance",
     marche_flow,
     {{"<AttributionAvance V=\"1\"/>", "<AttributionAvance V=\"0\"/>"}}},
    {"pes.marche.regime_avance", marche_flow, {{"<RegimeAvance V=\"02\"/>", "<RegimeAvance V=\"01\"/>"}}},
    {"pes.marche.pourcentage_avance", marche_flow, {{"<PourcentageAvance V=\"5.00\"/>", ""}}},
    {"pes.marche.garantie_avance",
     marche_flow,
     {{"<TypeGarantieAvance V=\"02\"/>", "<TypeGarantieAvance V=\"01\"/>"}}},
    {"pes.marche.cpv", marche_flow, {{"45233141-9", "46233141-9"}}},
    {"pes.marche.cpv", marche_flow, {{"45233223-8", "00233223-8"}}},
    {"pes.marche.date_notification",
     marche_flow,
     {{"<DateSignature V=\"2026-03-05\"/>", "<DateSignature V=\"2026-03-13\"/>"}}},
    {"pes.marche.date_debut",
     marche_flow,
     {{"<DateDebutMarche V=\"2026-03-15\"/>", "<DateDebutMarche V=\"2026-03-11\"/>"}}},
    {"pes.marche.date_debut",
     marche_flow,
     {{"<DateDebutExecution V=\"2026-04-01\"/>", "<DateDebutExecution V=\"2026-03-14\"/>"}}},
    {"pes.marche.duree_maximum",
     marche_flow,
     {{"<DureeEnMoisMaximumPossible V=\"36\"/>", "<DureeEnMoisMaximumPossible V=\"23\"/>"}}},
    {"pes.marche.periodes", marche_flow, {{"2029-03-31", "2028-03-31"}}},
    {"pes.marche.periodes", marche_flow, {{"2027-03-31", "2026-03-31"}}},
    {"pes.marche.date_modification", concession_flow, {{"2026-03-02", "2025-03-02"}}},
    {"pes.marche.date_modification", marche_modification_flow, {{"2026-05-02", "2026-02-02"}}},
    {"pes.marche.pj_nom",
     marche_flow,
     {{"<TypePJ V=\"009\"/><NomPJ V=\"acte_engagement.pdf\"/>",
       "<TypePJ V=\"009\"/><NomPJ V=\"acte_engagement\"/>"}}},
    {"pes.marche.pj_nom",
     marche_flow,
     {{"<TypePJ V=\"009\"/><NomPJ V=\"acte_engagement.pdf\"/>",
       "<TypePJ V=\"009\"/><NomPJ V=\"acte.signed\"/>"}}},
    {"pes.marche.pj_absente", no_attachment, {}},
    {"pes.marche.pj_type", marche_flow, {{"\n<TypePJ V=\"009\"/>", "\n<TypePJ V=\"003\"/>"}}},
    {"pes.marche.pj_support", marche_flow, {{"<Support V=\"01\"/>", "<Support V=\"02\"/>"}}},
};

}  // namespace

std::vector<BrokenMarche> broken_marche_flows() {
  std::vector<BrokenMarche> out;
  for (const auto& one : cases) {
    auto text = one.flow();
    for (const auto& [from, to] : one.edits)
      text = edited(std::move(text), from, to);
    out.push_back({one.code, one.edits.empty() ? one.code : one.edits.front().second, std::move(text)});
  }
  return out;
}

std::vector<std::string> right_marche_flows() {
  return {marche_flow(),
          marche_modification_flow(),
          concession_flow(),
          subsequent(),
          abroad(),
          islanders(),
          outsider(),
          monaco(),
          of_another_authority(),
          marche_and_concession(),
          one_act_twice(),
          waiting_concessionnaires(),
          waiting_titulaires(),
          names_in_small_letters(),
          without_vat(),
          decimals(),
          framework(),
          corrective(),
          brought_up_to_date(),
          another_contract(),
          without_estimates(),
          estimated_as_a_whole()};
}

}  // namespace demat::samples
