#pragma once

#include <optional>
#include <string_view>

#include "protocols/base/finding.hpp"

namespace demat::xml::detail {

/// What a pattern of a schema asks for, in words for an agent; nullopt where the notation has to speak for
/// itself. Knows the patterns of our packs and of the published ones, however these write them.
[[nodiscard]] std::optional<demat::Words> pattern_words(std::string_view pattern);

/// What a type that refused `element` asks for: by its name, that of a built-in type ("xs:date") or one that
/// a pack gives ("V_Montant_Light"); a type without a name is told by the element. nullopt: nothing is known.
[[nodiscard]] std::optional<demat::Words> type_words(std::string_view type, std::string_view element);

}  // namespace demat::xml::detail
