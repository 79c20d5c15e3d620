#include <sstream>

#include "tests/support/invented.hpp"
#include "tests/support/pes_blocks.hpp"
#include "tests/support/pes_domains.hpp"

namespace demat::samples {
namespace {

struct InvoiceLine {
  std::uint64_t quantity = 1;
  std::uint64_t unit = 0;  ///< cents, a multiple of 5 so that a tax of 20 % is exact
  [[nodiscard]] std::uint64_t net() const { return quantity * unit; }
};

struct Invoice {
  std::size_t titre = 0;
  Person debtor;
  std::vector<InvoiceLine> lines;
  [[nodiscard]] std::uint64_t net() const {
    std::uint64_t sum = 0;
    for (const auto& line : lines)
      sum += line.net();
    return sum;
  }
  [[nodiscard]] std::uint64_t tax() const { return net() / 5; }
};

Invoice draw_invoice(Dice& dice, const AsapShape& shape, std::size_t index) {
  Invoice out;
  out.titre = shape.first_titre + index;
  out.debtor = make_person(dice);
  for (std::size_t i = 0; i < shape.lignes; ++i)
    out.lines.push_back({1 + dice.below(9), 5 * (20 + dice.below(2'000))});
  return out;
}

void write_identity(XmlWriter& xml, std::string_view category, std::string_view nature, std::string_view role,
                    std::string_view name) {
  xml.open("InfoTiers");
  xml.leaf("CatTiers", category);
  xml.leaf("NatJur", nature);
  xml.leaf("TypTiers", role);
  xml.leaf("Nom", name);
  xml.close();
}

void write_place(XmlWriter& xml, std::string_view street) {
  xml.open("Adresse");
  xml.leaf("TypAdr", "1");
  xml.optional_leaf("Adr2", street);
  xml.leaf("CP", "34000");
  xml.leaf("Ville", "EXEMPLEVILLE");
  xml.leaf("CodRes", "0");
  xml.close();
}

void write_sender(XmlWriter& xml) {
  xml.open("Emetteur");
  write_identity(xml, "21", "09", "20", "Commune d'Exempleville");
  write_place(xml, "1 place de la Mairie");
  xml.open("InfoSuppl");
  xml.leaf("NumTel", "0400000000");
  xml.leaf("HorairesOuv", "9 h - 12 h du lundi au vendredi");
  xml.leaf("RefBdf", "034123");
  xml.close();
  xml.open("Signataire");
  xml.open("Personne");
  xml.leaf("Nom", "BRÉVAND");
  xml.leaf("Prenom", "Agnès");
  xml.close();
  xml.leaf("Role", "Maire");
  xml.close();
  xml.close();
}

/// The collecting centre (25: no street of its own) and the public finance office (26: an account).
void write_offices(XmlWriter& xml, Dice& dice) {
  xml.open("Tiers");
  write_identity(xml, "20", "07", "25", "Centre d'encaissement d'exemple");
  write_place(xml, {});
  xml.close();
  xml.open("Tiers");
  write_identity(xml, "20", "07", "26", "Service de gestion d'Exempleville");
  xml.open("InfoSupplTiers");
  xml.leaf("NumTel2", "0400000001");
  xml.close();
  write_place(xml, "2 rue du Trésor");
  write_account(xml, dice, "SGC EXEMPLEVILLE");
  xml.close();
}

void write_debtor_of(XmlWriter& xml, const Invoice& invoice) {
  xml.open("Debiteur");
  xml.open("InfoTiers");
  xml.leaf("CatTiers", "01");
  xml.leaf("NatJur", "01");
  xml.leaf("TypTiers", "01");
  xml.leaf("Civilite", invoice.debtor.title);
  xml.leaf("Nom", invoice.debtor.last_name);
  xml.leaf("Prenom", invoice.debtor.first_name);
  xml.close();
  write_address(xml, invoice.debtor.street, invoice.debtor.post_code, invoice.debtor.city);
  xml.close();
}

void write_invoice_lines(XmlWriter& xml, const SampleHeader& header, const Invoice& invoice) {
  std::size_t order = 0;
  for (const auto& line : invoice.lines) {
    xml.open("LigneFacture");
    xml.leaf("Date", header.date);
    xml.leaf("Libelle", "Repas au restaurant scolaire");
    xml.leaf("Quantite", std::to_string(line.quantity));
    xml.leaf("Unite1", "repas");
    xml.leaf("MtUnitaire", amount(line.unit));
    xml.leaf("MtHT", amount(line.net()));
    xml.leaf("TauxTVA", "20.00");
    xml.leaf("MtTVA", amount(line.net() / 5));
    xml.leaf("MtTTC", amount(line.net() + line.net() / 5));
    xml.leaf("Ordre", std::to_string(++order));
    xml.close();
  }
  xml.open("DetailTVA");
  xml.leaf("TauxTVA", "20.00");
  xml.leaf("MtBaseHT", amount(invoice.net()));
  xml.leaf("MtTVA", amount(invoice.tax()));
  xml.close();
  xml.open("TotalAPayer");
  xml.leaf("MtTotalHT", amount(invoice.net()));
  xml.leaf("MtTotalTVA", amount(invoice.tax()));
  xml.leaf("MtTotalTTC", amount(invoice.net() + invoice.tax()));
  xml.close();
}

void write_patient(XmlWriter& xml, const SampleHeader& header, const Invoice& invoice) {
  xml.open("DossierPatient");
  xml.open("Beneficiaire");
  xml.leaf("NumDossier", "DOSSIER" + std::to_string(invoice.titre));
  xml.leaf("NomBeneficiaire", invoice.debtor.last_name);
  xml.leaf("PrenomBeneficiaire", invoice.debtor.first_name);
  xml.close();
  xml.open("EtabSoins");
  xml.leaf("NomEtabSoins", "Centre de soins d'Exempleville");
  xml.leaf("FinJurEtabSoins", "340000001");
  xml.leaf("FinGeoEtabSoins", "340000002");
  xml.leaf("SiretEtabSoins", sample_siret(9));
  xml.close();
  xml.close();
  xml.open("LigneFacturePatient");
  xml.leaf("DateDebut", header.date);
  xml.leaf("DateFin", header.date);
  xml.leaf("LibellePresta", "Consultation");
  xml.leaf("MtPecSecu", "17.50");
  xml.leaf("MtRestantDu", amount(invoice.net() + invoice.tax()));
  xml.close();
}

void write_invoice(XmlWriter& xml, const SampleHeader& header, const AsapShape& shape,
                   const Invoice& invoice) {
  xml.open("FactureIndiv");
  xml.leaf("DateEmission", header.date);
  xml.leaf("NumeroFacture", "FA-" + shape.exercice + "-" + std::to_string(invoice.titre));
  write_debtor_of(xml, invoice);
  xml.leaf("Objet", "Restauration scolaire");
  if (shape.type == "10")
    write_patient(xml, header, invoice);
  else
    write_invoice_lines(xml, header, invoice);
  xml.open("RefTitre");
  xml.leaf("Exercice", shape.exercice);
  xml.leaf("NumBordereau", std::to_string(shape.bordereau));
  xml.leaf("NumTitre", std::to_string(invoice.titre));
  xml.leaf("NumLigne", "1");
  xml.close();
  xml.open("TalonOptique2Lignes");
  xml.leaf("Ligne1", "034123000000 " + std::to_string(invoice.titre));
  xml.leaf("Ligne2", "00000000 " + std::to_string(invoice.net() + invoice.tax()));
  xml.close();
  xml.leaf("ModalitesReglement", "Par chèque au centre d'encaissement, avec le talon");
  xml.leaf("ModeRecouvrement", "1");
  xml.leaf("ConditionsGen", "Titre exécutoire émis selon les règles de la comptabilité publique");
  xml.close();
}

void write_facture(XmlWriter& xml, const SampleHeader& header, const AsapShape& shape,
                   const std::vector<Invoice>& invoices, Dice& dice) {
  xml.open("PES_Facture");
  xml.leaf("IdVer", "2");
  xml.leaf("Annee", shape.exercice);
  xml.leaf("TypeFact", shape.type);
  xml.leaf("Date", header.date);
  write_sender(xml);
  write_offices(xml, dice);
  for (const auto& invoice : invoices)
    write_invoice(xml, header, shape, invoice);
  xml.open("Nomenclatures");
  xml.close();
  xml.close();
}

std::string facture_of(const SampleHeader& header, const AsapShape& shape,
                       const std::vector<Invoice>& invoices) {
  std::ostringstream out;
  XmlWriter xml(out, header.encoding);
  Dice dice(shape.seed + 1);
  xml.open("n:PES_Aller", {{"xmlns:n", aller_ns}});
  write_header(xml, header);
  write_facture(xml, header, shape, invoices, dice);
  xml.close();
  return std::move(out).str();
}

void write_titre(XmlWriter& xml, const Invoice& invoice, const Attachment& attachment) {
  xml.open("Piece");
  xml.open("BlocPiece");
  xml.leaf("IdPce", std::to_string(invoice.titre));
  xml.leaf("TypPce", "01");
  xml.leaf("NatPce", "01");
  xml.leaf("Edition", "01");
  xml.leaf("ObjPce", "Restauration scolaire");
  xml.open("PJRef");
  xml.leaf("Support", "01");
  xml.leaf("IdUnique", attachment.id_unique);
  xml.leaf("NomPJ", attachment.nom);
  xml.leaf("TypePJ", attachment.type);
  xml.close();
  xml.close();
  xml.open("LigneDePiece");
  xml.open("BlocLignePiece");
  xml.open("InfoLignePiece");
  xml.leaf("IdLigne", "1");
  xml.leaf("CodProdLoc", "RS01");
  xml.leaf("Nature", "7067");
  xml.leaf("Fonction", "281");
  xml.leaf("TxTva", "20.00");
  xml.leaf("Majo", "0");
  xml.leaf("TvaIntraCom", "0");
  xml.leaf("MtHT", amount(invoice.net()));
  xml.leaf("MtTVA", amount(invoice.tax()));
  xml.close();
  xml.close();
  xml.open("Tiers");
  xml.open("InfoTiers");
  xml.leaf("RefTiers", "U" + std::to_string(invoice.titre));
  xml.leaf("CatTiers", "01");
  xml.leaf("NatJur", "01");
  xml.leaf("TypTiers", "01");
  xml.leaf("Civilite", invoice.debtor.title);
  xml.leaf("Nom", invoice.debtor.last_name);
  xml.leaf("Prenom", invoice.debtor.first_name);
  xml.close();
  write_address(xml, invoice.debtor.street, invoice.debtor.post_code, invoice.debtor.city);
  xml.close();
  xml.close();
  xml.close();
}

void write_bordereau(XmlWriter& xml, const SampleHeader& header, const AsapShape& shape,
                     const std::vector<Invoice>& invoices, const std::vector<Attachment>& attachments) {
  std::uint64_t net = 0;
  std::uint64_t tax = 0;
  for (const auto& invoice : invoices) {
    net += invoice.net();
    tax += invoice.tax();
  }
  xml.open("Bordereau", {{"Id", "BORD-R-" + std::to_string(shape.bordereau)}});
  xml.open("BlocBordereau");
  xml.leaf("Exer", shape.exercice);
  xml.leaf("IdBord", std::to_string(shape.bordereau));
  xml.leaf("DteBordEm", header.date);
  xml.leaf("TypBord", "01");
  xml.leaf("NbrPce", std::to_string(invoices.size()));
  xml.leaf("MtCumulAnnuel", amount(net));
  xml.leaf("MtBordHt", amount(net));
  xml.leaf("MtBordTVA", amount(tax));
  xml.close();
  for (std::size_t i = 0; i < invoices.size(); ++i)
    write_titre(xml, invoices[i], attachments[i]);
  xml.close();
}

std::vector<Invoice> draw_invoices(const AsapShape& shape) {
  Dice dice(shape.seed);
  std::vector<Invoice> out;
  for (std::size_t i = 0; i < shape.titres; ++i)
    out.push_back(draw_invoice(dice, shape, i));
  return out;
}

std::vector<Attachment> asaps(const SampleHeader& header, const AsapShape& shape,
                              const std::vector<Invoice>& invoices) {
  std::vector<Attachment> out;
  for (const auto& invoice : invoices) {
    auto inner = header;
    inner.nom_fic = header.nom_fic + "-ASAP-" + std::to_string(invoice.titre);
    const auto number = std::to_string(invoice.titre);
    out.push_back({"ASAP" + shape.exercice + "B" + std::to_string(shape.bordereau) + "T" + number,
                   "asap-" + number + ".xml", "text/xml", facture_of(inner, shape, {invoice}), "006", "02",
                   std::to_string(shape.bordereau)});
  }
  return out;
}

}  // namespace

std::string facture(const SampleHeader& header, const AsapShape& shape) {
  return facture_of(header, shape, draw_invoices(shape));
}

std::string recette_with_asap(const SampleHeader& header, const AsapShape& shape) {
  const auto invoices = draw_invoices(shape);
  const auto attachments = asaps(header, shape, invoices);
  std::ostringstream out;
  XmlWriter xml(out, header.encoding);
  xml.open("n:PES_Aller", {{"xmlns:n", aller_ns}, {"Id", "FLUX1"}});
  write_header(xml, header);
  xml.open("PES_RecetteAller");
  xml.open("EnTeteRecette");
  xml.leaf("IdVer", "2");
  xml.leaf("InfoDematerialisee", "1");
  xml.close();
  write_bordereau(xml, header, shape, invoices, attachments);
  xml.close();
  xml.open("PES_PJ");
  xml.open("EnTetePES_PJ");
  xml.leaf("IdVer", "1");
  xml.close();
  for (const auto& attachment : attachments)
    write_attachment(xml, attachment, shape.exercice, "Avis des sommes à payer");
  xml.close();
  xml.close();
  return std::move(out).str();
}

}  // namespace demat::samples
