#pragma once

#include <string>

#include "gateway/config/settings.hpp"

namespace demat::config {

/// Every key with its value in force, in the form of the file; secrets are comments that only say whether
/// there is one.
[[nodiscard]] std::string effective(const Settings& settings);

}  // namespace demat::config
