#pragma once

#include "protocols/preflight/judging.hpp"
#include "protocols/rules/values.hpp"

/// Bordereau, pièce and ligne of dépense and recette with what most rules ask of them, whatever the domain
/// calls it. Views are those of the units: valid while these are. Internal to this folder.
namespace demat::preflight {

/// TypBord, TypPce, NatPce: what a pièce is (helios 2.3).
struct Triplet {
  std::string_view bord, pce, nat;

  [[nodiscard]] bool is(std::string_view b, std::string_view p, std::string_view n) const {
    return bord == b && pce == p && nat == n;
  }
  [[nodiscard]] std::string text() const {
    return std::string(bord) + " " + std::string(pce) + " " + std::string(nat);
  }
};

/// A bordereau, pièce or ligne of PES_DepenseAller or PES_RecetteAller.
class Comptable {
 public:
  /// For units of these three kinds.
  explicit Comptable(const Unit& unit);

  const Unit& unit;
  const Unit* bordereau;  ///< itself or the one it lies in; null in a document out of shape
  const Unit* piece;      ///< itself or the one it lies in; null for a bordereau
  bool recette;

  [[nodiscard]] std::string_view exer() const;
  [[nodiscard]] std::string_view typ_bord() const;
  [[nodiscard]] Triplet triplet() const;
  [[nodiscard]] bool ormc() const { return typ_pce() == "15"; }
  [[nodiscard]] std::string_view typ_pce() const;
  [[nodiscard]] std::string_view nat_pce() const;
  /// InfoDematerialisee of the domain.
  [[nodiscard]] bool dematerialise() const;

  /// A field by its name in dépense and in recette.
  struct Name {
    FieldName depense, recette;
  };
  [[nodiscard]] FieldName of(Name name) const { return recette ? name.recette : name.depense; }
  [[nodiscard]] std::string_view operator[](Name name) const { return unit[of(name)]; }
};

namespace champ {
inline constexpr Comptable::Name id_pce{"BlocPiece/InfoPce/IdPce"_f, "BlocPiece/IdPce"_f};
inline constexpr Comptable::Name typ_pce{"BlocPiece/InfoPce/TypPce"_f, "BlocPiece/TypPce"_f};
inline constexpr Comptable::Name nat_pce{"BlocPiece/InfoPce/NatPce"_f, "BlocPiece/NatPce"_f};
inline constexpr Comptable::Name id_ligne{"BlocLignePiece/InfoLignePce/IdLigne"_f,
                                          "BlocLignePiece/InfoLignePiece/IdLigne"_f};
inline constexpr Comptable::Name mt_ht{"BlocLignePiece/InfoLignePce/MtHT"_f,
                                       "BlocLignePiece/InfoLignePiece/MtHT"_f};
inline constexpr Comptable::Name mt_tva{"BlocLignePiece/InfoLignePce/MtTVA"_f,
                                        "BlocLignePiece/InfoLignePiece/MtTVA"_f};
inline constexpr Comptable::Name fonction{"BlocLignePiece/InfoLignePce/Fonction"_f,
                                          "BlocLignePiece/InfoLignePiece/Fonction"_f};
inline constexpr Comptable::Name bord_ht{"BlocBordereau/MtBordHT"_f, "BlocBordereau/MtBordHt"_f};
inline constexpr auto bord_tva = "BlocBordereau/MtBordTVA"_f;
inline constexpr auto cumul = "BlocBordereau/MtCumulAnnuel"_f;
inline constexpr auto exer = "BlocBordereau/Exer"_f;
inline constexpr auto id_bord = "BlocBordereau/IdBord"_f;
inline constexpr auto typ_bord = "BlocBordereau/TypBord"_f;
inline constexpr auto dte_bord = "BlocBordereau/DteBordEm"_f;
}  // namespace champ

/// Whether the unit is one of the three kinds, in dépense or recette.
[[nodiscard]] bool comptable(const Unit& unit);

using ComptableRow = rules::Row<Comptable, Verdicts>;

inline void hit(Verdicts& out, const RuleInfo& rule, const Comptable& of, FieldName field,
                std::string value = {}, Words expected = {}) {
  hit(out, rule, of.unit, field, std::move(value), std::move(expected));
}
inline void hit_value(Verdicts& out, const RuleInfo& rule, const Comptable& of, FieldName field,
                      Words expected = {}) {
  hit_value(out, rule, of.unit, field, std::move(expected));
}

/// The same; a field that is not there is said to be absent, which is the same word in both languages.
inline void hit_found(Verdicts& out, const RuleInfo& rule, const Comptable& of, FieldName field,
                      Words expected = {}) {
  const auto found = of.unit[field];
  hit(out, rule, of.unit, field, found.empty() ? "absent" : std::string(found), std::move(expected));
}

}  // namespace demat::preflight
