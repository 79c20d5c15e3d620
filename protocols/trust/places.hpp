#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/trust/profile.hpp"

namespace demat::trust {

/// Where a certificate says that the revocation lists of its issuer are to be had (CRL distribution points
/// with an http or https address; others, such as ldap, are not for us). None when it cannot be read.
[[nodiscard]] std::vector<std::string> list_places(const Bytes& certificate_der);

/// The same for every certificate of a profile, each address once.
[[nodiscard]] std::vector<std::string> list_places(const TrustProfile& profile);

/// The authority of the profile that has signed this certificate, as DER; nothing for a stranger's, whose
/// word is not followed.
[[nodiscard]] std::optional<Bytes> issuer_within(const TrustProfile& profile, const Bytes& certificate_der);

/// An http or https address without anything that does not belong into one.
[[nodiscard]] bool is_web_address(std::string_view text);

/// A list that came from outside may take the place of another only if it holds: it reads, an authority of
/// the profile signed it, it has begun and is not over. `former`: what came from the same place before;
/// empty: none. Errors: `trust.crl_unreadable`, `trust.list_not_authentic`, `trust.list_over`,
/// `trust.list_future`, `trust.list_older` (by number, then by thisUpdate).
[[nodiscard]] Result<CrlFacts> check_list(const TrustProfile& profile, const Bytes& list_der,
                                          const Bytes& former, Instant now);

}  // namespace demat::trust
