#include <algorithm>

#include "gateway/base/paris.hpp"
#include "gateway/wiring.hpp"

namespace demat::wiring {
namespace {

constexpr std::string_view urn = "urn:oid:";

Digester::Algorithm digest_named(std::string_view word) {
  if (word == "sha1") return Digester::Algorithm::sha1;
  if (word == "sha384") return Digester::Algorithm::sha384;
  return word == "sha512" ? Digester::Algorithm::sha512 : Digester::Algorithm::sha256;
}

std::string uri_of(std::string_view word) {
  return std::string(xades::names::digest_uri(digest_named(word)));
}

std::optional<xades::Instant> instant_of(std::optional<ParisDay> day) {
  if (!day) return std::nullopt;
  return std::chrono::floor<std::chrono::seconds>(start_of(*day));
}

xades::Policy policy_of(const config::SignaturePolicy& row) {
  xades::Policy policy;
  policy.name = row.name;
  policy.id = std::string(urn) + row.oid;
  policy.digest_method = uri_of(row.digest_method);
  policy.digest = row.digest;
  policy.spuri = row.spuri;
  policy.description = row.description;
  for (const auto& one : row.accepted_digests) {
    const auto colon = one.find(':');
    policy.accepted.push_back({uri_of(one.substr(0, colon)), one.substr(colon + 1)});
  }
  policy.from = instant_of(paris_day_from(row.from));
  auto last = paris_day_from(row.until);
  if (last) policy.until = instant_of(*last + std::chrono::days(1));
  policy.other_digest_fails = row.other_digest_fails;
  policy.out_of_force_fails = row.out_of_force_fails;
  policy.xades_ns = row.xades == "1.1.1" ? xades::names::xades_1_1_1 : xades::names::xades_1_2_2;
  policy.id_pattern = row.signature_id;
  policy.certificate_digest = digest_named(row.certificate_digest);
  return policy;
}

}  // namespace

std::vector<xades::Policy> signature_policies(const config::Settings& settings) {
  auto policies = xades::helios_policies();
  for (const auto& row : settings.signature_policies) {
    auto policy = policy_of(row);
    const auto same = std::ranges::find(policies, policy.id, &xades::Policy::id);
    if (same != policies.end())
      *same = std::move(policy);
    else
      policies.push_back(std::move(policy));
  }
  return policies;
}

Result<xades::Policy> signature_policy(const config::Settings& settings, const std::string& wanted) {
  const auto policies = signature_policies(settings);
  const std::string id = wanted.empty() ? xades::helios_policy_1_7().id : wanted;
  const auto found = std::ranges::find_if(policies, [&](const xades::Policy& one) {
    return one.id == id || one.name == id || one.id == std::string(urn) + id;
  });
  if (found != policies.end()) return *found;
  return failure(
      permanent_error("signing.policy_unknown",
                      "La politique de signature d'un [[signer]] n'est pas connue : son nom ou son "
                      "OID doit être celui d'une [[signature_policy]], ou helios-7.",
                      "The signature policy of a [[signer]] is not known: its name or OID has to be "
                      "that of a [[signature_policy]], or helios-7.",
                      wanted));
}

}  // namespace demat::wiring
