#include "tools/dematctl/outline_text.hpp"

#include <algorithm>
#include <array>

#include "protocols/base/digest.hpp"
#include "protocols/pes/amount.hpp"
#include "protocols/rules/values.hpp"
#include "protocols/xades/certificate.hpp"

namespace demat::ctl {
namespace {

using pes::Part;
using pes::PartKind;

struct DomaineName {
  std::string_view element;
  std::string_view name;
};
constexpr std::array domaine_names{
    DomaineName{"PES_DepenseAller", "Dépense"},
    DomaineName{"PES_RecetteAller", "Recette"},
    DomaineName{"PES_Facture", "Factures"},
    DomaineName{"PES_Marche", "Marchés"},
    DomaineName{"PES_PJ", "Pièces jointes"},
    DomaineName{"PES_DepenseRetour", "Retour de dépense"},
    DomaineName{"PES_RecetteRetour", "Retour de recette"},
    DomaineName{"PES_ClientRetour", "Restes à recouvrer par tiers"},
    DomaineName{"PES_AsapRetour", "Avis des sommes à payer"},
    DomaineName{"ACQUIT_RETOUR", "Retours intégrés par la collectivité"},
};

/// Joins what is there: each text with what comes before it, unless it is empty.
class Joined {
 public:
  explicit Joined(std::string start) : text_(std::move(start)) {}
  Joined& add(std::string_view before, std::string_view value, std::string_view after = {}) {
    if (!value.empty()) {
      text_ += before;
      text_ += value;
      text_ += after;
    }
    return *this;
  }
  [[nodiscard]] const std::string& str() const { return text_; }

