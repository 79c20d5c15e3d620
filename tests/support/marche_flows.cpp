#include "tests/support/marche_flows.hpp"

#include <stdexcept>

namespace demat::samples {
namespace {

constexpr std::string_view head = R"(<?xml version="1.0" encoding="ISO-8859-1"?>
<n:PES_Aller xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller">
<Enveloppe>
<Parametres><Version V="2"/><TypFic V="PESALR1"/><NomFic V="EXEMPLE-MARCHE-1"/></Parametres>
<Emetteur><Sigle V="DEMAT"/><Adresse V="http://localhost"/></Emetteur>
</Enveloppe>
<EnTetePES>
<DteStr V="2026-03-20"/>
<IdPost V="034000"/>
<IdColl V="21340000500012"/>
<CodCol V="123"/>
<CodBud V="00"/>
</EnTetePES>
)";

constexpr std::string_view opening = R"(<PES_Marche>
<EnTeteMarche><IdVer V="2"/></EnTeteMarche>
<Marches>
<Marche>
<IdentifiantMarche>
<IdContrat V="2026VOIRIE01"/>
<NumeroOrdreModification V="00"/>
<SequenceEnvoi V="1"/>
<CaractereCorrectifEnregistrement V="0"/>
</IdentifiantMarche>
<URLProfilAcheteur V="https://marches.exemple.fr/profil"/>
<PA>
<IdPA V="21340000500012"/>
<NomPA V="Commune d'Exempleville"/>
</PA>
<Acheteurs>
<Acheteur>
<IdAcheteur V="21340000500012"/>
<NomAcheteur V="Commune d'Exempleville"/>
<MontantHTEstime V="100000.00"/>
</Acheteur>
<Acheteur>
<IdAcheteur V="20006910200016"/>
<NomAcheteur V="Agglo du Bassin invent&#233;"/>
<MontantHTEstime V="50000"/>
</Acheteur>
</Acheteurs>
<NatureMarche V="01"/>
<Objet V="R&#233;fection de la voirie communale, lot 1"/>
<CodeCPV V="45233141-9"/>
<ProcedureMarche V="02"/>
<LieuExecution>
<CodeLieuExecution V="34172"/>
<TypeCode V="02"/>
<NomLieuExecution V="EXEMPLEVILLE"/>
</LieuExecution>
<DureeEnMois V="24"/>
<DureeEnMoisMaximumPossible V="36"/>
<DateDebutExecution V="2026-04-01"/>
<MontantHTNotifie V="120000.00"/>
<CaractereEstimatifMontantNotifie V="0"/>
<MontantTVANotifie V="24000.00"/>
<MontantHTEstime V="150000.00"/>
<MontantHTActualise V="121000.00"/>
<MontantTVAActualise V="24200.00"/>
<DateSignature V="2026-03-05"/>
<NomSignataireAcheteur V="DUMARAIS"/>
<DateDebutMarche V="2026-03-15"/>
<Reconductibilite V="02"/>
<Penalite V="1"/>
<DelaiGarantie V="12"/>
<DateNotification V="2026-03-12"/>
<DatePublicationDonnees V="2026-03-18"/>
)";

