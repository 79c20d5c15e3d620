#include "protocols/rules/identifiers.hpp"

#include <algorithm>
#include <array>

#include "protocols/base/identifiers.hpp"
#include "protocols/rules/values.hpp"

namespace demat::rules {
namespace {

constexpr std::string_view la_poste = "356000000";

bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool capital(char c) {
  return c >= 'A' && c <= 'Z';
}
bool small(char c) {
  return c >= 'a' && c <= 'z';
}
int value_of(char c) {
  return c - '0';
}

int sum_of_digits(std::string_view digits) {
  int sum = 0;
  for (const char c : digits)
    sum += value_of(c);
  return sum;
}

/// The rest by 97 of the number written by `text`, letters standing for two digits (A = 10).
int rest97(int from, std::string_view text) {
  int rest = from;
  for (const char c : text)
    rest = digit(c) ? (rest * 10 + value_of(c)) % 97 : (rest * 100 + (c - 'A' + 10)) % 97;
  return rest;
}

/// Letters of a RIB: A to I and J to R count from 1, S to Z from 2.
char rib_digit(char c) {
  if (digit(c)) return c;
  if (c <= 'I') return static_cast<char>('1' + (c - 'A'));
  if (c <= 'R') return static_cast<char>('1' + (c - 'J'));
  return static_cast<char>('2' + (c - 'S'));
}

bool rib_part(std::string_view text, std::size_t size) {
  return text.size() == size &&
         std::all_of(text.begin(), text.end(), [](char c) { return digit(c) || capital(c); });
}

int rib_rest(std::string_view text) {
  int rest = 0;
  for (const char c : text)
    rest = (rest * 10 + value_of(rib_digit(c))) % 97;
  return rest;
}

}  // namespace

bool siren_valid(std::string_view text) {
  return is_siren(text);
}

bool siret_valid(std::string_view text) {
  if (!is_siret(text)) return false;
  if (siren_of(text) != la_poste) return true;
  return sum_of_digits(text) % 5 == 0 || text == "35600000000048";
}

std::string_view siren_of(std::string_view siret) {
  return siret.size() < 9 ? std::string_view{} : siret.substr(0, 9);
}

bool finess_valid(std::string_view text) {
  if (text.size() != 9) return false;
  std::string digits(text);
  if (digits[0] == '2' && (digits[1] == 'A' || digits[1] == 'B')) digits[1] = digits[1] == 'A' ? '1' : '2';
  return is_siren(digits);
}

bool nir_valid(std::string_view text) {
  if (text.size() != 15) return false;
  std::string number(text.substr(0, 13));
  const auto key = text.substr(13);
  const auto departement = text.substr(5, 2);
  if (departement == "2A") number.replace(5, 2, "19");
  if (departement == "2B") number.replace(5, 2, "18");
  if (!all_digits(number) || !all_digits(key) || number[0] == '0') return false;
  return 97 - rest97(0, number) == value_of(key[0]) * 10 + value_of(key[1]);
}

bool iban_valid(std::string_view text) {
  constexpr std::size_t head = 4;
  if (text.size() < head || text.size() != iban_length(text.substr(0, 2))) return false;
  if (!digit(text[2]) || !digit(text[3])) return false;
  if (!std::all_of(text.begin(), text.end(), [](char c) { return digit(c) || capital(c); })) return false;
  return rest97(rest97(0, text.substr(head)), text.substr(0, head)) == 1;
}

bool bic_valid(std::string_view text) {
  if (text.size() != 8 && text.size() != 11) return false;
  const auto is_letter_or_digit = [](char c) { return digit(c) || capital(c); };
  return std::all_of(text.begin(), text.begin() + 4, is_letter_or_digit) &&
         country_known(text.substr(4, 2)) && std::all_of(text.begin() + 6, text.end(), is_letter_or_digit);
}

bool rib_valid(std::string_view etab, std::string_view guichet, std::string_view compte,
               std::string_view cle) {
  if (!rib_part(etab, 5) || !rib_part(guichet, 5) || !rib_part(compte, 11)) return false;
  if (cle.size() != 2 || !all_digits(cle)) return false;
  const int weighed = 89 * rib_rest(etab) + 15 * rib_rest(guichet) + 3 * rib_rest(compte);
  return 97 - weighed % 97 == value_of(cle[0]) * 10 + value_of(cle[1]);
}

bool french_iban(std::string_view iban) {
  constexpr std::array<std::string_view, 14> as_france{"FR", "GP", "GF", "MQ", "RE", "YT", "MC",
                                                       "NC", "PF", "PM", "TF", "WF", "BL", "MF"};
  return std::find(as_france.begin(), as_france.end(), iban.substr(0, 2)) != as_france.end();
}

bool ics_valid(std::string_view text) {
  constexpr std::size_t characters = 13;
  constexpr std::size_t head = 4;
  constexpr std::size_t national = 7;
  if (text.size() != characters || !capital(text[0]) || !capital(text[1])) return false;
  if (!digit(text[2]) || !digit(text[3])) return false;
  if (!std::all_of(text.begin(), text.end(), [](char c) { return digit(c) || capital(c); })) return false;
  return rest97(rest97(0, text.substr(national)), text.substr(0, head)) == 1;
}

std::string capitals(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (small(c)) c = static_cast<char>(c - 'a' + 'A');
  return out;
}

std::string masked_account(std::string_view account) {
  constexpr std::size_t first = 4;
  constexpr std::size_t last = 3;
  return masked(account, first, last);
}

std::string masked(std::string_view value, std::size_t first, std::size_t last) {
  if (value.size() <= first + last) return "…";
  return std::string(value.substr(0, first)) + "…" + std::string(value.substr(value.size() - last));
}

bool may_be_nir(std::string_view text) {
  constexpr std::string_view beginnings = "123478";
  constexpr std::size_t bare = 13;
  constexpr std::size_t with_key = 15;
  std::string kept;
  for (const char c : text) {
    if (digit(c) || capital(c) || small(c)) kept.push_back(c);
  }
  return (kept.size() == bare || kept.size() == with_key) &&
         beginnings.find(kept.front()) != std::string_view::npos;
}

std::string shown_identifier(std::string_view text, bool personal) {
  constexpr std::size_t end = 2;
  return personal || may_be_nir(text) ? masked(text, 0, end) : std::string(text);
}

}  // namespace demat::rules
