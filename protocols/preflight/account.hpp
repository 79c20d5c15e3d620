#pragma once

#include "protocols/preflight/judging.hpp"
#include "protocols/rules/identifiers.hpp"

/// One bank account of a unit and what can be said of it. Internal to this folder.
namespace demat::preflight {

using rules::capitals;
using rules::french_iban;
using rules::masked_account;

/// The names of the fields of one CpteBancaire.
struct Account {
  FieldName iban, bic, country, bank, etab, guichet, compte, cle, holder;
};

/// The account that lies in that block of its unit: "CpteBancaire", "Debiteur/CpteBancaire".
[[nodiscard]] constexpr Account account_in(std::string_view block) {
  const auto from = rules::hashed(block);
  return {below(from, "IBAN"),      below(from, "BIC"),      below(from, "IdPayInt"),
          below(from, "IdBancInt"), below(from, "CodeEtab"), below(from, "CodeGuic"),
          below(from, "IdCpte"),    below(from, "CleRib"),   below(from, "TitCpte")};
}

/// Whether there is an account at all, of either form.
[[nodiscard]] bool account_given(const Unit& unit, const Account& account);

// What is wrong, one rule each; nothing is said of what is absent, nor twice: a letter in lower case is P6's.
void wrong_case(const Unit& unit, const Account& account, const RuleInfo& rule, Verdicts& out);
void wrong_iban(const Unit& unit, const Account& account, const RuleInfo& rule, Verdicts& out);
void wrong_bic(const Unit& unit, const Account& account, const RuleInfo& rule, Verdicts& out);
/// Of the four parts of a RIB, and its key.
void wrong_rib(const Unit& unit, const Account& account, const RuleInfo& rule, Verdicts& out);
/// IdPayInt and IdBancInt: together, known, and right with the RIB.
void wrong_international(const Unit& unit, const Account& account, const RuleInfo& rule, Verdicts& out);

}  // namespace demat::preflight
