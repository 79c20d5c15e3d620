#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/paris.hpp"
#include "protocols/base/result.hpp"

namespace demat::papers {

/// One file of the transaction.
struct BordereauFile {
  std::string role;             ///< "Document principal", "Annexe"
  std::string typologie;        ///< "99_DE"
  std::string typologie_label;  ///< may be empty
  std::string media_type;       ///< "application/pdf"
  std::uint64_t size = 0;       ///< bytes
  std::string posted_name;
  std::string sent_name;
  std::string sha256;  ///< hexadecimal
};

/// One state that the transaction went through.
struct BordereauStep {
  std::string state;
  Instant at{};
  std::string message;
};

/// A further line of the parameters, such as the register number of a letter.
struct BordereauLine {
  std::string label;
  std::string value;
};

/// All that the bordereau says (actes 7.3, B8). Texts are UTF-8; empty ones leave their line out.
struct Bordereau {
  std::string authority;  ///< its name
  std::string siren;
  std::string operator_name;  ///< the operator of transmission (actes B8)
  std::string user;           ///< who posted
  std::string environment;    ///< "SIMULATION / TEST" outside production, empty in production
  std::string type;           ///< "Transmission d'un acte (1-1)"
  std::string number;
  std::string id_acte;
  std::string nature;  ///< "1 – Délibérations"
  std::string object;
  std::string classification;        ///< "7.1"
  std::string classification_label;  ///< "Finances locales / Décisions budgétaires"
  std::optional<ParisDay> decided;
  std::optional<bool> paper;  ///< completed by pieces on paper (multi-canal)
  std::vector<BordereauLine> more;
  std::vector<BordereauFile> files;
  std::vector<BordereauStep> steps;
  Instant made_at{};  ///< printed, and the PDF's creation date: the same input gives the same bytes
};

/// The "Bordereau d'acquittement de transaction" as PDF, on as many A4 pages as it takes, each with its
/// number and their count. Errors: `papers.font_missing`, `papers.drawing` (waiting). Thread-safe.
[[nodiscard]] Result<std::string> draw_bordereau(const Bordereau& bordereau);

}  // namespace demat::papers
