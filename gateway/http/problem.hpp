#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "gateway/http/message.hpp"
#include "protocols/base/error.hpp"
#include "protocols/base/finding.hpp"

namespace demat::http {

/// An RFC 9457 problem: `error` says what, `status` how HTTP calls it. `Error::detail` is for operators and
/// never leaves (peers 4-17).
struct Problem {
  int status = 500;
  Error error;
  std::vector<Finding> findings;
  std::string flow;                    ///< id of the flow concerned
  std::chrono::seconds retry_after{};  ///< zero: no Retry-After, but 429 and 503 always have one
};

/// application/problem+json with type, title, status, detail (French), detail_en, code, place, findings, flow
/// and request_id.
[[nodiscard]] Response render(const Problem& problem, const std::string& request_id);

}  // namespace demat::http
