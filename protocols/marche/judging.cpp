#include "protocols/marche/judging.hpp"

#include "protocols/base/utf8.hpp"
#include "protocols/rules/identifiers.hpp"

namespace demat::marche {
namespace {

void each_of(const Contrat& contract, const std::vector<Operateur>& operators,
             void (*judge)(const Party&, Verdicts&), Verdicts& out) {
  for (const auto& one : operators)
    judge({contract, one}, out);
}

void each_modified(const Contrat& contract, void (*judge)(const Party&, Verdicts&), Verdicts& out) {
  for (const auto& modification : contract.modifications) {
    each_of(contract, modification.titulaires, judge, out);
    if (modification.sous_traitant) judge({contract, *modification.sous_traitant}, out);
  }
}

}  // namespace

void hit(Verdicts& out, const RuleInfo& rule, const Contrat& contrat, const Block& block, const Leaf& leaf,
         std::string value, Words expected) {
  Subject subject;
  subject.domaine = "marche";
  subject.marche = contrat.identifiant.id_contrat.text;
  out.add(rule, {.place = place_of(block, leaf),
                 .subject = std::move(subject),
                 .value = utf8_replaced(std::move(value)),
                 .expected = std::move(expected)});
}

std::string shown_id(const Leaf& nature, const Leaf& id) {
  const bool named = nature.is("06") || nature.is("10") || nature.is("11");
  if (named && !rules::may_be_nir(id.text)) return rules::masked(id.text, 5, 0);
  return rules::shown_identifier(id.text);
}

Identity identity_of(const Leaf& nature, const Leaf& id) {
  return {nature.text, rules::capitals(id.text)};
}

bool tells_apart(const Leaf& nature) {
  return !nature.is("09");
}

bool backwards(const Leaf& first, const Leaf& second) {
  const auto from = first.date();
  const auto to = second.date();
  return from && to && *to < *from;
}

void each_party(const Marche& contract, void (*judge)(const Party&, Verdicts&), Verdicts& out) {
  if (contract.operateurs) {
    each_of(contract, contract.operateurs->titulaires, judge, out);
    each_of(contract, contract.operateurs->sous_traitants, judge, out);
  }
  each_modified(contract, judge, out);
}

void each_party(const Concession& contract, void (*judge)(const Party&, Verdicts&), Verdicts& out) {
  each_of(contract, contract.concessionnaires, judge, out);
  each_modified(contract, judge, out);
}

}  // namespace demat::marche
