#pragma once

#include <string_view>

#include "protocols/base/finding.hpp"

namespace demat::rules {

/// What Hélios turns down when a rule is broken.
enum class Level { flux, bordereau, piece, pj, facture, marche };

[[nodiscard]] constexpr const char* to_string(Level level) {
  switch (level) {
    case Level::flux:
      return "flux";
    case Level::bordereau:
      return "bordereau";
    case Level::piece:
      return "piece";
    case Level::pj:
      return "pj";
    case Level::facture:
      return "facture";
    case Level::marche:
      return "marche";
  }
  return "flux";
}

/// All that is known of a rule, for judging, for documentation and for configuration. Texts live as long as
/// the program. `{value}` in a text stands for what was found, `{expected}` for what should be there,
/// `{detail}` for what the schema says.
struct RuleInfo {
  std::string_view code;      ///< stable: "pes.p16"
  std::string_view name;      ///< as the references call it: "P16"; the code again where they have no name
  Level level = Level::flux;  ///< what is turned down
  Severity severity = Severity::warning;  ///< unless the configuration says otherwise
  std::string_view source;                ///< "helios P16; TInfoLignePce/ModRegl"
  std::string_view title_fr;              ///< the rule itself, in one line
  std::string_view title_en;
  std::string_view fr;  ///< what a report says where it is broken
  std::string_view en;
  std::string_view remedy_fr;  ///< what to do in the accounting software
  std::string_view remedy_en;
  std::string_view since{};  ///< first pack version that has it ("5.26"); empty: always
  std::string_view until{};  ///< last one; empty: still in force
};

/// A rule about subjects of one kind: its row, and the small function that says where it is broken.
template <class Subject, class Out>
struct Row {
  RuleInfo info;
  void (*check)(const Subject& subject, const RuleInfo& info, Out& out);
};

/// True where `version` ("5.30", "5.30-dgfip") is within [since, until]; an empty version is the newest.
[[nodiscard]] bool in_force(const RuleInfo& rule, std::string_view version);

}  // namespace demat::rules
