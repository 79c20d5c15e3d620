#pragma once

#include <vector>

#include "protocols/preflight/judging.hpp"

/// What an attachment that travels without its pièce says of it (RefCompta). Internal to this folder.
namespace demat::preflight {

/// Kept in Verdicts::memory: the references of the attachment being read.
struct RefComptaSeen {
  std::size_t count = 0;
};

/// P12, which looks at attachments as well as at references.
inline constexpr RuleInfo p12_rule{
    .code = "pes.p12",
    .name = "P12",
    .level = Level::pj,
    .severity = Severity::error,
    .source = "helios P12; TPES_PJ/TypePJ, RefCompta; TPES_RefCompta/Domaine",
    .title_fr = "Le type d'une PJ va avec le domaine de sa référence comptable ; 012 et 013 en ont une",
    .title_en = "The type of an attachment goes with the domain of its reference; 012 and 013 have one",
    .fr = "{value} ; attendu : {expected}. Hélios rejette la pièce jointe.",
    .en = "{value}; expected: {expected}. Hélios rejects the attachment.",
    .remedy_fr = "Corriger le type de la pièce jointe ou le domaine de sa référence comptable.",
    .remedy_en = "Correct the type of the attachment or the domain of its reference."};

/// All but P12.
[[nodiscard]] std::vector<const RuleInfo*> ref_compta_rules();
void judge_ref_compta(const Unit& reference, Verdicts& out);

}  // namespace demat::preflight