constexpr std::string_view operators = R"(<Operateurs>
<Titulaire>
<TypeTitulaireMarche V="01"/>
<NatIdTitulaire V="01"/>
<IdTitulaire V="80000001000010"/>
<DenominationSociale V="Terrassements Mirandeau"/>
<CatTiers V="50"/>
<NatJur V="03"/>
<Adresse><TypAdr V="1"/><Adr2 V="1 rue des Tilleuls"/><CP V="34000"/><Ville V="EXEMPLEVILLE"/><CodRes V="0"/></Adresse>
<CpteBancaire>
<BIC V="BDFEFRPPXXX"/>
<IBAN V="FR7630001007941234567890185"/>
<TitCpte V="Terrassements Mirandeau"/>
</CpteBancaire>
<ConditionsExecutionTitulaire>
<RegimeAvance V="02"/>
<MontantAvance V="6000.00"/>
<TypeGarantieAvance V="02"/>
<MontantGarantieAvance V="6000.00"/>
<PourcentageAvance V="5.00"/>
<Garantie>
<TypeGarantie V="02"/>
<TauxGarantie V="5"/>
</Garantie>
<FormePrix V="01"/>
<VariationPrix V="03"/>
<IndicesReference>
<IndiceReference><Indice V="TP01"/><MoisAnnee V="02-2026"/><Valeur V="131.2"/><FormuleRevPrix V="0.15 + 0.85 TP01/TP01o"/></IndiceReference>
</IndicesReference>
</ConditionsExecutionTitulaire>
</Titulaire>
<Titulaire>
<TypeTitulaireMarche V="02"/>
<NatIdTitulaire V="01"/>
<IdTitulaire V="80000002800020"/>
<DenominationSociale V="Enrob&#233;s du Ch&#234;ne"/>
<CatTiers V="50"/>
<NatJur V="03"/>
<Adresse><TypAdr V="1"/><Adr2 V="2 route du Moulin"/><CP V="34000"/><Ville V="EXEMPLEVILLE"/><CodRes V="0"/></Adresse>
<CpteBancaire>
<CodeEtab V="30001"/>
<CodeGuic V="00794"/>
<IdCpte V="98765432109"/>
<CleRib V="45"/>
<TitCpte V="Enrobes du Chene"/>
</CpteBancaire>
<ConditionsExecutionTitulaire>
<RegimeAvance V="05"/>
<FormePrix V="01"/>
<VariationPrix V="01"/>
</ConditionsExecutionTitulaire>
</Titulaire>
<SousTraitantPaiementDirect>
<NumeroActeSousTraitance V="01"/>
<NatIdSousTraitant V="01"/>
<IdSousTraitant V="80000003600015"/>
<DenominationSociale V="Signalisation Lorvigne"/>
<CatTiers V="50"/>
<NatJur V="03"/>
<Adresse><TypAdr V="1"/><Adr2 V="3 quai de l'Ile"/><CP V="34000"/><Ville V="EXEMPLEVILLE"/><CodRes V="0"/></Adresse>
<CpteBancaire>
<IBAN V="FR7610207000010000012345642"/>
<TitCpte V="Signalisation Lorvigne"/>
</CpteBancaire>
</SousTraitantPaiementDirect>
</Operateurs>
)";

constexpr std::string_view conditions = R"(<ConditionsExecution>
<ModaliteExecution V="03"/>
<MultiBudget V="1"/>
<CodesCPVSec><CodeCPVSec V="45233223-8"/></CodesCPVSec>
<NbTotalPropositionsRecu V="5"/>
<NbTotalPropositionsDemat V="4"/>
<ClauseSociale V="1"/>
<ClauseEnvironnementale V="0"/>
<TypeGroupement V="03"/>
<NbEntreprisesGroupees V="02"/>
<CCAGReference V="01"/>
<TechniquesAchat><TechniqueAchat V="01"/></TechniquesAchat>
<ConsiderationsSociales><ConsiderationSociale V="01"/></ConsiderationsSociales>
<ConsiderationsEnvironnementales><ConsiderationEnvironnementale V="02"/></ConsiderationsEnvironnementales>
<MarcheInnovant V="0"/>
<SousTraitanceDeclaree V="1"/>
<AttributionAvance V="1"/>
<TauxAvance V="0.05"/>
<OrigineUE V="0.5"/>
<OrigineFrance V="0.2"/>
</ConditionsExecution>
<PJRefs>
<PJRef><Support V="01"/><IdUnique V="ACTE2026VOIRIE01"/><TypePJ V="009"/><NomPJ V="acte_engagement.pdf"/></PJRef>
</PJRefs>
)";

