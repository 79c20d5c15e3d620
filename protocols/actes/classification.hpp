#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/result.hpp"

namespace demat::actes {

/// A typologie: the kind of a file.
struct PieceType {
  std::string code;  ///< "99_DE"
  std::string label;
  friend bool operator==(const PieceType&, const PieceType&) = default;
};

struct Nature {
  int code = 0;  ///< 1 to 6
  std::string label;
  std::string abbreviation;      ///< TypeAbrege: "DE"
  std::vector<PieceType> types;  ///< empty in classifications of before 2017
  friend bool operator==(const Nature&, const Nature&) = default;
};

struct Matiere {
  int code = 0;
  std::string label;
  std::vector<Matiere> children;
  friend bool operator==(const Matiere&, const Matiere&) = default;
};

/// What a 7-2 says, kept per authority: natures, typologies of each, matières of up to five levels. A plain
/// value.
struct Classification {
  std::string date;  ///< "YYYY-MM-DD"; empty for the built-in set
  std::vector<Nature> natures;
  std::vector<Matiere> matieres;

  [[nodiscard]] const Nature* nature(int code) const;
  /// The matière at the end of `path` (7, 1 for "7.1"); null when it does not exist.
  [[nodiscard]] const Matiere* matiere(std::span<const int> path) const;
  /// "Finances locales / Décisions budgétaires"; what exists of the path.
  [[nodiscard]] std::string label(std::span<const int> path) const;
  /// Typologies that files of an acte of this nature may have: the rule of 2019, by nature alone, 99_AU only
  /// for nature 6, 99_* first, then by label. The built-in list when this classification names none.
  [[nodiscard]] std::vector<PieceType> types(int nature) const;
  [[nodiscard]] bool allows(int nature, std::string_view type) const;
  /// The typologie of the acte itself: that of actes 3.6, or the 99_ of this classification where it has
  /// another one (99_AT, 99_CO before 2019).
  [[nodiscard]] std::string default_type(int nature) const;

  friend bool operator==(const Classification&, const Classification&) = default;
};

/// The published code list (actes 3.6): six natures with their typologies, matières of two levels, no date.
/// For an authority that has not received a 7-2 yet.
[[nodiscard]] const Classification& builtin_classification();

/// Reads a 7-2, tolerantly. Errors: those of read(), and `actes.read.not_classification`.
[[nodiscard]] Result<Classification> read_classification(std::string_view xml);

/// Label of the nature of an authority ("31" -> "commune", actes 3.6); empty when unknown.
[[nodiscard]] std::string_view authority_nature_label(std::string_view code);

/// "7.1" or "7.1.2" as numbers; nothing when it is not integers joined by dots, one to five of them.
[[nodiscard]] std::optional<std::vector<int>> parse_matieres(std::string_view text);

}  // namespace demat::actes
