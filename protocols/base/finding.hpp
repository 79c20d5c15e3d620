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

/// What of a flow a finding is about, in the numbers its people know; empty where it does not apply.
struct Subject {
  std::string domaine;  ///< "depense", "recette", "pj", "facture", "marche"; empty for the flow itself
  std::string exercice;
  std::string bordereau;  ///< IdBord
  std::string piece;      ///< IdPce: mandat or titre
  std::string ligne;      ///< IdLigne
  std::string pj;         ///< IdUnique
  std::string marche;     ///< IdContrat
  std::string facture;    ///< number of the titre or of the invoice

  friend bool operator==(const Subject&, const Subject&) = default;
};

/// The same thing said in French and in English.
struct Words {
  std::string fr;
  std::string en;

  friend bool operator==(const Words&, const Words&) = default;
};

/// One remark of a check about a document: what, where, how serious. Severity is data: an `error` refuses the
/// flow, the others inform.
struct Finding {
  std::string code;  ///< stable, lower-case, dotted: "pes.p2", "xsd.invalid"
  Severity severity = Severity::error;
  Place place;
  std::string fr;  ///< what an agent must know and do
  std::string en;
  Subject subject{};
  std::string value{};  ///< what was found, short; bank accounts and NIR masked
  Words expected{};     ///< what should be there; empty when the text says it all
  Words remedy{};       ///< what to do in the accounting software
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
