#pragma once

#include <optional>
#include <string_view>

#include "protocols/pes/labels.hpp"
#include "protocols/pes/outline.hpp"

/// Which elements of a PES become parts and fields. Internal to this folder.
namespace demat::pes::detail {

/// What is told apart among the children of the root.
enum class Domaine { other, depense, recette, depense_retour, recette_retour, facture };
[[nodiscard]] Domaine domaine_of(std::string_view element);

/// The part that `element` opens within one of kind `inside`.
[[nodiscard]] std::optional<PartKind> opened_by(PartKind inside, std::string_view element);
/// Small parts, kept within the one around them.
[[nodiscard]] bool is_inner(PartKind kind);

/// The key of a leaf; empty for those that are not shown. `parent`: name of the element around it.
[[nodiscard]] std::string_view key_of(PartKind kind, std::string_view parent, std::string_view element);
/// The list that the values of a key are of.
[[nodiscard]] std::optional<CodeList> list_of(PartKind kind, Domaine domaine, std::string_view key);

}  // namespace demat::pes::detail
