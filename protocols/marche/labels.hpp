#pragma once

#include <span>
#include <string>
#include <string_view>

#include "protocols/pes/labels.hpp"

namespace demat::marche {

using pes::Label;

/// Lists of codes of PES Marché that pes::CodeList does not have.
enum class CodeList {
  procedure_marche,
  procedure_concession,
  type_lieu,
  forme_prix,
  variation_prix,
  type_titulaire,
  type_groupement,
  modalite_execution,
  ccag,
  regime_avance,
  type_garantie,
  type_garantie_avance,
  reconductibilite,
  technique_achat,
  consideration_sociale,
  consideration_environnementale,
  type_tranche,
};

/// All rows of a list, by code. Thread-safe, as all here.
[[nodiscard]] std::span<const Label> labels(CodeList list);
/// The French label of a code; the code itself when it is not known.
[[nodiscard]] std::string labelled(CodeList list, std::string_view code);

}  // namespace demat::marche
