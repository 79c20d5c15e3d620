#include "protocols/base/identifiers.hpp"

#include <algorithm>

namespace demat {
namespace {

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool luhn(std::string_view digits) {
  int sum = 0;
  bool twice = false;
  for (auto it = digits.rbegin(); it != digits.rend(); ++it, twice = !twice) {
    int digit = *it - '0';
    if (twice) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 == 0;
}

constexpr std::string_view la_poste = "356000000";

}  // namespace

bool is_siren(std::string_view text) {
  return text.size() == 9 && all_digits(text) && luhn(text);
}

bool is_siret(std::string_view text) {
  if (text.size() != 14 || !all_digits(text) || !is_siren(text.substr(0, 9))) return false;
  return text.substr(0, 9) == la_poste || luhn(text);
}

Siren siren_of(const Siret& siret) {
  if (siret.str().size() < 9) return Siren{};
  return Siren{std::string_view(siret.str()).substr(0, 9)};
}

}  // namespace demat
