#include "protocols/actes/naming.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <vector>

namespace demat::actes {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

bool is_alphanumeric(char c) {
  return is_digit(c) || is_upper(c) || (c >= 'a' && c <= 'z');
}

template <class Kind>
bool all(std::string_view text, Kind kind) {
  return std::all_of(text.begin(), text.end(), kind);
}

bool digits(std::string_view text, std::size_t length) {
  return text.size() == length && all(text, is_digit);
}

/// Two digits and a digit, A or B (the registry of departments; the first is 0 or 9 but not checked here).
bool is_department(std::string_view text) {
  return text.size() == 3 && is_digit(text[0]) && is_digit(text[1]) &&
         (is_digit(text[2]) || text[2] == 'A' || text[2] == 'B');
}

bool ends_with_no_case(std::string_view text, std::string_view ending) {
  if (text.size() < ending.size()) return false;
  const auto tail = text.substr(text.size() - ending.size());
  return std::equal(tail.begin(), tail.end(), ending.begin(),
                    [](char a, char b) { return (is_upper(a) ? static_cast<char>(a - 'A' + 'a') : a) == b; });
}

/// Numbers hold much, but nothing that would make a path or a line of a name.
bool is_number_text(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20U || c == 0x7F || c == '/' || c == '\\';
  });
}

/// Text before the first '-', which is taken with it; nothing when there is no '-'.
std::optional<std::string_view> take_field(std::string_view& text) {
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto field = text.substr(0, dash);
  text.remove_prefix(dash + 1);
  return field;
}

