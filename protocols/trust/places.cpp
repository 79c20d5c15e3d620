#include "protocols/trust/places.hpp"

#include <openssl/err.h>

#include <algorithm>

#include "protocols/trust/errors.hpp"
#include "protocols/trust/material.hpp"
#include "protocols/trust/revocation.hpp"

namespace demat::trust {
namespace {

constexpr std::chrono::minutes clock_skew{5};

using DistributionPointsPtr = Owned<CRL_DIST_POINTS, CRL_DIST_POINTS_free>;

void add_once(std::vector<std::string>& into, std::string text) {
  if (std::ranges::find(into, text) == into.end()) into.push_back(std::move(text));
}

void add_names(const GENERAL_NAMES* names, std::vector<std::string>& into) {
  for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names, i);
    if (name->type != GEN_URI) continue;
    const auto* const address = name->d.uniformResourceIdentifier;
    std::string text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(address)),
                     static_cast<std::size_t>(ASN1_STRING_length(address)));
    if (is_web_address(text)) add_once(into, std::move(text));
  }
}

void add_places(const X509* certificate, std::vector<std::string>& into) {
  const DistributionPointsPtr points(static_cast<CRL_DIST_POINTS*>(
      X509_get_ext_d2i(certificate, NID_crl_distribution_points, nullptr, nullptr)));
  for (int i = 0; points && i < sk_DIST_POINT_num(points.get()); ++i) {
    const DIST_POINT* const point = sk_DIST_POINT_value(points.get(), i);
    // A point for some reasons only, or of another issuer, gives lists that we do not read.
    const bool plain = point->reasons == nullptr && point->CRLissuer == nullptr;
    if (plain && point->distpoint != nullptr && point->distpoint->type == 0)
      add_names(point->distpoint->name.fullname, into);
  }
}

Result<KnownCrl> read_list(const Bytes& der) {
  KnownCrl known;
  known.crl = parse_crl(der);
  ERR_clear_error();
  if (!known.crl) return failure(crl_unreadable("fetched"));
  read_crl_facts(known, "fetched");
  return known;
}

bool is_older(const KnownCrl& one, const KnownCrl& other) {
  if (one.number && other.number) {
    const int order = ASN1_INTEGER_cmp(one.number.get(), other.number.get());
    if (order != 0) return order < 0;
  }
  return one.facts.this_update < other.facts.this_update;
}

}  // namespace

std::vector<std::string> list_places(const Bytes& certificate_der) {
  std::vector<std::string> out;
  if (const auto certificate = parse_certificate(certificate_der)) add_places(certificate.get(), out);
  ERR_clear_error();
  return out;
}

std::vector<std::string> list_places(const TrustProfile& profile) {
  std::vector<std::string> out;
  for (const auto& certificate : profile.material().parsed)
    add_places(certificate.get(), out);
  ERR_clear_error();
  return out;
}

std::optional<Bytes> issuer_within(const TrustProfile& profile, const Bytes& certificate_der) {
  const auto certificate = parse_certificate(certificate_der);
  const auto& authorities = profile.material().parsed;
  const auto at = std::ranges::find_if(authorities, [&](const X509Ptr& authority) {
    return certificate &&
           X509_NAME_cmp(X509_get_issuer_name(certificate.get()), X509_get_subject_name(authority.get())) ==
               0 &&
           X509_verify(certificate.get(), X509_get0_pubkey(authority.get())) == 1;
  });
  ERR_clear_error();
  if (at == authorities.end()) return std::nullopt;
  return der_of(at->get());
}

bool is_web_address(std::string_view text) {
  constexpr std::string_view visible = " \"<>\\^`{|}";
  const bool clean = std::ranges::all_of(
      text, [&](char c) { return c > 0x20 && c < 0x7f && visible.find(c) == std::string_view::npos; });
  return clean && text.size() <= 1'000 && (text.starts_with("http://") || text.starts_with("https://"));
}

Result<CrlFacts> check_list(const TrustProfile& profile, const Bytes& list_der, const Bytes& former,
                            Instant now) {
  auto known = read_list(list_der);
  if (!known) return failure(std::move(known.error()));
  auto& facts = known->facts;
  facts.authentic = std::ranges::any_of(profile.material().parsed, [&](const X509Ptr& authority) {
    return is_signed_by(known->crl.get(), authority.get());
  });
  if (!facts.authentic) return failure(list_not_authentic());
  if (!facts.this_update || *facts.this_update > now + clock_skew) return failure(list_future());
  if (facts.next_update && *facts.next_update <= now) return failure(list_over());
  if (former.empty()) return facts;
  const auto before = read_list(former);
  // One of another issuer is no predecessor; one that does not read any more protects nothing.
  const bool related = before && before->facts.issuer == facts.issuer;
  if (related && is_older(*known, *before)) return failure(list_older(facts.number));
  return facts;
}

}  // namespace demat::trust
