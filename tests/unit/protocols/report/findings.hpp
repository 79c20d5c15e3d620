#pragma once

#include <string>
#include <utility>

#include "protocols/base/finding.hpp"

namespace demat::report {

inline Finding finding(const std::string& code, std::size_t line, Subject subject = {},
                       Severity severity = Severity::error) {
  Finding out{code, severity, {line, {}}, "faux", "wrong"};
  out.subject = std::move(subject);
  return out;
}

inline Subject mandat(const std::string& bordereau, const std::string& piece, const std::string& ligne = {}) {
  return {.domaine = "depense", .exercice = "2026", .bordereau = bordereau, .piece = piece, .ligne = ligne};
}

}  // namespace demat::report
