#include <sstream>

#include "tests/support/invented.hpp"
#include "tests/support/pes_blocks.hpp"

namespace demat::samples {
namespace {

/// Amounts of one piece, drawn before its bordereau is written because the totals come first.
struct Line {
  std::uint64_t net = 0;
  std::uint64_t tax = 0;
};

struct Totals {
  std::vector<Line> lines;
  std::uint64_t net = 0;
  std::uint64_t tax = 0;
};

Totals draw(Dice& dice, std::size_t lines) {
  Totals out;
  for (std::size_t i = 0; i < lines; ++i) {
    const Line line{1'000 + dice.below(900'000), 0};
    out.lines.push_back({line.net, line.net / 5});
    out.net += line.net;
    out.tax += line.net / 5;
  }
  return out;
}

std::string padded_id(std::string_view prefix, std::size_t number) {
  return std::string(prefix) + std::to_string(number);
}

void write_supplier(XmlWriter& xml, Dice& dice) {
  const auto company = make_company(dice);
  xml.open("Tiers");
  xml.open("InfoTiers");
  xml.leaf("IdTiers", company.siret);
  xml.leaf("NatIdTiers", "01");
  xml.leaf("RefTiers", "F" + dice.digits(6));
  xml.leaf("CatTiers", "50");
  xml.leaf("NatJur", "03");
  xml.leaf("Nom", company.name);
  xml.close();
  write_address(xml, company.street, company.post_code, company.city);
  write_account(xml, dice, company.name.size() > 30 ? std::string_view("Compte courant") : company.name);
  xml.close();
}

void write_debtor(XmlWriter& xml, Dice& dice) {
  const auto person = make_person(dice);
  xml.open("Tiers");
  xml.open("InfoTiers");
  xml.leaf("RefTiers", "U" + dice.digits(6));
  xml.leaf("CatTiers", "01");
  xml.leaf("NatJur", "01");
  xml.leaf("TypTiers", "01");
  xml.leaf("Civilite", person.title);
  xml.leaf("Nom", person.last_name);
  xml.leaf("Prenom", person.first_name);
  xml.close();
  write_address(xml, person.street, person.post_code, person.city);
  xml.close();
}

void write_expense_piece(XmlWriter& xml, Dice& dice, std::size_t number, const Totals& totals) {
  xml.open("Piece");
  xml.open("BlocPiece");
  xml.open("InfoPce");
  xml.leaf("CodServ", "TECH");
  xml.leaf("IdPce", std::to_string(number));
  xml.leaf("TypPce", "01");
  xml.leaf("NatPce", "01");
  xml.leaf("Obj", expense_subject(dice));
  xml.close();
  xml.close();
  std::size_t line = 0;
  for (const auto& amounts : totals.lines) {
    xml.open("LigneDePiece");
    xml.open("BlocLignePiece");
    xml.open("InfoLignePce");
    xml.leaf("IdLigne", std::to_string(++line));
    xml.leaf("Nature", "6" + std::to_string(1000 + dice.below(9000)));
    xml.leaf("Fonction", "020");
    xml.leaf("Facture", "FA-" + dice.digits(6));
    xml.leaf("LibVir1", "Facture n° " + dice.digits(5));
    xml.leaf("ModRegl", "03");
    xml.leaf("TVAIntraCom", "0");
    xml.leaf("MtHT", amount(amounts.net));
    xml.leaf("MtTVA", amount(amounts.tax));
    xml.close();
    xml.close();
    write_supplier(xml, dice);
    xml.close();
  }
  xml.close();
}

void write_revenue_piece(XmlWriter& xml, Dice& dice, std::size_t number, const Totals& totals,
                         const Attachment* attachment) {
  xml.open("Piece");
  xml.open("BlocPiece");
  xml.leaf("IdPce", std::to_string(number));
  xml.leaf("TypPce", "01");
  xml.leaf("NatPce", "01");
  xml.leaf("ObjPce", revenue_subject(dice));
  if (attachment != nullptr) {
    xml.open("PJRef");
    xml.leaf("Support", "01");
    xml.leaf("IdUnique", attachment->id_unique);
    xml.leaf("NomPJ", attachment->nom);
    xml.close();
  }
  xml.close();
  std::size_t line = 0;
  for (const auto& amounts : totals.lines) {
    xml.open("LigneDePiece");
    xml.open("BlocLignePiece");
    xml.open("InfoLignePiece");
    xml.leaf("IdLigne", std::to_string(++line));
    xml.leaf("CodProdLoc", "RS01");
    xml.leaf("Nature", "70" + std::to_string(10 + dice.below(80)));
    xml.leaf("Fonction", "281");
    xml.leaf("Majo", "0");
    xml.leaf("TvaIntraCom", "0");
    xml.leaf("MtHT", amount(amounts.net));
    xml.close();
    xml.close();
    write_debtor(xml, dice);
    xml.close();
  }
  xml.close();
}

struct BordereauPlan {
  std::size_t number = 0;
  std::size_t first_piece = 0;
  std::vector<Totals> pieces;
  std::uint64_t net = 0;
  std::uint64_t tax = 0;
};

BordereauPlan plan(Dice& dice, const FlowShape& shape, std::size_t index) {
  BordereauPlan out;
  out.number = shape.first_bordereau + index;
  out.first_piece = shape.first_piece + index * shape.pieces;
  for (std::size_t i = 0; i < shape.pieces; ++i) {
    out.pieces.push_back(draw(dice, shape.lignes));
    out.net += out.pieces.back().net;
    out.tax += out.pieces.back().tax;
  }
  return out;
}

void write_bordereau_head(XmlWriter& xml, const SampleHeader& header, const FlowShape& shape,
                          const BordereauPlan& bordereau, bool depense, std::uint64_t cumulated) {
  xml.open("BlocBordereau");
  xml.leaf("Exer", shape.exercice);
  xml.leaf("IdBord", std::to_string(bordereau.number));
  xml.leaf("DteBordEm", header.date);
  xml.leaf("TypBord", "01");
  xml.leaf("NbrPce", std::to_string(bordereau.pieces.size()));
  xml.leaf("MtCumulAnnuel", amount(cumulated));
  xml.leaf(depense ? "MtBordHT" : "MtBordHt", amount(bordereau.net));
  if (depense) xml.leaf("MtBordTVA", amount(bordereau.tax));
  xml.close();
}

void open_root(XmlWriter& xml, const SampleHeader& header, const FlowShape& shape) {
  xml.open("n:PES_Aller", {{"xmlns:n", aller_ns}, {"Id", shape.root_id ? "FLUX1" : ""}});
  write_header(xml, header);
}

void write_domain_head(XmlWriter& xml, std::string_view name, const FlowShape& shape) {
  xml.open(name);
  xml.leaf("IdVer", "2");
  xml.leaf("InfoDematerialisee", shape.dematerialisee ? "1" : "0");
  xml.close();
}

}  // namespace

