#include "protocols/trust/responders.hpp"

#include <openssl/err.h>

#include <algorithm>

#include "protocols/trust/errors.hpp"
#include "protocols/trust/material.hpp"
#include "protocols/trust/ocsp.hpp"
#include "protocols/trust/places.hpp"

namespace demat::trust {
namespace {

constexpr std::chrono::minutes clock_skew{5};

using AccessPtr = Owned<AUTHORITY_INFO_ACCESS, AUTHORITY_INFO_ACCESS_free>;

std::vector<std::string> responders_of(const X509* certificate) {
  std::vector<std::string> out;
  const AccessPtr all(
      static_cast<AUTHORITY_INFO_ACCESS*>(X509_get_ext_d2i(certificate, NID_info_access, nullptr, nullptr)));
  for (int i = 0; all && i < sk_ACCESS_DESCRIPTION_num(all.get()); ++i) {
    const ACCESS_DESCRIPTION* const one = sk_ACCESS_DESCRIPTION_value(all.get(), i);
    if (OBJ_obj2nid(one->method) != NID_ad_OCSP || one->location->type != GEN_URI) continue;
    const auto* const address = one->location->d.uniformResourceIdentifier;
    std::string text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(address)),
                     static_cast<std::size_t>(ASN1_STRING_length(address)));
    if (is_web_address(text)) out.push_back(std::move(text));
  }
  return out;
}

}  // namespace

std::optional<OcspQuestion> ocsp_question(const TrustProfile& profile, const Bytes& certificate_der) {
  const auto certificate = parse_certificate(certificate_der);
  if (!certificate) return std::nullopt;
  OcspQuestion out{responders_of(certificate.get()), {}};
  ERR_clear_error();
  auto issuer = issuer_within(profile, certificate_der);
  if (out.urls.empty() || !issuer) return std::nullopt;
  out.issuer_der = std::move(*issuer);
  return out;
}

Result<OcspFacts> check_answer(const Bytes& response_der, const Bytes& former, const Bytes& certificate_der,
                               const Bytes& issuer_der, Instant now) {
  auto facts = check_ocsp_response(response_der, certificate_der, issuer_der);
  if (!facts) return failure(std::move(facts.error()));
  if (!facts->this_update || *facts->this_update > now + clock_skew) return failure(list_future());
  if (facts->next_update && *facts->next_update <= now) return failure(list_over());
  if (former.empty()) return facts;
  const auto before = check_ocsp_response(former, certificate_der, issuer_der);
  if (before && facts->this_update < before->this_update) return failure(list_older(facts->serial));
  return facts;
}

}  // namespace demat::trust
