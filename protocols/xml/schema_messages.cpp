#include "protocols/xml/schema_messages.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include "protocols/xml/schema_words.hpp"

namespace demat::xml::detail {
namespace {

constexpr std::size_t max_value = 60;
constexpr std::size_t max_names = 12;

/// Elements whose value may tell something about a person; never repeated in a message.
constexpr std::array personal = {
    "Nom",         "ComplNom",     "Prenom",     "IBAN",      "BIC",           "IdCpte",
    "IdTiers",     "TitCpte",      "RefTiers",   "Adr1",      "Adr2",          "Adr3",
    "CP",          "Ville",        "DteNaiss",   "NIRAssure", "CpteTiers",     "Objet",
    "ObjLignePce", "AdresseMel",   "Telephone",  "Courriel",  "LieuNaissance", "IdNatPce",
    "NomAssure",   "PrenomAssure", "CodGuichet", "CodBanque", "CleRib",        "LibBanc"};

bool is_personal(std::string_view element) {
  return std::any_of(personal.begin(), personal.end(), [&](const char* name) { return element == name; });
}

/// "{ns}Name" -> "Name".
std::string_view local(std::string_view name) {
  const auto brace = name.rfind('}');
  return brace == std::string_view::npos ? name : name.substr(brace + 1);
}

/// At most `max_value` characters of UTF-8, on one line.
std::string shortened(std::string_view value) {
  std::string out;
  std::size_t characters = 0;
  for (const char c : value) {
    const bool starts = (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    if (starts && ++characters > max_value) return out + "…";
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out;
}

/// What libxml2 wrote, taken apart: "Element 'e', attribute 'a': rest".
struct Parts {
  std::string_view element;
  std::string_view attribute;
  std::string_view rest;
};

std::string_view quoted(std::string_view& text, std::string_view opening) {
  if (text.substr(0, opening.size()) != opening) return {};
  text.remove_prefix(opening.size());
  const auto end = text.find('\'');
  const auto value = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return value;
}

Parts take_apart(std::string_view message) {
  Parts parts;
  parts.element = local(quoted(message, "Element '"));
  parts.attribute = local(quoted(message, ", attribute '"));
  if (message.substr(0, 2) == ": ") message.remove_prefix(2);
  while (!message.empty() && (message.back() == '\n' || message.back() == '.'))
    message.remove_suffix(1);
  if (message.substr(0, 7) == "[facet ")
    message.remove_prefix(std::min(message.size(), message.find(']') + 2));
  parts.rest = message;
  return parts;
}

/// The text between the last `opening` and the end, without what closes it.
std::string_view after(std::string_view text, std::string_view opening, std::string_view closing) {
  const auto begin = text.rfind(opening);
  if (begin == std::string_view::npos) return {};
  text.remove_prefix(begin + opening.size());
  const auto end = text.rfind(closing);
  return end == std::string_view::npos ? text : text.substr(0, end);
}

/// The names of "Expected is one of ( a, {ns}b, ##other )", readable.
std::string expected_names(std::string_view rest) {
  auto list = after(rest, "( ", " )");
  std::string out;
  std::size_t count = 0;
  while (!list.empty()) {
    const auto comma = list.find(", ");
    const auto name = local(list.substr(0, comma));
    if (!name.empty() && name != "*" && name[0] != '#') {
      if (++count > max_names) return out + ", …";
      out += (out.empty() ? "" : ", ") + std::string{name};
    }
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 2);
  }
  return out;
}

/// The values of "{'a', 'b'}".
std::string enumeration(std::string_view rest) {
  const auto set = after(rest, "of the set {", "}");
  std::string out;
  std::copy_if(set.begin(), set.end(), std::back_inserter(out), [](char c) { return c != '\''; });
  return out.size() > 200 ? out.substr(0, 200) + "…" : out;
}

struct Facet {
  int code;
  const char* middle;  ///< between the value and the limit in libxml2's text
  const char* fr;
  const char* en;
  demat::Words (*expected)(const std::string& limit);
};

constexpr std::array facets = {
    Facet{XML_SCHEMAV_CVC_PATTERN_VALID, "' is not accepted by the pattern '",
          "n'a pas la forme attendue : ", "does not have the expected form: ",
          [](const std::string& limit) {
            return pattern_words(limit).value_or(demat::Words{limit, limit});
          }},
    Facet{XML_SCHEMAV_CVC_MININCLUSIVE_VALID, "' is less than the minimum value allowed ('",
          "est plus petite que le minimum admis : ", "is below the minimum allowed: ",
          [](const std::string& limit) {
            return demat::Words{limit + " ou plus", limit + " or more"};
          }},
    Facet{XML_SCHEMAV_CVC_MAXINCLUSIVE_VALID, "' is greater than the maximum value allowed ('",
          "est plus grande que le maximum admis : ", "is above the maximum allowed: ",
          [](const std::string& limit) {
            return demat::Words{limit + " au plus", limit + " at most"};
          }},
    Facet{XML_SCHEMAV_CVC_MINEXCLUSIVE_VALID, "' must be greater than '", "doit être plus grande que ",
          "must be greater than ",
          [](const std::string& limit) {
            return demat::Words{"plus de " + limit, "more than " + limit};
          }},
    Facet{XML_SCHEMAV_CVC_MAXEXCLUSIVE_VALID, "' must be less than '", "doit être plus petite que ",
          "must be less than ",
          [](const std::string& limit) {
            return demat::Words{"moins de " + limit, "less than " + limit};
          }},
    Facet{XML_SCHEMAV_CVC_TOTALDIGITS_VALID, "' has more digits than are allowed ('",
          "a trop de chiffres ; maximum : ", "has too many digits; maximum: ",
          [](const std::string& limit) {
            return demat::Words{limit + " chiffres au plus", "at most " + limit + " digits"};
          }},
    Facet{XML_SCHEMAV_CVC_FRACTIONDIGITS_VALID, "' has more fractional digits than are allowed ('",
          "a trop de décimales ; maximum : ", "has too many decimals; maximum: ",
          [](const std::string& limit) {
            return demat::Words{limit + " décimales au plus", "at most " + limit + " decimals"};
          }},
};

struct Length {
  int code;
  const char* fr;
  const char* en;
  const char* limit_fr;
  const char* limit_en;
  const char* expected_fr;
  const char* expected_en;
};

constexpr std::array lengths = {
    Length{XML_SCHEMAV_CVC_LENGTH_VALID, "n'a pas la longueur exigée", "does not have the required length",
           "exigé", "required", "", ""},
    Length{XML_SCHEMAV_CVC_MINLENGTH_VALID, "est trop courte", "is too short", "longueur minimale",
           "minimum length", "au moins ", "at least "},
    Length{XML_SCHEMAV_CVC_MAXLENGTH_VALID, "est trop longue", "is too long", "longueur maximale",
           "maximum length", "au plus ", "at most "},
};

struct Plain {
  int code;
  const char* fr;
  const char* en;
};

constexpr std::array plains = {
    Plain{XML_SCHEMAV_CVC_COMPLEX_TYPE_2_1, "cet élément doit être vide.", "this element must be empty."},
    Plain{XML_SCHEMAV_CVC_COMPLEX_TYPE_2_3, "texte interdit : cet élément ne contient que des éléments.",
          "text is not allowed: this element holds elements only."},
    Plain{XML_SCHEMAV_CVC_TYPE_3_1_1, "attribut interdit sur cet élément.",
          "no attribute is allowed on this element."},
    Plain{XML_SCHEMAV_CVC_TYPE_3_1_2, "élément interdit : un texte seul est attendu.",
          "elements are not allowed: only a text is expected."},
    Plain{XML_SCHEMAV_CVC_COMPLEX_TYPE_2_2, "élément interdit : un texte seul est attendu.",
          "elements are not allowed: only a text is expected."},
    Plain{XML_SCHEMAV_CVC_COMPLEX_TYPE_3_2_1, "cet attribut n'est pas admis.",
          "this attribute is not allowed."},
    Plain{XML_SCHEMAV_CVC_COMPLEX_TYPE_3_2_2, "cet attribut n'est pas admis.",
          "this attribute is not allowed."},
    Plain{XML_SCHEMAV_CVC_ELT_1, "racine inconnue du schéma.", "the schema does not know this root."},
};

template <class Table>
auto look_up(const Table& table, int code) {
  const auto* found =
      std::find_if(table.begin(), table.end(), [&](const auto& row) { return row.code == code; });
  return found == table.end() ? nullptr : found;
}

/// "la valeur « x »", or "la valeur" when it must not be shown.
struct Shown {
  std::string fr = "la valeur ";
  std::string en = "the value ";
  std::string value{};
};

Shown show(const Parts& parts, std::string_view value) {
  if (is_personal(parts.element)) return {};
  const auto text = shortened(value);
  if (text.empty()) return {"la valeur vide ", "the empty value "};
  return {"la valeur « " + text + " » ", "the value \"" + text + "\" ", text};
}

std::string_view value_before(std::string_view rest, std::string_view middle) {
  constexpr std::string_view opening = "The value '";
  if (rest.substr(0, opening.size()) != opening) return {};
  rest.remove_prefix(opening.size());
  const auto end = rest.rfind(middle);
  return end == std::string_view::npos ? std::string_view{} : rest.substr(0, end);
}

struct Words {
  std::string fr;
  std::string en;
  std::string value{};      ///< what was found, when it may be shown
  demat::Words expected{};  ///< apart, for reports that show it so
};

Words content(std::string_view rest) {
  const auto names = expected_names(rest);
  const bool missing = rest.substr(0, 7) == "Missing";
  Words words{missing ? "il manque un élément" : "cet élément n'est pas attendu ici",
              missing ? "an element is missing" : "this element is not expected here"};
  if (!names.empty()) {
    words.fr += " ; attendu : " + names;
    words.en += "; expected: " + names;
    words.expected = {names, names};
  }
  words.fr += '.';
  words.en += '.';
  return words;
}

Words type(const Parts& parts) {
  // "'x' is not a valid value of the atomic type '{ns}T'", or of a "local" type, which has no name.
  constexpr std::string_view middle = "' is not a valid value of the ";
  const auto at = parts.rest.rfind(middle);
  if (at == std::string_view::npos || at == 0)
    return {"la valeur n'est pas admise.", "the value is not allowed."};
  const auto name = local(after(parts.rest.substr(at), "type '", "'"));
  const auto shown = name == "xs:base64Binary" ? Shown{} : show(parts, parts.rest.substr(1, at - 1));
  if (const auto words = type_words(name, parts.element))
    return {shown.fr + "n'est pas admise ; attendu : " + words->fr + ".",
            shown.en + "is not allowed; expected: " + words->en + ".", shown.value, *words};
  Words words{shown.fr + "n'est pas admise", shown.en + "is not allowed", shown.value};
  if (!name.empty()) {
    words.fr += " (type " + std::string{name} + ")";
    words.en += " (type " + std::string{name} + ")";
  }
  words.fr += '.';
  words.en += '.';
  return words;
}

/// "100 caractères".
Words characters(const std::string& count) {
  const char* plural = count == "1" ? "" : "s";
  return {count + " caractère" + plural, count + " character" + plural};
}

/// "the value is too long: 120 characters; maximum length: 100": no agent counts them.
Words wrong_length(const Parts& parts, const Length& length) {
  constexpr std::string_view middle = "' has a length of '";
  const auto shown = show(parts, value_before(parts.rest, middle));
  std::string_view counted = after(parts.rest, middle, "'");
  counted = counted.substr(0, counted.find('\''));
  const auto found = characters(std::string{counted});
  const auto limit = characters(std::string{after(parts.rest, "length of '", "'")});
  return {std::string{"la valeur "} + length.fr + " : " + found.fr + " ; " + length.limit_fr + " : " +
              limit.fr + ".",
          std::string{"the value "} + length.en + ": " + found.en + "; " + length.limit_en + ": " + limit.en +
              ".",
          shown.value,
          {length.expected_fr + limit.fr, length.expected_en + limit.en}};
}

Words value(const Parts& parts, int code) {
  if (code == XML_SCHEMAV_CVC_ENUMERATION_VALID) {
    const auto shown = show(parts, value_before(parts.rest, "' is not an element of the set {"));
    const auto set = enumeration(parts.rest);
    return {shown.fr + "n'est pas dans la liste admise : " + set + ".",
            shown.en + "is not in the allowed list: " + set + ".",
            shown.value,
            {set, set}};
  }
  if (const auto* facet = look_up(facets, code)) {
    const auto shown = show(parts, value_before(parts.rest, facet->middle));
    const std::string limit{after(parts.rest, facet->middle, "'")};
    const auto expected = facet->expected(limit);
    const auto& said = code == XML_SCHEMAV_CVC_PATTERN_VALID ? expected : demat::Words{limit, limit};
    return {shown.fr + facet->fr + said.fr + ".", shown.en + facet->en + said.en + ".", shown.value,
            expected};
  }
  if (const auto* length = look_up(lengths, code)) return wrong_length(parts, *length);
  return type(parts);
}

bool is_value_code(int code) {
  static constexpr std::array types = {
      XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_1, XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_2,
      XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_3, XML_SCHEMAV_CVC_ATTRIBUTE_3,
      XML_SCHEMAV_CVC_ELT_5_2_2_2_2,        XML_SCHEMAV_CVC_ENUMERATION_VALID};
  return std::any_of(types.begin(), types.end(), [&](int known) { return known == code; }) ||
         look_up(facets, code) != nullptr || look_up(lengths, code) != nullptr;
}

struct Remedy {
  const char* fr;
  const char* en;
};
constexpr Remedy mend_value{"Corriger cette donnée dans le logiciel financier, puis refaire l'export.",
                            "Mend this in the accounting software, then export again."};
constexpr Remedy mend_structure{
    "Compléter la fiche si une donnée manque ; sinon le logiciel écrit mal le fichier : prévenir son "
    "éditeur.",
    "Fill in what is missing; else the software writes the file wrongly: tell its publisher."};

Words words_for(const Parts& parts, int code) {
  if (code == XML_SCHEMAV_ELEMENT_CONTENT) return content(parts.rest);
  if (code == XML_SCHEMAV_CVC_COMPLEX_TYPE_4) {
    const std::string name{after(parts.rest, "The attribute '", "'")};
    return {"l'attribut " + name + " est obligatoire et manque.",
            "attribute " + name + " is required and missing."};
  }
  if (is_value_code(code)) return value(parts, code);
  if (const auto* plain = look_up(plains, code)) return {plain->fr, plain->en};
  return {"non conforme au schéma (code " + std::to_string(code) + ").",
          "does not conform to the schema (code " + std::to_string(code) + ")."};
}

}  // namespace

SchemaMessage describe(const xmlError& error, Place place) {
  const auto parts =
      take_apart(error.message == nullptr ? std::string_view{} : std::string_view{error.message});
  auto words = words_for(parts, error.code);
  std::string subject{parts.element};
  // V holds the value of every leaf of a PES: naming it would only puzzle an agent.
  if (!parts.attribute.empty() && parts.attribute != "V") subject += "/@" + std::string{parts.attribute};
  SchemaMessage message;
  message.finding = {"xsd.invalid", Severity::error, std::move(place), subject + " : " + words.fr,
                     subject + ": " + words.en};
  message.finding.value = std::move(words.value);
  message.finding.expected = std::move(words.expected);
  const auto& remedy = is_value_code(error.code) ? mend_value : mend_structure;
  message.finding.remedy = {remedy.fr, remedy.en};
  message.subject = std::string{parts.element} + "@" + std::string{parts.attribute};
  message.about_value = is_value_code(error.code);
  message.about_content = error.code == XML_SCHEMAV_ELEMENT_CONTENT;
  return message;
}

}  // namespace demat::xml::detail