constexpr std::string_view sharing = R"(<VentilationsAcheteurs>
<VentilationAcheteur>
<IdAcheteur V="21340000500012"/>
<MontantHTNotifie V="80000.00"/>
<CaractereEstimatifMontantNotifie V="0"/>
<MontantTVANotifie V="16000.00"/>
<MontantHTActualise V="81000.00"/>
<MontantTVAActualise V="16200.00"/>
<VentilationsTitulaire>
<VentilationTitulaire>
<NatIdTitulaire V="01"/>
<IdTitulaire V="80000001000010"/>
<MontantHTNotifie V="50000.00"/>
<CaractereEstimatifMontantNotifie V="0"/>
<MontantTVANotifie V="12000.00"/>
<MontantHTActualise V="51000.00"/>
<MontantTVAActualise V="12200.00"/>
<VentilationsSousTraitantPaiementDirect>
<VentilationSousTraitantPaiementDirect>
<NatIdSousTraitant V="01"/>
<IdSousTraitant V="80000003600015"/>
<MontantHTNotifie V="10000.00"/>
<CaractereEstimatifMontantNotifie V="0"/>
<MontantHTActualise V="10000.00"/>
<DureeEnMois V="6"/>
<ConditionsExecutionSousTraitantPaiementDirect>
<AutoliquidationTVA V="1"/>
<RegimeAvance V="01"/>
<VariationPrix V="01"/>
</ConditionsExecutionSousTraitantPaiementDirect>
</VentilationSousTraitantPaiementDirect>
</VentilationsSousTraitantPaiementDirect>
</VentilationTitulaire>
<VentilationTitulaire>
<NatIdTitulaire V="01"/>
<IdTitulaire V="80000002800020"/>
<MontantHTNotifie V="20000.00"/>
<CaractereEstimatifMontantNotifie V="0"/>
<MontantTVANotifie V="4000.00"/>
<MontantHTActualise V="20000.00"/>
<MontantTVAActualise V="4000.00"/>
</VentilationTitulaire>
</VentilationsTitulaire>
<PeriodesReconduction>
<PeriodeReconduction><NumPeriode V="1"/><DebutPeriode V="2028-04-01"/><FinPeriode V="2029-03-31"/><MontantHTPeriode V="20000"/></PeriodeReconduction>
</PeriodesReconduction>
<Tranches>
<Tranche><NumTranche V="1"/><TypeTranche V="02"/><DebutTranche V="2026-04-01"/><FinTranche V="2027-03-31"/><MontantHTTranche V="60000"/><MontantTVATranche V="12000"/></Tranche>
</Tranches>
</VentilationAcheteur>
<VentilationAcheteur>
<IdAcheteur V="20006910200016"/>
<MontantHTNotifie V="40000.00"/>
<CaractereEstimatifMontantNotifie V="0"/>
<MontantTVANotifie V="8000.00"/>
<VentilationsTitulaire>
<VentilationTitulaire>
<NatIdTitulaire V="01"/>
<IdTitulaire V="80000001000010"/>
<MontantHTNotifie V="25000.00"/>
<CaractereEstimatifMontantNotifie V="0"/>
<MontantTVANotifie V="5000.00"/>
</VentilationTitulaire>
<VentilationTitulaire>
<NatIdTitulaire V="01"/>
<IdTitulaire V="80000002800020"/>
<MontantHTNotifie V="15000.00"/>
<CaractereEstimatifMontantNotifie V="0"/>
<MontantTVANotifie V="3000.00"/>
</VentilationTitulaire>
</VentilationsTitulaire>
</VentilationAcheteur>
</VentilationsAcheteurs>
)";

constexpr std::string_view modifications = R"(<ModificationsMarche>
<ModificationMontantDuree>
<ObjetModification V="Tranche compl&#233;mentaire"/>
<NumeroActe V="01"/>
<DateSignatureModification V="2026-06-10"/>
<DatePublicationDonneesModification V="2026-06-20"/>
<DureeEnMois V="30"/>
<DeltaDureeEnMois V="6"/>
<MontantHTEstime V="160000.00"/>
<DeltaMontantHTEstime V="10000.00"/>
</ModificationMontantDuree>
<ModificationTitulaire>
<ObjetModification V="Transfert du march&#233;"/>
<NumeroActe V="02"/>
<DateSignatureModification V="2026-07-01"/>
<DatePublicationDonneesModification V="2026-07-02"/>
<Titulaires>
<Titulaire>
<TypeTitulaireMarche V="01"/>
<NatId V="01"/>
<Id V="80000001000010"/>
<DenominationSociale V="Terrassements Mirandeau"/>
<MontantHTNotifie V="75000.00"/>
</Titulaire>
<Titulaire>
<TypeTitulaireMarche V="02"/>
<NatId V="01"/>
<Id V="80000002800020"/>
<DenominationSociale V="Enrob&#233;s du Ch&#234;ne"/>
<MontantHTNotifie V="35000.00"/>
</Titulaire>
</Titulaires>
<TypeGroupement V="03"/>
<NbEntreprisesGroupees V="02"/>
</ModificationTitulaire>
<DeclarationSousTraitancePaiementDirect>
<ObjetModification V="Signalisation horizontale"/>
<NumeroActeSousTraitance V="01"/>
<DateSignatureModification V="2026-05-02"/>
<SousTraitantPaiementDirect>
<NatId V="01"/>
<Id V="80000003600015"/>
<DenominationSociale V="Signalisation Lorvigne"/>
</SousTraitantPaiementDirect>
<MontantHTNotifie V="8000.00"/>
<VariationPrix V="01"/>
<DureeEnMois V="6"/>
</DeclarationSousTraitancePaiementDirect>
<ModificationSousTraitancePaiementDirect>
<ObjetModification V="Signalisation verticale en plus"/>
<NumeroActe V="01"/>
<NumeroActeSousTraitance V="01"/>
<DateSignatureModification V="2026-08-03"/>
<SousTraitantPaiementDirect>
<NatId V="01"/>
<Id V="80000003600015"/>
<DenominationSociale V="Signalisation Lorvigne"/>
</SousTraitantPaiementDirect>
<DeltaMontantHTNotifie V="2000.00"/>
<DureeEnMois V="8"/>
</ModificationSousTraitancePaiementDirect>
</ModificationsMarche>
)";

constexpr std::string_view closing = "</Marche>\n</Marches>\n</PES_Marche>\n";