/// The same from the end: text after the last '-'.
std::optional<std::string_view> take_last_field(std::string_view& text) {
  const auto dash = text.rfind('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto field = text.substr(dash + 1);
  text.remove_suffix(text.size() - dash);
  return field;
}

std::optional<unsigned> number_of(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Six fields, the second always empty, the fourth when the authority emits.
std::string stem(const EnvelopeName& name) {
  return fmt::format("{}--{}-{}-{}-{}", name.application, name.emitter, name.recipient, name.date,
                     name.serial);
}

/// `APPLI-<empty>-emitter-[recipient]-date-serial`, with the trigram before it on archives.
std::optional<EnvelopeName> parse_stem(std::string_view text) {
  std::vector<std::string_view> fields;
  while (auto field = take_field(text))
    fields.push_back(*field);
  fields.push_back(text);
  EnvelopeName name;
  if (!fields.empty() && fields.front().size() == 3 && all(fields.front(), is_alphanumeric)) {
    name.trigram = fields.front();
    fields.erase(fields.begin());
  }
  if (fields.size() != 6 || !fields[1].empty()) return std::nullopt;
  name.application = fields[0];
  name.emitter = fields[2];
  name.recipient = fields[3];
  name.date = fields[4];
  name.serial = fields[5];
  const bool well_formed = name.application.size() == 4 && all(name.application, is_upper) &&
                           name.emitter.size() >= 6 && all(name.emitter, is_alphanumeric) &&
                           (name.recipient.empty() || digits(name.recipient, 9)) && digits(name.date, 8) &&
                           !name.serial.empty() && all(name.serial, is_digit);
  if (!well_formed) return std::nullopt;
  return name;
}

/// `T-M[_order]`, the end of a file name.
bool parse_tail(std::string_view family, std::string_view rest, FileName& name) {
  const auto underscore = rest.find('_');
  const auto code = code_of_number(fmt::format("{}-{}", family, rest.substr(0, underscore)));
  if (!code) return false;
  name.code = *code;
  if (underscore == std::string_view::npos) return true;
  name.order = number_of(rest.substr(underscore + 1));
  return name.order.has_value();
}

constexpr std::array<std::string_view, 6> abbreviations{"DE", "AR", "AI", "CC", "BF", "AU"};

bool is_abbreviation(std::string_view text) {
  return text.size() == 2 && all(text, is_upper);
}

}  // namespace

std::string archive_name(const EnvelopeName& name) {
  return fmt::format("{}-{}.tar.gz", name.trigram, stem(name));
}

std::string envelope_name(const EnvelopeName& name) {
  return stem(name) + ".xml";
}

std::string anomaly_name(const EnvelopeName& name) {
  return "ANO_" + envelope_name(name);
}

std::optional<EnvelopeName> parse_envelope_name(std::string_view file_name) {
  for (const std::string_view ending : {".tar.gz", ".xml"})
    if (ends_with_no_case(file_name, ending))
      return parse_stem(file_name.substr(0, file_name.size() - ending.size()));
  return std::nullopt;
}

std::optional<EnvelopeName> parse_anomaly_name(std::string_view file_name) {
  constexpr std::string_view prefix = "ANO_";
  if (!file_name.starts_with(prefix)) return std::nullopt;
  return parse_envelope_name(file_name.substr(prefix.size()));
}

Result<std::string> serial_text(unsigned serial) {
  if (serial == 0)
    return failure(permanent_error("actes.serial.invalid", "Le numéro d'ordre d'une enveloppe commence à 1.",
                                   "The serial number of an envelope begins at 1."));
  if (serial > max_serial)
    return failure(permanent_error(
        "actes.serial.exhausted",
        "Votre collectivité a atteint 9999 enveloppes aujourd'hui ; les suivantes partiront demain.",
        "Your authority has reached 9999 envelopes today; the next ones leave tomorrow."));
  return std::to_string(serial);
}

std::string file_name(const FileName& name) {
  return fmt::format("{}{}-{}-{}-{}-{}-{}{}.{}", name.type.empty() ? "" : name.type + "-", name.department,
                     name.siren, name.date, name.number, name.nature, info(name.code).number,
                     name.order ? fmt::format("_{}", *name.order) : "", name.extension);
}

std::optional<FileName> parse_file_name(std::string_view text) {
  FileName name;
  const auto dot = text.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  name.extension = text.substr(dot + 1);
  if (name.extension.empty() || !all(name.extension, is_alphanumeric)) return std::nullopt;
  text = text.substr(0, dot);
  name.type = typologie_of(text);
  if (!name.type.empty()) text.remove_prefix(name.type.size() + 1);

  const auto department = take_field(text);
  const auto siren = take_field(text);
  const auto date = take_field(text);
  const auto rest = take_last_field(text);
  const auto family = take_last_field(text);
  if (!rest || !family || !date || !is_department(*department) || !digits(*siren, 9)) return std::nullopt;
  if (!date->empty() && !digits(*date, 8)) return std::nullopt;
  if (!parse_tail(*family, *rest, name)) return std::nullopt;
  const auto nature = take_last_field(text);
  if (!nature || (!nature->empty() && !is_abbreviation(*nature)) || !is_number_text(text))
    return std::nullopt;
  name.department = *department;
  name.siren = *siren;
  name.date = *date;
  name.number = text;
  name.nature = *nature;
  return name;
}

std::string ActeId::str() const {
  return fmt::format("{}-{}-{}-{}-{}", department, siren, date, number, nature);
}

std::optional<ActeId> parse_acte_id(std::string_view text) {
  const auto department = take_field(text);
  const auto siren = take_field(text);
  const auto date = take_field(text);
  const auto nature = take_last_field(text);
  if (!date || !nature || !is_department(*department) || !digits(*siren, 9) || !digits(*date, 8))
    return std::nullopt;
  if (text.empty() || !is_number_text(text) || !is_abbreviation(*nature)) return std::nullopt;
  return ActeId{std::string{*department}, std::string{*siren}, std::string{*date}, std::string{text},
                std::string{*nature}};
}

ActeId predicted_id(const AuthorityId& authority, std::string_view date, std::string_view number,
                    int nature) {
  return {authority.department, authority.siren, compact_date(date), std::string{number},
          std::string{nature_abbreviation(nature)}};
}

std::string_view nature_abbreviation(int nature) {
  if (nature < 1 || nature > static_cast<int>(abbreviations.size())) return {};
  return abbreviations.at(static_cast<std::size_t>(nature - 1));
}

int nature_of_abbreviation(std::string_view abbreviation) {
  const auto* found = std::find(abbreviations.begin(), abbreviations.end(), abbreviation);
  return found == abbreviations.end() ? 0 : static_cast<int>(found - abbreviations.begin()) + 1;
}

std::string compact_date(std::string_view iso) {
  const bool shaped = iso.size() == 10 && iso[4] == '-' && iso[7] == '-';
  if (!shaped || !normal_date(iso)) return {};
  return fmt::format("{}{}{}", iso.substr(0, 4), iso.substr(5, 2), iso.substr(8, 2));
}

std::string iso_date(std::string_view compact) {
  if (!digits(compact, 8)) return {};
  return fmt::format("{}-{}-{}", compact.substr(0, 4), compact.substr(4, 2), compact.substr(6, 2));
}

std::optional<std::string> normal_date(std::string_view text) {
  const auto year = take_field(text);
  const auto month = take_field(text);
  if (!year || !month || !digits(*year, 4) || month->size() > 2 || text.size() > 2) return std::nullopt;
  const auto m = number_of(*month);
  const auto d = number_of(text);
  if (!m || !d) return std::nullopt;
  const std::chrono::year_month_day day{std::chrono::year{static_cast<int>(number_of(*year).value_or(0))},
                                        std::chrono::month{*m}, std::chrono::day{*d}};
  if (!day.ok()) return std::nullopt;
  return fmt::format("{}-{:02}-{:02}", *year, *m, *d);
}

}  // namespace demat::actes