void write_address(XmlWriter& xml, std::string_view street, std::string_view post_code,
                   std::string_view city) {
  xml.open("Adresse");
  xml.leaf("TypAdr", "1");
  xml.leaf("Adr2", street);
  xml.leaf("CP", post_code);
  xml.leaf("Ville", city);
  xml.leaf("CodRes", "0");
  xml.close();
}

void write_account(XmlWriter& xml, Dice& dice, std::string_view holder, std::string_view name) {
  xml.open(name);
  xml.leaf("BIC", "DEMTFRPP");
  xml.leaf("IBAN", make_iban(dice));
  xml.leaf("TitCpte", holder);
  xml.close();
}

void write_header(XmlWriter& xml, const SampleHeader& header) {
  xml.open("Enveloppe");
  xml.open("Parametres");
  xml.leaf("Version", "2");
  xml.leaf("TypFic", header.typ_fic);
  xml.leaf("NomFic", header.nom_fic);
  xml.close();
  xml.open("Emetteur");
  xml.leaf("Sigle", "Finances d'exemple");
  xml.leaf("Adresse", "exemple 1.0");
  xml.close();
  xml.close();
  xml.open("EnTetePES");
  xml.leaf("DteStr", header.date);
  xml.leaf("IdPost", header.id_post);
  xml.leaf("IdColl", header.id_coll.empty() ? sample_siret(0) : header.id_coll);
  xml.leaf("CodCol", header.cod_col);
  xml.leaf("CodBud", header.cod_bud);
  xml.optional_leaf("LibelleColBud", header.libelle);
  xml.close();
}

