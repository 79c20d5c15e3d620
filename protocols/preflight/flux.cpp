#include "protocols/preflight/flux.hpp"

#include <map>

#include "protocols/preflight/comptable.hpp"
#include "protocols/preflight/nomenclature.hpp"
#include "protocols/preflight/triplets.hpp"
#include "protocols/rules/identifiers.hpp"

namespace demat::preflight {
namespace {

/// Numbers seen so far; ORMC and pièces number their own.
struct Seen {
  static constexpr std::size_t max_kinds =
      10'000;  ///< of bordereaux: far more than there are, not without end

  std::map<std::string, rules::Numbers, std::less<>> bordereaux;  ///< by domain, exercice and type
  rules::Numbers pieces;                                          ///< of the open bordereau
  rules::Numbers lignes;                                          ///< of the open pièce
};

/// P14. Recette: a role (ORMC) needs none.
void cumul(const Comptable& bordereau, const RuleInfo& rule, Verdicts& out) {
  if (!bordereau.dematerialise()) return;
  const auto typ = bordereau.typ_bord();
  if (bordereau.recette && (typ == "06" || typ == "07")) return;
  const auto found = cents(bordereau.unit[champ::cumul]);
  if (!found || *found <= 0) hit_value(out, rule, bordereau, champ::cumul);
}

/// P15.
void tva(const Comptable& bordereau, const RuleInfo& rule, Verdicts& out) {
  const auto announced = bordereau.unit[champ::bord_tva];
  const bool some = cents(announced).value_or(0) > 0;
  const auto lignes = bordereau.unit.tally.lignes_avec_tva;
  if (some && lignes == 0)
    hit_found(out, rule, bordereau, champ::bord_tva,
              {"au moins une ligne avec MtTVA", "at least one ligne with MtTVA"});
  else if (!some && lignes > 0)
    hit_found(
        out, rule, bordereau, champ::bord_tva,
        {"un montant supérieur à 0, comme MtTVA des lignes", "an amount above 0, as MtTVA of the lignes"});
  else if (!some && bordereau.recette && !announced.empty())
    hit_found(out, rule, bordereau, champ::bord_tva,
              {"un montant supérieur à 0, ou pas de balise", "an amount above 0, or no element"});
}

/// P23, on the type of the bordereau.
void typ_bord(const Comptable& bordereau, const RuleInfo& rule, Verdicts& out) {
  if (bordereau.typ_bord() == "04")
    hit_value(out, rule, bordereau, champ::typ_bord,
              bordereau.recette ? same("01, 02, 03, 06") : same("01, 02, 03"));
}

/// P24, within the flow; what was sent before is of the history.
void id_bord(const Comptable& bordereau, const RuleInfo& rule, Verdicts& out) {
  const auto number = rules::whole(bordereau.unit[champ::id_bord]);
  if (!number) return;
  auto& seen = out.memory<Seen>().bordereaux;
  const auto key = std::string(bordereau.recette ? "R " : "D ") + std::string(bordereau.exer()) + " " +
                   std::string(bordereau.typ_bord());
  if (seen.size() >= Seen::max_kinds && !seen.contains(key)) return;
  if (!seen[key].add(*number)) hit_value(out, rule, bordereau, champ::id_bord);
}

void total(const Comptable& bordereau, const RuleInfo& rule, Verdicts& out, FieldName field,
           std::int64_t sum) {
  const auto announced = cents(bordereau.unit[field]);
  if (!announced || *announced == sum || !bordereau.unit.tally.amounts_readable) return;
  hit_value(out, rule, bordereau, field, same(decimal(sum)));
}

void total_ht(const Comptable& bordereau, const RuleInfo& rule, Verdicts& out) {
  total(bordereau, rule, out, bordereau.of(champ::bord_ht), bordereau.unit.tally.ht);
}

/// P15 speaks where one side has no VAT at all.
void total_tva(const Comptable& bordereau, const RuleInfo& rule, Verdicts& out) {
  if (bordereau.unit.tally.lignes_avec_tva > 0 && cents(bordereau.unit[champ::bord_tva]).value_or(0) > 0)
    total(bordereau, rule, out, champ::bord_tva, bordereau.unit.tally.tva);
}

void too_large(const Unit& unit, const RuleInfo& rule, Verdicts& out) {
  if (unit.dropped == 0) return;
  out.add(rule, {.place = unit.place,
                 .subject = unit.subject(),
                 .value = unit.element + ", " + std::to_string(unit.dropped),
                 .expected = {"20 000 balises et 2 Mio au plus", "20 000 elements and 2 MiB at most"}});
}

constexpr UnitRow any_rows[]{
    {{.code = "pes.partie_trop_grande",
      .name = "pes.partie_trop_grande",
      .level = Level::flux,
      .severity = Severity::warning,
      .source = "limite de la passerelle",
      .title_fr = "Une partie du flux tient dans les limites de la passerelle",
      .title_en = "A part of the flow is within the gateway's limits",
      .fr =
          "Partie trop grande ({value} balises de trop) pour être vérifiée en entier ; limite : {expected}.",
      .en = "Part too large ({value} elements too many) to be checked whole; limit: {expected}.",
      .remedy_fr = "Découper la pièce ou la facture ; si elle est normale, vérifier à la main.",
      .remedy_en = "Split the pièce or the invoice; if it is as it should be, check it by hand."},
     too_large},
};

void siret(const Unit& entete, const RuleInfo& rule, Verdicts& out) {
  constexpr std::size_t siret_digits = 14;
  constexpr auto field = "IdColl"_f;
  const auto found = entete[field];
  const bool form =
      !found.empty() && found.size() <= siret_digits && all_digits(found);  // else pes.idcoll says so
  if (form && !rules::siret_valid(found)) hit_value(out, rule, entete, field);
}

constexpr UnitRow entete_rows[]{
    {{.code = "pes.idcoll.cle",
      .name = "pes.idcoll.cle",
      .level = Level::flux,
      .severity = Severity::warning,
      .source = "helios 2.2, 4.5",
      .title_fr = "Le SIRET du budget a sa clé",
      .title_en = "The SIRET of the budget has its key",
      .fr = "« {value} » (EnTetePES/IdColl) n'est pas un SIRET : 14 chiffres dont une clé. Hélios rejette le "
            "flux si "
            "ce n'est pas celui du budget.",
      .en = "'{value}' (EnTetePES/IdColl) is no SIRET: 14 digits with a key. Hélios rejects the flow if it "
            "is not "
            "that of the budget.",
      .remedy_fr = "Vérifiez le SIRET du budget dans les paramètres de votre logiciel financier.",
      .remedy_en = "Check the SIRET of the budget in the settings of your financial software."},
     siret},
};

constexpr ComptableRow bordereau_rows[]{
    {{.code = "pes.p14",
      .name = "P14",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "helios P14; TBlocBordereau/MtCumulAnnuel",
      .title_fr = "Un bordereau dématérialisé porte son cumul annuel",
      .title_en = "A dematerialised bordereau carries its yearly total",
      .fr = "Le bordereau est dématérialisé mais son cumul annuel (MtCumulAnnuel) manque ou est nul : Hélios "
            "rejette le bordereau.",
      .en = "The bordereau is dematerialised but its yearly total (MtCumulAnnuel) is missing or zero: Hélios "
            "rejects the bordereau.",
      .remedy_fr = "Faites calculer le cumul annuel par votre logiciel financier, puis exportez à nouveau.",
      .remedy_en = "Have your financial software compute the yearly total, then export again."},
     cumul},
    {{.code = "pes.p15",
      .name = "P15",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "helios P15; TBlocBordereau/MtBordTVA, TInfoLignePce/MtTVA, TInfoLignePiece/MtTVA",
      .title_fr = "La TVA du bordereau va avec celle de ses lignes",
      .title_en = "The VAT of a bordereau goes with that of its lignes",
      .fr = "La TVA du bordereau (MtBordTVA : {value}) ne va pas avec celle de ses lignes (MtTVA). "
            "Attendu : "
            "{expected}.",
      .en = "The VAT of the bordereau (MtBordTVA: {value}) does not go with that of its lignes (MtTVA). "
            "Expected: {expected}.",
      .remedy_fr = "Vérifiez la TVA des pièces du bordereau dans votre logiciel financier.",
      .remedy_en = "Check the VAT of the pièces of the bordereau in your financial software."},
     tva},
    {{.code = "pes.p23",
      .name = "P23",
      .level = Level::bordereau,
      .severity = Severity::error,
      .source = "helios P23; TTypBordAller",
      .title_fr = "Le type de bordereau existe dans un flux aller",
      .title_en = "The type of bordereau exists in an outgoing flow",
      .fr = "Le type de bordereau « {value} » ne sert qu'aux retours d'Hélios : le bordereau serait rejeté. "
            "Attendu : {expected}.",
      .en = "The type of bordereau '{value}' is for returns of Hélios only: the bordereau would be rejected. "
            "Expected: {expected}.",
      .remedy_fr = "Corrigez le type du bordereau dans votre logiciel financier.",
      .remedy_en = "Correct the type of the bordereau in your financial software."},
     typ_bord},
    {{.code = "pes.p24",
      .name = "P24",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "helios P24; TBlocBordereau/IdBord",
      .title_fr = "Un numéro de bordereau ne sert qu'une fois par exercice et par type",
      .title_en = "A bordereau number is used once for an exercice and a type",
      .fr = "Le numéro de bordereau {value} est déjà celui d'un autre bordereau de ce flux, du même exercice "
            "et "
            "du même type.",
      .en =
          "Bordereau number {value} is already that of another bordereau of this flow, of the same exercice "
          "and type.",
      .remedy_fr = "Retirez le doublon, ou renumérotez le bordereau dans votre logiciel financier.",
      .remedy_en = "Take out the double, or renumber the bordereau in your financial software."},
     id_bord},
    {{.code = "pes.total.ht",
      .name = "pes.total.ht",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "helios P26; TBlocBordereau/MtBordHT, MtBordHt",
      .title_fr = "Le montant HT du bordereau est la somme de ses lignes",
      .title_en = "The amount of a bordereau without VAT is the sum of its lignes",
      .fr = "Le bordereau annonce {value} HT, la somme de ses lignes est {expected}.",
      .en = "The bordereau announces {value} without VAT, the sum of its lignes is {expected}.",
      .remedy_fr =
          "Vérifiez les montants du bordereau dans votre logiciel financier, puis exportez à nouveau.",
      .remedy_en = "Check the amounts of the bordereau in your financial software, then export again."},
     total_ht},
    {{.code = "pes.total.tva",
      .name = "pes.total.tva",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "helios P26; TBlocBordereau/MtBordTVA",
      .title_fr = "La TVA du bordereau est la somme de celle de ses lignes",
      .title_en = "The VAT of a bordereau is the sum of that of its lignes",
      .fr = "Le bordereau annonce {value} de TVA, la somme de ses lignes est {expected}.",
      .en = "The bordereau announces {value} of VAT, the sum of its lignes is {expected}.",
      .remedy_fr = "Vérifiez la TVA du bordereau dans votre logiciel financier, puis exportez à nouveau.",
      .remedy_en = "Check the VAT of the bordereau in your financial software, then export again."},
     total_tva},
};

void id_pce(const Comptable& piece, const RuleInfo& rule, Verdicts& out) {
  const auto number = rules::whole(piece[champ::id_pce]);
  if (number && !out.memory<Seen>().pieces.add(*number)) hit_value(out, rule, piece, piece.of(champ::id_pce));
}

void triplet(const Comptable& piece, const RuleInfo& rule, Verdicts& out) {
  const auto found = piece.triplet();
  const bool whole =
      !found.bord.empty() && !found.pce.empty() && !found.nat.empty();  // else the schema says so
  if (!whole || found.bord == "04" || known_triplet(piece.recette, found)) return;
  hit(out, rule, piece, piece.of(champ::nat_pce), found.text());
}

constexpr ComptableRow piece_rows[]{
    {{.code = "pes.doublon.piece",
      .name = "pes.doublon.piece",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "helios 4.5; InfoPce/IdPce, TBlocPiece/IdPce",
      .title_fr = "Un numéro de pièce ne sert qu'une fois dans un bordereau",
      .title_en = "A pièce number is used once in a bordereau",
      .fr = "Le numéro de pièce {value} est déjà celui d'une autre pièce de ce bordereau.",
      .en = "Pièce number {value} is already that of another pièce of this bordereau.",
      .remedy_fr = "Retirez le doublon, ou renumérotez la pièce dans votre logiciel financier.",
      .remedy_en = "Take out the double, or renumber the pièce in your financial software."},
     id_pce},
    {{.code = "pes.triplet",
      .name = "pes.triplet",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "helios 2.3; TTypBordAller, TTypPce, TNatPce",
      .title_fr = "Le type de bordereau, le type et la nature de la pièce vont ensemble",
      .title_en = "Type of bordereau, type and nature of pièce go together",
      .fr = "Type de bordereau, type et nature de pièce : la combinaison « {value} » n'est pas connue de la "
            "passerelle. Hélios rejette le bordereau si elle n'est pas dans son tableau.",
      .en =
          "Type of bordereau, type and nature of pièce: the gateway does not know the combination '{value}'. "
          "Hélios rejects the bordereau if it is not in its table.",
      .remedy_fr =
          "Vérifiez le type et la nature de la pièce ; votre comptable peut confirmer la combinaison.",
      .remedy_en = "Check type and nature of the pièce; your public accountant can confirm the combination."},
     triplet},
};

void id_ligne(const Comptable& ligne, const RuleInfo& rule, Verdicts& out) {
  const auto number = rules::whole(ligne[champ::id_ligne]);
  if (number && !out.memory<Seen>().lignes.add(*number))
    hit_value(out, rule, ligne, ligne.of(champ::id_ligne));
}

constexpr ComptableRow ligne_rows[]{
    {{.code = "pes.doublon.ligne",
      .name = "pes.doublon.ligne",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "helios 4.5; InfoLignePce/IdLigne, InfoLignePiece/IdLigne",
      .title_fr = "Un numéro de ligne ne sert qu'une fois dans une pièce",
      .title_en = "A ligne number is used once in a pièce",
      .fr = "Le numéro de ligne {value} est déjà celui d'une autre ligne de cette pièce.",
      .en = "Ligne number {value} is already that of another ligne of this pièce.",
      .remedy_fr = "Renumérotez les lignes de la pièce dans votre logiciel financier.",
      .remedy_en = "Renumber the lignes of the pièce in your financial software."},
     id_ligne},
};

void tally(const Comptable& ligne) {
  if (ligne.bordereau == nullptr) return;
  auto& sums = ligne.bordereau->tally;
  const auto ht = cents(ligne[champ::mt_ht]);
  const auto tva_text = ligne[champ::mt_tva];
  const auto tva_of = tva_text.empty() ? std::optional<std::int64_t>(0) : cents(tva_text);
  if (!ht || !tva_of || ligne.unit.dropped > 0) sums.amounts_readable = false;
  if (!rules::add(sums.ht, ht.value_or(0)) || !rules::add(sums.tva, tva_of.value_or(0)))
    sums.amounts_readable = false;
  if (tva_of.value_or(0) > 0) ++sums.lignes_avec_tva;
}

class Flux final : public rules::Family {
 public:
  void close(const Unit& unit, Verdicts& out) override {
    nomenclature_.look(unit, out);
    judge_size(unit, out);
    if (unit.kind == UnitKind::entete) out.judge(entete_rows, unit);
    if (!comptable(unit)) return;
    const Comptable subject(unit);
    switch (unit.kind) {
      case UnitKind::ligne:
        tally(subject);
        return out.judge(ligne_rows, subject);
      case UnitKind::piece:
        out.judge(piece_rows, subject);
        out.memory<Seen>().lignes.clear();
        return;
      default:
        out.judge(bordereau_rows, subject);
        out.memory<Seen>().pieces.clear();
    }
  }

 private:
  Nomenclature nomenclature_;
};

}  // namespace

void judge_size(const Unit& unit, Verdicts& out) {
  out.judge(any_rows, unit);
}

std::span<const RuleInfo* const> flux_rules() {
  static const auto all = [] {
    auto out = infos(any_rows, entete_rows, bordereau_rows, piece_rows, ligne_rows);
    out.insert(out.begin(), &Nomenclature::rule());
    return out;
  }();
  return all;
}

std::unique_ptr<rules::Family> flux_family() {
  return std::make_unique<Flux>();
}

}  // namespace demat::preflight
