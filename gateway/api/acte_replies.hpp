#pragma once

#include "gateway/actes/intake.hpp"
#include "gateway/api/services.hpp"

namespace demat::api {

/// The answer to a deposit: 202 from the receipt, 200 for the same again, 409 for a number that is taken, or
/// the problem with the fields at fault.
[[nodiscard]] http::Response taken_reply(const actes_road::Taken& taken, const http::Request& request);

}  // namespace demat::api
