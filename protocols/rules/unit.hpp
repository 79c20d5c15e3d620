#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/finding.hpp"

namespace demat::rules {

/// The parts of a PES that rules look at, one inside the other.
enum class UnitKind : std::uint8_t {
  flux,           ///< the root: holds nothing of its own
  entete,         ///< Enveloppe and EnTetePES, each
  domaine,        ///< PES_DepenseAller, PES_RecetteAller, PES_PJ, PES_Facture: with its EnTete…
  bordereau,      ///< with its BlocBordereau
  piece,          ///< with its BlocPiece
  ligne,          ///< with its BlocLignePiece
  tiers,          ///< with address and bank account
  recouvrement,   ///< of a recette's ligne
  pj,             ///< of PES_PJ, without its content
  ref_compta,     ///< of a PJ
  facture,        ///< FactureIndiv
  ligne_facture,  ///< LigneFacture, LigneFacturePatient; LigneFElectronique stays in its facture
};

/// The name of a field: the elements from the unit (left out) to the leaf, "InfoPce/TypPce", hashed (FNV-1a)
/// when the program is compiled.
using FieldName = std::uint64_t;
inline constexpr FieldName field_basis = 14695981039346656037ULL;
[[nodiscard]] constexpr FieldName hashed(std::string_view text, FieldName from = field_basis) {
  for (const char c : text) {
    from ^= static_cast<unsigned char>(c);
    from *= 1099511628211ULL;
  }
  return from;
}
inline namespace literals {
[[nodiscard]] consteval FieldName operator""_f(const char* text, std::size_t size) {
  return hashed({text, size});
}
}  // namespace literals

/// Sums that units pass up to the bordereau they are in; amounts in cents.
struct Tally {
  std::size_t lignes_avec_tva = 0;  ///< MtTVA > 0
  std::int64_t ht = 0;
  std::int64_t tva = 0;
  bool amounts_readable = true;  ///< every amount was a number within reach
};

/// One part of the document, complete when its rules look at it. Buffers are reused from one unit to the
/// next of its kind: nothing of it may be kept.
class Unit {
 public:
  struct Field {
    FieldName name;
    std::uint32_t value_at, value_size;
    std::uint32_t path_at, path_size;
    std::size_t line;
  };
  /// Fields kept of one unit; the rest is counted in `dropped`.
  static constexpr std::size_t max_fields = 20'000;
  /// Bytes kept of their values and paths. Some hundred for each field is what an invoice with all its
  /// electronic lines needs.
  static constexpr std::size_t max_text = 2'097'152;

  UnitKind kind{};
  const Unit* parent = nullptr;  ///< the unit it lies in
  std::string element;           ///< local name: "PES_DepenseAller", "Bordereau", "LigneDePiece"
  std::string id;                ///< attribute Id
  Place place;
  std::size_t index = 0;    ///< among the units of its kind in its parent, from 1
  std::size_t dropped = 0;  ///< fields beyond the limits: what is not found may have been there
  mutable Tally tally;

  /// Value of the first field of that name; empty when absent. Valid while the unit is.
  [[nodiscard]] std::string_view operator[](FieldName name) const;
  [[nodiscard]] bool has(FieldName name) const;
  [[nodiscard]] std::size_t count(FieldName name) const;
  /// Calls `each(value, field)` for every field of that name, in order.
  template <class Each>
  void each(FieldName name, Each each_one) const {
    for (auto at = find(name, 0); at < names_.size(); at = find(name, at + 1))
      each_one(value(fields_[at]), fields_[at]);
  }
  [[nodiscard]] const std::vector<Field>& fields() const { return fields_; }
  [[nodiscard]] std::string_view value(const Field& field) const;
  /// The values and paths of all fields, one after the other: for what is looked for in any of them.
  [[nodiscard]] std::string_view text() const { return text_; }
  /// Element path of the field below the unit, with indexes: "InfoPce/PJRef[2]/IdUnique".
  [[nodiscard]] std::string_view below(const Field& field) const;
  [[nodiscard]] Place place_of(const Field& field) const;
  /// Place of the first field of that name; of the unit itself when it is absent.
  [[nodiscard]] Place place_of(FieldName name) const;
  /// The nearest enclosing unit of that kind, this one included; null when none.
  [[nodiscard]] const Unit* enclosing(UnitKind wanted) const;
  /// "PES_DepenseAller": the domain it lies in; empty for the header.
  [[nodiscard]] std::string_view domaine() const;
  /// Bordereau, pièce, ligne, PJ as their people number them.
  [[nodiscard]] Subject subject() const;

  void reset();
  void add(FieldName name, std::string_view value, std::string_view path_below, std::size_t line);

 private:
  /// Place of the next field of that name; names_.size() when there is none.
  [[nodiscard]] std::size_t find(FieldName name, std::size_t from) const;

  std::vector<FieldName> names_;  ///< of fields_, side by side: looked through at every question
  std::vector<Field> fields_;
  std::string text_;
};

}  // namespace demat::rules
