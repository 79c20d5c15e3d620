#pragma once

#include <string>
#include <vector>

namespace demat::samples {

/// A PES Marché flow that breaks one rule and no other of protocols/marche.
struct BrokenMarche {
  std::string code;  ///< of the rule
  std::string what;  ///< was put into a good flow
  std::string text;
};

/// At least one for each rule.
[[nodiscard]] std::vector<BrokenMarche> broken_marche_flows();
/// Flows that break no rule: the samples and what is right in less usual ways.
[[nodiscard]] std::vector<std::string> right_marche_flows();

}  // namespace demat::samples
