#include <sstream>

#include "tests/support/invented.hpp"
#include "tests/support/pes_blocks.hpp"
#include "tests/support/pes_domains.hpp"

namespace demat::samples {
namespace {

/// What is notified to each party, without tax; the tax is a fifth and, for the subcontractor, is left to the
/// titulaire (autoliquidation).
struct Contract {
  Company holder;
  Company partner;
  Company subcontractor;
  std::uint64_t holder_net = 0;
  std::uint64_t partner_net = 0;
  std::uint64_t subcontractor_net = 0;
  std::uint64_t delta = 0;  ///< added to the holder's share by the modifications
  [[nodiscard]] std::uint64_t net() const { return holder_net + partner_net + subcontractor_net; }
  [[nodiscard]] std::uint64_t tax() const { return net() / 5; }
};

constexpr unsigned months = 12;
constexpr std::uint64_t rise = 250'000;

Contract draw_contract(const ContractShape& shape) {
  Dice dice(shape.seed);
  Contract out;
  out.holder = make_company(dice);
  out.partner = make_company(dice);
  out.subcontractor = make_company(dice);
  out.holder_net = 100 * (50'000 + dice.below(50'000));
  out.partner_net = 100 * (20'000 + dice.below(20'000));
  out.subcontractor_net = 100 * (5'000 + dice.below(5'000));
  out.delta = rise * shape.modification;
  out.holder_net += out.delta;
  return out;
}

