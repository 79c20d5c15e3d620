#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocols/trust/profile.hpp"

namespace demat::trust {

/// What asking about a certificate needs.
struct OcspQuestion {
  std::vector<std::string> urls;  ///< of responders, http or https, as the certificate names them
  Bytes issuer_der;
};

/// Nothing unless an authority of the profile has issued the certificate and it names a responder on the web.
[[nodiscard]] std::optional<OcspQuestion> ocsp_question(const TrustProfile& profile,
                                                        const Bytes& certificate_der);

/// An answer that came from outside may be kept when it is about that certificate, from who may say it
/// (check_ocsp_response), has begun and is not over, and is not older than `former` (empty: none). Errors:
/// those of check_ocsp_response, `trust.list_over`, `trust.list_future`, `trust.list_older`.
[[nodiscard]] Result<OcspFacts> check_answer(const Bytes& response_der, const Bytes& former,
                                             const Bytes& certificate_der, const Bytes& issuer_der,
                                             Instant now);

}  // namespace demat::trust
