#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace demat::pes {

/// Cents of an amount as PES writes it ("12", "12.5", "-0.07"); nothing when it is none, or beyond what 14
/// digits hold. A third decimal that is not zero makes it none: nothing is rounded.
[[nodiscard]] std::optional<std::int64_t> cents_of(std::string_view amount);
/// "-1234.50" as PES writes it.
[[nodiscard]] std::string amount_text(std::int64_t cents);
/// "-1 234,50 €" as people read it; the spaces are no-break ones.
[[nodiscard]] std::string amount_for_people(std::int64_t cents);

}  // namespace demat::pes
