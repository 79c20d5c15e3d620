#include "protocols/preflight/enclosed_facture.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include "protocols/preflight/banque.hpp"
#include "protocols/preflight/facture.hpp"
#include "protocols/preflight/flux.hpp"
#include "protocols/preflight/pj.hpp"

namespace demat::preflight {
namespace {

constexpr std::string_view domain = "PES_Facture";

/// Passes the enclosed document on as one that lies in the attachment: its line, its path as a prefix. A
/// document whose root is the domain itself gets the root that is missing.
class Within final : public xml::Visitor {
 public:
  Within(const Unit& pj, xml::Visitor& to) : line_(pj.place.line), prefix_(enclosed_in(pj)), to_(to) {}

  void start(const xml::StartElement& element, std::string_view path) override {
    auto moved = element;
    moved.line = line_;
    if (element.depth == 1 && element.name == domain) {
      bare_ = true;
      to_.start({.name = "PES_Aller", .ns = {}, .attributes = {}, .depth = 1, .line = line_}, prefix_);
    }
    to_.start(moved, at(path));
  }
  void end(std::string_view name, std::string_view path) override {
    to_.end(name, at(path));
    if (bare_ && path.rfind('/') == 0) to_.end("PES_Aller", prefix_);
  }

 private:
  std::string_view at(std::string_view path) {
    path_.assign(prefix_).append(path);
    return path_;
  }

  std::size_t line_;
  std::string prefix_;
  std::string path_;
  xml::Visitor& to_;
  bool bare_ = false;
};

constexpr RuleInfo unreadable_rule{
    .code = "pes.facture.illisible",
    .name = "pes.facture.illisible",
    .level = Level::facture,
    .source = "PES_Aller/PES_Facture; TPES_PJ/TypePJ",
    .title_fr = "Le PES_Facture joint est un document XML lisible",
    .title_en = "The PES_Facture attached is a readable XML document",
    .fr = "Le PES_Facture de cette pièce jointe est illisible ({value}).",
    .en = "The PES_Facture of this attachment cannot be read ({value}).",
    .remedy_fr = "Refaire l'édition des avis des sommes à payer dans le logiciel.",
    .remedy_en = "Make the invoices again in the software."};

/// Kept in Verdicts::memory: what the titres of the flow say of the invoices they refer to.
struct Announcing {
  std::vector<std::uint32_t> titres;  ///< numbers, in order
  std::uint8_t edition = 0;
};

Announcing announcing(std::span<const PjReference> references) {
  Announcing out;
  for (const auto& one : references) {
    if (!one.recette) continue;
    if (one.piece != 0) out.titres.push_back(one.piece);
    if (out.edition == 0) out.edition = one.edition;
  }
  std::sort(out.titres.begin(), out.titres.end());
  return out;
}

struct Edited {
  std::uint8_t edition;
  std::string_view type;
};
constexpr std::array edited{Edited{1, "09"}, Edited{2, "09"}, Edited{5, "10"}, Edited{7, "11"},
                            Edited{8, "11"}, Edited{9, "12"}, Edited{10, "13"}};

void edition(const Unit& invoices, const RuleInfo& rule, Verdicts& out) {
  const auto asked = out.memory<Announcing>().edition;
  const auto number = (asked < 10 ? "0" : "") + std::to_string(asked);
  for (const auto& one : edited)
    if (one.edition == asked && invoices["TypeFact"_f] != one.type)
      hit(out, rule, invoices, "TypeFact"_f, "TypeFact " + std::string(invoices["TypeFact"_f]),
          {"TypeFact " + std::string(one.type) + " pour l'édition " + number,
           "TypeFact " + std::string(one.type) + " for edition " + number});
}

void titre(const Unit& facture, const RuleInfo& rule, Verdicts& out) {
  const auto& titres = out.memory<Announcing>().titres;
  const auto number = scaled(facture["RefTitre/NumTitre"_f], 0);
  if (titres.empty() || !number) return;
  if (!std::binary_search(titres.begin(), titres.end(), *number))
    hit_value(out, rule, facture, "RefTitre/NumTitre"_f, same(std::to_string(titres.front())));
}

constexpr UnitRow domain_rows[] = {
    {{.code = "pes.facture.edition",
      .name = "pes.facture.edition",
      .level = Level::pj,
      .source = "TBlocPiece/Edition; pes530 7.2",
      .title_fr = "Le type du PES_Facture joint est celui que demande l'édition du titre",
      .title_en = "The type of the PES_Facture attached is the one that the edition of the titre asks for",
      .fr = "Le PES_Facture joint a {value} ; attendu : {expected}.",
      .en = "The PES_Facture attached has {value}; expected: {expected}.",
      .remedy_fr = "Corriger l'édition du titre, ou refaire la facture du bon type.",
      .remedy_en = "Correct the edition of the titre, or make the invoice again of the right type."},
     edition}};

constexpr UnitRow facture_rows[] = {
    {{.code = "pes.facture.titre",
      .name = "pes.facture.titre",
      .level = Level::pj,
      .source = "déduit de TRefTitre/NumTitre et de la référence du titre à la pièce jointe",
      .title_fr = "Une facture jointe est celle d'un titre qui y fait référence",
      .title_en = "An invoice attached is that of a titre which refers to it",
      .fr = "La facture désigne le titre « {value} », qui ne fait pas référence à cette pièce jointe "
            "({expected} le fait).",
      .en = "The invoice points to titre \"{value}\", which does not refer to this attachment ({expected} "
            "does).",
      .remedy_fr = "Vérifier le numéro du titre dans la facture, et la pièce jointe du titre.",
      .remedy_en = "Check the number of the titre in the invoice, and the attachment of the titre."},
     titre}};

/// What is known only where the invoice lies in an attachment.
class Linked final : public rules::Family {
 public:
  void close(const Unit& unit, Verdicts& out) override {
    judge_size(unit, out);
    if (unit.kind == UnitKind::domaine && unit.element == domain) out.judge(domain_rows, unit);
    if (unit.kind == UnitKind::facture) out.judge(facture_rows, unit);
  }
};

}  // namespace

struct EnclosedFacture::Impl {
  Impl(const Unit& pj, Verdicts& out)
      : reader({accounts.get(), &linked, invoices.get()}, out, &pj), within(pj, reader) {}

  std::unique_ptr<rules::Family> invoices = facture_family();
  std::unique_ptr<rules::Family> accounts = banque_family();
  Linked linked;
  rules::UnitReader reader;
  Within within;
};

EnclosedFacture::EnclosedFacture(const Unit& pj, std::span<const PjReference> references, Verdicts& out)
    : impl_(std::make_unique<Impl>(pj, out)) {
  out.memory<Announcing>() = announcing(references);
}
EnclosedFacture::~EnclosedFacture() = default;

xml::Visitor& EnclosedFacture::visitor() {
  return impl_->within;
}

const RuleInfo& EnclosedFacture::unreadable() {
  return unreadable_rule;
}

std::vector<const RuleInfo*> EnclosedFacture::rules() {
  auto out = infos(domain_rows, facture_rows);
  out.push_back(&unreadable_rule);
  return out;
}

}  // namespace demat::preflight
