#include <algorithm>

#include "protocols/trust/revocation.hpp"

namespace demat::trust {
namespace {

constexpr std::chrono::minutes clock_skew{5};

/// Known authorities were checked when the profile was made. For others the response is read again: OpenSSL
/// notes things in what it verifies, and this one is shared.
bool is_authentic(const KnownOcsp& known, X509* issuer) {
  if (known.signed_by.contains(fingerprint(der_of(issuer)).str())) return true;
  if (!known.signed_by.empty()) return false;
  const auto own = parse_ocsp(*known.evidence.bytes);
  return own && responder_of(own.get(), issuer) != nullptr;
}

/// Responders may forget certificates that have ended, unless they tell how far back they know.
bool is_forgotten(const OcspAnswer& answer, const X509* certificate, Instant now) {
  const auto ended = instant_of(X509_get0_notAfter(certificate)).value_or(Instant{});
  return ended < now && !(answer.archive_cutoff && *answer.archive_cutoff <= ended);
}

RevocationState state_of(const OcspAnswer& answer, const X509* certificate, const Rules& rules, Instant now) {
  if (answer.facts.status == "revoked")
    return answer.reason == CRL_REASON_CERTIFICATE_HOLD ? RevocationState::on_hold : RevocationState::revoked;
  if (is_stale(answer.facts.this_update, answer.facts.next_update, rules, now)) return RevocationState::stale;
  if (answer.facts.status != "good") return RevocationState::unknown;
  return is_forgotten(answer, certificate, now) ? RevocationState::unlisted_expired : RevocationState::good;
}

RevocationAnswer read_answer(const KnownOcsp& known, const OcspAnswer& answer, const X509* certificate,
                             const Rules& rules, Instant now) {
  RevocationAnswer out;
  out.state = state_of(answer, certificate, rules, now);
  out.response = &known;
  out.file = answer.facts.file;
  out.this_update = answer.facts.this_update;
  out.next_update = answer.facts.next_update;
  if (out.state == RevocationState::revoked || out.state == RevocationState::on_hold) {
    out.since = answer.revoked_at;
    out.reason = reason_name(answer.reason);
  }
  return out;
}

/// What an answer is worth beside another: a revocation above all, then what decides, then what does not.
int weight(RevocationState state) {
  switch (state) {
    case RevocationState::revoked:
      return 5;
    case RevocationState::on_hold:
    case RevocationState::good:
      return 4;
    case RevocationState::unlisted_expired:
      return 3;
    case RevocationState::unknown:
      return 2;
    case RevocationState::stale:
      return 1;
    case RevocationState::missing:
      return 0;
  }
  return 0;
}

}  // namespace

RevocationAnswer ask_ocsp(const TrustProfile::Material& profile, X509* certificate, X509* issuer,
                          Instant now) {
  RevocationAnswer best;
  for (const auto& known : profile.ocsp) {
    for (const auto& answer : known.answers) {
      if (!answer.facts.this_update || *answer.facts.this_update > now + clock_skew) continue;
      if (!is_about(answer, certificate, issuer) || !is_authentic(known, issuer)) continue;
      best = combine(std::move(best), read_answer(known, answer, certificate, profile.rules, now));
    }
  }
  return best;
}

RevocationAnswer combine(RevocationAnswer one, RevocationAnswer other) {
  const int first = weight(one.state), second = weight(other.state);
  if (one.state == RevocationState::revoked && other.state == RevocationState::revoked) {
    auto& earlier = other.since < one.since ? other : one;
    const auto& later = &earlier == &one ? other : one;
    // One source may be silent about the reason, or about since when the key was in other hands.
    if (is_compromise(later.reason)) earlier.reason = later.reason;
    if (later.invalid && (!earlier.invalid || *later.invalid < *earlier.invalid))
      earlier.invalid = later.invalid;
    return std::move(earlier);
  }
  if (first != second) return std::move(first > second ? one : other);
  if (one.this_update == other.this_update)
    return std::move(other.state == RevocationState::on_hold ? other : one);
  return std::move(other.this_update > one.this_update ? other : one);
}

RevocationAnswer ask(const TrustProfile::Material& profile, X509* certificate, X509* issuer, bool is_signer,
                     Instant now) {
  const auto by = profile.rules.revocation_by;
  const bool lists = by != RevocationSource::ocsp || !is_signer;
  const bool responses = by != RevocationSource::crl;
  RevocationAnswer answer;
  if (lists) answer = ask_crls(profile, certificate, issuer, now);
  if (responses) answer = combine(std::move(answer), ask_ocsp(profile, certificate, issuer, now));
  return answer;
}

}  // namespace demat::trust
