#pragma once

#include <string>
#include <vector>

#include "protocols/xml/parser.hpp"

namespace demat::pes {

/// What a person has to know of a bordereau before signing it; values as they stand in the document, empty
/// when absent.
struct BordereauLine {
  std::string id;  ///< of the element
  bool depense = true;
  std::string exercice;
  std::string numero;  ///< IdBord
  std::string type;    ///< TypBord
  std::string date;    ///< DteBordEm
  std::string net;     ///< MtBordHT, MtBordHt
  std::string tax;     ///< MtBordTVA
  std::size_t pieces = 0;

  /// "Bordereau de dépense n° 7, exercice 2026, du 2026-01-15 : 3 pièces, total HT 120.50 €, TVA 24.10 €"
  [[nodiscard]] std::string fr() const;
  [[nodiscard]] std::string en() const;
};

/// The bordereaux of dépense and recette, in document order.
[[nodiscard]] std::vector<BordereauLine> bordereau_lines(const xml::Document& document);

}  // namespace demat::pes
