#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/finding.hpp"

namespace demat::report {

/// Languages of a text: French with English beneath, or one of them.
enum class Language { both, french, english };
/// "fr", "en"; anything else is both.
[[nodiscard]] Language language_of(std::string_view word);

/// A line of the head of a report: "NomFic : …".
struct Fact {
  Words name;
  std::string value;
};

/// All that a report shows, before it is a text or a page.
struct Sheet {
  Words title;
  std::vector<Fact> facts;  ///< those with a value are shown
  Report report;            ///< of our checks
  Report answer{};          ///< what Hélios had to say, shown apart; does not count in the verdict
  Words note{};             ///< a last word after the verdict: state of the flow, where to go on
};

struct Counts {
  std::size_t errors = 0;
  std::size_t warnings = 0;
  std::size_t infos = 0;
};

[[nodiscard]] Counts counts(const Report& report);

/// "refusé : 2 erreurs, 3 avertissements", "accepté : aucune remarque".
[[nodiscard]] Words verdict(const Counts& counts);

/// The same for a sheet; where Hélios has answered too, it is said whose verdict it is.
[[nodiscard]] Words verdict(const Sheet& sheet);

/// The findings by what they are about, in the order of the document: the flow itself, then each domaine,
/// bordereau, pièce, ligne, PJ where the document has them. Within one subject, by line. Stable.
[[nodiscard]] Report in_order(Report report);

}  // namespace demat::report
