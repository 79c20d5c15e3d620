#include "protocols/preflight/recette.hpp"

#include "protocols/preflight/comptable.hpp"
#include "protocols/preflight/prelevement.hpp"

namespace demat::preflight {
namespace {

constexpr auto majo = "BlocLignePiece/InfoLignePiece/Majo"_f;
constexpr auto dte_majo = "BlocLignePiece/InfoLignePiece/DteMajo"_f;
constexpr auto tx_majo = "BlocLignePiece/InfoLignePiece/TxMajo"_f;
constexpr auto nat_orig = "BlocLignePiece/RattachPiece/NatPceOrig"_f;
constexpr auto retenue_tva = "BlocLignePiece/VentilationMarche/RetenueRecupTVA"_f;
constexpr auto id_rol = "BlocPiece/IdRol"_f;
constexpr auto dte_asp = "BlocPiece/DteAsp"_f;
constexpr auto dte_asp_bord = "BlocBordereau/DteAsp"_f;
constexpr auto deb_fact = "BlocPiece/DebFact"_f;
constexpr auto fin_fact = "BlocPiece/FinFact"_f;

/// P22.
void majoration(const Comptable& ligne, const RuleInfo& rule, Verdicts& out) {
  const auto value = ligne.unit[majo];
  if (value.empty()) return;
  const bool due = yes(value);
  for (const auto& [field, name] : {std::pair{dte_majo, "DteMajo"}, std::pair{tx_majo, "TxMajo"}}) {
    if (ligne.unit[field].empty() == !due) continue;
    const auto what = std::string(name);
    return hit(out, rule, ligne, field, "Majo " + std::string(value),
               due ? Words{what + " renseigné", what + " filled in"} : Words{"pas de " + what, "no " + what});
  }
}

/// ORMC say by Majo whether the debt may be surcharged; they follow no list.
void majoration_origin(const Comptable& ligne, const RuleInfo& rule, Verdicts& out) {
  if (yes(ligne.unit[majo]) && !ligne.ormc() && ligne.unit[nat_orig] != "05")
    hit_found(out, rule, ligne, nat_orig, same("05"));
}

void convention(const Comptable& ligne, const RuleInfo& rule, Verdicts& out) {
  const auto t = ligne.triplet();
  constexpr auto field = "BlocLignePiece/LiensIdent/IdConv"_f;
  if ((t.is("01", "10", "01") || t.is("01", "10", "02")) && ligne.unit[field].empty())
    hit(out, rule, ligne, field, t.text());
}

void retenue(const Comptable& ligne, const RuleInfo& rule, Verdicts& out) {
  if (cents(ligne.unit[retenue_tva]).value_or(0) < 0) hit_value(out, rule, ligne, retenue_tva);
}

void taux_tva(const Comptable& ligne, const RuleInfo& rule, Verdicts& out) {
  constexpr auto rate = "BlocLignePiece/InfoLignePiece/TxTva"_f;
  const auto tva = ligne[champ::mt_tva];
  if (cents(tva).value_or(0) > 0 && ligne.unit[rate].empty()) hit(out, rule, ligne, rate, std::string(tva));
}

constexpr ComptableRow ligne_rows[]{
    {{.code = "pes.p22",
      .name = "P22",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "helios P22; TInfoLignePiece/Majo, DteMajo, TxMajo",
      .title_fr = "Une ligne majorable porte la date et le taux de majoration, une autre n'en porte pas",
      .title_en = "A ligne that may be surcharged has date and rate of the surcharge, another has none",
      .fr = "La majoration de la ligne n'est pas cohérente ({value}). Attendu : {expected}.",
      .en = "The surcharge of the ligne is not consistent ({value}). Expected: {expected}.",
      .remedy_fr = "Corrigez la majoration de la ligne de titre dans votre logiciel financier.",
      .remedy_en = "Correct the surcharge of the ligne in your financial software."},
     majoration},
    {{.code = "pes.recette.majoration",
      .name = "pes.recette.majoration",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "TInfoLignePiece/Majo",
      .title_fr = "Une ligne majorable est rattachée à une liste de majoration",
      .title_en = "A ligne that may be surcharged is attached to a list of surcharges",
      .fr = "La ligne est majorable (Majo 1) : RattachPiece/NatPceOrig doit être {expected}, ici : {value}.",
      .en = "The ligne may be surcharged (Majo 1): RattachPiece/NatPceOrig must be {expected}, it is "
            "{value}.",
      .remedy_fr = "Rattachez la ligne à la liste de majoration, ou déclarez-la non majorable.",
      .remedy_en = "Attach the ligne to the list of surcharges, or declare that it has none."},
     majoration_origin},
    {{.code = "pes.recette.convention",
      .name = "pes.recette.convention",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "NS_Recette TLiensIdent/IdConv",
      .title_fr = "Un titre en plusieurs années (01 10 01, 01 10 02) cite sa convention",
      .title_en = "A titre over several years (01 10 01, 01 10 02) names its convention",
      .fr = "Le titre en plusieurs années ({value}) ne cite pas de convention (LiensIdent/IdConv) : Hélios "
            "rejette "
            "le bordereau.",
      .en = "The titre over several years ({value}) names no convention (LiensIdent/IdConv): Hélios rejects "
            "the "
            "bordereau.",
      .remedy_fr = "Indiquez le numéro de convention donné par Hélios ; votre comptable peut vous le dire.",
      .remedy_en = "Give the convention number that Hélios assigned; your public accountant can tell it."},
     convention},
    {{.code = "pes.recette.retenue",
      .name = "pes.recette.retenue",
      .level = Level::piece,
      .severity = Severity::warning,
      .source = "VentilationMarche/RetenueRecupTVA; pes530 7.3",
      .title_fr = "La TVA d'une retenue récupérée n'est pas négative",
      .title_en = "The VAT of a recovered retention is not negative",
      .fr = "La TVA de la retenue de garantie récupérée (RetenueRecupTVA) ne peut être négative : {value}.",
      .en = "The VAT of the recovered retention (RetenueRecupTVA) cannot be negative: {value}.",
      .remedy_fr = "Corrigez la ventilation du marché dans votre logiciel financier.",
      .remedy_en = "Correct the distribution of the contract in your financial software.",
      .since = "5.30"},
     retenue},
    {{.code = "pes.recette.taux_tva",
      .name = "pes.recette.taux_tva",
      .level = Level::piece,
      .severity = Severity::info,
      .source = "TInfoLignePiece/TxTva (5.30)",
      .title_fr = "Une ligne avec TVA en dit le taux",
      .title_en = "A ligne with VAT says its rate",
      .fr = "La ligne porte {value} de TVA sans en dire le taux (TxTva).",
      .en = "The ligne carries {value} of VAT without its rate (TxTva).",
      .remedy_fr = "Renseignez le taux de TVA de la ligne dans votre logiciel financier.",
      .remedy_en = "Give the VAT rate of the ligne in your financial software."},
     taux_tva},
};

void typ_pce(const Comptable& titre, const RuleInfo& rule, Verdicts& out) {
  const auto typ = titre.typ_pce();
  if (typ == "08" || typ == "13") hit_value(out, rule, titre, titre.of(champ::typ_pce));
}

void role(const Comptable& titre, const RuleInfo& rule, Verdicts& out) {
  if (!titre.unit[id_rol].empty() && !titre.triplet().is("01", "06", "01"))
    hit(out, rule, titre, id_rol, titre.triplet().text(), same("01 06 01"));
}

void asp_before(const Comptable& of, FieldName field, const RuleInfo& rule, Verdicts& out) {
  if (of.bordereau == nullptr) return;
  const auto sent = rules::day(of.unit[field]);
  const auto emitted = rules::day((*of.bordereau)[champ::dte_bord]);
  if (!sent.empty() && !emitted.empty() && sent < emitted) hit_value(out, rule, of, field, same(emitted));
}

void asp_of_titre(const Comptable& titre, const RuleInfo& rule, Verdicts& out) {
  asp_before(titre, dte_asp, rule, out);
}

void asp_of_role(const Comptable& bordereau, const RuleInfo& rule, Verdicts& out) {
  asp_before(bordereau, dte_asp_bord, rule, out);
}

void period(const Comptable& titre, const RuleInfo& rule, Verdicts& out) {
  const auto from = rules::day(titre.unit[deb_fact]);
  const auto to = rules::day(titre.unit[fin_fact]);
  if (!from.empty() && !to.empty() && to < from) hit_value(out, rule, titre, fin_fact, same(from));
}

constexpr ComptableRow titre_rows[]{
    {{.code = "pes.recette.type",
      .name = "pes.recette.type",
      .level = Level::bordereau,
      .severity = Severity::error,
      .source = "helios P23; TBlocPiece/TypPce",
      .title_fr = "Le type de titre existe dans un flux aller",
      .title_en = "The type of titre exists in an outgoing flow",
      .fr =
          "Le type de titre « {value} » n'est pas possible dans un flux aller : Hélios rejette le bordereau.",
      .en = "The type of titre '{value}' is not possible in an outgoing flow: Hélios rejects the bordereau.",
      .remedy_fr = "Corrigez le type du titre dans votre logiciel financier.",
      .remedy_en = "Correct the type of the titre in your financial software."},
     typ_pce},
    {{.code = "pes.recette.role",
      .name = "pes.recette.role",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "helios P23; TBlocPiece/IdRol",
      .title_fr = "Un numéro de rôle (IdRol) n'est porté que par un titre récapitulatif avec rôle",
      .title_en = "Only a titre that sums up a role carries its number (IdRol)",
      .fr = "IdRol n'est admis que pour un titre {expected} ; celui-ci est {value}. Hélios rejette le "
            "bordereau.",
      .en =
          "IdRol is accepted for a titre {expected} only; this one is {value}. Hélios rejects the bordereau.",
      .remedy_fr = "Retirez le numéro de rôle, ou corrigez le type et la nature du titre.",
      .remedy_en = "Take the role number out, or correct type and nature of the titre."},
     role},
    {{.code = "pes.recette.dteasp",
      .name = "pes.recette.dteasp",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "TBlocPiece/DteAsp",
      .title_fr = "L'avis des sommes à payer part à la date d'émission du bordereau ou après",
      .title_en = "The avis des sommes à payer is sent on the day of the bordereau or later",
      .fr = "L'envoi de l'avis des sommes à payer (DteAsp {value}) précède l'émission du bordereau "
            "({expected}).",
      .en =
          "The avis des sommes à payer is sent (DteAsp {value}) before the bordereau is issued ({expected}).",
      .remedy_fr = "Corrigez la date d'envoi de l'avis dans votre logiciel financier.",
      .remedy_en = "Correct the date of the avis in your financial software."},
     asp_of_titre},
    {{.code = "pes.recette.periode",
      .name = "pes.recette.periode",
      .level = Level::piece,
      .severity = Severity::info,
      .source = "TBlocPiece/DebFact, FinFact",
      .title_fr = "La période de facturation finit après avoir commencé",
      .title_en = "The invoiced period ends after it begins",
      .fr = "La période de facturation finit le {value}, avant d'avoir commencé ({expected}).",
      .en = "The invoiced period ends on {value}, before it begins ({expected}).",
      .remedy_fr = "Corrigez la période facturée du titre dans votre logiciel financier.",
      .remedy_en = "Correct the invoiced period of the titre in your financial software."},
     period},
};

constexpr ComptableRow bordereau_rows[]{
    {{.code = "pes.recette.dteasp_role",
      .name = "pes.recette.dteasp_role",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "TBlocBordereau/DteAsp",
      .title_fr = "Les avis des sommes à payer d'un rôle partent à la date d'émission du bordereau ou après",
      .title_en = "The avis des sommes à payer of a role are sent on the day of the bordereau or later",
      .fr = "L'envoi des avis des sommes à payer (DteAsp {value}) précède l'émission du bordereau "
            "({expected}).",
      .en = "The avis des sommes à payer are sent (DteAsp {value}) before the bordereau is issued "
            "({expected}).",
      .remedy_fr = "Corrigez la date d'envoi des avis dans votre logiciel financier.",
      .remedy_en = "Correct the date of the avis in your financial software."},
     asp_of_role},
};

void origin(const Unit& recouvrement, const RuleInfo& rule, Verdicts& out) {
  if (recouvrement["TypFlux"_f] == "02") hit_value(out, rule, recouvrement, "TypFlux"_f, same("01"));
}

constexpr UnitRow recouvrement_rows[]{
    {{.code = "pes.recette.recouvrement",
      .name = "pes.recette.recouvrement",
      .level = Level::piece,
      .severity = Severity::warning,
      .source = "TRecouvrement/TypFlux",
      .title_fr = "Un recouvrement ne dit pas venir d'un centre d'encaissement",
      .title_en = "A recovery does not say that it comes from a collection centre",
      .fr =
          "TypFlux {value} est réservé à l'usage interne de la DGFiP ; un ordonnateur n'a pas à s'en servir.",
      .en = "TypFlux {value} is for the DGFiP's own use; an authority is not to use it.",
      .remedy_fr = "Retirez le bloc Recouvrement, ou signalez-le à l'éditeur de votre logiciel financier.",
      .remedy_en = "Take the block Recouvrement out, or tell the publisher of your financial software."},
     origin},
};

class Recette final : public rules::Family {
 public:
  void close(const Unit& unit, Verdicts& out) override {
    if (unit.domaine() != "PES_RecetteAller") return;
    prelevement_.look(unit, out);
    if (unit.kind == UnitKind::recouvrement) return out.judge(recouvrement_rows, unit);
    if (!comptable(unit)) return;
    const Comptable subject(unit);
    if (unit.kind == UnitKind::ligne) return out.judge(ligne_rows, subject);
    if (unit.kind == UnitKind::piece) return out.judge(titre_rows, subject);
    out.judge(bordereau_rows, subject);
  }

 private:
  Prelevement prelevement_;
};

}  // namespace

std::span<const RuleInfo* const> recette_rules() {
  static const auto all = [] {
    auto out = infos(bordereau_rows, titre_rows, ligne_rows, recouvrement_rows);
    const auto more = Prelevement::rules();
    out.insert(out.end(), more.begin(), more.end());
    return out;
  }();
  return all;
}

std::unique_ptr<rules::Family> recette_family() {
  return std::make_unique<Recette>();
}

}  // namespace demat::preflight
