#pragma once

#include "gateway/api/services.hpp"
#include "gateway/http/router.hpp"

namespace demat::api {

/// POST /v1/flows: 202 only from a DurableReceipt.
[[nodiscard]] http::Opening open_deposit(const Services& services, const http::Request& request);

/// Who deposits, for which authority, with which priority. Errors: `access.*`, `api.parameter`.
[[nodiscard]] Result<intake::Submission> submission_of(const Services& services,
                                                       const http::Request& request);

/// Of the header Demat-Priority. Error: `api.parameter`.
[[nodiscard]] Result<flow::Priority> priority_of(const http::Request& request);

/// In words only: 202 for the client comes from a receipt (accepted_reply).
[[nodiscard]] http::Response outcome_reply(store::AcceptedAs as, const flow::Flow& flow,
                                           const http::Request& request);

/// Accepts a payload that is there, and words the answer; with `submission.once` the answer is kept too.
[[nodiscard]] http::Response deposit(const Services& services, const http::Request& request,
                                     intake::Submission submission, store::StagedPayload payload);

/// POST /v1/check: the whole report, nothing kept.
[[nodiscard]] http::Opening open_check(const Services& services, const http::Request& request);

}  // namespace demat::api
