#pragma once

#include "gateway/store/access.hpp"
#include "gateway/store/signature_requests.hpp"

namespace demat::store {

class SqliteSignatureRequests final : public SignatureRequests {
 public:
  explicit SqliteSignatureRequests(const Access& access) : access_(access) {}

  Status open(const SignatureRequest& request, const std::string& actor, const std::string& detail) override;
  Result<std::optional<SignatureRequest>> find(const SignatureRequestId& id) override;

 private:
  const Access& access_;
};

/// The request is done; Refusal `signature.replaced` when it is not the open one of the flow.
void close_request(Transaction& tx, const FlowId& flow, const BroughtSignature& brought);

/// The requests of a flow whose files go: they hold names of persons.
void forget_requests(Transaction& tx, std::string_view flow);

}  // namespace demat::store
