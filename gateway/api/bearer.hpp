#pragma once

#include "gateway/api/services.hpp"
#include "gateway/http/message.hpp"

namespace demat::api {

/// A token as its holder writes it: "demat_" id "_" secret.
struct BearerSecret {
  std::string text;  ///< shown once, never logged, kept nowhere
  store::TokenId id;
  Sha256 digest;  ///< of the text
};
/// 256 random bits.
[[nodiscard]] BearerSecret make_bearer();

[[nodiscard]] bool has_bearer(const http::Request& request);

/// Narrows the certificate's identity to what the token of the request allows, and to what the certificate
/// still holds. Error: `access.bad_token`, the same for an unknown, expired or revoked one and for one of
/// another certificate.
[[nodiscard]] Status narrow(const Services& services, const http::Request& request, flow::Identity& identity);

}  // namespace demat::api
