#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocols/marche/model.hpp"
#include "protocols/rules/verdicts.hpp"

/// What the tables of rules share. Internal to this folder.
namespace demat::marche {

using rules::Level;
using rules::RuleInfo;
using rules::Verdicts;

/// One of the operators of a contract, wherever it stands.
struct Party {
  const Contrat& contrat;
  const Operateur& operateur;
};

/// Conditions of execution of one of them.
struct Terms {
  const Contrat& contrat;
  const Conditions& conditions;
};

using ContratRow = rules::Row<Contrat, Verdicts>;
using MarcheRow = rules::Row<Marche, Verdicts>;
using ConcessionRow = rules::Row<Concession, Verdicts>;
using PartyRow = rules::Row<Party, Verdicts>;
using TermsRow = rules::Row<Terms, Verdicts>;

/// Attachments and references kept of one flow.
inline constexpr std::size_t max_attachments = 50'000;
inline constexpr std::size_t max_sequences = 50'000;

/// What the flow says beside its contracts; held by Verdicts::memory.
struct Flux {
  struct Ref {
    std::string contrat;
    std::string id_unique;
    std::string support;
    Place place;
  };
  std::string cod_bud;
  std::string id_coll;
  std::set<std::pair<std::string, unsigned>> sequences;  ///< of each contract: at most max_sequences
  std::vector<Ref> refs;                                 ///< PJRef of the contracts
  std::map<std::string, std::string, std::less<>> pj;    ///< TypePJ by IdUnique of PES_PJ
  bool all_kept = true;                                  ///< neither of them was cut at max_attachments
};

/// The rule is broken at that leaf of the block, or at the block where it is absent.
void hit(Verdicts& out, const RuleInfo& rule, const Contrat& contrat, const Block& block, const Leaf& leaf,
         std::string value = {}, Words expected = {});

/// What is the same in both languages.
[[nodiscard]] inline Words same(std::string_view text) {
  return {std::string(text), std::string(text)};
}

/// "2026-03-12"
[[nodiscard]] inline Words earlier(const Leaf& date) {
  return {"au plus tôt le " + date.text, date.text + " or later"};
}

/// An identifier as messages show it: of those that hold a person's name only the beginning.
[[nodiscard]] std::string shown_id(const Leaf& nature, const Leaf& id);

/// Kind and value of an identifier, to be compared: letters count alike, small or capital.
using Identity = std::pair<std::string, std::string>;
[[nodiscard]] Identity identity_of(const Leaf& nature, const Leaf& id);
/// Whether it tells one operator from the others: not while he waits for his number (kind 09), where several
/// may carry the same words.
[[nodiscard]] bool tells_apart(const Leaf& nature);

/// True where both dates are read and the second is before the first.
[[nodiscard]] bool backwards(const Leaf& first, const Leaf& second);

/// All parties of a contract, those of its modifications included.
void each_party(const Marche& contract, void (*judge)(const Party&, Verdicts&), Verdicts& out);
void each_party(const Concession& contract, void (*judge)(const Party&, Verdicts&), Verdicts& out);

/// What the rows of several tables say of themselves, in order.
template <class... Tables>
[[nodiscard]] std::vector<const RuleInfo*> infos(const Tables&... tables) {
  std::vector<const RuleInfo*> out;
  const auto add = [&](const auto& table) {
    for (const auto& row : table)
      out.push_back(&row.info);
  };
  (add(tables), ...);
  return out;
}

/// One table each (rules_<subject>.cpp).
void judge_identity(const Contrat& contract, Verdicts& out);
void judge_parties(const Marche& contract, Verdicts& out);
void judge_parties(const Concession& contract, Verdicts& out);
void judge_bank(const Party& party, Verdicts& out);
void judge_amounts(const Marche& contract, Verdicts& out);
void judge_conditions(const Marche& contract, Verdicts& out);
void judge_dates(const Marche& contract, Verdicts& out);
void judge_dates(const Concession& contract, Verdicts& out);
void judge_attachments(const Marche& contract, Verdicts& out);
void judge_attachments_of(const Flux& flux, Verdicts& out);  ///< once, after the last contract

[[nodiscard]] std::vector<const RuleInfo*> identity_rules();
[[nodiscard]] std::vector<const RuleInfo*> party_rules();
[[nodiscard]] std::vector<const RuleInfo*> bank_rules();
[[nodiscard]] std::vector<const RuleInfo*> amount_rules();
[[nodiscard]] std::vector<const RuleInfo*> condition_rules();
[[nodiscard]] std::vector<const RuleInfo*> date_rules();
[[nodiscard]] std::vector<const RuleInfo*> attachment_rules();

}  // namespace demat::marche
