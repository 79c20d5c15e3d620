#include "protocols/trust/revocation.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <utility>

namespace demat::trust {
namespace {

constexpr std::chrono::minutes clock_skew{5};

using DistributionPointPtr = Owned<ISSUING_DIST_POINT, ISSUING_DIST_POINT_free>;
using DistributionPointsPtr = Owned<CRL_DIST_POINTS, CRL_DIST_POINTS_free>;
using EnumeratedPtr = Owned<ASN1_ENUMERATED, ASN1_ENUMERATED_free>;
using TimePtr = Owned<ASN1_GENERALIZEDTIME, ASN1_GENERALIZEDTIME_free>;

/// Whether two distribution points share a full name.
bool share_a_name(const DIST_POINT_NAME* one, const DIST_POINT_NAME* other) {
  if (one == nullptr || other == nullptr || one->type != 0 || other->type != 0) return false;
  for (int i = 0; i < sk_GENERAL_NAME_num(one->name.fullname); ++i)
    for (int j = 0; j < sk_GENERAL_NAME_num(other->name.fullname); ++j)
      if (GENERAL_NAME_cmp(sk_GENERAL_NAME_value(one->name.fullname, i),
                           sk_GENERAL_NAME_value(other->name.fullname, j)) == 0)
        return true;
  return false;
}

bool is_pointed_at(const X509* certificate, const DIST_POINT_NAME* list) {
  const DistributionPointsPtr points(static_cast<CRL_DIST_POINTS*>(
      X509_get_ext_d2i(certificate, NID_crl_distribution_points, nullptr, nullptr)));
  for (int i = 0; points && i < sk_DIST_POINT_num(points.get()); ++i)
    if (share_a_name(sk_DIST_POINT_value(points.get(), i)->distpoint, list)) return true;
  return false;
}

/// Whether the list speaks of all reasons for this certificate, so that its silence means something.
bool covers(const X509_CRL* crl, X509* certificate) {
  if (X509_CRL_get_ext_by_NID(crl, NID_delta_crl, -1) >= 0) return false;
  const int index = X509_CRL_get_ext_by_NID(crl, NID_issuing_distribution_point, -1);
  if (index < 0) return true;
  const DistributionPointPtr scope(static_cast<ISSUING_DIST_POINT*>(
      X509_CRL_get_ext_d2i(crl, NID_issuing_distribution_point, nullptr, nullptr)));
  if (!scope || scope->indirectCRL > 0 || scope->onlyattr > 0 || scope->onlysomereasons != nullptr)
    return false;
  const bool authority = X509_check_ca(certificate) != 0;
  if ((scope->onlyuser > 0 && authority) || (scope->onlyCA > 0 && !authority)) return false;
  return scope->distpoint == nullptr || is_pointed_at(certificate, scope->distpoint);
}

/// A list whose critical extensions we do not all understand may mean something else.
bool is_understood(const X509_CRL* crl) {
  for (int i = 0; i < X509_CRL_get_ext_count(crl); ++i) {
    X509_EXTENSION* const extension = X509_CRL_get_ext(crl, i);
    const int nid = OBJ_obj2nid(X509_EXTENSION_get_object(extension));
    if (X509_EXTENSION_get_critical(extension) == 1 && nid != NID_issuing_distribution_point) return false;
  }
  return true;
}

/// Revoked certificates stay listed after their end (id-ce-expiredCertsOnCRL, signature RV10).
bool keeps_expired(const X509_CRL* crl) {
  const Owned<ASN1_OBJECT, ASN1_OBJECT_free> wanted(OBJ_txt2obj("2.5.29.60", 1));
  return wanted && X509_CRL_get_ext_by_OBJ(crl, wanted.get(), -1) >= 0;
}

bool is_newer(const KnownCrl& one, const KnownCrl& other) {
  if (one.number && other.number) {
    const int order = ASN1_INTEGER_cmp(one.number.get(), other.number.get());
    if (order != 0) return order > 0;
  }
  return one.facts.this_update > other.facts.this_update;
}

bool is_authentic(const KnownCrl& known, X509* issuer) {
  if (known.signed_by.contains(fingerprint(der_of(issuer)).str())) return true;
  return known.signed_by.empty() && is_signed_by(known.crl.get(), issuer);
}

const KnownCrl* newest(const TrustProfile::Material& profile, X509* certificate, X509* issuer, Instant now) {
  const KnownCrl* best = nullptr;
  for (const auto& known : profile.crls) {
    const X509_CRL* const crl = known.crl.get();
    if (X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_issuer_name(certificate)) != 0) continue;
    if (!known.facts.this_update || *known.facts.this_update > now + clock_skew) continue;
    if (!is_understood(crl) || !covers(crl, certificate) || !is_authentic(known, issuer)) continue;
    if (best == nullptr || is_newer(known, *best)) best = &known;
  }
  return best;
}

void read_entry(const X509_REVOKED* entry, RevocationAnswer& answer) {
  answer.since = instant_of(X509_REVOKED_get0_revocationDate(entry));
  const EnumeratedPtr reason(
      static_cast<ASN1_ENUMERATED*>(X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, nullptr, nullptr)));
  const long code = reason ? ASN1_ENUMERATED_get(reason.get()) : CRL_REASON_UNSPECIFIED;
  answer.reason = reason_name(code);
  const TimePtr invalid(static_cast<ASN1_GENERALIZEDTIME*>(
      X509_REVOKED_get_ext_d2i(entry, NID_invalidity_date, nullptr, nullptr)));
  answer.invalid = instant_of(invalid.get());
  answer.state = code == CRL_REASON_CERTIFICATE_HOLD ? RevocationState::on_hold : RevocationState::revoked;
}

}  // namespace

