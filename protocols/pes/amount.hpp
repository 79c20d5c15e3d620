#pragma once

#include <cstdint>
#include <string>

namespace demat::pes {

/// "-1 234,50 €" as people read it; the spaces are no-break ones.
[[nodiscard]] std::string amount_for_people(std::int64_t cents);

}  // namespace demat::pes
