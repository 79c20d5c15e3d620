#include <algorithm>
#include <sstream>

#include "protocols/xml/parser.hpp"
#include "tests/support/invented.hpp"
#include "tests/support/pes_blocks.hpp"

namespace demat::samples {
namespace {

class OutlineReader final : public xml::Visitor {
 public:
  void start(const xml::StartElement& element, std::string_view /*path*/) override {
    header.start(element);
    const auto is = [&](std::string_view name) { return element.name == name; };
    const auto v = element.attribute("V");
    if (element.depth == 2) domain = element.name;
    if (is("Bordereau")) outline.bordereaux.push_back({domain == "PES_DepenseAller", {}, {}, {}});
    if (domain == "PES_PJ" && is("IdUnique")) outline.pj.emplace_back(v);
    if (domain == "PES_Marche" && is("IdContrat")) outline.contracts.emplace_back(v);
    if (outline.bordereaux.empty()) return;
    auto& bordereau = outline.bordereaux.back();
    if (is("Exer")) bordereau.exercice = v;
    if (is("IdBord")) bordereau.numero = v;
    if (is("IdPce")) bordereau.pieces.emplace_back(v);
  }
  void end(std::string_view name, std::string_view /*path*/) override { header.end(name); }

  pes::HeaderCollector header;
  FlowOutline outline;
  std::string domain;
};

/// One thing that an acquit speaks of, and whether it is accepted.
struct Item {
  std::string domain;
  bool ok = true;
  const OutlineBordereau* bordereau = nullptr;
  std::string pj{};
  std::string contract{};
};

constexpr std::string_view credits_missing = "1971 - Compte fonction présent à tort";

std::vector<Item> items_of(const FlowOutline& flow, Verdict verdict) {
  std::vector<Item> items;
  for (const auto& bordereau : flow.bordereaux)
    items.push_back({bordereau.depense ? "5" : "6", true, &bordereau});
  for (const auto& contract : flow.contracts)
    items.push_back({"11", true, nullptr, {}, contract});
  for (const auto& id : flow.pj)
    items.push_back({"4", true, nullptr, id});
  if (items.empty()) items.push_back({"0"});
  if (verdict == Verdict::negative)
    for (auto& item : items)
      item.ok = false;
  if (verdict != Verdict::mixed) return items;
  // One thing alone cannot be mixed: Hélios may speak of one bordereau in two elements (helios 1.4).
  if (items.size() == 1) items.push_back(items.front());
  items.front().ok = false;
  return items;
}

void write_answer_header(XmlWriter& xml, const FlowOutline& flow, bool box1) {
  xml.open("Enveloppe");
  xml.open("Parametres");
  xml.leaf("Version", "2");
  xml.leaf("TypFic", box1 ? "UNKNOWN_TYPE" : "PESALR1");
  xml.leaf("NomFic", flow.header.nom_fic.str());
  xml.close();
  if (!box1) {
    xml.open("Emetteur");
    xml.leaf("Sigle", "HELIOS");
    xml.leaf("Adresse", "HELIOS");
    xml.close();
  }
  xml.close();
  xml.open("EnTetePES");
  xml.leaf("DteStr", "2026-01-16");
  xml.leaf("IdPost", flow.header.id_post);
  xml.leaf("IdColl", box1 ? "12345" : flow.header.id_coll);
  if (!box1) xml.leaf("CodCol", flow.header.cod_col);
  xml.leaf("CodBud", flow.header.cod_bud);
  xml.close();
}

void write_error(XmlWriter& xml, std::string_view code, std::string_view text) {
  xml.open("Erreur");
  xml.leaf("NumAnoAck", code);
  xml.leaf("LibelleAnoAck", text);
  xml.close();
}

void write_v2(XmlWriter& xml, const Item& item) {
  xml.open("ElementACQUIT");
  xml.leaf("DomaineAck", item.domain);
  xml.leaf("EtatAck", item.ok ? "1" : "0");
  if (item.bordereau != nullptr) {
    xml.leaf("NumBord", item.bordereau->numero);
    xml.leaf("ExerciceBord", item.bordereau->exercice);
  }
  xml.optional_leaf("IdMarche", item.contract);
  xml.optional_leaf("IdUnique", item.pj);
  if (!item.ok && !item.contract.empty())
    write_error(xml, "ERREUR_AUTRE", "2318 - Séquence d'envoi du marché en rupture");
  else if (!item.ok && item.bordereau == nullptr)
    write_error(xml, item.pj.empty() ? "ERREUR_AUTRE" : "ERREUR_DOUBLON_PJ",
                "1984 - Identifiant unique déjà intégré");
  if (!item.ok && item.bordereau != nullptr && !item.bordereau->pieces.empty()) {
    xml.open("DetailPiece");
    xml.leaf("NumPiece", item.bordereau->pieces.front());
    write_error(xml, "ERREUR_AUTRE", "2559 - Code service inconnu ou inactif dans Chorus Pro");
    xml.open("DetailLigne");
    xml.leaf("NumLigne", "1");
    write_error(xml, "ERREUR_AUTRE", credits_missing);
    xml.close();
    xml.close();
  }
  xml.close();
}

void write_v1(XmlWriter& xml, const Item& item) {
  xml.open("ElementACQUIT");
  xml.leaf("DomaineAck", item.domain);
  xml.leaf("EtatAck", item.ok ? "1" : "0");
  if (item.bordereau != nullptr) {
    xml.leaf("ExerciceBord", item.bordereau->exercice);
    xml.leaf("NumBord", item.bordereau->numero);
  }
  if (!item.ok && item.bordereau != nullptr && !item.bordereau->pieces.empty()) {
    xml.leaf("NumPiece", item.bordereau->pieces.front());
    xml.leaf("NumLigne", "1");
  }
  xml.optional_leaf("IdUnique", item.pj);
  if (!item.ok) {
    xml.leaf("NumAnoAck", "ERREUR_AUTRE");
    xml.leaf("LibelleAnoAck", credits_missing);
  }
  xml.close();
}

void write_box1(XmlWriter& xml) {
  xml.open("ElementACQUIT");
  xml.leaf("DomaineAck", "0");
  xml.leaf("EtatAck", "0");
  write_error(xml, "ERREUR_AUTRE",
              "Une erreur technique est survenue lors de la validation du flux (boîte 1)");
  xml.close();
}

void open_acquit(XmlWriter& xml) {
  xml.open("ACQUIT");
  xml.open("EnTeteAcquit");
  xml.leaf("IdVer", "2");
  xml.close();
}

struct State {
  std::string_view piece;
  std::string_view mandat_line;  ///< the lines of mandats and titres have codes of their own
  std::string_view titre_line;
  std::string_view reason;
  std::string_view comment;
};

/// Out of five: three taken in charge, one pending, one rejected.
State state_of(std::size_t index) {
  if (index % 5 == 3) return {"01", "16", "03", "02", "Pièces justificatives insuffisantes"};
  if (index % 5 == 4) return {"04", "02", "01", "04", "Liquidation erronée : montant à revoir"};
  return {"02", "01", "04", "", ""};
}

void write_return_piece(XmlWriter& xml, Dice& dice, const std::string& number, bool depense,
                        const State& state) {
  xml.open("Piece");
  xml.open(depense ? "InfoPiece" : "BlocPiece");
  xml.leaf("IdPce", number);
  xml.leaf("TypPce", "01");
  xml.leaf("NatPce", "01");
  xml.leaf("Obj", depense ? expense_subject(dice) : revenue_subject(dice));
  if (state.piece == "02") xml.leaf("DtePcePec", "2026-01-20");
  xml.leaf("EtatPce", state.piece);
  xml.optional_leaf("ObsEtat", state.reason);
  xml.optional_leaf("Commentaire", state.comment);
  xml.close();
  xml.open("LigneDePiece");
  xml.open("BlocLignePiece");
  xml.open("InfoLignePiece");
  xml.leaf("IdLigne", "1");
  xml.leaf("EtatLigPce", depense ? state.mandat_line : state.titre_line);
  xml.leaf("MtHT", amount(1'000 + dice.below(500'000)));
  xml.close();
  xml.close();
  xml.close();
  xml.close();
}

void write_return_header(XmlWriter& xml, const FlowOutline& flow, bool depense, const std::string& nom_fic) {
  xml.open("Enveloppe");
  xml.open("Parametres");
  xml.leaf("Version", "2");
  xml.leaf("TypFic", depense ? "PES2R_DEP" : "PES2R_RCE");
  xml.leaf("NomFic", nom_fic);
  xml.close();
  xml.close();
  xml.open("EnTetePES");
  xml.leaf("DteStr", "2026-01-31");
  xml.leaf("IdPost", flow.header.id_post);
  xml.leaf("IdColl", flow.header.id_coll);
  xml.leaf("CodColl", flow.header.cod_col);
  xml.leaf("CodBud", flow.header.cod_bud);
  xml.close();
}

}  // namespace

