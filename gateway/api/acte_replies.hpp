#pragma once

#include "gateway/actes/intake.hpp"
#include "gateway/api/services.hpp"

namespace demat::api {

/// Who posts what to ACTES: certificate, authority and priority of the request. Errors: `access.*`,
/// `api.parameter`.
[[nodiscard]] Result<intake::Submission> actes_submission(const Services& services,
                                                          const http::Request& request);

/// The answer to a deposit: 202 from the receipt, 200 for the same again, 409 for a number that is taken, or
/// the problem with the fields at fault.
[[nodiscard]] http::Response taken_reply(const actes_road::Taken& taken, const http::Request& request);

}  // namespace demat::api
