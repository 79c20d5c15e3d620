#pragma once

#include <cstdint>
#include <unordered_set>
#include <vector>

#include "protocols/preflight/judging.hpp"

/// What the files of the family of invoices share. Internal to them.
namespace demat::preflight {

/// Kept in Verdicts::memory during one PES_Facture: what its parts tell each other.
struct FactureState {
  std::size_t collecting_centres = 0;            ///< Tiers 25
  std::size_t treasuries = 0;                    ///< Tiers 26
  bool tip = false;                              ///< an invoice is to be paid by TIP
  std::unordered_set<std::uint64_t> references;  ///< to titres and articles, hashed
  std::unordered_set<std::uint64_t> numbers;     ///< of electronic invoices, hashed
  // Of the invoice being read:
  std::size_t lines = 0;
  std::size_t patient_lines = 0;
  std::int64_t ttc = 0;  ///< of its lines, discounts taken off; cents
  bool readable = true;  ///< every amount was one
};

/// TypeFact of the PES_Facture that a unit lies in.
[[nodiscard]] std::string_view type_of_facture(const Unit& unit);
/// Avis des sommes à payer: 09 to 13.
[[nodiscard]] bool asap(std::string_view type);
[[nodiscard]] inline bool patients(std::string_view type) {
  return type == "10";
}
/// Electronic invoices.
[[nodiscard]] inline bool electronic(std::string_view type) {
  return type == "12" || type == "13";
}
/// References to an article of a rôle instead of a titre.
[[nodiscard]] inline bool of_role(std::string_view type) {
  return type == "11" || type == "13";
}

// The domain and its parties (facture_flux.cpp), one invoice (facture_indiv.cpp), its lines and totals
// (facture_montants.cpp), its electronic file (facture_electronique.cpp).
[[nodiscard]] std::vector<const RuleInfo*> facture_flux_rules();
void judge_facture_domain(const Unit& domain, Verdicts& out);
void judge_facture_tiers(const Unit& tiers, Verdicts& out);
[[nodiscard]] std::vector<const RuleInfo*> facture_indiv_rules();
void judge_facture_indiv(const Unit& facture, Verdicts& out);
[[nodiscard]] std::vector<const RuleInfo*> facture_amount_rules();
void judge_facture_line(const Unit& line, Verdicts& out);
void judge_facture_totals(const Unit& facture, Verdicts& out);
[[nodiscard]] std::vector<const RuleInfo*> facture_electronic_rules();
void judge_facture_electronic(const Unit& facture, Verdicts& out);

}  // namespace demat::preflight
