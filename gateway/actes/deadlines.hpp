#pragma once

#include <string>

namespace demat::actes_road {

/// The last day of the contrôle de légalité: two months after the AR (decisions, Actes), "YYYY-MM-DD"; the
/// last day of the month where that day does not exist. Empty without a date.
[[nodiscard]] std::string end_of_control(const std::string& received_on);

}  // namespace demat::actes_road
