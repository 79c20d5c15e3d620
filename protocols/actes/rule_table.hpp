#pragma once

#include <span>
#include <string>
#include <vector>

#include "protocols/actes/rules.hpp"

/// How a table of rules is judged. Internal to this folder.
namespace demat::actes {

/// One place where a rule is broken, and what a message shows of it.
struct Hit {
  std::string field;  ///< "number", "annexes[2].type"
  std::string value{};
};
using Hits = std::vector<Hit>;

/// A rule about a Subject: its row, and what breaks it.
template <class Subject>
struct Rule {
  RuleInfo info;
  Hits (*check)(const Subject&, const RuleOptions&);
};

/// Adds a finding for each hit, up to limits::max_findings.
void add_hits(Report& report, const RuleInfo& rule, const Hits& hits, const RuleOptions& options);

template <class Subject>
void judge(Report& report, std::span<const Rule<Subject>> table, const Subject& subject,
           const RuleOptions& options) {
  for (const auto& rule : table)
    add_hits(report, rule.info, rule.check(subject, options), options);
}

/// Files of a message and what the rules need to know of the message.
struct FileSet {
  int nature = 0;
  std::vector<int> matieres;
  bool answer = false;       ///< of a 2-2, 3-x, 4-x
  bool one_document = true;  ///< not a 3-4
  const std::vector<DossierFile>* documents = nullptr;
  const std::vector<DossierFile>* annexes = nullptr;
};

[[nodiscard]] std::span<const Rule<Dossier>> metadata_rules();
[[nodiscard]] std::span<const Rule<FileSet>> file_rules();
[[nodiscard]] std::span<const Rule<AnswerDossier>> answer_rules();
[[nodiscard]] std::span<const Rule<ImportedEnvelope>> import_rules();

/// A value as a message shows it: short, on one line.
[[nodiscard]] std::string shown(std::string_view value);
[[nodiscard]] const Classification& classification_of(const RuleOptions& options);
/// A whole number without sign; nothing otherwise.
[[nodiscard]] std::optional<int> integer(std::string_view text);
/// "annexes[2].type": the first has no index, as in paths of XML.
[[nodiscard]] std::string field_of(std::string_view list, std::size_t index, std::string_view field = {});

}  // namespace demat::actes
