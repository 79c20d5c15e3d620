#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "protocols/base/error.hpp"

namespace demat {

enum class Severity { info, warning, error };

[[nodiscard]] constexpr const char* to_string(Severity severity) {
  switch (severity) {
    case Severity::info:
      return "info";
    case Severity::warning:
      return "warning";
    case Severity::error:
      return "error";
  }
  return "error";
}

/// One remark of a check about a document: what, where, how serious. Severity is data: an `error` refuses the
/// flow, the others inform.
struct Finding {
  std::string code;  ///< stable, lower-case, dotted: "pes.p2", "xsd.invalid"
  Severity severity = Severity::error;
  Place place;
  std::string fr;  ///< what an agent must know and do
  std::string en;
};

/// Everything that the checks had to say about one document, in document order within each check.
struct Report {
  std::vector<Finding> findings;

  [[nodiscard]] bool refused() const {
    return std::any_of(findings.begin(), findings.end(),
                       [](const Finding& f) { return f.severity == Severity::error; });
  }
  void add(Finding finding) { findings.push_back(std::move(finding)); }
  void append(Report other) {
    for (auto& f : other.findings)
      findings.push_back(std::move(f));
  }
};

}  // namespace demat