Result<FlowOutline> outline_of(const xml::ByteSource& flow) {
  OutlineReader reader;
  if (const auto status = xml::stream(flow, reader); !status) return failure(status.error());
  reader.outline.header = reader.header.header();
  return std::move(reader.outline);
}

std::string acquit(const FlowOutline& flow, Verdict verdict, int version) {
  std::ostringstream out;
  XmlWriter xml(out, SampleEncoding::latin1);
  xml.open("n:PES_ACQUIT", {{"xmlns:n", version == 1 ? retour_ns : acquit_v2_ns}});
  write_answer_header(xml, flow, verdict == Verdict::box1);
  open_acquit(xml);
  if (verdict == Verdict::box1)
    write_box1(xml);
  else
    for (const auto& item : items_of(flow, verdict))
      (version == 1 ? write_v1 : write_v2)(xml, item);
  xml.close();
  xml.close();
  return std::move(out).str();
}

std::string non_acquit(const FlowOutline& flow) {
  std::ostringstream out;
  XmlWriter xml(out, SampleEncoding::latin1);
  xml.open("n:PES_NonAcquit", {{"xmlns:n", retour_ns}});
  write_answer_header(xml, flow, false);
  open_acquit(xml);
  write_v1(xml, {"0", false});
  xml.close();
  xml.close();
  return std::move(out).str();
}

