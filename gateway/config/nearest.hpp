#pragma once

#include <span>
#include <string>
#include <string_view>

namespace demat::config {

/// How many single-character insertions, removals, replacements or swaps of neighbours make `a` of `b`.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

/// The known name closest to `name`, the first among equals; empty when none is near enough to be what was
/// meant (more than a third of the letters differ).
[[nodiscard]] std::string nearest(std::string_view name, std::span<const std::string_view> known);

}  // namespace demat::config