std::string two_digits(unsigned number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

std::string short_name(std::string_view name, std::size_t most = 30) {
  return name.size() > most ? std::string("Compte courant") : std::string(name);
}

void write_identifier(XmlWriter& xml, std::string_view name, const ContractShape& shape) {
  xml.open(name);
  xml.leaf("IdContrat", shape.id_contrat);
  xml.leaf("NumeroOrdreModification", two_digits(shape.modification));
  xml.leaf("SequenceEnvoi", std::to_string(shape.sequence));
  xml.leaf("CaractereCorrectifEnregistrement", shape.corrective ? "1" : "0");
  xml.close();
}

void write_place_of_work(XmlWriter& xml) {
  xml.open("LieuExecution");
  xml.leaf("CodeLieuExecution", "34000");
  xml.leaf("TypeCode", "01");
  xml.leaf("NomLieuExecution", "Exempleville");
  xml.close();
}

void write_operator(XmlWriter& xml, const Company& company, Dice& dice) {
  xml.leaf("DenominationSociale", company.name);
  xml.leaf("CatTiers", "50");
  xml.leaf("NatJur", "03");
  write_address(xml, company.street, company.post_code, company.city);
  write_account(xml, dice, short_name(company.name));
}

void write_holder(XmlWriter& xml, const Company& company, std::string_view kind, Dice& dice) {
  xml.open("Titulaire");
  xml.leaf("TypeTitulaireMarche", kind);
  xml.leaf("NatIdTitulaire", "01");
  xml.leaf("IdTitulaire", company.siret);
  write_operator(xml, company, dice);
  xml.open("ConditionsExecutionTitulaire");
  xml.leaf("RegimeAvance", "01");
  xml.leaf("FormePrix", "02");
  xml.leaf("VariationPrix", "03");
  xml.open("IndicesReference");
  xml.open("IndiceReference");
  xml.leaf("Indice", "BT01");
  xml.leaf("MoisAnnee", "01-2026");
  xml.leaf("Valeur", "131.5");
  xml.leaf("FormuleRevPrix", "P = P0 x BT01 / BT01(0)");
  xml.close();
  xml.close();
  xml.close();
  xml.close();
}

void write_operators(XmlWriter& xml, const Contract& contract, Dice& dice) {
  xml.open("Operateurs");
  write_holder(xml, contract.holder, "01", dice);
  write_holder(xml, contract.partner, "02", dice);
  xml.open("SousTraitantPaiementDirect");
  xml.leaf("NumeroActeSousTraitance", "01");
  xml.leaf("NatIdSousTraitant", "01");
  xml.leaf("IdSousTraitant", contract.subcontractor.siret);
  write_operator(xml, contract.subcontractor, dice);
  xml.close();
  xml.close();
}

void write_conditions(XmlWriter& xml) {
  xml.open("ConditionsExecution");
  xml.leaf("ModaliteExecution", "01");
  xml.leaf("MultiBudget", "0");
  xml.open("CodesCPVSec");
  xml.leaf("CodeCPVSec", "45260000-7");
  xml.close();
  xml.leaf("NbTotalPropositionsRecu", "4");
  xml.leaf("NbTotalPropositionsDemat", "4");
  xml.leaf("TypeGroupement", "02");
  xml.leaf("NbEntreprisesGroupees", "2");
  xml.leaf("CCAGReference", "01");
  xml.close();
}

void write_share(XmlWriter& xml, std::uint64_t net, std::uint64_t tax) {
  xml.leaf("MontantHTNotifie", amount(net));
  xml.leaf("CaractereEstimatifMontantNotifie", "0");
  if (tax > 0) xml.leaf("MontantTVANotifie", amount(tax));
}

void open_holder_share(XmlWriter& xml, const Company& company, std::uint64_t net, std::uint64_t tax) {
  xml.open("VentilationTitulaire");
  xml.leaf("NatIdTitulaire", "01");
  xml.leaf("IdTitulaire", company.siret);
  write_share(xml, net, tax);
}

void write_shares(XmlWriter& xml, const std::string& buyer, const Contract& contract) {
  xml.open("VentilationsAcheteurs");
  xml.open("VentilationAcheteur");
  xml.leaf("IdAcheteur", buyer);
  write_share(xml, contract.net(), contract.tax());
  xml.open("VentilationsTitulaire");
  open_holder_share(xml, contract.holder, contract.holder_net,
                    (contract.holder_net + contract.subcontractor_net) / 5);
  xml.open("VentilationsSousTraitantPaiementDirect");
  xml.open("VentilationSousTraitantPaiementDirect");
  xml.leaf("NatIdSousTraitant", "01");
  xml.leaf("IdSousTraitant", contract.subcontractor.siret);
  write_share(xml, contract.subcontractor_net, 0);
  xml.open("ConditionsExecutionSousTraitantPaiementDirect");
  xml.leaf("AutoliquidationTVA", "1");
  xml.leaf("RegimeAvance", "01");
  xml.close();
  xml.close();
  xml.close();
  xml.close();
  open_holder_share(xml, contract.partner, contract.partner_net, contract.partner_net / 5);
  xml.close();
  xml.close();
  xml.close();
  xml.close();
}

void write_amendment(XmlWriter& xml, const SampleHeader& header, const ContractShape& shape,
                     const Contract& contract) {
  xml.open("ModificationsMarche");
  xml.open("ModificationMontantDuree");
  xml.leaf("ObjetModification", "Travaux supplémentaires");
  xml.leaf("NumeroActe", two_digits(shape.modification));
  xml.leaf("DateSignatureModification", header.date);
  xml.leaf("MontantHTNotifie", amount(contract.net()));
  xml.leaf("DeltaMontantHTNotifie", amount(rise));
  xml.close();
  xml.close();
}

std::string attachment_id(const ContractShape& shape) {
  return "PM" + shape.id_contrat + "S" + std::to_string(shape.sequence);
}

void write_description(XmlWriter& xml, const ContractShape& shape, const std::string& buyer,
                       const Contract& contract) {
  xml.leaf("URLProfilAcheteur", "https://marches.example.org/exempleville");
  xml.open("Acheteurs");
  xml.open("Acheteur");
  xml.leaf("IdAcheteur", buyer);
  xml.leaf("NomAcheteur", "Commune d'Exempleville");
  xml.leaf("MontantHTEstime", amount(contract.net()));
  xml.close();
  xml.close();
  xml.leaf("NatureMarche", shape.nature);
  xml.leaf("Objet", "Réfection de la toiture de l'école");
  xml.leaf("CodeCPV", "45261000-4");
  xml.leaf("ProcedureMarche", "01");
  write_place_of_work(xml);
  xml.leaf("DureeEnMois", std::to_string(months));
  xml.leaf("MontantHTNotifie", amount(contract.net()));
  xml.leaf("CaractereEstimatifMontantNotifie", "0");
  xml.leaf("MontantTVANotifie", amount(contract.tax()));
  xml.leaf("MontantHTEstime", amount(contract.net()));
  xml.leaf("DateSignature", "2026-01-05");
  xml.leaf("NomSignataireAcheteur", "BRÉVAND");
  xml.leaf("Reconductibilite", "01");
  xml.leaf("Penalite", "1");
  xml.leaf("DateNotification", "2026-01-10");
}

void write_contract_file(XmlWriter& xml, const ContractShape& shape) {
  xml.open("PES_PJ");
  xml.open("EnTetePES_PJ");
  xml.leaf("IdVer", "1");
  xml.close();
  Attachment file;
  file.id_unique = attachment_id(shape);
  file.nom = "acte-engagement.pdf";
  file.content = "%PDF-1.4 acte d'engagement d'exemple, envoi " + std::to_string(shape.sequence);
  file.type = "009";
  file.domaine = "06";
  file.identifiant = shape.id_contrat;
  write_attachment(xml, file, "2026", "Acte d'engagement");
  xml.close();
}

void open_contracts(XmlWriter& xml, const SampleHeader& header) {
  xml.open("n:PES_Aller", {{"xmlns:n", aller_ns}});
  write_header(xml, header);
  xml.open("PES_Marche");
  xml.open("EnTeteMarche");
  xml.leaf("IdVer", "2");
  xml.close();
}

void write_concession_change(XmlWriter& xml, const SampleHeader& header, const Contract& contract) {
  xml.open("ModificationsConcession");
  xml.open("ModificationConcession");
  xml.leaf("ObjetModification", "Extension du périmètre");
  xml.leaf("DateSignatureModification", header.date);
  xml.leaf("ValeurGlobale", amount(contract.net()));
  xml.close();
  xml.close();
}

}  // namespace

