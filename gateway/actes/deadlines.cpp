#include "gateway/actes/deadlines.hpp"

#include <fmt/format.h>

#include "gateway/base/paris.hpp"

namespace demat::actes_road {

std::string end_of_control(const std::string& received_on) {
  const auto day = paris_day_from(received_on);
  if (!day) return {};
  std::chrono::year_month_day date(*day);
  date += std::chrono::months{2};
  if (!date.ok()) date = date.year() / date.month() / std::chrono::last;
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

}  // namespace demat::actes_road
