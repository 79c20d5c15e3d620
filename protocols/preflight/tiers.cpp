#include "protocols/preflight/tiers.hpp"

#include <array>

#include "protocols/preflight/judging.hpp"
#include "protocols/rules/identifiers.hpp"
#include "protocols/rules/values.hpp"

/// The people and bodies of dépense and recette: who they are and by which number (helios P17, P19).
namespace demat::preflight {
namespace {

constexpr auto nature = "InfoTiers/NatIdTiers"_f;
constexpr auto number = "InfoTiers/IdTiers"_f;
constexpr auto category = "InfoTiers/CatTiers"_f;
constexpr auto civilite = "InfoTiers/Civilite"_f;
constexpr auto prenom = "InfoTiers/Prenom"_f;
constexpr auto born_in_france = "InfoTiers/LieuNaissance/NeEnFrance"_f;
constexpr auto departement = "InfoTiers/LieuNaissance/MetropoleDomCom/CodeDeptDomCom"_f;
constexpr auto commune = "InfoTiers/LieuNaissance/MetropoleDomCom/CodeCommune"_f;
constexpr auto birth_country = "InfoTiers/LieuNaissance/Etranger/CodePays"_f;
constexpr auto birth_country_name = "InfoTiers/LieuNaissance/Etranger/LibellePays"_f;

constexpr std::string_view natural_person = "01";
constexpr std::string_view nir = "04";

bool in_depense(const Unit& tiers) {
  return tiers.domaine() == "PES_DepenseAller";
}
bool person(const Unit& tiers) {
  return tiers[category] == natural_person;
}
bool category_known(const Unit& tiers) {
  return tiers.has(category);
}

/// Those that only natural persons have: NIR, IREP, NFP.
bool of_a_person(std::string_view kind) {
  return kind == nir || kind == "11" || kind == "12";
}

std::string shown_number(const Unit& tiers) {
  return rules::shown_identifier(tiers[number], of_a_person(tiers[nature]) || person(tiers));
}

/// What the header says, kept for the tiers that come later.
struct Header {
  bool fin_jur = false;  ///< carried by budgets of hospitals and medico-social bodies (M21, M22)
};

void p17(const Unit& tiers, const RuleInfo& rule, Verdicts& out) {
  if (!category_known(tiers)) return;
  for (const auto& [field, name] : {std::pair{civilite, "Civilite"}, std::pair{prenom, "Prenom"}}) {
    if (person(tiers) && tiers[field].empty())
      hit(out, rule, tiers, field, "CatTiers 01",
          {std::string(name) + " renseigné", std::string(name) + " filled in"});
    else if (in_depense(tiers) && !person(tiers) && tiers.has(field))
      hit(out, rule, tiers, field, "CatTiers " + std::string(tiers[category]),
          {"pas de " + std::string(name), "no " + std::string(name)});
  }
}

void mademoiselle(const Unit& tiers, const RuleInfo& rule, Verdicts& out) {
  std::string small(tiers[civilite]);
  for (auto& c : small)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if (small == "mlle" || small == "mlle." || small == "mademoiselle" || small == "melle")
    hit_value(out, rule, tiers, civilite, same("M, MR, MME…"));
}

struct Keyed {
  std::string_view nature;
  bool (*valid)(std::string_view);
  std::string_view fr, en;
};

constexpr std::array keyed{
    Keyed{"01", rules::siret_valid, "un SIRET : 14 chiffres, clé juste", "a SIRET: 14 digits, right key"},
    Keyed{"02", rules::siren_valid, "un SIREN : 9 chiffres, clé juste", "a SIREN: 9 digits, right key"},
    Keyed{"03", rules::finess_valid, "un FINESS : 9 caractères, clé juste",
          "a FINESS: 9 characters, right key"},
    Keyed{nir, rules::nir_valid, "un NIR : 15 caractères avec sa clé", "a NIR: 15 characters with its key"}};

void p19(const Unit& tiers, const RuleInfo& rule, Verdicts& out) {
  const auto id = tiers[number];
  if (id.empty()) return;
  for (const auto& one : keyed)
    if (tiers[nature] == one.nature && !one.valid(id))
      hit(out, rule, tiers, number, shown_number(tiers), {std::string(one.fr), std::string(one.en)});
}

bool digits_between(std::string_view id, std::size_t least, std::size_t most) {
  return all_digits(id) && id.size() >= least && id.size() <= most;
}

struct Formed {
  std::string_view nature;
  bool (*right)(std::string_view);
  std::string_view fr, en;
};

constexpr std::array formed{
    Formed{"05",
           [](std::string_view id) { return rules::characters(id) >= 4 && rules::characters(id) <= 18; },
           "numéro de TVA de 4 à 18 caractères", "VAT number of 4 to 18 characters"},
    Formed{"06", [](std::string_view id) { return rules::characters(id) <= 18; },
           "identifiant hors UE de 18 au plus", "identifier outside the EU of 18 at most"},
    Formed{"07", [](std::string_view id) { return id.size() == 9; }, "numéro TAHITI de 9 caractères",
           "TAHITI number of 9 characters"},
    Formed{"08", [](std::string_view id) { return digits_between(id, 9, 10); },
           "numéro RIDET de 9 ou 10 chiffres", "RIDET number of 9 or 10 digits"},
    Formed{"10", [](std::string_view id) { return id.starts_with("FRWF") && rules::characters(id) <= 18; },
           "FRWF puis 14 caractères au plus", "FRWF, then 14 characters at most"},
    Formed{"11",
           [](std::string_view id) {
             return id.size() >= 5 && rules::characters(id) <= 80 && all_digits(id.substr(0, 5));
           },
           "IREP de 80 au plus, commençant par 5 chiffres", "IREP of 80 at most, beginning with 5 digits"},
    Formed{"12", [](std::string_view id) { return digits_between(id, 13, 13); }, "NFP de 13 chiffres",
           "NFP of 13 digits"}};

void form(const Unit& tiers, const RuleInfo& rule, Verdicts& out) {
  const auto id = tiers[number];
  if (id.empty()) return;
  for (const auto& one : formed)
    if (tiers[nature] == one.nature && !one.right(id))
      hit(out, rule, tiers, number, shown_number(tiers), {std::string(one.fr), std::string(one.en)});
}

void tva(const Unit& tiers, const RuleInfo& rule, Verdicts& out) {
  if (tiers[nature] != "05" || tiers[number].empty()) return;
  if (!rules::tva_valid(tiers[number])) hit(out, rule, tiers, number, shown_number(tiers));
}

void number_with_nature(const Unit& tiers, const RuleInfo& rule, Verdicts& out) {
  if (tiers[number].empty() == tiers[nature].empty()) return;
  if (tiers[number].empty())
    hit(out, rule, tiers, nature, "NatIdTiers " + std::string(tiers[nature]), same("IdTiers"));
  else
    hit(out, rule, tiers, number, "IdTiers", same("NatIdTiers"));
}

void persons_only(const Unit& tiers, const RuleInfo& rule, Verdicts& out) {
  const auto kind = tiers[nature];
  if (of_a_person(kind) && category_known(tiers) && !person(tiers))
    hit(out, rule, tiers, nature,
        "NatIdTiers " + std::string(kind) + ", CatTiers " + std::string(tiers[category]),
        same("CatTiers 01"));
}

void nir_depense(const Unit& tiers, const RuleInfo& rule, Verdicts& out) {
  if (tiers[nature] != nir || !in_depense(tiers)) return;
  const auto* piece = tiers.enclosing(UnitKind::piece);
  if (piece == nullptr) return;
  const auto type = (*piece)["BlocPiece/InfoPce/TypPce"_f];
  const auto kind = (*piece)["BlocPiece/InfoPce/NatPce"_f];
  if (type != "02" || kind != "09")
    hit(out, rule, tiers, nature, "TypPce " + std::string(type) + ", NatPce " + std::string(kind),
        same("TypPce 02, NatPce 09"));
}

/// The insured debtor is said by the line (CodAssDeb 1) or by the type of the tiers (07 assuré).
void nir_recette(const Unit& tiers, const RuleInfo& rule, Verdicts& out) {
  if (tiers[nature] != nir || in_depense(tiers)) return;
  const auto* line = tiers.enclosing(UnitKind::ligne);
  const auto equal = line == nullptr ? std::string_view{} : (*line)["BlocLignePiece/InfoAssure/CodAssDeb"_f];
  if (tiers["InfoTiers/TypTiers"_f] == "07" || equal == "1") return;
  hit(out, rule, tiers, nature, "CodAssDeb " + std::string(equal.empty() ? "-" : equal),
      same("CodAssDeb 1 / TypTiers 07"));
}

void nir_hospital(const Unit& tiers, const RuleInfo& rule, Verdicts& out) {
  if (tiers[nature] == nir && !out.memory<Header>().fin_jur) hit(out, rule, tiers, nature, "NatIdTiers 04");
}

void employer(const Unit& tiers, const RuleInfo& rule, Verdicts& out) {
  if (!in_depense(tiers) && tiers["InfoTiers/TypTiers"_f] == "05" && !out.memory<Header>().fin_jur)
    hit(out, rule, tiers, "InfoTiers/TypTiers"_f, "TypTiers 05");
}

void birth(const Unit& tiers, const RuleInfo& rule, Verdicts& out) {
  if (in_depense(tiers) || !category_known(tiers) || person(tiers)) return;
  const auto value = "CatTiers " + std::string(tiers[category]);
  if (tiers.has("InfoTiers/DteNaissance"_f))
    hit(out, rule, tiers, "InfoTiers/DteNaissance"_f, value, same("CatTiers 01"));
  if (tiers.has(born_in_france)) hit(out, rule, tiers, born_in_france, value, same("CatTiers 01"));
}

void birth_place(const Unit& tiers, const RuleInfo& rule, Verdicts& out) {
  if (!tiers.has(born_in_france)) return;
  const bool abroad = tiers.has(birth_country) || tiers.has(birth_country_name);
  const bool at_home = tiers.has(departement) || tiers.has(commune);
  if (yes(tiers[born_in_france]) && abroad)
    hit(out, rule, tiers, born_in_france, "NeEnFrance 1, Etranger", same("MetropoleDomCom"));
  if (no(tiers[born_in_france]) && at_home)
    hit(out, rule, tiers, born_in_france, "NeEnFrance 0, MetropoleDomCom", same("Etranger"));
}

/// Two characters of département and three of commune, or three and two overseas.
void birth_code(const Unit& tiers, const RuleInfo& rule, Verdicts& out) {
  const auto where = tiers[departement];
  const auto town = tiers[commune];
  if (where.empty()) return;
  if (where == "00" || where == "20")
    hit_value(out, rule, tiers, departement, same("01–95, 2A, 2B, 97x, 98x"));
  else if (!town.empty() && where.size() + town.size() != 5)
    hit(out, rule, tiers, commune, std::string(where) + " " + std::string(town),
        {"5 caractères en tout", "5 characters in all"});
}

void patient(const Unit& tiers, const RuleInfo& rule, Verdicts& out) {
  if (in_depense(tiers) || tiers["InfoTiers/TypTiers"_f] != "01" || !category_known(tiers) || person(tiers))
    return;
  const auto* piece = tiers.enclosing(UnitKind::piece);
  if (piece == nullptr || (*piece)["BlocPiece/Edition"_f] != "05") return;
  hit(out, rule, tiers, category, "CatTiers " + std::string(tiers[category]), same("CatTiers 01"));
}

constexpr UnitRow rows[] = {
    {{.code = "pes.p17",
      .name = "P17",
      .level = Level::bordereau,
      .source = "helios P17; TInfoTiersDepense et TInfoTiersRecette/Civilite, Prenom",
      .title_fr = "Une personne physique a civilité et prénom ; en dépense, les autres tiers n'en ont pas",
      .title_en = "A natural person has civility and first name; in dépense the other tiers have none",
      .fr = "Pour ce tiers ({value}), attendu : {expected}.",
      .en = "For this tiers ({value}), expected: {expected}.",
      .remedy_fr = "Corriger la catégorie, la civilité ou le prénom dans la fiche du tiers.",
      .remedy_en = "Correct the category, the civility or the first name in the record of the tiers."},
     p17},
    {{.code = "pes.tiers.mademoiselle",
      .name = "pes.tiers.mademoiselle",
      .level = Level::bordereau,
      .source = "TInfoTiersDepense et TInfoTiersRecette/Civilite",
      .title_fr = "La civilité Mademoiselle n'existe plus",
      .title_en = "The civility Mademoiselle does not exist any more",
      .fr = "La civilité « {value} » n'est plus admise ({expected}).",
      .en = "The civility \"{value}\" is not admitted any more ({expected}).",
      .remedy_fr = "Remplacer la civilité par Madame dans la fiche du tiers.",
      .remedy_en = "Replace the civility by Madame in the record of the tiers."},
     mademoiselle},
    {{.code = "pes.p19",
      .name = "P19",
      .level = Level::bordereau,
      .source = "helios P19; TInfoTiersDepense et TInfoTiersRecette/IdTiers",
      .title_fr = "SIRET, SIREN, FINESS et NIR ont leur longueur et leur clé",
      .title_en = "SIRET, SIREN, FINESS and NIR have their length and their key",
      .fr = "L'identifiant du tiers « {value} » n'est pas valide ; attendu : {expected}.",
      .en = "The identifier of the tiers \"{value}\" is not valid; expected: {expected}.",
      .remedy_fr = "Vérifier l'identifiant du tiers (annuaire des entreprises pour un SIRET) ou sa nature.",
      .remedy_en =
          "Check the identifier of the tiers (the register of companies for a SIRET) or its nature."},
     p19},
    {{.code = "pes.tiers.format",
      .name = "pes.tiers.format",
      .level = Level::bordereau,
      .source = "TInfoTiersDepense et TInfoTiersRecette/IdTiers",
      .title_fr = "Les autres identifiants ont la forme de leur nature (TVA, hors UE, TAHITI, RIDET, FRWF, "
                  "IREP, NFP)",
      .title_en =
          "The other identifiers have the form of their nature (VAT, non EU, TAHITI, RIDET, FRWF, IREP, NFP)",
      .fr = "L'identifiant du tiers « {value} » n'a pas la forme attendue : {expected}.",
      .en = "The identifier of the tiers \"{value}\" has not the form expected: {expected}.",
      .remedy_fr = "Corriger l'identifiant du tiers ou sa nature (NatIdTiers).",
      .remedy_en = "Correct the identifier of the tiers or its nature (NatIdTiers)."},
     form},
    {{.code = "pes.tiers.tva",
      .name = "pes.tiers.tva",
      .level = Level::bordereau,
      .severity = Severity::info,
      .source = "TInfoTiersDepense et TInfoTiersRecette/IdTiers ; formes publiées par l'Union européenne",
      .title_fr = "Un numéro de TVA intracommunautaire a la forme de son pays",
      .title_en = "An intra-Community VAT number has the form of its country",
      .fr = "Le numéro de TVA « {value} » n'a pas la forme de son pays, ou sa clé est fausse.",
      .en = "The VAT number \"{value}\" has not the form of its country, or its key is wrong.",
      .remedy_fr = "Vérifier le numéro de TVA auprès du tiers.",
      .remedy_en = "Check the VAT number with the tiers."},
     tva},
    {{.code = "pes.tiers.nature",
      .name = "pes.tiers.nature",
      .level = Level::bordereau,
      .source = "TInfoTiersDepense et TInfoTiersRecette/IdTiers ; TInfoTiersRecette/NatIdTiers",
      .title_fr = "L'identifiant d'un tiers va avec sa nature, et l'inverse",
      .title_en = "The identifier of a tiers goes with its nature, and the other way round",
      .fr = "{value} est renseigné sans {expected}.",
      .en = "{value} is filled in without {expected}.",
      .remedy_fr = "Renseigner les deux, ou aucun des deux, dans la fiche du tiers.",
      .remedy_en = "Fill in both, or neither, in the record of the tiers."},
     number_with_nature},
    {{.code = "pes.tiers.personne_physique",
      .name = "pes.tiers.personne_physique",
      .level = Level::bordereau,
      .source = "TInfoTiersDepense et TInfoTiersRecette/IdTiers",
      .title_fr = "NIR, NFP et IREP sont réservés aux personnes physiques",
      .title_en = "NIR, NFP and IREP are for natural persons only",
      .fr = "{value} : cet identifiant est réservé aux personnes physiques ({expected}).",
      .en = "{value}: this identifier is for natural persons only ({expected}).",
      .remedy_fr = "Corriger la catégorie du tiers, ou l'identifier par son SIRET.",
      .remedy_en = "Correct the category of the tiers, or identify it by its SIRET."},
     persons_only},
    {{.code = "pes.tiers.nir_depense",
      .name = "pes.tiers.nir_depense",
      .level = Level::bordereau,
      .source = "TInfoTiersDepense/IdTiers",
      .title_fr = "En dépense, le NIR ne va qu'avec un mandat correctif annulant un titre",
      .title_en = "In dépense the NIR goes only with a corrective mandat that cancels a titre",
      .fr = "Un numéro de sécurité sociale n'est pas admis sur ce mandat ({value} ; admis : {expected}).",
      .en = "A social security number is not admitted on this mandat ({value}; admitted: {expected}).",
      .remedy_fr = "Ne pas transmettre le NIR de ce tiers.",
      .remedy_en = "Do not transmit the NIR of this tiers."},
     nir_depense},
    {{.code = "pes.tiers.nir_recette",
      .name = "pes.tiers.nir_recette",
      .level = Level::bordereau,
      .source = "TInfoTiersRecette/IdTiers",
      .title_fr = "En recette, le NIR ne va qu'avec l'assuré",
      .title_en = "In recette the NIR goes only with the insured person",
      .fr = "Un numéro de sécurité sociale n'est admis que pour l'assuré ({value} ; attendu : {expected}).",
      .en =
          "A social security number is admitted for the insured person only ({value}; expected: {expected}).",
      .remedy_fr = "Corriger le code égalité assuré-débiteur ou le type du tiers, ou retirer le NIR.",
      .remedy_en =
          "Correct the code of equality insured-debtor or the type of the tiers, or take the NIR out."},
     nir_recette},
    {{.code = "pes.tiers.nir_hospitalier",
      .name = "pes.tiers.nir_hospitalier",
      .level = Level::bordereau,
      .severity = Severity::info,
      .source = "TInfoTiersDepense et TInfoTiersRecette/IdTiers ; la nomenclature se devine à FinJur",
      .title_fr = "Le NIR est réservé au domaine hospitalier (M21, M22)",
      .title_en = "The NIR is for hospitals and medico-social bodies only (M21, M22)",
      .fr = "{value} alors que l'en-tête n'a pas de FINESS juridique (FinJur) : hors M21 et M22, Hélios "
            "rejette.",
      .en = "{value} while the header has no legal FINESS (FinJur): outside M21 and M22 Hélios rejects.",
      .remedy_fr = "Retirer le NIR si le budget ne relève pas de l'instruction M21 ou M22.",
      .remedy_en = "Take the NIR out if the budget does not follow instruction M21 or M22."},
     nir_hospital},
    {{.code = "pes.tiers.employeur",
      .name = "pes.tiers.employeur",
      .level = Level::bordereau,
      .severity = Severity::info,
      .source = "TInfoTiersRecette/TypTiers ; la nomenclature se devine à FinJur",
      .title_fr = "Le type de tiers Employeur est réservé au domaine hospitalier",
      .title_en = "The type of tiers Employer is for hospitals only",
      .fr = "{value} (employeur) alors que l'en-tête n'a pas de FINESS juridique (FinJur).",
      .en = "{value} (employer) while the header has no legal FINESS (FinJur).",
      .remedy_fr = "Choisir un autre type de tiers si le budget n'est pas hospitalier.",
      .remedy_en = "Choose another type of tiers if the budget is not a hospital's."},
     employer},
    {{.code = "pes.tiers.naissance",
      .name = "pes.tiers.naissance",
      .level = Level::bordereau,
      .source = "TInfoTiersRecette/DteNaissance, LieuNaissance",
      .title_fr = "Date et lieu de naissance ne vont qu'avec une personne physique",
      .title_en = "Date and place of birth go with a natural person only",
      .fr = "Naissance renseignée pour un tiers qui n'est pas une personne physique ({value} ; attendu : "
            "{expected}).",
      .en = "Birth filled in for a tiers that is not a natural person ({value}; expected: {expected}).",
      .remedy_fr = "Retirer la naissance, ou corriger la catégorie du tiers.",
      .remedy_en = "Take the birth out, or correct the category of the tiers."},
     birth},
    {{.code = "pes.tiers.lieu_naissance",
      .name = "pes.tiers.lieu_naissance",
      .level = Level::bordereau,
      .source = "TLieuNaissance/MetropoleDomCom, Etranger",
      .title_fr = "Le lieu de naissance est en France ou à l'étranger, comme le dit NeEnFrance",
      .title_en = "The place of birth is in France or abroad, as NeEnFrance says",
      .fr = "{value} se contredisent ; attendu : {expected}.",
      .en = "{value} contradict each other; expected: {expected}.",
      .remedy_fr = "Corriger le lieu de naissance dans la fiche du tiers.",
      .remedy_en = "Correct the place of birth in the record of the tiers."},
     birth_place},
    {{.code = "pes.tiers.code_naissance",
      .name = "pes.tiers.code_naissance",
      .level = Level::bordereau,
      .source = "TMetropoleDomCom/CodeDeptDomCom, CodeCommune",
      .title_fr = "Les codes INSEE du lieu de naissance font cinq caractères à eux deux",
      .title_en = "The INSEE codes of the place of birth have five characters together",
      .fr = "Le lieu de naissance « {value} » n'est pas un code INSEE ({expected}).",
      .en = "The place of birth \"{value}\" is not an INSEE code ({expected}).",
      .remedy_fr = "Corriger le département ou la commune de naissance (2 + 3 caractères, 3 + 2 outre-mer).",
      .remedy_en = "Correct the département or the commune of birth (2 + 3 characters, 3 + 2 overseas)."},
     birth_code},
    {{.code = "pes.tiers.patient",
      .name = "pes.tiers.patient",
      .level = Level::bordereau,
      .source = "TInfoTiersRecette/CatTiers",
      .title_fr = "Le débiteur principal d'un avis des sommes à payer Patients est une personne physique",
      .title_en = "The main debtor of an ASAP Patients is a natural person",
      .fr = "Édition 05 (Patients) : le débiteur principal est {value} au lieu de {expected}.",
      .en = "Edition 05 (Patients): the main debtor is {value} instead of {expected}.",
      .remedy_fr = "Corriger la catégorie du débiteur, ou choisir une autre édition.",
      .remedy_en = "Correct the category of the debtor, or choose another edition."},
     patient}};

class Tiers final : public rules::Family {
 public:
  void close(const Unit& unit, Verdicts& out) override {
    if (unit.kind == UnitKind::entete && unit.has("FinJur"_f)) out.memory<Header>().fin_jur = true;
    if (unit.kind != UnitKind::tiers || unit.domaine() == "PES_Facture") return;
    out.judge(rows, unit);
  }
};

}  // namespace

std::span<const RuleInfo* const> tiers_rules() {
  static const auto all = infos(rows);
  return all;
}

std::unique_ptr<rules::Family> tiers_family() {
  return std::make_unique<Tiers>();
}

}  // namespace demat::preflight
