#include "protocols/preflight/account.hpp"

#include <algorithm>

namespace demat::preflight {
namespace {

bool small_letter(char c) {
  return c >= 'a' && c <= 'z';
}

}  // namespace

bool account_given(const Unit& unit, const Account& account) {
  return unit.has(account.iban) || unit.has(account.compte);
}

void wrong_case(const Unit& unit, const Account& account, const RuleInfo& rule, Verdicts& out) {
  for (const auto& [field, name] : {std::pair{account.iban, "IBAN "}, std::pair{account.bic, "BIC "}}) {
    const auto value = unit[field];
    if (std::any_of(value.begin(), value.end(), small_letter))
      hit(out, rule, unit, field, name + masked_account(value));
  }
}

void wrong_iban(const Unit& unit, const Account& account, const RuleInfo& rule, Verdicts& out) {
  if (!unit.has(account.iban) || rules::iban_valid(unit[account.iban])) return;
  const auto iban = capitals(unit[account.iban]);
  if (rules::iban_valid(iban)) return;
  const auto length = rules::iban_length(std::string_view(iban).substr(0, 2));
  auto expected = Words{"un pays qui a des IBAN", "a country that has IBANs"};
  if (length != 0 && length != iban.size()) {
    const auto size = std::to_string(length);
    const auto found = std::to_string(iban.size());
    expected = {size + " caractères, pas " + found, size + " characters, not " + found};
  } else if (length != 0) {
    expected = {"une clé juste", "a right key"};
  }
  hit(out, rule, unit, account.iban, masked_account(iban), std::move(expected));
}

void wrong_bic(const Unit& unit, const Account& account, const RuleInfo& rule, Verdicts& out) {
  const auto bic = unit[account.bic];
  if (!unit.has(account.bic) || rules::bic_valid(bic) || rules::bic_valid(capitals(bic))) return;
  hit_value(
      out, rule, unit, account.bic,
      {"un BIC de 8 ou 11 caractères, d'un pays connu", "a BIC of 8 or 11 characters, of a known country"});
}

void wrong_rib(const Unit& unit, const Account& account, const RuleInfo& rule, Verdicts& out) {
  if (!unit.has(account.etab) && !unit.has(account.compte)) return;
  for (const auto& [field, name] :
       {std::pair{account.etab, "CodeEtab"}, std::pair{account.guichet, "CodeGuic"},
        std::pair{account.compte, "IdCpte"}, std::pair{account.cle, "CleRib"}})
    if (unit[field].empty()) return hit(out, rule, unit, field, std::string(name) + " vide", same(name));
  const auto right = [&](std::string_view compte) {
    return rules::rib_valid(unit[account.etab], unit[account.guichet], compte, unit[account.cle]);
  };
  if (!right(unit[account.compte]) && !right(capitals(unit[account.compte])))
    hit(out, rule, unit, account.compte, rules::masked(unit[account.compte], 0, 3),
        {"5 + 5 + 11 caractères et une clé juste", "5 + 5 + 11 characters and a right key"});
}

void wrong_international(const Unit& unit, const Account& account, const RuleInfo& rule, Verdicts& out) {
  const auto country = unit[account.country];
  const auto bank = unit[account.bank];
  if (country.empty() && bank.empty()) return;
  if (bank.empty())
    return hit(out, rule, unit, account.country, "IdPayInt", {"IdBancInt aussi", "IdBancInt too"});
  if (country.empty())
    return hit(out, rule, unit, account.bank, "IdBancInt", {"IdPayInt aussi", "IdPayInt too"});
  if (!rules::country_known(country.substr(0, 2)))
    return hit(out, rule, unit, account.country, "IdPayInt " + std::string(country),
               {"un pays connu et sa clé, FR76", "a known country and its key, FR76"});
  if (!rules::bic_valid(bank))
    return hit(out, rule, unit, account.bank, "IdBancInt " + std::string(bank), {"un BIC", "a BIC"});
  if (country.size() != 4 || !french_iban(country)) return;
  auto iban = std::string(country);
  for (const auto part : {account.etab, account.guichet, account.compte, account.cle})
    iban += unit[part];
  if (!rules::iban_valid(capitals(iban)))
    hit(out, rule, unit, account.country, "IdPayInt " + std::string(country),
        {"la clé IBAN de ce RIB", "the IBAN key of this RIB"});
}

}  // namespace demat::preflight
