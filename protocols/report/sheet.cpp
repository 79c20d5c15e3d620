#include "protocols/report/sheet.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>

namespace demat::report {
namespace {

constexpr std::size_t levels = 5;

/// Where a finding stands: a prefix of it names something that holds the rest. Members that are empty mean
/// the thing itself.
std::array<std::string, levels> address(const Subject& s) {
  return {s.domaine, s.exercice + '\n' + s.bordereau + '\n' + s.marche, s.piece + '\n' + s.facture, s.ligne,
          s.pj};
}

bool empty_level(const std::string& level) {
  return level.find_first_not_of('\n') == std::string::npos;
}

/// One level of the tree: the thing itself first, then things by their first line, then as they came.
struct Rank {
  bool is_part = false;
  std::size_t line = 0;
  std::size_t came = 0;
  friend auto operator<=>(const Rank&, const Rank&) = default;
};

struct Key {
  std::array<Rank, levels> ranks;
  std::size_t line = 0;
  friend auto operator<=>(const Key&, const Key&) = default;
};

/// A line that is not known says nothing about the order.
constexpr std::size_t unknown = std::numeric_limits<std::size_t>::max();

std::vector<Key> keys_of(const std::vector<Finding>& findings) {
  std::map<std::string, Rank> seen;  // by the joined levels of a prefix
  std::vector<std::array<std::string, levels>> prefixes(findings.size());
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const auto parts = address(findings[i].subject);
    std::string prefix;
    for (std::size_t level = 0; level < levels; ++level) {
      prefix += parts.at(level) + '\f';
      prefixes[i].at(level) = prefix;
      auto& rank = seen.try_emplace(prefix, Rank{!empty_level(parts.at(level)), unknown, i}).first->second;
      const auto line = findings[i].place.line;
      if (line != 0) rank.line = std::min(rank.line, line);
    }
  }
  std::vector<Key> out(findings.size());
  for (std::size_t i = 0; i < findings.size(); ++i) {
    for (std::size_t level = 0; level < levels; ++level)
      out[i].ranks.at(level) = seen.at(prefixes[i].at(level));
    out[i].line = findings[i].place.line;
  }
  return out;
}

Words counted(std::size_t number, const Words& one, const Words& many) {
  const std::string digits = std::to_string(number) + " ";
  return number == 1 ? Words{digits + one.fr, digits + one.en} : Words{digits + many.fr, digits + many.en};
}

void join(Words& to, const Words& more) {
  to.fr += (to.fr.empty() ? "" : ", ") + more.fr;
  to.en += (to.en.empty() ? "" : ", ") + more.en;
}

}  // namespace

Counts counts(const Report& report) {
  Counts out;
  for (const auto& finding : report.findings) {
    if (finding.severity == Severity::error) ++out.errors;
    if (finding.severity == Severity::warning) ++out.warnings;
    if (finding.severity == Severity::info) ++out.infos;
  }
  return out;
}

Words verdict(const Counts& counts) {
  Words list;
  if (counts.errors > 0) join(list, counted(counts.errors, {"erreur", "error"}, {"erreurs", "errors"}));
  if (counts.warnings > 0)
    join(list, counted(counts.warnings, {"avertissement", "warning"}, {"avertissements", "warnings"}));
  if (counts.infos > 0)
    join(list, counted(counts.infos, {"information", "information"}, {"informations", "informations"}));
  if (list.fr.empty()) list = {"aucune remarque", "no remark"};
  const bool refused = counts.errors > 0;
  return {(refused ? "refusé : " : "accepté : ") + list.fr, (refused ? "refused: " : "accepted: ") + list.en};
}

Words verdict(const Sheet& sheet) {
  auto words = verdict(counts(sheet.report));
  if (sheet.answer.findings.empty()) return words;
  return {"contrôles avant l'envoi, " + words.fr, "checks before sending, " + words.en};
}

Report in_order(Report report) {
  const auto keys = keys_of(report.findings);
  std::vector<std::size_t> order(keys.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    order[i] = i;
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return keys[a] < keys[b]; });
  Report out;
  for (const auto index : order)
    out.add(std::move(report.findings[index]));
  return out;
}

Language language_of(std::string_view word) {
  if (word == "fr") return Language::french;
  return word == "en" ? Language::english : Language::both;
}

}  // namespace demat::report
