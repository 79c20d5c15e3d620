#include "protocols/xml/schema_words.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace demat::xml::detail {
namespace {

using Text = std::string_view;

struct Plainer {
  Text notation;
  const char* fr;
  const char* en;
};

/// Patterns in the form of plain_form().
constexpr std::array patterns = {
    Plainer{".*[^0]+.*", "au moins un caractère autre que 0", "at least one character other than 0"},
    Plainer{R"([^ \.]|n[^c]|[^n]c|[^n][^c]|...+)", "ni blanc, ni « . », ni « nc »",
            "not blank, \".\" nor \"nc\""},
    Plainer{"[0-9]*", "des chiffres seulement", "digits only"},
    Plainer{"[0-9a-zA-Z]*", "des lettres sans accent et des chiffres seulement",
            "plain letters and digits only"},
    Plainer{"[a-zA-Z0-9]*", "des lettres sans accent et des chiffres seulement",
            "plain letters and digits only"},
    Plainer{"[0-9a-zA-Z ]*", "des lettres sans accent, des chiffres et des espaces seulement",
            "plain letters, digits and spaces only"},
    Plainer{R"([0-9A-Z\s]*)", "des majuscules sans accent, des chiffres et des espaces seulement",
            "plain capitals, digits and spaces only"},
    Plainer{R"([0-9a-zA-Z+_\.]*)", "des lettres sans accent, des chiffres et + _ . seulement",
            "plain letters, digits and + _ . only"},
    Plainer{R"([ \-/_+0-9a-zA-Z]*)",
            "des lettres sans accent, des chiffres, des espaces et - / _ + seulement",
            "plain letters, digits, spaces and - / _ + only"},
    Plainer{R"([0-9a-zA-Z/?:()\., \-+']*)",
            "des lettres sans accent, des chiffres, des espaces et / ? : ( ) . , - + ' seulement",
            "plain letters, digits, spaces and / ? : ( ) . , - + ' only"},
    Plainer{R"([A-Z 0-9'\-Œ\(\)]*)",
            "des majuscules sans accent, des chiffres, des espaces et ' - ( ) seulement",
            "plain capitals, digits, spaces and ' - ( ) only"},
    Plainer{"[0-9A-Z][0-9]", "un chiffre ou une majuscule, puis un chiffre (« 00 », « A0 »)",
            "a digit or a capital, then a digit (\"00\", \"A0\")"},
    Plainer{"02[A-B][0-9]{3,4}|[0-9]{6,7}", "6 ou 7 chiffres, ou 02A ou 02B suivi de 3 ou 4 chiffres",
            "6 or 7 digits, or 02A or 02B and 3 or 4 digits"},
    Plainer{"[1-5][0-9]{2}", "3 chiffres, de 100 à 599", "3 digits, from 100 to 599"},
    Plainer{"0[1-9]|[1-9][0-9]", "2 chiffres, de 01 à 99", "2 digits, from 01 to 99"},
    Plainer{"[0-9]{8}(-[0-9])?", "8 chiffres, avec ou sans clé (« 45261000-4 »)",
            "8 digits, with or without key (\"45261000-4\")"},
    Plainer{R"([0-9]{8}(\-[0-9])?)", "8 chiffres, avec ou sans clé (« 45261000-4 »)",
            "8 digits, with or without key (\"45261000-4\")"},
    Plainer{"[A-Z]{2}[0-9]{2}[a-zA-Z0-9]{1,30}",
            "un IBAN sans espace ni tiret : 2 majuscules, 2 chiffres, puis des lettres et des chiffres",
            "an IBAN without space or dash: 2 capitals, 2 digits, then letters and digits"},
    Plainer{"[A-Z]{6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3})?",
            "un BIC de 8 ou 11 caractères, en majuscules et sans espace",
            "a BIC of 8 or 11 characters, in capitals, without space"},
    Plainer{"2[A-B]|[0-8][0-9]|9[0-5]|97[1-8]|98[6-8]", "un numéro de département (« 34 », « 2A », « 971 »)",
            "the number of a département (\"34\", \"2A\", \"971\")"},
    Plainer{R"(.+\.[A-Za-z0-9]{2,4})", "un nom de fichier avec son extension (« facture.pdf »)",
            "a file name with its extension (\"facture.pdf\")"},
    Plainer{"(20[0-4][0-9]|2050).*", "d'abord une année, de 2000 à 2050", "first a year, from 2000 to 2050"},
    Plainer{"(0[1-9]|1[0-2])-[0-9]{4}", "un mois et une année : MM-AAAA", "a month and a year: MM-YYYY"},
    Plainer{R"((0[1-9]|1[0-2])\-[0-9]{4})", "un mois et une année : MM-AAAA", "a month and a year: MM-YYYY"},
};

constexpr Plainer number{"", "un nombre, avec un point pour les décimales et sans espace",
                         "a number, with a point before decimals and without space"};
constexpr Plainer whole{"", "un nombre entier, en chiffres seulement", "a whole number, digits only"};
constexpr Plainer day{"", "une date AAAA-MM-JJ qui existe", "an existing date YYYY-MM-DD"};
constexpr Plainer year{"", "une année AAAA", "a year YYYY"};
constexpr Plainer yes_no{"", "1, 0, true ou false", "1, 0, true or false"};
constexpr Plainer base64{"", "du base64", "base64"};
constexpr Plainer identifier{"", "un identifiant qui commence par une lettre ou « _ », sans espace ni « : »",
                             "an identifier that begins with a letter or \"_\", without space or colon"};

/// Parts of the names of types, the first that is found says what the type holds. Published packs name all
/// their types (V_Date, V_Montant_Light, V_Num2); libxml2 tells a refused value by the name alone.
struct Named {
  Text part;
  const Plainer* words;
};
constexpr std::array type_names = {
    Named{"base64", &base64},     Named{"ool", &yes_no},     Named{"nnee", &year},
    Named{"gYear", &year},        Named{"ate", &day},        Named{"ontant", &number},
    Named{"aux", &number},        Named{"ecimal", &number},  Named{"uantite", &number},
    Named{"ourcentage", &number}, Named{"nombre-", &number}, Named{"double", &number},
    Named{"elatif", &number},     Named{"V_Num", &whole},    Named{"ntier", &whole},
    Named{"nteger", &whole},      Named{"xs:int", &whole},   Named{"xs:long", &whole},
    Named{"nsigned", &whole},
};

/// A pattern as our packs would write it: "([0-9]{14,14})" -> "[0-9]{14}", "(x){0,1}" -> "(x)?".
std::string plain_form(Text pattern) {
  const bool wrapped = pattern.size() > 2 && pattern.front() == '(' && pattern.back() == ')' &&
                       pattern.find(')') == pattern.size() - 1;
  if (wrapped) pattern = pattern.substr(1, pattern.size() - 2);
  std::string out;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    const auto close = pattern[at] == '{' ? pattern.find('}', at) : Text::npos;
    if (close == Text::npos) {
      out += pattern[at];
      continue;
    }
    const auto range = pattern.substr(at + 1, close - at - 1);
    const auto comma = range.find(',');
    if (range == "0,1")
      out += '?';
    else if (comma != Text::npos && range.substr(0, comma) == range.substr(comma + 1))
      out.append("{").append(range.substr(0, comma)).append("}");
    else
      out.append("{").append(range).append("}");
    at = close;
  }
  return out;
}

