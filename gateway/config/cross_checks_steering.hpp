#pragma once

#include "gateway/config/cross_checks.hpp"

namespace demat::config {

/// The part of cross_check about windows, breaker and deadlines: times that cannot be read, windows of
/// no destination or over each other, holidays that are no dates.
void check_steering(const Settings& settings, const SectionLines& lines, Complaints& complaints);

}  // namespace demat::config
