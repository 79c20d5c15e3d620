#pragma once

// Inner header: what the CRLs of a profile say about a certificate (signature RV8 to RV10).

#include <optional>
#include <string>

#include "protocols/trust/material.hpp"

namespace demat::trust {

enum class RevocationState {
  good,              ///< not listed by a fresh list
  revoked,           ///< listed
  on_hold,           ///< listed, but that may be taken back
  stale,             ///< not listed, by a list that is too old
  missing,           ///< no list of its issuer
  unlisted_expired,  ///< not listed, and lists may drop it since it ended
};

struct RevocationAnswer {
  RevocationState state = RevocationState::missing;
  const KnownCrl* crl = nullptr;   ///< that was asked; owned by the profile
  std::optional<Instant> since;    ///< revocation date
  std::optional<Instant> invalid;  ///< invalidityDate: since when the key may be in other hands
  std::string reason;              ///< "keyCompromise"; "unspecified" when the list gives none
};

void read_crl_facts(KnownCrl& known, const std::string& file);
/// Whether `authority` signed the list and may sign lists.
[[nodiscard]] bool is_signed_by(X509_CRL* crl, X509* authority);
[[nodiscard]] bool is_stale(const CrlFacts& crl, const Rules& rules, Instant now);

/// Asks the newest usable list of the issuer: the highest CRL number, then the latest thisUpdate, whatever
/// the order of loading. Lists that are partial, not authentic or of the future are passed over.
[[nodiscard]] RevocationAnswer ask_crls(const TrustProfile::Material& profile, X509* certificate,
                                        X509* issuer, Instant now);

}  // namespace demat::trust
