#include <array>

#include "protocols/actes/rule_table.hpp"

/// Answers to letters of the préfecture: 2-2, 3-3, 3-4, 4-3, 4-4 (actes 3.4).
namespace demat::actes {
namespace {

Hits not_an_answer(const AnswerDossier& a, const RuleOptions&) {
  const auto& row = info(a.code);
  if (row.from_authority && row.answers && row.carries != Carries::nothing) return {};
  return {{"code", std::string{row.number}}};
}

Hits acte_id(const AnswerDossier& a, const RuleOptions&) {
  if (parse_acte_id(a.id)) return {};
  return {{"id", shown(a.id)}};
}

Hits letter_date(const AnswerDossier& a, const RuleOptions& options) {
  const auto day = normal_date(a.letter_date);
  if (day == a.letter_date && (options.today.empty() || *day <= options.today)) return {};
  return {{"letter_date", shown(a.letter_date)}};
}

constexpr auto error = Severity::error;

const std::array table{
    Rule<AnswerDossier>{{"actes.answer.code", error, "actes 1.2",
                         "Le message {value} n'est pas une réponse qu'une collectivité envoie.",
                         "The message {value} is no answer that an authority sends."},
                        not_an_answer},
    Rule<AnswerDossier>{
        {"actes.answer.id", error, "actes 3.4",
         "L'identifiant d'acte « {value} » n'a pas la forme DEP-SIREN-AAAAMMJJ-NUMERO-NATURE.",
         "The acte identifier '{value}' has not the form DEP-SIREN-YYYYMMDD-NUMBER-NATURE."},
        acte_id},
    Rule<AnswerDossier>{
        {"actes.answer.letter_date", error, "actes 3.4",
         "La date du courrier de la préfecture, « {value} », n'est pas un jour passé écrit "
         "AAAA-MM-JJ : reprenez celle de son courrier.",
         "The date of the préfecture's letter, '{value}', is not a past day written YYYY-MM-DD: "
         "use the date of its letter."},
        letter_date},
};

}  // namespace

std::span<const Rule<AnswerDossier>> answer_rules() {
  return table;
}

}  // namespace demat::actes