std::string marche(const SampleHeader& header, const ContractShape& shape) {
  const auto contract = draw_contract(shape);
  const auto buyer = header.id_coll.empty() ? sample_siret(0) : header.id_coll;
  std::ostringstream out;
  XmlWriter xml(out, header.encoding);
  Dice dice(shape.seed + 1);
  open_contracts(xml, header);
  xml.open("Marches");
  xml.open("Marche");
  write_identifier(xml, "IdentifiantMarche", shape);
  write_description(xml, shape, buyer, contract);
  write_operators(xml, contract, dice);
  write_conditions(xml);
  if (shape.attachment) {
    xml.open("PJRefs");
    xml.open("PJRef");
    xml.leaf("Support", "01");
    xml.leaf("IdUnique", attachment_id(shape));
    xml.leaf("TypePJ", "009");
    xml.leaf("NomPJ", "acte-engagement.pdf");
    xml.close();
    xml.close();
  }
  write_shares(xml, buyer, contract);
  if (shape.modification > 0) write_amendment(xml, header, shape, contract);
  xml.close();
  xml.close();
  xml.close();
  if (shape.attachment) write_contract_file(xml, shape);
  xml.close();
  return std::move(out).str();
}

std::string concession(const SampleHeader& header, const ContractShape& shape) {
  const auto contract = draw_contract(shape);
  std::ostringstream out;
  XmlWriter xml(out, header.encoding);
  open_contracts(xml, header);
  xml.open("Concessions");
  xml.open("Concession");
  write_identifier(xml, "IdentifiantConcession", shape);
  xml.leaf("URLProfilAcheteur", "https://marches.example.org/exempleville");
  xml.open("Concessionnaires");
  xml.open("Concessionnaire");
  xml.leaf("NatIdConcessionnaire", "01");
  xml.leaf("IdConcessionnaire", contract.holder.siret);
  xml.leaf("DenominationSociale", contract.holder.name);
  xml.close();
  xml.close();
  xml.leaf("NatureConcession", "03");
  xml.leaf("Objet", "Exploitation du réseau de chaleur");
  xml.leaf("ProcedureConcession", "01");
  write_place_of_work(xml);
  xml.leaf("DureeMoisInitiale", "120");
  xml.leaf("ValeurGlobale", amount(contract.net()));
  xml.leaf("MontantSubventionPublique", "1000.00");
  xml.leaf("DateSignature", "2026-01-05");
  xml.leaf("DateDebutExecution", "2026-02-01");
  xml.open("DonneesExecution");
  xml.open("DonneeAnnuelle");
  xml.leaf("DepensesInvestissement", "0");
  xml.open("Tarifs");
  xml.open("Tarif");
  xml.leaf("IntituleTarif", "Mégawattheure");
  xml.leaf("MontantTarif", "82.50");
  xml.close();
  xml.close();
  xml.close();
  xml.close();
  if (shape.modification > 0) write_concession_change(xml, header, contract);
  xml.close();
  xml.close();
  xml.close();
  xml.close();
  return std::move(out).str();
}

}  // namespace demat::samples
