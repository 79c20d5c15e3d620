#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/store/store.hpp"
#include "protocols/base/digest.hpp"

namespace demat::store {

enum class RequestState { open, replaced, done };

/// One thing that an agent is to sign.
struct RequestedElement {
  std::string id;      ///< of the element that will be covered
  Sha256 signed_info;  ///< of the canonical SignedInfo that was handed out
};

/// The first step of a signature by an agent's own card: all that the second step needs to make the very same
/// SignedInfo again, after a restart too.
struct SignatureRequest {
  SignatureRequestId id;  ///< 32 hexadecimal digits; not secret
  FlowId flow;
  std::string profile;  ///< name of the signing profile it was made under
  IdentityId requested_by;
  Bytes certificate_der;
  std::string role;
  std::string city;
  std::string postal_code;
  std::string country;
  Instant signing_time{};
  Instant expires_at{};
  std::vector<RequestedElement> elements;  ///< in document order
  RequestState state = RequestState::open;
  Sha256 values;       ///< of what was brought; empty before
  std::string answer;  ///< what was said to who brought it, JSON; empty before
};

/// Requests for signatures. At most one of a flow is open; Change::brought closes it together with the flow's
/// transition. They go when the files of their flow are purged. A part of Store: same durability,
/// thread-safety and errors.
class SignatureRequests {
 public:
  virtual ~SignatureRequests() = default;

  /// Keeps it and replaces the open one of the flow, if any; the journal gets `signature.requested` with
  /// `detail`. Errors: `store.illegal_transition` when the flow does not wait to be signed,
  /// `store.not_found`.
  [[nodiscard]] virtual Status open(const SignatureRequest& request, const std::string& actor,
                                    const std::string& detail) = 0;
  [[nodiscard]] virtual Result<std::optional<SignatureRequest>> find(const SignatureRequestId& id) = 0;
};

}  // namespace demat::store
