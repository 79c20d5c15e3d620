#include <algorithm>
#include <array>
#include <cmath>

#include "protocols/preflight/facture_rules.hpp"
#include "protocols/rules/identifiers.hpp"

/// Electronic invoices, types 12 and 13: the file of the invoice (pes530 §8).
namespace demat::preflight {
namespace {

constexpr auto number = "NumeroFacture"_f;
constexpr auto seller = "DossierFElectronique/VendeurGestionnaire/IdentifiantSIRET"_f;
constexpr auto beneficiary = "DossierFElectronique/VendeurBeneficiaire/IdentifiantSIRET"_f;
constexpr auto buyer = "DossierFElectronique/Acheteur/IdentifiantSIRET"_f;
constexpr auto carer = "DossierPatient/EtabSoins/SiretEtabSoins"_f;

bool has_file(const Unit& facture) {
  return facture.has(seller) || facture.has(beneficiary) || facture.has(buyer);
}

std::string of_type(const Unit& facture) {
  return "TypeFact " + std::string(type_of_facture(facture));
}

/// The names of the fields of the lines of one of the two sellers.
struct LineNames {
  FieldName quantity1, quantity2, price, base, discount, order, ht, code, rate, reason;
};
constexpr LineNames line_names(std::string_view who) {
  const auto line = below(rules::hashed(who, rules::hashed("DossierFElectronique/")), "LigneFElectronique");
  return {below(line, "Quantite1"),  below(line, "Quantite2"),   below(line, "MtUnitaire"),
          below(line, "MtBase"),     below(line, "MtRemise"),    below(line, "IdentifiantLigneFacture"),
          below(line, "MtHT"),       below(line, "CodeTypeTVA"), below(line, "TauxTVA"),
          below(line, "MotifExoTVA")};
}
constexpr std::array sellers{line_names("VendeurGestionnaire"), line_names("VendeurBeneficiaire")};

/// One LigneFElectronique.
struct Line {
  std::string_view at;  ///< its path below the invoice
  std::string_view quantity1, quantity2, price, base, discount, order, ht, code, rate, reason;
  std::size_t number = 0;  ///< where it stands among the lines of its seller, from 1
  std::size_t place = 0;   ///< line of the document
  SubjectOnce* subject = nullptr;
};

std::string_view* slot_of(Line& line, FieldName name, const LineNames& names) {
  const std::array<std::pair<FieldName, std::string_view*>, 10> slots{{{names.quantity1, &line.quantity1},
                                                                       {names.quantity2, &line.quantity2},
                                                                       {names.price, &line.price},
                                                                       {names.base, &line.base},
                                                                       {names.discount, &line.discount},
                                                                       {names.order, &line.order},
                                                                       {names.ht, &line.ht},
                                                                       {names.code, &line.code},
                                                                       {names.rate, &line.rate},
                                                                       {names.reason, &line.reason}}};
  const auto* found =
      std::find_if(slots.begin(), slots.end(), [&](const auto& one) { return one.first == name; });
  return found == slots.end() ? nullptr : found->second;
}

template <class Each>
void each_line(const Unit& facture, Each each) {
  if (!electronic(type_of_facture(facture))) return;
  SubjectOnce subject(facture);
  for (const auto& names : sellers) {
    Line now;
    for (const auto& field : facture.fields()) {
      if (slot_of(now, field.name, names) == nullptr) continue;
      const auto path = facture.below(field);
      const auto at = path.substr(0, path.rfind('/'));
      if (at != now.at) {
        if (!now.at.empty()) each(now);
        const auto before = now.number;
        now = Line{};
        now.at = at;
        now.number = before + 1;
        now.place = field.line;
        now.subject = &subject;
      }
      *slot_of(now, field.name, names) = facture.value(field);
    }
    if (!now.at.empty()) each(now);
  }
}

void at_line(Verdicts& out, const RuleInfo& rule, const Unit& facture, const Line& line,
             std::string_view leaf, std::string value, Words expected) {
  out.add(rule,
          {.place = {line.place, facture.place.path + "/" + std::string(line.at) + "/" + std::string(leaf)},
           .subject = line.subject->get(),
           .value = std::move(value),
           .expected = std::move(expected)});
}

void file_given(const Unit& facture, const RuleInfo& rule, Verdicts& out) {
  const bool wanted = electronic(type_of_facture(facture));
  if (wanted == has_file(facture)) return;
  hit(out, rule, facture, seller, of_type(facture),
      wanted ? same("DossierFElectronique")
             : Words{"pas de DossierFElectronique", "no DossierFElectronique"});
}

void beneficiary_given(const Unit& facture, const RuleInfo& rule, Verdicts& out) {
  if (facture.has(beneficiary) && type_of_facture(facture) != "13")
    hit(out, rule, facture, beneficiary, of_type(facture), same("TypeFact 13"));
}

void numbers_valid(const Unit& facture, const RuleInfo& rule, Verdicts& out) {
  for (const auto field : {seller, beneficiary, buyer, carer})
    if (facture.has(field) && !rules::siret_valid(facture[field]))
      hit(out, rule, facture, field, rules::shown_identifier(facture[field]));
}

void numbered(const Unit& facture, const RuleInfo& rule, Verdicts& out) {
  each_line(facture, [&](const Line& line) {
    const auto found = scaled(line.order, 0);
    if (!found || *found != static_cast<std::int64_t>(line.number))
      at_line(out, rule, facture, line, "IdentifiantLigneFacture", std::string(line.order),
              same(std::to_string(line.number)));
  });
}

/// Quantities have four decimals, amounts two; the product is rounded to the cent. Nothing where a part does
/// not read, which is the schema's.
std::optional<std::int64_t> worth(const Line& line) {
  if (!line.discount.empty()) return cents(line.discount);
  if (!line.base.empty()) return cents(line.base);
  const auto quantity = scaled(line.quantity1, 4);
  const auto price = cents(line.price);
  if (!quantity || !price) return std::nullopt;
  constexpr long double ten_thousand = 10'000.0L;
  auto product = static_cast<long double>(*quantity) / ten_thousand * static_cast<long double>(*price);
  if (const auto second = scaled(line.quantity2, 4))
    product *= static_cast<long double>(*second) / ten_thousand;
  constexpr long double reach = 9e15L;
  if (std::fabs(product) > reach) return std::nullopt;
  return std::llround(product);
}

void worth_agrees(const Unit& facture, const RuleInfo& rule, Verdicts& out) {
  each_line(facture, [&](const Line& line) {
    const auto found = cents(line.ht);
    const auto wanted = worth(line);
    if (found && wanted && (*found > *wanted + 1 || *wanted > *found + 1))
      at_line(out, rule, facture, line, "MtHT", decimal(*found), same(decimal(*wanted)));
  });
}

void rate_agrees(const Unit& facture, const RuleInfo& rule, Verdicts& out) {
  each_line(facture, [&](const Line& line) {
    const auto rate = scaled(line.rate, 2);
    if ((line.code == "E" || line.code == "O") && rate && *rate != 0)
      at_line(out, rule, facture, line, "TauxTVA",
              "CodeTypeTVA " + std::string(line.code) + ", " + std::string(line.rate), same("0"));
  });
}

void reason_given(const Unit& facture, const RuleInfo& rule, Verdicts& out) {
  each_line(facture, [&](const Line& line) {
    if (line.code == "E" && line.reason.empty())
      at_line(out, rule, facture, line, "CodeTypeTVA", "E", same("MotifExoTVA"));
  });
}

bool of_a_number(char c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return letter || (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '_' || c == '/';
}

void number_formed(const Unit& facture, const RuleInfo& rule, Verdicts& out) {
  constexpr std::size_t longest = 20;
  const auto found = facture[number];
  if (!electronic(type_of_facture(facture)) || !facture.has(number)) return;
  if (found.size() > longest || !std::all_of(found.begin(), found.end(), of_a_number))
    hit_value(out, rule, facture, number,
              {"20 caractères au plus, lettres, chiffres et - + _ /",
               "20 characters at most, letters, digits and - + _ /"});
}

void number_once(const Unit& facture, const RuleInfo& rule, Verdicts& out) {
  if (!electronic(type_of_facture(facture)) || facture[number].empty()) return;
  constexpr std::size_t year = 4;
  const auto key = std::string(facture["DateEmission"_f].substr(0, year)) + "\n" +
                   std::string(rules::siren_of(facture[seller])) + "\n" + std::string(facture[number]);
  if (!out.memory<FactureState>().numbers.insert(rules::hashed(key)).second)
    hit_value(out, rule, facture, number);
}

constexpr std::string_view first_version = "5.30";

constexpr UnitRow rows[] = {
    {{.code = "pes.facture.electronique",
      .name = "pes.facture.electronique",
      .level = Level::flux,
      .source = "pes530 8 (DossierFElectronique)",
      .title_fr = "Le dossier de facture électronique va avec les types 12 et 13, et eux seuls",
      .title_en = "The file of an electronic invoice goes with types 12 and 13, and with them alone",
      .fr = "{value} ; attendu : {expected}. Hélios rejette tout le flux.",
      .en = "{value}; expected: {expected}. Hélios rejects the whole flow.",
      .remedy_fr = "Corriger le type de facturation ou le dossier de la facture.",
      .remedy_en = "Correct the type of invoice or the file of the invoice.",
      .since = first_version},
     file_given},
    {{.code = "pes.facture.beneficiaire",
      .name = "pes.facture.beneficiaire",
      .level = Level::flux,
      .source = "pes530 8 (VendeurBeneficiaire)",
      .title_fr = "Un vendeur bénéficiaire ne va qu'avec le type 13",
      .title_en = "A beneficiary seller goes with type 13 only",
      .fr = "Vendeur bénéficiaire avec {value} ; attendu : {expected}. Hélios rejette tout le flux.",
      .en = "Beneficiary seller with {value}; expected: {expected}. Hélios rejects the whole flow.",
      .remedy_fr = "Retirer le vendeur bénéficiaire, ou corriger le type de facturation.",
      .remedy_en = "Take the beneficiary seller out, or correct the type of invoice.",
      .since = first_version},
     beneficiary_given},
    {{.code = "pes.facture.siret",
      .name = "pes.facture.siret",
      .level = Level::facture,
      .source = "pes530 8 (IdentifiantSIRET); TEtabSoins/SiretEtabSoins",
      .title_fr = "Les SIRET des vendeurs, de l'acheteur et de l'établissement sont valides",
      .title_en = "The SIRETs of the sellers, of the buyer and of the establishment are valid",
      .fr = "Le SIRET « {value} » n'est pas valide (14 chiffres et leur clé).",
      .en = "The SIRET \"{value}\" is not valid (14 digits and their key).",
      .remedy_fr = "Vérifier le SIRET dans l'annuaire des entreprises.",
      .remedy_en = "Check the SIRET in the register of companies."},
     numbers_valid},
    {{.code = "pes.facture.numero_ligne",
      .name = "pes.facture.numero_ligne",
      .level = Level::flux,
      .source = "pes530 8 (LigneFElectronique)",
      .title_fr = "Les lignes d'une facture électronique se numérotent 1, 2, 3…",
      .title_en = "The lines of an electronic invoice are numbered 1, 2, 3…",
      .fr = "Ligne numérotée « {value} » ; attendu : {expected}. Hélios rejette tout le flux.",
      .en = "Line numbered \"{value}\"; expected: {expected}. Hélios rejects the whole flow.",
      .remedy_fr = "L'éditeur du logiciel doit numéroter les lignes à partir de 1, sans trou ni doublon.",
      .remedy_en = "The publisher of the software must number the lines from 1, without gap or repetition.",
      .since = first_version},
     numbered},
    {{.code = "pes.facture.montant_ligne",
      .name = "pes.facture.montant_ligne",
      .level = Level::flux,
      .source = "pes530 8 (LigneFElectronique/MtHT)",
      .title_fr = "Le hors taxe d'une ligne est sa remise, sa base, ou quantité × prix unitaire",
      .title_en = "The amount without tax of a line is its discount, its base, or quantity × unit price",
      .fr = "Montant hors taxe {value} ; attendu : {expected}. Hélios rejette tout le flux.",
      .en = "Amount without tax {value}; expected: {expected}. Hélios rejects the whole flow.",
      .remedy_fr = "Vérifier la quantité, le prix et le montant de la ligne.",
      .remedy_en = "Check the quantity, the price and the amount of the line.",
      .since = first_version},
     worth_agrees},
    {{.code = "pes.facture.taux_tva",
      .name = "pes.facture.taux_tva",
      .level = Level::facture,
      .source = "pes530 8 (LigneFElectronique/TauxTVA)",
      .title_fr = "Sans TVA (codes E et O), le taux est 0",
      .title_en = "Without VAT (codes E and O) the rate is 0",
      .fr = "{value} ; taux attendu : {expected}.",
      .en = "{value}; rate expected: {expected}.",
      .remedy_fr = "Corriger le taux ou le code de TVA de la ligne.",
      .remedy_en = "Correct the rate or the VAT code of the line.",
      .since = first_version},
     rate_agrees},
    {{.code = "pes.facture.motif_exoneration",
      .name = "pes.facture.motif_exoneration",
      .level = Level::facture,
      .source = "pes530 8 (LigneFElectronique/MotifExoTVA)",
      .title_fr = "Une ligne exonérée de TVA dit pourquoi",
      .title_en = "A line exempt from VAT says why",
      .fr = "Ligne exonérée (code {value}) sans {expected}.",
      .en = "Exempt line (code {value}) without {expected}.",
      .remedy_fr = "Renseigner le motif d'exonération.",
      .remedy_en = "Fill in the reason of the exemption.",
      .since = first_version},
     reason_given},
    {{.code = "pes.facture.numero",
      .name = "pes.facture.numero",
      .level = Level::flux,
      .source = "pes530 8 (NumeroFacture)",
      .title_fr = "Le numéro d'une facture électronique a 20 caractères au plus",
      .title_en = "The number of an electronic invoice has 20 characters at most",
      .fr = "Numéro de facture « {value} » ; attendu : {expected}. Hélios rejette tout le flux.",
      .en = "Number of invoice \"{value}\"; expected: {expected}. Hélios rejects the whole flow.",
      .remedy_fr = "Corriger la numérotation des factures dans le logiciel.",
      .remedy_en = "Correct the numbering of invoices in the software.",
      .since = first_version},
     number_formed},
    {{.code = "pes.facture.numero_double",
      .name = "pes.facture.numero_double",
      .level = Level::flux,
      .source = "pes530 8 (NumeroFacture)",
      .title_fr = "Un vendeur ne donne qu'une fois un numéro de facture électronique dans l'année",
      .title_en = "A seller gives a number of electronic invoice once only in a year",
      .fr = "Le numéro de facture « {value} » figure deux fois. Hélios rejette tout le flux.",
      .en = "The number of invoice \"{value}\" stands twice. Hélios rejects the whole flow.",
      .remedy_fr = "Donner à chaque facture son numéro.",
      .remedy_en = "Give each invoice a number of its own.",
      .since = first_version},
     number_once}};

}  // namespace

std::vector<const RuleInfo*> facture_electronic_rules() {
  return infos(rows);
}

void judge_facture_electronic(const Unit& facture, Verdicts& out) {
  out.judge(rows, facture);
}

}  // namespace demat::preflight