void write_depense(std::ostream& out, const SampleHeader& header, const FlowShape& shape) {
  XmlWriter xml(out, header.encoding);
  Dice dice(shape.seed);
  open_root(xml, header, shape);
  xml.open("PES_DepenseAller");
  write_domain_head(xml, "EnTeteDepense", shape);
  std::uint64_t cumulated = 0;
  for (std::size_t index = 0; index < shape.bordereaux; ++index) {
    const auto bordereau = plan(dice, shape, index);
    cumulated += bordereau.net;
    const auto id = shape.bordereau_ids ? padded_id("BORD-D-", bordereau.number) : std::string{};
    xml.open("Bordereau", {{"Id", id}});
    write_bordereau_head(xml, header, shape, bordereau, true, cumulated);
    auto number = bordereau.first_piece;
    for (const auto& piece : bordereau.pieces)
      write_expense_piece(xml, dice, number++, piece);
    xml.close();
  }
  xml.close();
  xml.close();
}

void write_recette(std::ostream& out, const SampleHeader& header, const FlowShape& shape,
                   const std::vector<Attachment>& attachments) {
  XmlWriter xml(out, header.encoding);
  Dice dice(shape.seed);
  open_root(xml, header, shape);
  xml.open("PES_RecetteAller");
  write_domain_head(xml, "EnTeteRecette", shape);
  std::uint64_t cumulated = 0;
  std::size_t attached = 0;
  for (std::size_t index = 0; index < shape.bordereaux; ++index) {
    const auto bordereau = plan(dice, shape, index);
    cumulated += bordereau.net;
    const auto id = shape.bordereau_ids ? padded_id("BORD-R-", bordereau.number) : std::string{};
    xml.open("Bordereau", {{"Id", id}});
    write_bordereau_head(xml, header, shape, bordereau, false, cumulated);
    auto number = bordereau.first_piece;
    for (const auto& piece : bordereau.pieces) {
      const auto* attachment = attached < attachments.size() ? &attachments[attached++] : nullptr;
      write_revenue_piece(xml, dice, number++, piece, attachment);
    }
    xml.close();
  }
  xml.close();
  if (!attachments.empty()) {
    xml.open("PES_PJ");
    xml.open("EnTetePES_PJ");
    xml.leaf("IdVer", "1");
    xml.close();
    for (const auto& attachment : attachments)
      write_attachment(xml, attachment, shape.exercice, "Pièce justificative");
    xml.close();
  }
  xml.close();
}

std::string depense(const SampleHeader& header, const FlowShape& shape) {
  std::ostringstream out;
  write_depense(out, header, shape);
  return std::move(out).str();
}

std::string recette(const SampleHeader& header, const FlowShape& shape,
                    const std::vector<Attachment>& attachments) {
  std::ostringstream out;
  write_recette(out, header, shape, attachments);
  return std::move(out).str();
}

FlowShape shape_of_size(std::size_t bytes) {
  const auto base = depense({}, FlowShape{.pieces = 1}).size();
  const auto each = (depense({}, FlowShape{.pieces = 21}).size() - base) / 20;
  FlowShape shape;
  const auto pieces = bytes <= base ? 1 : 1 + (bytes - base + each / 2) / each;
  constexpr std::size_t pieces_of_a_bordereau = 50;  // what a town hall issues at once
  shape.bordereaux = (pieces + pieces_of_a_bordereau - 1) / pieces_of_a_bordereau;
  shape.pieces = (pieces + shape.bordereaux / 2) / shape.bordereaux;
  return shape;
}

}  // namespace demat::samples
