#include "protocols/xades/statement.hpp"

#include <algorithm>
#include <array>

#include "protocols/xades/names.hpp"
#include "protocols/xades/remarks.hpp"
#include "protocols/xades/text.hpp"

namespace demat::xades {
namespace {

using xml::Element;

constexpr std::chrono::minutes clock_skew{5};  // RV5
constexpr std::size_t longest_role = 1'000;    ///< bytes: it is kept and shown
constexpr std::size_t longest_name = 8'192;    ///< bytes of an issuer as written; read twice

void say(SignatureReport& report, std::string_view code, const Element& where, std::string_view value = {}) {
  report.findings.push_back(make_remark(code, Place{where.line(), where.path()}, value));
}

/// The single element at the end of a chain of names below `from`; nothing when one is absent or repeated, so
/// that no decoy is ever read.
template <class... Names>
std::optional<Element> only(const Element& from, std::string_view ns, Names... names) {
  std::optional<Element> at = from;
  for (const std::string_view name : {std::string_view(names)...}) {
    const auto found = at->children(name, ns);
    if (found.size() != 1) return std::nullopt;
    at = found.front();
  }
  return at;
}

std::string text_of(const std::optional<Element>& element) {
  return element ? std::string(trimmed(element->text())) : std::string();
}

void check_time(const Element& properties, std::string_view ns, const VerifyOptions& options,
                SignatureReport& report) {
  report.signing_time = text_of(only(properties, ns, "SigningTime"));
  report.signed_at = parse_instant(report.signing_time);
  if (!report.signed_at) {
    say(report, "xades.signing_time", properties, report.signing_time);
  } else if (*report.signed_at > options.now + clock_skew) {
    say(report, "xades.signing_time_future", properties, report.signing_time);
  }
}

bool states(const Element& hash, std::string_view ns, const PolicyDigest& digest) {
  const auto method = only(hash, ns, "DigestMethod");
  const auto stated = decode_base64(text_of(only(hash, ns, "DigestValue")));
  return method && method->attribute("Algorithm") == digest.method && stated.ok && !stated.bytes.empty() &&
         stated.bytes == decode_base64(digest.value).bytes;
}

/// The digest that signers should state, one that is met besides, or another one (signature 1.2, 1.9).
void check_policy_digest(const Policy& policy, const Element& hash, std::string_view ns,
                         SignatureReport& report) {
  const auto value = text_of(only(hash, ns, "DigestValue"));
  const bool usual = states(hash, ns, {policy.digest_method, policy.digest});
  const bool met = std::ranges::any_of(policy.accepted,
                                       [&](const PolicyDigest& digest) { return states(hash, ns, digest); });
  if (!usual && !met)
    return say(report, policy.other_digest_fails ? "xades.policy_digest" : "xades.policy_digest_tolerated",
               hash, value);
  if (!usual) say(report, "xades.policy_digest_other", hash, value);
  if (!value.ends_with('=') && base64(decode_base64(value).bytes).ends_with('='))
    say(report, "xades.policy_padding", hash);
}

void check_policy_period(const Policy& policy, const Element& identifier, SignatureReport& report) {
  if (!report.signed_at || policy.in_force(*report.signed_at)) return;
  say(report, policy.out_of_force_fails ? "xades.policy_period" : "xades.policy_period_tolerated", identifier,
      report.policy_id);
}

void check_policy(const Element& properties, std::string_view ns, const VerifyOptions& options,
                  SignatureReport& report) {
  const auto policy = only(properties, ns, "SignaturePolicyIdentifier", "SignaturePolicyId");
  const auto identifier = policy ? only(*policy, ns, "SigPolicyId", "Identifier") : std::nullopt;
  const auto hash = policy ? only(*policy, ns, "SigPolicyHash") : std::nullopt;
  report.policy_id = text_of(identifier);
  if (!identifier || !hash) return say(report, "xades.policy_missing", properties);
  const auto spuri = only(*policy, ns, "SigPolicyQualifiers", "SigPolicyQualifier", "SPURI");
  report.policy = {short_text(text_of(only(*policy, ns, "SigPolicyId", "Description"))),
                   short_text(text_of(only(*hash, ns, "DigestValue"))),
                   {},
                   short_text(text_of(spuri))};
  const auto known = std::ranges::find(options.accepted_policies, report.policy_id, &Policy::id);
  if (known == options.accepted_policies.end())
    return say(report, "xades.policy_unknown", *identifier, report.policy_id);
  report.policy.expected = known->digest;
  check_policy_digest(*known, *hash, ns, report);
  check_policy_period(*known, *identifier, report);
  if (text_of(spuri) != known->spuri) say(report, "xades.policy_spuri", *policy);
}

void check_place(const Element& properties, std::string_view ns, SignatureReport& report) {
  const auto place = only(properties, ns, "SignatureProductionPlace");
  const auto stated = [&](const char* part) {
    return short_text(place ? text_of(only(*place, ns, part)) : std::string());
  };
  report.place = {stated("City"), stated("PostalCode"), stated("CountryName")};
  for (const auto* part : {"City", "PostalCode", "CountryName"})
    if (!place || text_of(only(*place, ns, part)).empty())
      return say(report, "xades.production_place", properties);
}

std::optional<Digester::Algorithm> digest_algorithm(std::string_view uri) {
  constexpr std::array<std::pair<std::string_view, Digester::Algorithm>, 4> known = {{
      {names::sha1, Digester::Algorithm::sha1},
      {names::sha256, Digester::Algorithm::sha256},
      {names::sha384, Digester::Algorithm::sha384},
      {names::sha512, Digester::Algorithm::sha512},
  }};
  for (const auto& [name, algorithm] : known)
    if (name == uri) return algorithm;
  return std::nullopt;
}

void check_certificate(const Certificate& certificate, const Element& cert, std::string_view ns,
                       SignatureReport& report) {
  const auto names_of = only(cert, ns, "IssuerSerial");
  const auto issuer = names_of ? only(*names_of, names::ds, "X509IssuerName") : std::nullopt;
  const auto serial = names_of ? only(*names_of, names::ds, "X509SerialNumber") : std::nullopt;
  const auto name = text_of(issuer);
  if (!issuer || !serial || name.size() > longest_name || !certificate.issuer_is(name) ||
      !certificate.serial_is(serial->text()))
    say(report, "xades.issuer_serial", cert);
  if (!certificate.is_rsa()) {
    say(report, "xades.algorithm", cert, "clé non RSA / not an RSA key");
  } else if (!certificate.has_usual_rsa_key()) {
    say(report, "xades.unusual_key", cert, std::to_string(certificate.key_bits()));
  } else if (!certificate.has_strong_rsa_key()) {
    say(report, "xades.weak_key", cert, std::to_string(certificate.key_bits()));
  }
  if (report.signed_at &&
      (*report.signed_at < certificate.not_before() || *report.signed_at > certificate.not_after()))
    say(report, "xades.certificate_period", cert, report.signing_time);
  if (certificate.non_repudiation() != Certificate::NonRepudiation::present)
    say(report, "xades.key_usage", cert);
}

}  // namespace

void check_statement(const SignatureParts& parts, const VerifyOptions& options, SignatureReport& report) {
  const std::string_view ns = parts.xades_ns;
  const auto properties = only(parts.signed_properties, ns, "SignedSignatureProperties");
  if (!properties) return say(report, "xades.qualifying_properties", parts.signed_properties);
  check_time(*properties, ns, options, report);
  check_policy(*properties, ns, options, report);
  check_place(*properties, ns, report);
  auto role = text_of(only(*properties, ns, "SignerRole", "ClaimedRoles", "ClaimedRole"));
  if (role.empty() || role.size() > longest_role) return say(report, "xades.role", *properties);
  report.role = std::move(role);
}

CertificatePtr bound_certificate(const SignatureParts& parts, CertificateCache& cache,
                                 SignatureReport& report) {
  const std::string_view ns = parts.xades_ns;
  const auto list = only(parts.signed_properties, ns, "SignedSignatureProperties", "SigningCertificate");
  const auto certs = list ? list->children("Cert", ns) : std::vector<Element>{};
  const auto digest = certs.empty() ? std::nullopt : only(certs.front(), ns, "CertDigest");
  const auto method = digest ? only(*digest, ns, "DigestMethod") : std::nullopt;
  const auto algorithm = method ? digest_algorithm(method->attribute("Algorithm")) : std::nullopt;
  const auto stated = decode_base64(text_of(digest ? only(*digest, ns, "DigestValue") : std::nullopt));
  if (!algorithm || !stated.ok)
    return say(report, "xades.certificate_binding", parts.signed_properties), nullptr;
  if (*algorithm == Digester::Algorithm::sha1) say(report, "xades.cert_digest_sha1", *digest);

  for (const auto& der : parts.certificates) {
    Digester digester(*algorithm);
    digester.update(as_text(der));
    if (digester.finish() != stated.bytes) continue;
    const auto certificate = cache.get(der);
    if (!certificate) return say(report, "xades.certificate_unreadable", parts.signature), nullptr;
    report.certificate_der = der;
    for (const auto& other : parts.certificates)
      if (other != der) report.offered.push_back(other);
    report.certificate = *certificate;
    report.certificate_sha256 = sha256(as_text(der)).str();
    check_certificate(**certificate, certs.front(), ns, report);
    return *certificate;
  }
  // A certificate that is no certificate at all deserves its own message.
  const bool readable = std::any_of(parts.certificates.begin(), parts.certificates.end(),
                                    [&](const Bytes& der) { return cache.get(der).has_value(); });
  say(report, readable ? "xades.certificate_binding" : "xades.certificate_unreadable", parts.signature);
  return nullptr;
}

}  // namespace demat::xades