 private:
  std::string text_;
};

std::string coded(const Part& part, std::string_view key) {
  const auto* field = part.field(key);
  if (field == nullptr) return {};
  return field->fr.empty() ? field->value : field->value + " " + std::string(field->fr);
}

/// An amount as it stands, in people's writing where it is one.
std::string amount(std::string_view value) {
  const auto cents = rules::cents(value);
  return value.empty() || !cents ? std::string(value) : pes::amount_for_people(*cents);
}

std::string person(const Part& part) {
  return Joined(std::string(part["nom"])).add(" ", part["prenom"]).str();
}

std::string name_of_certificate(std::string_view text) {
  const auto decoded = decode_base64(text);
  if (!decoded.ok) return {};
  const auto certificate = xades::Certificate::from_der(decoded.bytes);
  return certificate ? certificate->subject_common_name() : std::string();
}

void add_count(std::string& text, std::size_t count, std::string_view one, std::string_view more) {
  if (count == 0) return;
  text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + std::string(count == 1 ? one : more);
}

std::string counts(const pes::PartSums& sums) {
  std::string text;
  add_count(text, sums.bordereaux, "bordereau", "bordereaux");
  add_count(text, sums.pieces, "pièce", "pièces");
  add_count(text, sums.lignes, "ligne", "lignes");
  add_count(text, sums.pj, "pièce jointe", "pièces jointes");
  add_count(text, sums.factures, "facture", "factures");
  add_count(text, sums.marches, "marché", "marchés");
  add_count(text, sums.others, "autre élément", "autres éléments");
  add_count(text, sums.signatures, "signature", "signatures");
  return text;
}

/// State and kind of a pièce.
void add_nature(Joined& text, const Part& part) {
  text.add(" — ", coded(part, "etat")).add(" : ", coded(part, "motif")).add(" « ", part["commentaire"], " »");
  const std::string kind =
      Joined(coded(part, "type")).add(part["type"].empty() ? "" : ", ", coded(part, "nature")).str();
  text.add(" (", kind, ")");
}

std::string reference_text(const Part& reference) {
  const std::string what = reference["domaine"] == "01"   ? "mandat"
                           : reference["domaine"] == "02" ? "titre"
                                                          : coded(reference, "domaine");
  return Joined(what)
      .add(" ", reference["identifiant"])
      .add(" ligne ", reference["complement"])
      .add(", exercice ", reference["exercice"])
      .str();
}

}  // namespace

std::string amounts_text(const pes::PartSums& sums) {
  if (!sums.readable) return "montants illisibles";
  std::string text = "HT " + pes::amount_for_people(sums.ht);
  if (sums.tva == 0) return text;
  return text + ", TVA " + pes::amount_for_people(sums.tva) + ", TTC " +
         pes::amount_for_people(sums.ht + sums.tva);
}

std::string size_text(std::size_t bytes) {
  constexpr std::size_t kilo = 1'000;
  constexpr std::size_t mega = 1'000'000;
  if (bytes < kilo) return std::to_string(bytes) + " octets";
  const std::size_t unit = bytes < mega ? kilo : mega;
  const std::size_t tenths = (bytes * 10 + unit / 2) / unit;
  return std::to_string(tenths / 10) + "," + std::to_string(tenths % 10) + (unit == kilo ? " ko" : " Mo");
}

std::string_view piece_word(std::string_view domaine) {
  if (domaine.starts_with("PES_Depense")) return "Mandat";
  return domaine.starts_with("PES_Recette") ? "Titre" : "Pièce";
}

void OutlineText::line(std::size_t indent, const std::string& text) {
  constexpr std::size_t block = 65'536;
  held_.append(indent * 2, ' ').append(printable(text)) += '\n';
  if (held_.size() >= block) flush();
}

void OutlineText::flush() {
  if (!held_.empty()) out_.text(held_);
  held_.clear();
}

void OutlineText::open(const Part& part) {
  switch (part.kind) {
    case PartKind::document:
      document(part);
      break;
    case PartKind::domaine:
      domaine(part);
      break;
    case PartKind::bordereau:
      bordereau(part);
      break;
    case PartKind::piece:
      if (lignes_) piece_head(part);
      break;
    case PartKind::client:
      line(level(), Joined("Tiers").add(" ", part["tiers"]).str());
      break;
    default:
      break;
  }
  ++depth_;
}

void OutlineText::close(const Part& part) {
  --depth_;
  switch (part.kind) {
    case PartKind::piece:
      return piece(part);
    case PartKind::ligne:
      return ligne(part);
    case PartKind::pj:
      return pj(part);
    case PartKind::signature:
      return signature(part);
    case PartKind::document:
    case PartKind::domaine:
    case PartKind::bordereau:
      return totals(part);
    default:
      return other(part);
  }
}

void OutlineText::document(const Part& part) {
  line(0, Joined(part.element).add(" ", part["nom_fic"]).str());
  line(1, Joined(std::string(part["libelle"]))
              .add(part["libelle"].empty() ? "SIRET " : " — SIRET ", part["id_coll"])
              .add(", poste ", part["id_post"])
              .add(" ", part["poste"])
              .add(", collectivité ", part["cod_col"])
              .add(", budget ", part["cod_bud"])
              .str());
  line(1, Joined(std::string(part["typ_fic"]))
              .add(" du ", part["date"])
              .add(", émis par ", part["emetteur"])
              .add(" ", part["application"])
              .str());
}

void OutlineText::domaine(const Part& part) {
  domaine_ = part.element;
  const auto* at = std::find_if(domaine_names.begin(), domaine_names.end(),
                                [&](const DomaineName& one) { return one.element == part.element; });
  const bool demat = part["dematerialisee"] == "1" || part["dematerialisee"] == "true";
  line(0, Joined(std::string(at == domaine_names.end() ? part.element : at->name))
              .add(" — ", coded(part, "type"))
              .add(" — ", coded(part, "typ_restit"))
              .add(", année ", part["annee"])
              .add(", ", demat ? "dématérialisée" : "")
              .str());
}

void OutlineText::bordereau(const Part& part) {
  line(level(), Joined("Bordereau")
                    .add(" ", part["numero"])
                    .add(", exercice ", part["exercice"])
                    .add(", ", coded(part, "type"))
                    .add(", du ", part["date"])
                    .add(" — HT ", amount(part["ht"]))
                    .add(", TVA ", amount(part["tva"]))
                    .add(" — TTC ", amount(part["ttc"]))
                    .add(" — ", part["nbr_pce"], " pièce(s) annoncée(s)")
                    .add(" — ", part["objet"])
                    .str());
}

void OutlineText::piece(const Part& part) {
  Joined text(lignes_ ? "=" : std::string(piece_word(domaine_)));
  if (!lignes_)
    text.add(" ", part["numero"]).add(" — ", part["objet"]).add(" —", part["tiers"].empty() ? "" : " ");
  text.add(lignes_ ? " " : "", part["tiers"]).add(" et ", part["autres_tiers"], " autre(s)");
  text.add(text.str() == "=" ? " " : " — ", amounts_text(part.sums));
  if (!lignes_) add_nature(text, part);
  const std::size_t attached = part.inner.size() + part.inner_left_out;
  if (attached > 0) text.add(" [", std::to_string(attached), " PJ]");
  line(level() + (lignes_ ? 1 : 0), text.str());
}

/// The head of a pièce whose lines follow: what it comes to is told after them.
void OutlineText::piece_head(const Part& part) {
  Joined text{std::string(piece_word(domaine_))};
  text.add(" ", part["numero"]).add(" — ", part["objet"]);
  add_nature(text, part);
  line(level(), text.str());
}

void OutlineText::ligne(const Part& part) {
  if (!lignes_) return;
  Joined text("ligne");
  text.add(" ", part["numero"]).add(" — compte ", part["compte"]).add(" fonction ", part["fonction"]);
  text.add(" produit ", part["produit"]).add(" opération ", part["operation"]).add(" — ", person(part));
  text.add(", ", coded(part, "nature_id_tiers")).add(" ", part["id_tiers"]);
  text.add(" — ", amounts_text(part.sums)).add(" — règlement ", coded(part, "mode_reglement"));
  text.add(" — facture ", part["facture"]).add(" — marché ", part["marche"]);
  text.add(" — corrige la pièce ", part["origine_piece"]).add(" de ", part["origine_exercice"]);
  text.add(" — ", coded(part, "etat")).add(" : ", coded(part, "motif")).add(" « ", part["commentaire"], " »");
  text.add(" — payé ", amount(part["paye"])).add(" — ", coded(part, "cession"));
  line(level(), text.str());
  for (const auto& inner : part.inner) {
    if (inner.kind != PartKind::paiement) continue;
    line(level() + 1, Joined(std::string(inner["date"]))
                          .add(" : ", amount(inner["montant"]))
                          .add(", ", coded(inner, "origine"))
                          .str());
  }
  if (part.inner_left_out > 0) line(level() + 1, "… et " + std::to_string(part.inner_left_out) + " de plus");
}

void OutlineText::pj(const Part& part) {
  Joined text{std::string(part["id_unique"])};
  text.add(" — ", part["nom"]).add(" — ", coded(part, "type")).add(" — ", part["description"]);
  if (!part.broken.code.empty())
    text.add(" — ILLISIBLE : ", part.broken.fr).add(" (", part.broken.code, ")");
  else
    text.add(" — ", part.content.packed == 0 ? "" : size_text(part.content.content));
  text.add(" — citée ", part.references == 0 ? "" : std::to_string(part.references), " fois");
  line(level(), text.str());
  for (const auto& reference : part.inner)
    line(level() + 1, "pour " + reference_text(reference));
}

void OutlineText::signature(const Part& part) {
  line(level(), Joined("Signature (lue, non vérifiée)")
                    .add(" — ", name_of_certificate(part["certificat"]))
                    .add(", ", part["role"])
                    .add(", ", part["ville"])
                    .add(", le ", part["date"])
                    .str());
}

void OutlineText::other(const Part& part) {
  Joined text{std::string()};
  switch (part.kind) {
    case PartKind::facture:
      text.add("Facture ", part["numero"]).add(" — ", part["objet"]).add(" — ", person(part));
      text.add(" — titre ", part["titre"]).add(" — rôle ", part["role"]).add(" article ", part["article"]);
      text.add(" du bordereau ", part["bordereau"]).add(", exercice ", part["exercice"]);
      text.add(" — HT ", amount(part["ht"])).add(", TTC ", amount(part["ttc"]));
      break;
    case PartKind::marche:
      text.add(part.element == "Concession" ? "Concession " : "Marché ", part["id_contrat"]);
      text.add(", envoi n° ", part["sequence"]).add(", modification ", part["modification"]);
      text.add(", ", part["correctif"] == "1" || part["correctif"] == "true" ? "correctif" : "");
      text.add(" — ", part["objet"]).add(" — ", coded(part, "nature")).add(" — ", part["titulaire"]);
      text.add(" — HT ", amount(part["ht"])).add(" — du ", part["date"]);
      break;
    case PartKind::client:
      for (const auto& one : part.inner)
        line(level() + 1, Joined("produit")
                              .add(" ", one["produit"])
                              .add(" : reste ", amount(one["reste"]))
                              .add(", frais ", amount(one["frais"]))
                              .str());
      return;
    case PartKind::asap:
      text.add("Titre ", part["piece"]).add(", bordereau ", part["bordereau"]);
      text.add(", exercice ", part["exercice"]).add(" — PJ ", part["id_unique"]);
      text.add(" — posté le ", part["postalisation"]).add(" — notifié le ", part["notification"]);
      text.add(" — lu le ", part["lecture"]).add(" — REJETÉ le ", part["rejet"]);
      text.add(" : ", coded(part, "motif_courrier")).add(" : ", coded(part, "motif_mail"));
      text.add(" — complément : ", coded(part, "etat_complement"));
      break;
    default:
      text.add("", part["nom_fic"]).add(" — ", coded(part, "domaine")).add(" — ", coded(part, "typ_restit"));
      text.add(" — le ", part["date"]);
      break;
  }
  line(level(), text.str());
}

void OutlineText::totals(const Part& part) {
  if (part.kind == PartKind::bordereau && !lignes_) return;
  const std::string said = counts(part.sums);
  if (said.empty()) {
    if (part.kind != PartKind::bordereau) line(level() + 1, "rien / nothing");
    return;
  }
  Joined text(part.kind == PartKind::document ? "Total : " : "= ");
  text.add("", said).add(" — ", part.sums.lignes == 0 ? "" : amounts_text(part.sums));
  line(part.kind == PartKind::document ? 0 : level() + 1, text.str());
  if (!part["pj_absentes"].empty())
    line(0, std::string(part["pj_absentes"]) +
                " pièce(s) jointe(s) citée(s) ne sont pas dans ce fichier / attachments named are not in "
                "this file");
}

}  // namespace demat::ctl