const char* reason_name(long reason) {
  switch (reason) {
    case CRL_REASON_KEY_COMPROMISE:
      return "keyCompromise";
    case CRL_REASON_CA_COMPROMISE:
      return "cACompromise";
    case CRL_REASON_AFFILIATION_CHANGED:
      return "affiliationChanged";
    case CRL_REASON_SUPERSEDED:
      return "superseded";
    case CRL_REASON_CESSATION_OF_OPERATION:
      return "cessationOfOperation";
    case CRL_REASON_CERTIFICATE_HOLD:
      return "certificateHold";
    case CRL_REASON_PRIVILEGE_WITHDRAWN:
      return "privilegeWithdrawn";
    case CRL_REASON_AA_COMPROMISE:
      return "aACompromise";
    default:
      return "unspecified";
  }
}

std::string french_reason(std::string_view reason) {
  using Row = std::pair<std::string_view, std::string_view>;
  static constexpr auto names = std::to_array<Row>({
      {"keyCompromise", "clé compromise"},
      {"cACompromise", "clé de l'autorité compromise"},
      {"affiliationChanged", "rattachement modifié"},
      {"superseded", "certificat remplacé"},
      {"cessationOfOperation", "fin d'activité"},
      {"certificateHold", "suspension"},
      {"privilegeWithdrawn", "droits retirés"},
      {"aACompromise", "clé de l'autorité d'attributs compromise"},
  });
  const auto* const at =
      std::find_if(names.begin(), names.end(), [&](const Row& row) { return row.first == reason; });
  return std::string(at == names.end() ? "motif non précisé" : at->second);
}

bool is_compromise(std::string_view reason) {
  return reason == "keyCompromise" || reason == "cACompromise" || reason == "aACompromise";
}

void read_crl_facts(KnownCrl& known, const std::string& file) {
  X509_CRL* const crl = known.crl.get();
  known.number.reset(static_cast<ASN1_INTEGER*>(X509_CRL_get_ext_d2i(crl, NID_crl_number, nullptr, nullptr)));
  known.facts.file = file;
  known.facts.issuer = name_text(X509_CRL_get_issuer(crl));
  known.facts.issuer_name = display_name(X509_CRL_get_issuer(crl));
  known.facts.number = decimal(known.number.get());
  known.facts.this_update = instant_of(X509_CRL_get0_lastUpdate(crl));
  known.facts.next_update = instant_of(X509_CRL_get0_nextUpdate(crl));
  const auto* const revoked = X509_CRL_get_REVOKED(crl);
  known.facts.entries = revoked == nullptr ? 0 : static_cast<std::size_t>(sk_X509_REVOKED_num(revoked));
  // The first question sorts the list: done here, where nobody waits.
  const IntegerPtr zero(ASN1_INTEGER_new());
  X509_REVOKED* none = nullptr;
  X509_CRL_get0_by_serial(crl, &none, zero.get());
}

bool is_signed_by(X509_CRL* crl, X509* authority) {
  if (X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_subject_name(authority)) != 0) return false;
  const auto usage = X509_get_key_usage(authority);
  if (usage != UINT32_MAX && (usage & KU_CRL_SIGN) == 0) return false;
  const std::string digest = digest_of_signature(X509_CRL_get_signature_nid(crl));
  if (!digest.starts_with("SHA") || digest == "SHA1") return false;
  const bool ok = X509_CRL_verify(crl, X509_get0_pubkey(authority)) == 1;
  ERR_clear_error();
  return ok;
}

bool is_stale(std::optional<Instant> this_update, std::optional<Instant> next_update, const Rules& rules,
              Instant now) {
  if (!this_update) return true;
  if (next_update && now >= *next_update + rules.crl_grace) return true;
  const bool aged = rules.crl_max_age.count() > 0;
  if (aged && now > *this_update + rules.crl_max_age + rules.crl_grace) return true;
  return !next_update && !aged;
}

bool is_stale(const CrlFacts& crl, const Rules& rules, Instant now) {
  return is_stale(crl.this_update, crl.next_update, rules, now);
}

RevocationAnswer ask_crls(const TrustProfile::Material& profile, X509* certificate, X509* issuer,
                          Instant now) {
  RevocationAnswer answer;
  answer.crl = newest(profile, certificate, issuer, now);
  if (answer.crl == nullptr) return answer;
  answer.file = answer.crl->facts.file;
  answer.this_update = answer.crl->facts.this_update;
  answer.next_update = answer.crl->facts.next_update;
  X509_REVOKED* entry = nullptr;
  const int listed =
      X509_CRL_get0_by_serial(answer.crl->crl.get(), &entry, X509_get0_serialNumber(certificate));
  // What an authentic list says stays true when it gets old; only its silence does not.
  if (listed == 1)
    read_entry(entry, answer);
  else if (is_stale(answer.crl->facts, profile.rules, now))
    answer.state = RevocationState::stale;
  else if (instant_of(X509_get0_notAfter(certificate)).value_or(Instant{}) < now &&
           !keeps_expired(answer.crl->crl.get()))
    answer.state = RevocationState::unlisted_expired;
  else
    answer.state = RevocationState::good;
  return answer;
}

}  // namespace demat::trust
