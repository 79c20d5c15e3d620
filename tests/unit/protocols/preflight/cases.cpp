#include "cases.hpp"

#include <stdexcept>

#include "protocols/pes/header.hpp"
#include "protocols/xml/parser.hpp"

namespace demat::preflight::test {

std::vector<RuleCase> all_cases() {
  std::vector<RuleCase> all;
  for (auto* family : {structural_cases, flux_cases, depense_cases, recette_cases, tiers_cases, banque_cases,
                       adresse_cases, marche_cases, pj_cases, enclosed_cases, facture_cases, texte_cases})
    for (auto& one : family())
      all.push_back(std::move(one));
  return all;
}

Report judged(const std::string& text, const Options& options) {
  const xml::MemorySource source(text);
  const auto header = pes::read_header(source);
  if (!header) throw std::runtime_error("no header: " + header.error().en);
  Preflight preflight(options);
  for (auto* visitor : preflight.visitors())
    if (const auto status = xml::stream(source, *visitor); !status)
      throw std::runtime_error(status.error().en);
  return preflight.finish(*header);
}

}  // namespace demat::preflight::test