/// "[0-9]{14}", "[0-9]{2,3}": so many digits.
std::optional<demat::Words> digits(Text pattern) {
  constexpr Text opening = "[0-9]{";
  if (pattern.substr(0, opening.size()) != opening || pattern.back() != '}') return std::nullopt;
  const auto range = pattern.substr(opening.size(), pattern.size() - opening.size() - 1);
  const auto comma = range.find(',');
  if (range.find_first_not_of("0123456789,") != Text::npos || comma == 0 || comma + 1 == range.size())
    return std::nullopt;
  if (comma == Text::npos) {
    const std::string count{range};
    if (count == "1") return demat::Words{"un seul chiffre", "one digit"};
    return demat::Words{"exactement " + count + " chiffres", "exactly " + count + " digits"};
  }
  const std::string least{range.substr(0, comma)};
  const std::string most{range.substr(comma + 1)};
  return demat::Words{"de " + least + " à " + most + " chiffres",
                      "from " + least + " to " + most + " digits"};
}

demat::Words words_of(const Plainer& row) {
  return {row.fr, row.en};
}

}  // namespace

std::optional<demat::Words> pattern_words(Text pattern) {
  const auto plain = plain_form(pattern);
  const auto* found = std::find_if(patterns.begin(), patterns.end(),
                                   [&](const Plainer& row) { return row.notation == plain; });
  if (found != patterns.end()) return words_of(*found);
  return plain.empty() ? std::nullopt : digits(plain);
}

std::optional<demat::Words> type_words(Text type, Text element) {
  if (type == "xs:ID") return words_of(identifier);
  // Types without a name are numbers and dates: a restriction of a text refuses by its facets alone.
  if (type.empty()) {
    const bool date = element.substr(0, 3) == "Dte" || element.substr(0, 4) == "Date";
    return words_of(date ? day : number);
  }
  const auto* found = std::find_if(type_names.begin(), type_names.end(),
                                   [&](const Named& row) { return type.find(row.part) != Text::npos; });
  return found == type_names.end() ? std::nullopt : std::optional{words_of(*found->words)};
}

}  // namespace demat::xml::detail
