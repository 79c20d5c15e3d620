#pragma once

#include <boost/json/array.hpp>
#include <string>
#include <vector>

#include "tools/dematctl/failure.hpp"

namespace demat::ctl {

/// "SIREN:role" pairs as the API wants them. Failure: `ctl.grant`.
[[nodiscard]] Answer<boost::json::array> grants_from(const std::vector<std::string>& texts);

}  // namespace demat::ctl
