#include "protocols/preflight/ref_compta.hpp"

#include <algorithm>
#include <array>

#include "protocols/rules/identifiers.hpp"

namespace demat::preflight {
namespace {

constexpr auto domaine = "Domaine"_f;
constexpr auto exercice = "Exercice"_f;
constexpr auto objet = "TypeObjet"_f;
constexpr auto identifiant = "Identifiant"_f;
constexpr auto complement = "ComplementIdentifiant"_f;

constexpr std::string_view depense = "01";
constexpr std::string_view recette = "02";
constexpr std::string_view budget = "04";
constexpr std::string_view marche = "06";

std::string_view type_of(const Unit& reference) {
  const auto* pj = reference.enclosing(UnitKind::pj);
  return pj == nullptr ? std::string_view{} : (*pj)["TypePJ"_f];
}

/// Of the CFU, the single financial account.
bool cfu(std::string_view type) {
  return type == "012" || type == "013";
}

/// `word` among words separated by blanks.
bool among(std::string_view word, std::string_view words) {
  for (std::size_t at = 0; at < words.size(); at += word.size() + 1)
    if (words.substr(at, word.size()) == word) return true;
  return false;
}

std::string two(std::string_view a, std::string_view x, std::string_view b, std::string_view y) {
  return std::string(a) + " " + std::string(x) + ", " + std::string(b) + " " + std::string(y);
}

struct TypesOf {
  std::string_view domaine, types;
};
constexpr std::array types_of_domaine{TypesOf{depense, "003 004 005 006"},
                                      TypesOf{recette, "002 006 007 008 010 011 014"},
                                      TypesOf{budget, "001 012 013"}, TypesOf{marche, "009"}};

void p12(const Unit& reference, const RuleInfo& rule, Verdicts& out) {
  const auto type = type_of(reference);
  if (type.empty()) return;
  for (const auto& one : types_of_domaine)
    if (reference[domaine] == one.domaine && !among(type, one.types))
      hit(out, rule, reference, domaine, two("TypePJ", type, "Domaine", one.domaine),
          same("TypePJ " + std::string(one.types)));
}

void known_domaine(const Unit& reference, const RuleInfo& rule, Verdicts& out) {
  if (reference.has(domaine) && !among(reference[domaine], "01 02 04 06"))
    hit_value(out, rule, reference, domaine);
}

struct ObjectsOf {
  std::string_view domaine, objects;
};
/// Types of bordereau, of budget document, natures of contract.
constexpr std::array objects_of_domaine{ObjectsOf{depense, "01 02 03 04"}, ObjectsOf{recette, "01 02 03 06"},
                                        ObjectsOf{budget, "01 02 03 10"},
                                        ObjectsOf{marche, "01 02 03 04 05 06 07"}};

/// For a recette, which types go with ordinary titres and which with ORMC. 006 goes with both: the ASAP of
/// an ORMC is one too (pes530 §7.2).
Words objects_of_type(std::string_view where, std::string_view type) {
  if (where == recette && among(type, "007 010")) return same("06");
  if (where == recette && type == "002") return same("01 02 03");
  if (where == budget && cfu(type)) return same("10");
  if (where == budget && type == "001") return same("01 02 03");
  return {};
}

void type_objet(const Unit& reference, const RuleInfo& rule, Verdicts& out) {
  const auto where = reference[domaine];
  const auto what = reference[objet];
  if (what.empty()) return;
  const auto value = two("Domaine", where, "TypeObjet", what);
  for (const auto& one : objects_of_domaine)
    if (where == one.domaine && !among(what, one.objects))
      return hit(out, rule, reference, objet, value, same("TypeObjet " + std::string(one.objects)));
  const auto type = type_of(reference);
  const auto wanted = objects_of_type(where, type);
  if (!wanted.fr.empty() && !among(what, wanted.fr))
    hit(out, rule, reference, objet, two("TypePJ", type, "TypeObjet", what), same("TypeObjet " + wanted.fr));
}

bool contract_number(std::string_view text) {
  constexpr std::size_t year = 4;
  if (text.size() < 5 || text.size() > 14 || !all_digits(text.substr(0, year))) return false;
  return text.substr(0, year) >= "2000" && text.substr(0, year) <= "2050";
}

struct Wanted {
  bool right;
  std::string_view fr, en;
};

Wanted identifiant_of(const Unit& reference) {
  const auto where = reference[domaine];
  const auto text = reference[identifiant];
  if (where == marche)
    return {contract_number(text), "l'IdContrat : année puis référence, 5 à 14 caractères",
            "the IdContrat: year, then reference, 5 to 14 characters"};
  if (where == depense || where == recette)
    return {all_digits(text), "le numéro de la pièce ou du rôle", "the number of the pièce or of the rôle"};
  if (where != budget) return {true, {}, {}};
  if (cfu(type_of(reference)))
    return {text == reference[exercice], "l'exercice du CFU", "the year of the CFU"};
  if (reference[objet] == "01" || reference[objet] == "03") return {text == "1", "1", "1"};
  return {all_digits(text), "le numéro de la décision modificative", "the number of the decision"};
}

void wrong_identifiant(const Unit& reference, const RuleInfo& rule, Verdicts& out) {
  const auto text = reference[identifiant];
  if (text.empty())
    return hit(out, rule, reference, identifiant, {}, {"Identifiant renseigné", "Identifiant filled in"});
  if (const auto wanted = identifiant_of(reference); !wanted.right)
    hit_value(out, rule, reference, identifiant, {std::string(wanted.fr), std::string(wanted.en)});
}

void wrong_complement(const Unit& reference, const RuleInfo& rule, Verdicts& out) {
  if (!reference.has(complement)) return;
  const auto where = reference[domaine];
  const auto text = reference[complement];
  if (where == marche && !rules::siret_valid(text))
    hit(out, rule, reference, complement, rules::shown_identifier(text),
        {"le SIRET de l'acheteur", "the SIRET of the buyer"});
  const bool line =
      !text.empty() && all_digits(text) && text.find_first_not_of('0') != std::string_view::npos;
  if ((where == depense || where == recette) && !line)
    hit_value(out, rule, reference, complement,
              {"un numéro de ligne, 1 au moins, ou rien", "a number of line, 1 at least, or nothing"});
}

constexpr UnitRow rows[] = {
    {{.code = "pes.pj.domaine",
      .name = "pes.pj.domaine",
      .level = Level::pj,
      .source = "TPES_RefCompta/Domaine",
      .title_fr = "Une référence comptable est de dépense, de recette, de budget ou de marché",
      .title_en = "A reference is of dépense, recette, budget or marché",
      .fr = "Le domaine « {value} » n'est pas admis : Hélios rejette la pièce jointe.",
      .en = "The domain \"{value}\" is not admitted: Hélios rejects the attachment.",
      .remedy_fr = "Mettre 01 (dépense), 02 (recette), 04 (budget) ou 06 (marché).",
      .remedy_en = "Put 01 (dépense), 02 (recette), 04 (budget) or 06 (marché)."},
     known_domaine},
    {{.code = "pes.pj.type_objet",
      .name = "pes.pj.type_objet",
      .level = Level::pj,
      .source = "TPES_RefCompta/TypeObjet; pes530 5",
      .title_fr = "Le type d'objet d'une référence comptable va avec son domaine et le type de la PJ",
      .title_en = "The type of object of a reference goes with its domain and the type of the attachment",
      .fr = "{value} ; attendu : {expected}.",
      .en = "{value}; expected: {expected}.",
      .remedy_fr = "Corriger le type d'objet de la référence comptable.",
      .remedy_en = "Correct the type of object of the reference."},
     type_objet},
    {{.code = "pes.pj.identifiant",
      .name = "pes.pj.identifiant",
      .level = Level::pj,
      .source = "TPES_RefCompta/Identifiant",
      .title_fr = "Une référence comptable porte l'identifiant de ce qu'elle désigne",
      .title_en = "A reference carries the identifier of what it points to",
      .fr = "L'identifiant « {value} » de la référence comptable ne convient pas ; attendu : {expected}.",
      .en = "The identifier \"{value}\" of the reference does not do; expected: {expected}.",
      .remedy_fr = "Renseigner le numéro du mandat, du titre, du document budgétaire ou du marché.",
      .remedy_en = "Fill in the number of the mandat, titre, budget document or contract."},
     wrong_identifiant},
    {{.code = "pes.pj.complement",
      .name = "pes.pj.complement",
      .level = Level::pj,
      .source = "TPES_RefCompta/ComplementIdentifiant",
      .title_fr =
          "Le complément d'une référence est un numéro de ligne, ou le SIRET de l'acheteur d'un marché",
      .title_en =
          "The complement of a reference is a number of line, or the SIRET of the buyer of a contract",
      .fr = "Le complément « {value} » ne convient pas ; attendu : {expected}.",
      .en = "The complement \"{value}\" does not do; expected: {expected}.",
      .remedy_fr = "Corriger ou retirer le complément d'identifiant.",
      .remedy_en = "Correct or take out the complement."},
     wrong_complement}};

constexpr UnitRow type_rows[] = {{p12_rule, p12}};

}  // namespace

std::vector<const RuleInfo*> ref_compta_rules() {
  return infos(rows);
}

void judge_ref_compta(const Unit& reference, Verdicts& out) {
  ++out.memory<RefComptaSeen>().count;
  out.judge(type_rows, reference);
  out.judge(rows, reference);
}

}  // namespace demat::preflight
