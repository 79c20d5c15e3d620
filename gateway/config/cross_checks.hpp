#pragma once

#include <map>
#include <string>

#include "gateway/config/complaints.hpp"
#include "gateway/config/settings.hpp"

namespace demat::config {

/// Lines of sections ("http", "destination[0]"), for complaints about what is absent.
using SectionLines = std::map<std::string, std::size_t>;

/// What no single key can tell: required keys, files that must exist, names that must differ, a test gateway
/// that would talk to production (decisions, Environment), peers whose identity could not be verified.
void cross_check(const Settings& settings, const SectionLines& lines, Complaints& complaints);

}  // namespace demat::config
