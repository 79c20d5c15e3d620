#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Shapes and keys of the identifiers that flows carry. Pure functions over the text as it stands: no blank
/// is taken out, letters count as they are written. Thread-safe.
namespace demat::rules {

/// Nine digits with a right Luhn key.
[[nodiscard]] bool siren_valid(std::string_view text);
/// Fourteen digits that begin with a SIREN, Luhn key over the whole; establishments of La Poste (356000000)
/// may instead have digits whose sum is a multiple of five.
[[nodiscard]] bool siret_valid(std::string_view text);
/// The SIREN a SIRET begins with; empty when it is shorter.
[[nodiscard]] std::string_view siren_of(std::string_view siret);
/// Nine characters, digits but for A or B of a Corsican département (2A, 2B, which count as 21 and 22), Luhn
/// key.
[[nodiscard]] bool finess_valid(std::string_view text);
/// Fifteen characters: thirteen (2A and 2B count as 19 and 18 for the key) and a key of 97 minus the rest of
/// the thirteen by 97.
[[nodiscard]] bool nir_valid(std::string_view text);

/// VAT number of a member of the Union (and XI, Northern Ireland), prefix included: shape of the country; for
/// FR also the SIREN and, where it is numeric, the key.
[[nodiscard]] bool tva_valid(std::string_view text);

/// Two capital letters of ISO 3166-1, or XK.
[[nodiscard]] bool country_known(std::string_view alpha2);
/// Country of the register of IBAN, its length, capital letters and digits, key (ISO 13616, mod 97).
[[nodiscard]] bool iban_valid(std::string_view text);
/// Characters of an IBAN of that country; 0 where the country has none.
[[nodiscard]] std::size_t iban_length(std::string_view country);
/// Capital letters where ISO 9362 wants them, country known, 8 or 11 characters.
[[nodiscard]] bool bic_valid(std::string_view text);
/// French RIB: lengths 5, 5, 11 and 2, letters by the banking table, key.
[[nodiscard]] bool rib_valid(std::string_view etab, std::string_view guichet, std::string_view compte,
                             std::string_view cle);

/// An account held in France, or in a territory or State that banks as France does (its IBANs hold a RIB).
[[nodiscard]] bool french_iban(std::string_view iban);
/// Creditor identifier of SEPA direct debits, the French form, 13 characters: country, key, business code,
/// national number; the key is that of an IBAN without the business code (ISO 7064).
[[nodiscard]] bool ics_valid(std::string_view text);
/// The letters a to z as capitals.
[[nodiscard]] std::string capitals(std::string_view text);

/// The value with all but its first and last characters replaced, for messages: "FR76…189". Everything is
/// replaced when it is not longer than what would be shown.
[[nodiscard]] std::string masked(std::string_view value, std::size_t first, std::size_t last);
/// An account for messages: "FR76…189".
[[nodiscard]] std::string masked_account(std::string_view account);
/// Whether the text may be the number of a person, whatever it is given out for: 13 or 15 digits (A and B of
/// Corsica too), blanks and the like apart, that begin as a NIR does (1 to 4, 7, 8).
[[nodiscard]] bool may_be_nir(std::string_view text);
/// An identifier for messages: its end only where it is `personal` or may be a NIR, else as it is.
[[nodiscard]] std::string shown_identifier(std::string_view text, bool personal = false);

}  // namespace demat::rules
