#include <algorithm>
#include <array>

#include "protocols/actes/latin1.hpp"
#include "protocols/actes/rule_table.hpp"

/// What is said about an acte: number, date, nature, classification, object (actes 4.1).
namespace demat::actes {
namespace {

constexpr std::size_t longest_number = 15;
constexpr std::size_t longest_object = 499;
constexpr int last_nature = 6;
constexpr std::size_t levels = 5;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_letter(char c) {
  return is_upper(c) || (c >= 'a' && c <= 'z');
}
bool digits(std::string_view text, std::size_t length) {
  return text.size() == length && std::all_of(text.begin(), text.end(), is_digit);
}

Hits at(std::string field, bool broken, std::string_view value = {}) {
  if (!broken) return {};
  return {{std::move(field), shown(value)}};
}

bool is_department(std::string_view text) {
  return text.size() == 3 && (text[0] == '0' || text[0] == '9') && is_digit(text[1]) &&
         (is_digit(text[2]) || text[2] == 'A' || text[2] == 'B');
}

Hits authority(const Dossier& d, const RuleOptions&) {
  const auto& id = d.authority;
  Hits hits;
  if (!digits(id.siren, 9)) hits.push_back({field_of("authority", 0, "siren"), "SIREN " + shown(id.siren)});
  if (!is_department(id.department))
    hits.push_back({field_of("authority", 0, "department"), shown(id.department)});
  if (!digits(id.arrondissement, 1))
    hits.push_back({field_of("authority", 0, "arrondissement"), shown(id.arrondissement)});
  if (!digits(id.nature, 2)) hits.push_back({field_of("authority", 0, "nature"), shown(id.nature)});
  return hits;
}

Hits authority_nature(const Dossier& d, const RuleOptions&) {
  const auto& nature = d.authority.nature;
  return at(field_of("authority", 0, "nature"), digits(nature, 2) && authority_nature_label(nature).empty(),
            nature);
}

Hits number_missing(const Dossier& d, const RuleOptions&) {
  return at("number", d.number.empty());
}

Hits number_pattern(const Dossier& d, const RuleOptions&) {
  const bool good = d.imported ? is_accepted_number(d.number) : is_number(d.number);
  return at("number", !d.number.empty() && !good, d.number);
}

Hits date_missing(const Dossier& d, const RuleOptions&) {
  return at("date", d.date.empty());
}

Hits date_format(const Dossier& d, const RuleOptions&) {
  return at("date", !d.date.empty() && normal_date(d.date) != d.date, d.date);
}

Hits date_future(const Dossier& d, const RuleOptions& options) {
  const auto day = normal_date(d.date);
  return at("date", day && !options.today.empty() && *day > options.today, d.date);
}

Hits nature(const Dossier& d, const RuleOptions&) {
  const auto code = integer(d.nature);
  return at("nature", !code || *code < 1 || *code > last_nature, d.nature);
}

Hits matiere_integer(const Dossier& d, const RuleOptions&) {
  Hits hits;
  for (std::size_t i = 0; i < d.matieres.size(); ++i)
    if (!integer(d.matieres[i])) hits.push_back({field_of("matieres", i), shown(d.matieres[i])});
  return hits;
}

Hits matiere_levels(const Dossier& d, const RuleOptions&) {
  return at("matieres", d.matieres.size() < 2 || d.matieres.size() > levels,
            std::to_string(d.matieres.size()));
}

struct Path {
  std::vector<int> codes;
  std::string text;
  bool judged = false;  ///< whole, and of integers: the rules above have nothing to say
};

Path path_of(const Dossier& d) {
  Path path;
  path.judged = d.matieres.size() >= 2 && d.matieres.size() <= levels;
  for (const auto& text : d.matieres) {
    const auto code = integer(text);
    if (!code) path.judged = false;
    path.codes.push_back(code.value_or(0));
    path.text += (path.text.empty() ? "" : ".") + text;
  }
  return path;
}

/// The built-in tree has two levels; deeper ones are the préfecture's.
bool is_verifiable(const RuleOptions& options, const Path& path) {
  return options.classification != nullptr || path.codes.size() <= 2;
}

Hits matiere_unknown(const Dossier& d, const RuleOptions& options) {
  const auto path = path_of(d);
  return at("matieres",
            path.judged && is_verifiable(options, path) &&
                classification_of(options).matiere(path.codes) == nullptr,
            path.text);
}

Hits matiere_unverified(const Dossier& d, const RuleOptions& options) {
  const auto path = path_of(d);
  return at("matieres", path.judged && !is_verifiable(options, path), path.text);
}

std::string classification_date(const Dossier& d, const RuleOptions& options) {
  return d.classification_date.empty() ? classification_of(options).date : d.classification_date;
}

Hits classification_missing(const Dossier& d, const RuleOptions& options) {
  return at("classification_date", classification_date(d, options).empty());
}

Hits classification_format(const Dossier& d, const RuleOptions& options) {
  const auto date = classification_date(d, options);
  return at("classification_date", !date.empty() && normal_date(date) != date, date);
}

Hits classification_outdated(const Dossier& d, const RuleOptions& options) {
  const auto& own = classification_of(options).date;
  return at("classification_date",
            !own.empty() && !d.classification_date.empty() && d.classification_date != own,
            d.classification_date + " / " + own);
}

Hits object_missing(const Dossier& d, const RuleOptions&) {
  return at("object", d.object.find_first_not_of(" \t\r\n") == std::string::npos);
}

Hits object_too_long(const Dossier& d, const RuleOptions&) {
  return at("object", characters(d.object) > longest_object, std::to_string(characters(d.object)));
}

Hits object_latin1(const Dossier& d, const RuleOptions&) {
  const auto wrong = not_latin1(d.object);
  if (wrong.empty()) return {};
  std::string all;
  for (const auto& character : wrong)
    all += (all.empty() ? "" : " ") +
           (static_cast<unsigned char>(character[0]) < 0x20U ? "(contrôle)" : character);
  return {{"object", all + " → « " + latin1_proposal(d.object) + " »"}};
}

Hits previous_id(const Dossier& d, const RuleOptions&) {
  return at("previous_id", !d.previous_id.empty() && !parse_acte_id(d.previous_id), d.previous_id);
}

Hits paper(const Dossier& d, const RuleOptions&) {
  return at("paper", d.paper != "O" && d.paper != "N", d.paper);
}

Hits address_missing(const Dossier& d, const RuleOptions&) {
  return at("return_addresses", d.return_addresses.empty());
}

Hits address_invalid(const Dossier& d, const RuleOptions&) {
  Hits hits;
  for (std::size_t i = 0; i < d.return_addresses.size(); ++i)
    if (!is_return_address(d.return_addresses[i]))
      hits.push_back({field_of("return_addresses", i), shown(d.return_addresses[i])});
  return hits;
}

constexpr auto error = Severity::error;
constexpr auto warning = Severity::warning;

const std::array table{
    Rule<Dossier>{{"actes.authority", error, "actes 3.1, 4.1-8",
                   "L'identité de la collectivité pour le ministère est incomplète ou mal formée : {value}. "
                   "Demandez à l'exploitant de la compléter (SIREN, département, arrondissement, nature).",
                   "The identity of the authority for the ministry is incomplete or ill-formed: {value}. Ask "
                   "the operator to complete it (SIREN, department, arrondissement, nature)."},
                  authority},
    Rule<Dossier>{
        {"actes.authority.nature", warning, "actes 3.6",
         "La nature de collectivité « {value} » n'est pas dans les listes connues ; l'acte part tout "
         "de même.",
         "The nature of authority '{value}' is in no known list; the acte leaves all the same."},
        authority_nature},
    Rule<Dossier>{{"actes.number.missing", error, "actes 4.1-1", "Donnez un numéro à l'acte.",
                   "Give the acte a number."},
                  number_missing},
    Rule<Dossier>{{"actes.number.pattern", error, "actes 4.1-1",
                   "Le numéro « {value} » n'a pas la forme admise : 1 à 15 lettres majuscules, chiffres ou "
                   "« _ », sans « _ » au début ni à la fin.",
                   "The number '{value}' has not the accepted form: 1 to 15 capital letters, digits or '_', "
                   "without '_' at the beginning or the end."},
                  number_pattern},
    Rule<Dossier>{{"actes.date.missing", error, "actes 4.1-3", "Donnez la date de la décision.",
                   "Give the date of the decision."},
                  date_missing},
    Rule<Dossier>{{"actes.date.format", error, "actes 4.1-3",
                   "La date de la décision « {value} » n'est pas un jour du calendrier écrit AAAA-MM-JJ.",
                   "The date of the decision '{value}' is not a day of the calendar written YYYY-MM-DD."},
                  date_format},
    Rule<Dossier>{{"actes.date.future", error, "actes 4.1-3",
                   "La date de la décision, {value}, est dans l'avenir : un acte se transmet une fois pris.",
                   "The date of the decision, {value}, lies in the future: an acte is sent once taken."},
                  date_future},
    Rule<Dossier>{{"actes.nature", error, "actes 3.6",
                   "La nature « {value} » n'existe pas : choisissez de 1 (délibérations) à 6 (autres).",
                   "The nature '{value}' does not exist: choose from 1 (deliberations) to 6 (others)."},
                  nature},
    Rule<Dossier>{{"actes.matiere.integer", error, "actes 4.1-4",
                   "Le code de matière « {value} » n'est pas un nombre entier.",
                   "The code of matière '{value}' is not an integer."},
                  matiere_integer},
    Rule<Dossier>{
        {"actes.matiere.levels", error, "actes 4.1-4",
         "La classification donnée a {value} niveau(x) : il en faut au moins deux (par exemple 7.1), "
         "cinq au plus.",
         "The classification given has {value} level(s): at least two are needed (7.1 for instance), "
         "five at most."},
        matiere_levels},
    Rule<Dossier>{
        {"actes.matiere.unknown", error, "actes 4.1-4",
         "La matière {value} n'existe pas dans la classification de votre préfecture. Choisissez-la "
         "dans la liste en vigueur.",
         "The matière {value} does not exist in your préfecture's classification. Choose it in the "
         "list in force."},
        matiere_unknown},
    Rule<Dossier>{{"actes.matiere.unverified", warning, "actes 3.6",
                   "La matière {value} n'a pu être vérifiée : la classification de votre préfecture n'a pas "
                   "encore été reçue.",
                   "The matière {value} could not be verified: your préfecture's classification has not been "
                   "received yet."},
                  matiere_unverified},
    Rule<Dossier>{
        {"actes.classification.missing", error, "actes 4.1-4",
         "Aucune classification n'a encore été reçue de votre préfecture. Demandez-la (message 7-1), "
         "puis déposez l'acte de nouveau.",
         "No classification has been received from your préfecture yet. Ask for it (message 7-1), "
         "then post the acte again."},
        classification_missing},
    Rule<Dossier>{{"actes.classification.date", error, "actes 4.1-4",
                   "La date de classification « {value} » n'est pas un jour du calendrier écrit AAAA-MM-JJ.",
                   "The classification date '{value}' is not a day of the calendar written YYYY-MM-DD."},
                  classification_format},
    Rule<Dossier>{
        {"actes.classification.outdated", error, "actes 4.3, 8-30",
         "L'acte utilise une autre classification que celle en vigueur ({value}) : la préfecture le "
         "refuserait. Reprenez-le avec la classification à jour.",
         "The acte uses another classification than the one in force ({value}): the préfecture would "
         "refuse it. Take it up again with the present one."},
        classification_outdated},
    Rule<Dossier>{{"actes.object.missing", error, "actes 4.1-5", "Donnez l'objet de l'acte.",
                   "Give the object of the acte."},
                  object_missing},
    Rule<Dossier>{{"actes.object.too_long", error, "actes 2.3, 4.1-5",
                   "L'objet compte {value} caractères ; 499 sont admis. Abrégez-le.",
                   "The object has {value} characters; 499 are accepted. Shorten it."},
                  object_too_long},
    Rule<Dossier>{
        {"actes.object.latin1", error, "actes 4.1-5",
         "L'objet contient des caractères que le ministère n'admet pas : {value}. Corrigez l'objet ; "
         "le texte proposé convient.",
         "The object has characters that the ministry does not accept: {value}. Correct the object; "
         "the text proposed is fine."},
        object_latin1},
    Rule<Dossier>{{"actes.previous_id", error, "actes 3.1",
                   "L'identifiant d'acte antérieur « {value} » n'a pas la forme "
                   "DEP-SIREN-AAAAMMJJ-NUMERO-NATURE.",
                   "The identifier of the earlier acte '{value}' has not the form "
                   "DEP-SIREN-YYYYMMDD-NUMBER-NATURE."},
                  previous_id},
    Rule<Dossier>{{"actes.paper", error, "actes 3.5, 4.1-11",
                   "Dites si des pièces suivent sur papier : O ou N, non « {value} ».",
                   "Say whether documents follow on paper: O or N, not '{value}'."},
                  paper},
    Rule<Dossier>{{"actes.address.missing", error, "actes 3.2, 4.1-8",
                   "Aucune adresse de retour : la préfecture ne saurait où répondre.",
                   "No return address: the préfecture would not know where to answer."},
                  address_missing},
    Rule<Dossier>{
        {"actes.address.invalid", error, "actes 3.1",
         "L'adresse de retour « {value} » n'est pas admise par le ministère (ni « + », ni extension de "
         "plus de six lettres). Donnez-en une autre.",
         "The return address '{value}' is not accepted by the ministry (no '+', no top-level domain of "
         "more than six letters). Give another one."},
        address_invalid},
};

}  // namespace

std::span<const Rule<Dossier>> metadata_rules() {
  return table;
}

bool is_number(std::string_view number) {
  const auto inside = [](char c) { return is_upper(c) || is_digit(c) || c == '_'; };
  return !number.empty() && number.size() <= longest_number && number.front() != '_' &&
         number.back() != '_' && std::all_of(number.begin(), number.end(), inside);
}

bool is_accepted_number(std::string_view number) {
  const auto edge = [](char c) { return is_letter(c) || is_digit(c); };
  const auto inside = [&](char c) { return edge(c) || c == '_' || c == '-' || c == ' '; };
  return !number.empty() && number.size() <= longest_number && edge(number.front()) && edge(number.back()) &&
         std::all_of(number.begin(), number.end(), inside);
}

bool is_return_address(std::string_view email) {
  const auto labels = [](std::string_view text, bool underscore) {
    bool begins = true;
    for (const char c : text) {
      if (c == '.' && begins) return false;
      begins = c == '.';
      if (!(begins || is_letter(c) || is_digit(c) || c == '-' || (underscore && c == '_'))) return false;
    }
    return !begins;
  };
  const auto arobase = email.find('@');
  if (arobase == std::string_view::npos || !labels(email.substr(0, arobase), true)) return false;
  const auto domain = email.substr(arobase + 1);
  const auto dot = domain.rfind('.');
  if (dot == std::string_view::npos || !labels(domain.substr(0, dot), false)) return false;
  const auto tld = domain.substr(dot + 1);
  return tld.size() >= 2 && tld.size() <= 6 && std::all_of(tld.begin(), tld.end(), is_letter);
}

}  // namespace demat::actes
