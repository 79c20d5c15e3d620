#include "protocols/preflight/comptable.hpp"

namespace demat::preflight {

Comptable::Comptable(const Unit& which)
    : unit(which),
      bordereau(which.enclosing(UnitKind::bordereau)),
      piece(which.enclosing(UnitKind::piece)),
      recette(which.domaine() == "PES_RecetteAller") {}

std::string_view Comptable::exer() const {
  return bordereau == nullptr ? std::string_view{} : (*bordereau)[champ::exer];
}

std::string_view Comptable::typ_bord() const {
  return bordereau == nullptr ? std::string_view{} : (*bordereau)[champ::typ_bord];
}

std::string_view Comptable::typ_pce() const {
  return piece == nullptr ? std::string_view{} : (*piece)[of(champ::typ_pce)];
}

std::string_view Comptable::nat_pce() const {
  return piece == nullptr ? std::string_view{} : (*piece)[of(champ::nat_pce)];
}

Triplet Comptable::triplet() const {
  return {typ_bord(), typ_pce(), nat_pce()};
}

bool Comptable::dematerialise() const {
  const auto* const domaine = unit.enclosing(UnitKind::domaine);
  return domaine != nullptr && yes((*domaine)[recette ? "EnTeteRecette/InfoDematerialisee"_f
                                                      : "EnTeteDepense/InfoDematerialisee"_f]);
}

bool comptable(const Unit& unit) {
  const bool kind =
      unit.kind == UnitKind::bordereau || unit.kind == UnitKind::piece || unit.kind == UnitKind::ligne;
  if (!kind) return false;
  const auto domaine = unit.domaine();
  return domaine == "PES_DepenseAller" || domaine == "PES_RecetteAller";
}

}  // namespace demat::preflight