constexpr std::string_view attachment = R"(<PES_PJ>
<EnTetePES_PJ><IdVer V="1"/></EnTetePES_PJ>
<PJ>
<Contenu><Fichier MIMEType="application/pdf">H4sIAAAAAAACA0tMLklVSFFPzUtPTE/NTc0rAQDv5ROlEQAAAA==</Fichier></Contenu>
<IdUnique V="ACTE2026VOIRIE01"/>
<NomPJ V="acte_engagement.pdf"/>
<TypePJ V="009"/>
<Description V="Acte d'engagement"/>
<RefCompta><Domaine V="06"/><Exercice V="2026"/><TypeObjet V="01"/><Identifiant V="2026VOIRIE01"/></RefCompta>
</PJ>
</PES_PJ>
)";

constexpr std::string_view tail = "</n:PES_Aller>\n";

constexpr std::string_view concession = R"(<PES_Marche>
<EnTeteMarche><IdVer V="2"/></EnTeteMarche>
<Concessions>
<Concession>
<IdentifiantConcession>
<IdContrat V="2025HALLES"/>
<NumeroOrdreModification V="01"/>
<SequenceEnvoi V="2"/>
<CaractereCorrectifEnregistrement V="0"/>
</IdentifiantConcession>
<URLProfilAcheteur V="https://marches.exemple.fr/profil"/>
<Concessionnaires>
<Concessionnaire>
<NatIdConcessionnaire V="01"/>
<IdConcessionnaire V="80000001000010"/>
<DenominationSociale V="Halles et Marches Fontanelle"/>
</Concessionnaire>
<Concessionnaire>
<NatIdConcessionnaire V="05"/>
<IdConcessionnaire V="DE123456789"/>
<DenominationSociale V="Beispiel GmbH"/>
</Concessionnaire>
</Concessionnaires>
<NatureConcession V="04"/>
<Objet V="Exploitation des halles couvertes"/>
<ProcedureConcession V="03"/>
<LieuExecution>
<CodeLieuExecution V="34000"/>
<TypeCode V="01"/>
<NomLieuExecution V="EXEMPLEVILLE"/>
</LieuExecution>
<DureeMoisInitiale V="120"/>
<ValeurGlobale V="2400000.00"/>
<MontantSubventionPublique V="0"/>
<DateSignature V="2025-11-03"/>
<DatePublicationDonnees V="2025-11-20"/>
<DateDebutExecution V="2026-01-01"/>
<DonneesExecution>
<DonneeAnnuelle>
<DatePublicationDonneesExecution V="2026-02-01"/>
<DepensesInvestissement V="52000.50"/>
<Tarifs>
<Tarif><IntituleTarif V="Etal couvert, le metre"/><MontantTarif V="3.20"/></Tarif>
<Tarif><IntituleTarif V="Etal decouvert, le metre"/><MontantTarif V="1.80"/></Tarif>
</Tarifs>
</DonneeAnnuelle>
</DonneesExecution>
<ModificationsConcession>
<ModificationConcession>
<ObjetModification V="Deux annees de plus"/>
<DatePublicationDonneesModification V="2026-03-10"/>
<DateSignatureModification V="2026-03-02"/>
<DureeMois V="144"/>
<ValeurGlobale V="2880000.00"/>
</ModificationConcession>
</ModificationsConcession>
</Concession>
</Concessions>
</PES_Marche>
)";

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const auto part : parts)
    out += part;
  return out;
}

}  // namespace

std::string marche_flow() {
  return joined({head, opening, operators, conditions, sharing, closing, attachment, tail});
}

std::string marche_modification_flow() {
  auto out =
      joined({head, opening, operators, conditions, sharing, modifications, closing, attachment, tail});
  out = edited(std::move(out), R"(<SequenceEnvoi V="1"/>)", R"(<SequenceEnvoi V="2"/>)");
  out =
      edited(std::move(out), R"(<NumeroOrdreModification V="00"/>)", R"(<NumeroOrdreModification V="01"/>)");
  // The contract as it stands after the modification.
  out = edited(std::move(out), R"(<DureeEnMois V="24"/>)", R"(<DureeEnMois V="30"/>)");
  out = edited(std::move(out), R"(<MontantHTEstime V="150000.00"/>)", R"(<MontantHTEstime V="160000.00"/>)");
  out = edited(std::move(out), R"(<MontantHTEstime V="100000.00"/>)", R"(<MontantHTEstime V="110000.00"/>)");
  return edited(std::move(out), "EXEMPLE-MARCHE-1", "EXEMPLE-MARCHE-2");
}

std::string concession_flow() {
  return joined({head, concession, tail});
}

std::string edited(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  if (at == std::string::npos) throw std::invalid_argument("not in the text: " + std::string(from));
  return text.replace(at, from.size(), to);
}

}  // namespace demat::samples
