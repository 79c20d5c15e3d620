#pragma once

// Inner header: what the CRLs and OCSP responses of a profile say about a certificate (signature RV8 to
// RV10).

#include <optional>
#include <string>
#include <string_view>

#include "protocols/trust/material.hpp"

namespace demat::trust {

enum class RevocationState {
  good,              ///< not listed by a fresh list, or good by a fresh response
  revoked,           ///< listed
  on_hold,           ///< listed, but that may be taken back
  stale,             ///< not listed, but by what is too old
  unknown,           ///< the responder does not know the certificate
  missing,           ///< nothing by or for its issuer
  unlisted_expired,  ///< not listed, and lists may drop it since it ended
};

struct RevocationAnswer {
  RevocationState state = RevocationState::missing;
  const KnownCrl* crl = nullptr;        ///< that was asked; owned by the profile
  const KnownOcsp* response = nullptr;  ///< that was asked; owned by the profile, one of both at most
  std::string file;                     ///< of either
  std::optional<Instant> this_update;
  std::optional<Instant> next_update;
  std::optional<Instant> since;    ///< revocation date
  std::optional<Instant> invalid;  ///< invalidityDate: since when the key may be in other hands
  std::string reason;              ///< "keyCompromise"; "unspecified" when none is given
};

/// The name of CRL_REASON_*.
[[nodiscard]] const char* reason_name(long reason);
/// A name of reason_name() as French readers know it.
[[nodiscard]] std::string french_reason(std::string_view reason);
/// After this reason nothing proves by itself that the signature is older (signature RV9).
[[nodiscard]] bool is_compromise(std::string_view reason);

void read_crl_facts(KnownCrl& known, const std::string& file);
/// Whether `authority` signed the list and may sign lists.
[[nodiscard]] bool is_signed_by(X509_CRL* crl, X509* authority);
/// A list or response beyond its time; one without any bound is.
[[nodiscard]] bool is_stale(std::optional<Instant> this_update, std::optional<Instant> next_update,
                            const Rules& rules, Instant now);
[[nodiscard]] bool is_stale(const CrlFacts& crl, const Rules& rules, Instant now);

/// Asks the newest usable list of the issuer: the highest CRL number, then the latest thisUpdate, whatever
/// the order of loading. Lists that are partial, not authentic or of the future are passed over.
[[nodiscard]] RevocationAnswer ask_crls(const TrustProfile::Material& profile, X509* certificate,
                                        X509* issuer, Instant now);

/// What the responses say about this very certificate: revoked if any says so, else the newest.
[[nodiscard]] RevocationAnswer ask_ocsp(const TrustProfile::Material& profile, X509* certificate,
                                        X509* issuer, Instant now);

/// What both come to: revoked if either says so, at the earlier date; a fresh answer over none; of two
/// answers the newer.
[[nodiscard]] RevocationAnswer combine(RevocationAnswer one, RevocationAnswer other);

/// Asks whatever the rules of the profile admit for this certificate.
[[nodiscard]] RevocationAnswer ask(const TrustProfile::Material& profile, X509* certificate, X509* issuer,
                                   bool is_signer, Instant now);

}  // namespace demat::trust
