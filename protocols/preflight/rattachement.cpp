#include "protocols/preflight/rattachement.hpp"

#include <array>

#include "protocols/preflight/comptable.hpp"

namespace demat::preflight {
namespace {

constexpr auto nature = "BlocLignePiece/RattachPiece/NatPceOrig"_f;
constexpr auto exercice = "BlocLignePiece/RattachPiece/ExerRat"_f;
constexpr auto piece = "BlocLignePiece/RattachPiece/IdPceOrig"_f;
constexpr auto ligne = "BlocLignePiece/RattachPiece/IdLigneOrig"_f;

bool given(const Unit& unit) {
  return unit.has(nature) || unit.has(exercice) || unit.has(piece) || unit.has(ligne);
}

/// Corrections, which name what they correct.
bool correction(const Comptable& of) {
  const auto t = of.triplet();
  if (t.is("02", "02", "06") || t.is("02", "02", "10") || t.is("01", "02", "09")) return true;
  return of.recette ? t.is("01", "14", "01") : t.is("01", "13", "01");
}

void complete(const Comptable& of, const RuleInfo& rule, Verdicts& out) {
  if (!correction(of)) return;
  struct Part {
    FieldName field;
    std::string_view name;
  };
  std::string missing;
  for (const auto& part : {Part{nature, "NatPceOrig"}, Part{exercice, "ExerRat"}, Part{piece, "IdPceOrig"},
                           Part{ligne, "IdLigneOrig"}}) {
    if (of.unit[part.field].empty()) missing += (missing.empty() ? "" : ", ") + std::string(part.name);
  }
  if (!missing.empty()) hit(out, rule, of, nature, of.triplet().text(), same(missing));
}

/// Natures that the triplet allows; empty where the texts say nothing.
std::string_view natures_of_mandat(const Triplet& t) {
  if (t.pce == "05") return "03";
  if (t.pce == "09") return t.is("01", "09", "01") ? "03 05" : "03";
  if (t.is("01", "07", "01")) return "04";
  if (t.is("01", "01", "01")) return "05";
  return {};
}

void nature_of_mandat(const Comptable& of, const RuleInfo& rule, Verdicts& out) {
  if (of.recette || !given(of.unit)) return;
  const auto allowed = correction(of) ? std::string_view("01 02") : natures_of_mandat(of.triplet());
  const auto found = of.unit[nature];
  if (!allowed.empty() && !found.empty() && allowed.find(found) == std::string_view::npos)
    hit_value(out, rule, of, nature, same(allowed));
}

void nature_of_titre(const Comptable& of, const RuleInfo& rule, Verdicts& out) {
  const auto found = of.unit[nature];
  if (!of.recette || found.empty()) return;
  if (correction(of)) {
    if (found != "01" && found != "02") hit_value(out, rule, of, nature, same("01 02"));
  } else if (found == "04" || (found == "03" && of.typ_pce() != "05")) {
    hit_value(out, rule, of, nature, of.typ_pce() == "05" ? same("03") : same("01, 02"));
  }
}

void majoration(const Comptable& of, const RuleInfo& rule, Verdicts& out) {
  if (of.recette && of.unit[nature] == "05" && !of.triplet().is("01", "09", "01"))
    hit(out, rule, of, nature, of.triplet().text(), same("01 09 01"));
}

void number_of_ligne(const Comptable& of, const RuleInfo& rule, Verdicts& out) {
  const auto found = of.unit[nature];
  const auto number = of.unit[ligne];
  const bool numbered = rules::whole(number).value_or(0) > 0;
  const bool wanted = found == "01" || found == "02" || (!of.recette && found == "05");
  const bool barred = found == "03" || found == "04" || (of.recette && found == "05");
  if (wanted && !numbered && !(number.empty() && correction(of)))
    hit_found(out, rule, of, ligne, {"un numéro de ligne, 1 ou plus", "a ligne number, 1 or more"});
  else if (barred && numbered)
    hit_found(out, rule, of, ligne, {"0, ou pas de balise", "0, or no element"});
}

void year(const Comptable& of, const RuleInfo& rule, Verdicts& out) {
  const auto origin = rules::whole(of.unit[exercice]);
  const auto here = rules::whole(of.exer());
  if (!origin || !here) return;
  const auto t = of.triplet();
  if (t.is("02", "02", "06") && *origin != *here)
    hit_value(out, rule, of, exercice, same(of.exer()));
  else if (t.is("01", "02", "09") && *origin >= *here)
    hit_value(out, rule, of, exercice, same("< " + std::string(of.exer())));
}

constexpr ComptableRow rows[]{
    {{.code = "pes.p20",
      .name = "P20",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "helios P20; TRattachPiece/NatPceOrig",
      .title_fr = "Une pièce de correction dit entièrement ce qu'elle corrige (RattachPiece)",
      .title_en = "A correcting pièce says in full what it corrects (RattachPiece)",
      .fr = "La combinaison {value} est une correction : le bloc RattachPiece doit être complet, il y manque "
            ": {expected}. Hélios rejette le bordereau.",
      .en = "The combination {value} is a correction: the block RattachPiece must be complete, it lacks: "
            "{expected}. Hélios rejects the bordereau.",
      .remedy_fr = "Rattachez la pièce à celle qu'elle corrige (exercice, numéro de pièce, numéro de ligne).",
      .remedy_en = "Attach the pièce to the one it corrects (exercice, number of pièce, number of ligne)."},
     complete},
    {{.code = "pes.depense.rattachement",
      .name = "pes.depense.rattachement",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "helios P20; NS_Depense TRattachPiece/NatPceOrig; pes530 6",
      .title_fr = "La nature de la pièce d'origine va avec le mandat",
      .title_en = "The nature of the original pièce goes with the mandat",
      .fr = "La nature de la pièce d'origine (NatPceOrig « {value} ») ne va pas avec ce mandat. Attendu : "
            "{expected}.",
      .en = "The nature of the original pièce (NatPceOrig '{value}') does not go with this mandat. Expected: "
            "{expected}.",
      .remedy_fr = "Corrigez le rattachement du mandat dans votre logiciel financier.",
      .remedy_en = "Correct what the mandat is attached to in your financial software."},
     nature_of_mandat},
    {{.code = "pes.recette.rattachement",
      .name = "pes.recette.rattachement",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "helios P20; NS_Recette TRattachPiece/NatPceOrig",
      .title_fr = "La nature de la pièce d'origine va avec le titre",
      .title_en = "The nature of the original pièce goes with the titre",
      .fr = "La nature de la pièce d'origine (NatPceOrig « {value} ») ne va pas avec ce titre. Attendu : "
            "{expected}.",
      .en = "The nature of the original pièce (NatPceOrig '{value}') does not go with this titre. Expected: "
            "{expected}.",
      .remedy_fr = "Corrigez le rattachement du titre dans votre logiciel financier.",
      .remedy_en = "Correct what the titre is attached to in your financial software."},
     nature_of_titre},
    {{.code = "pes.recette.liste_majoration",
      .name = "pes.recette.liste_majoration",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "NS_Recette TRattachPiece/NatPceOrig, TNatPceOrig; pes530 2",
      .title_fr = "Une liste de majoration (NatPceOrig 05) n'est l'origine que d'un titre de majoration",
      .title_en = "A list of surcharges (NatPceOrig 05) is the origin of a surcharge titre only",
      .fr = "NatPceOrig 05 (liste de majoration) n'est admis qu'avec {expected} ; ce titre est {value}.",
      .en = "NatPceOrig 05 (list of surcharges) is accepted with {expected} only; this titre is {value}.",
      .remedy_fr = "Corrigez le type du titre ou son rattachement dans votre logiciel financier.",
      .remedy_en = "Correct the type of the titre or what it is attached to in your financial software.",
      .until = "5.29"},
     majoration},
    {{.code = "pes.rattachement.ligne",
      .name = "pes.rattachement.ligne",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "helios P20; TRattachPiece/IdLigneOrig",
      .title_fr = "Le numéro de ligne d'origine va avec la nature de la pièce d'origine",
      .title_en = "The original ligne number goes with the nature of the original pièce",
      .fr = "Le numéro de ligne d'origine (IdLigneOrig : {value}) ne va pas avec la nature de la pièce "
            "d'origine. Attendu : {expected}.",
      .en = "The original ligne number (IdLigneOrig: {value}) does not go with the nature of the original "
            "pièce. Expected: {expected}.",
      .remedy_fr = "Corrigez le rattachement de la pièce dans votre logiciel financier.",
      .remedy_en = "Correct what the pièce is attached to in your financial software."},
     number_of_ligne},
    {{.code = "pes.rattachement.exercice",
      .name = "pes.rattachement.exercice",
      .level = Level::bordereau,
      .severity = Severity::warning,
      .source = "helios 4.5; TRattachPiece/ExerRat",
      .title_fr = "L'exercice d'origine va avec le genre de correction",
      .title_en = "The original exercice goes with the kind of correction",
      .fr = "L'exercice de la pièce d'origine (ExerRat) est {value} ; pour cette correction il doit être "
            "{expected}.",
      .en = "The exercice of the original pièce (ExerRat) is {value}; for this correction it must be "
            "{expected}.",
      .remedy_fr =
          "Une annulation dans l'exercice (02 02 06) cite le même exercice, une annulation sur exercice "
          "clos (01 02 09) un exercice antérieur : corrigez l'un ou l'autre.",
      .remedy_en =
          "A cancellation within the exercice (02 02 06) names the same one, one on a closed exercice "
          "(01 02 09) an earlier one: correct either."},
     year},
};

class Rattachement final : public rules::Family {
 public:
  void close(const Unit& unit, Verdicts& out) override {
    if (unit.kind == UnitKind::ligne && comptable(unit)) out.judge(rows, Comptable(unit));
  }
};

}  // namespace

std::span<const RuleInfo* const> rattachement_rules() {
  static const auto all = infos(rows);
  return all;
}

std::unique_ptr<rules::Family> rattachement_family() {
  return std::make_unique<Rattachement>();
}

}  // namespace demat::preflight