std::string retour(const FlowOutline& flow, bool depense, std::string nom_fic) {
  if (nom_fic.empty())
    nom_fic = std::string(depense ? "PES2R_DEP_P_" : "PES2R_RCE_P_") + flow.header.cod_col + "_" +
              flow.header.cod_bud + "_" + flow.header.id_post + "_20260131_20260131_20260201060000.xml";
  std::ostringstream out;
  XmlWriter xml(out, SampleEncoding::latin1);
  Dice dice(7);
  xml.open("n:PES_Retour", {{"xmlns:n", retour_ns}});
  write_return_header(xml, flow, depense, nom_fic);
  xml.open(depense ? "PES_DepenseRetour" : "PES_RecetteRetour");
  xml.open(depense ? "EnTeteDepense" : "EnTeteRecette");
  xml.leaf("TypRestit", "02");
  xml.leaf("IdVer", "2");
  xml.leaf("NatInf", "2");
  xml.close();
  std::size_t index = 0;
  for (const auto& bordereau : flow.bordereaux) {
    if (bordereau.depense != depense || bordereau.pieces.empty()) continue;
    xml.open("Bordereau");
    xml.open("BlocBordereau");
    xml.leaf("Exer", bordereau.exercice);
    xml.leaf("IdBord", bordereau.numero);
    xml.leaf("TypBord", "01");
    xml.close();
    for (const auto& piece : bordereau.pieces)
      write_return_piece(xml, dice, piece, depense, state_of(index++));
    xml.close();
  }
  xml.close();
  xml.close();
  return std::move(out).str();
}

}  // namespace demat::samples
