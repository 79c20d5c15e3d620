#pragma once

#include <string>
#include <vector>

#include "protocols/preflight/preflight.hpp"

/// The cases of the rules, one table for each family; cases_test.cpp runs them all and holds that every rule
/// has at least one document that breaks it and one that keeps it.
namespace demat::preflight::test {

struct RuleCase {
  std::string code;       ///< the rule it is about
  std::string name;       ///< what is special in the document
  std::string text;       ///< the document
  std::size_t times = 1;  ///< findings of that rule; 0: the document keeps it
  std::string value{};    ///< of the first finding, unless empty
  Options options{};
};

std::vector<RuleCase> structural_cases();
std::vector<RuleCase> flux_cases();
std::vector<RuleCase> depense_cases();
std::vector<RuleCase> recette_cases();
std::vector<RuleCase> tiers_cases();
std::vector<RuleCase> banque_cases();
std::vector<RuleCase> adresse_cases();
std::vector<RuleCase> marche_cases();
std::vector<RuleCase> pj_cases();
std::vector<RuleCase> enclosed_cases();
std::vector<RuleCase> facture_cases();
std::vector<RuleCase> texte_cases();

/// All of them: a family adds its table here.
std::vector<RuleCase> all_cases();

/// What the rules say about a document, by the road of a stream.
Report judged(const std::string& text, const Options& options = {});

}  // namespace demat::preflight::test
