#include "protocols/trust/client.hpp"

#include <algorithm>
#include <array>

namespace demat::trust {
namespace {

struct Meaning {
  std::string_view check;  ///< its code, or how codes of its kind begin
  ClientFault fault;
};

/// The first that fits; what is not here is a path that does not hold.
constexpr std::array meanings = std::to_array<Meaning>({
    {"trust.path.weak", ClientFault::weak},
    {"trust.algorithm.", ClientFault::weak},
    {"trust.validity.expired", ClientFault::expired},
    {"trust.validity.not_yet", ClientFault::not_yet_valid},
    {"trust.usage.", ClientFault::usage},
    {"trust.policy.", ClientFault::policy},
    {"trust.revocation.revoked", ClientFault::revoked},
    {"trust.revocation.compromised", ClientFault::revoked},
    {"trust.revocation.on_hold", ClientFault::revoked},
    {"trust.revocation.", ClientFault::unknown},
});

ClientFault fault_of(std::string_view check) {
  const auto at =
      std::ranges::find_if(meanings, [&](const Meaning& one) { return check.starts_with(one.check); });
  return at == meanings.end() ? ClientFault::untrusted : at->fault;
}

/// What failed outweighs what is not certain.
const Check* decisive(const std::vector<Check>& checks) {
  for (const auto outcome : {Outcome::fail, Outcome::indeterminate}) {
    const auto at = std::ranges::find(checks, outcome, &Check::outcome);
    if (at != checks.end()) return &*at;
  }
  return nullptr;
}

}  // namespace

const char* to_string(ClientFault fault) {
  constexpr std::array names{"none",   "untrusted", "expired", "not_yet_valid", "usage",
                             "policy", "weak",      "revoked", "unknown"};
  return names.at(static_cast<std::size_t>(fault));
}

SignerReport explain_client(const TrustProfile& profile, const Bytes& der, const std::vector<Bytes>& offered,
                            Instant now) {
  Question question;
  question.use = Use::client;
  question.certificate_der = der;
  question.offered = offered;
  question.signed_at = now;
  question.received = now;
  question.now = now;
  const auto facts = describe(der);
  // What its authority signed it with; the digest of the handshake is TLS's own affair. One whose name we do
  // not know was weighed with the path.
  if (facts && !facts->signature_digest.empty()) question.digest = facts->signature_digest;
  return judge(&profile, question);
}

ClientVerdict judge_client(const TrustProfile& profile, const Bytes& der, const std::vector<Bytes>& offered,
                           Instant now) {
  const auto report = explain_client(profile, der, offered, now);
  ClientVerdict verdict;
  if (report.certificate) verdict.serial = report.certificate->serial;
  if (!report.path.empty()) verdict.issuer = report.certificate->issuer;
  if (const Check* const check = decisive(report.checks)) {
    verdict.check = check->code;
    verdict.fault = fault_of(check->code);
  }
  return verdict;
}

}  // namespace demat::trust
