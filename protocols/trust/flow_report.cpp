#include "protocols/trust/flow_report.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace demat::trust {
namespace {

using SubRow = std::pair<std::string_view, std::string_view>;

/// What a finding of the XAdES verifier is called in EN 319 102-1; the others are FORMAT_FAILURE.
constexpr std::array sub_indications = std::to_array<SubRow>({
    {"xades.digest_content", "HASH_FAILURE"},
    {"xades.digest_properties", "HASH_FAILURE"},
    {"xades.detached_content", "HASH_FAILURE"},
    {"xades.detached_reference", "SIG_CONSTRAINTS_FAILURE"},
    {"xades.detached_algorithm", "CRYPTO_CONSTRAINTS_FAILURE"},
    {"xades.signature_value", "SIG_CRYPTO_FAILURE"},
    {"xades.xmlsec", "SIG_CRYPTO_FAILURE"},
    {"xades.algorithm", "CRYPTO_CONSTRAINTS_FAILURE"},
    {"xades.weak_key", "CRYPTO_CONSTRAINTS_FAILURE"},
    {"xades.unusual_key", "CRYPTO_CONSTRAINTS_FAILURE"},
    {"xades.unsigned_bordereau", "SIGNED_DATA_NOT_FOUND"},
    {"xades.none", "SIGNED_DATA_NOT_FOUND"},
    {"xades.reference", "SIG_CONSTRAINTS_FAILURE"},
    {"xades.unsigned_properties", "SIG_CONSTRAINTS_FAILURE"},
    {"xades.certificate_binding", "SIG_CONSTRAINTS_FAILURE"},
    {"xades.issuer_serial", "SIG_CONSTRAINTS_FAILURE"},
    {"xades.signing_time", "SIG_CONSTRAINTS_FAILURE"},
    {"xades.signing_time_future", "SIG_CONSTRAINTS_FAILURE"},
    {"xades.role", "SIG_CONSTRAINTS_FAILURE"},
    {"xades.policy_missing", "POLICY_PROCESSING_ERROR"},
    {"xades.policy_unknown", "POLICY_PROCESSING_ERROR"},
    {"xades.policy_digest", "POLICY_PROCESSING_ERROR"},
    {"xades.certificate_period", "EXPIRED"},
});

std::string sub_indication_of(const Finding& finding) {
  const auto at = std::find_if(sub_indications.begin(), sub_indications.end(),
                               [&](const SubRow& row) { return row.first == finding.code; });
  return std::string(at == sub_indications.end() ? "FORMAT_FAILURE" : at->second);
}

const Finding* first_error(const std::vector<Finding>& findings) {
  const auto at = std::find_if(findings.begin(), findings.end(),
                               [](const Finding& one) { return one.severity == Severity::error; });
  return at == findings.end() ? nullptr : &*at;
}

/// What the signature's own verification comes to, as the first check of the report.
Check cryptography_of(const SignatureInput& signature) {
  if (signature.cryptography == Indication::passed) return make_check("trust.signature.sound");
  const Finding* const why = first_error(signature.findings);
  const bool failed = signature.cryptography == Indication::failed;
  Check check = make_check(failed ? "trust.signature.broken" : "trust.signature.doubtful",
                           {why == nullptr ? "?" : why->fr});
  if (why != nullptr) {
    check.en = make_check(check.code, {why->en}).en;
    check.sub_indication = sub_indication_of(*why);
  }
  if (!signature.sub_indication.empty()) check.sub_indication = signature.sub_indication;
  return check;
}

Check naming_of(const SignatureInput& signature) {
  // What a signature that does not hold says of itself proves nothing.
  if (signature.cryptography == Indication::failed) return make_check("trust.naming.not_run");
  switch (signature.naming) {
    case Naming::named:
      return make_check("trust.naming.named");
    case Naming::unneeded:
      return make_check("trust.naming.unneeded");
    case Naming::missing:
      return make_check("trust.naming.missing");
  }
  return make_check("trust.naming.missing");
}

/// Of the signature itself, ahead of those about its signer.
constexpr std::ptrdiff_t own_checks = 2;

bool is_same_question(const SignatureInput& one, const SignatureInput& other) {
  return one.signed_at == other.signed_at && one.digest == other.digest &&
         one.integrity_only == other.integrity_only && one.certificate_der == other.certificate_der &&
         one.offered == other.offered && one.stamps.empty() && other.stamps.empty();
}

void collect(const std::vector<Evidence>& some, std::vector<Evidence>& all) {
  for (const auto& one : some) {
    const auto same = [&](const Evidence& other) { return other.sha256 == one.sha256; };
    if (std::none_of(all.begin(), all.end(), same)) all.push_back(one);
  }
}

Finding finding_of(const SignedPart& part, const Check& check, Severity severity) {
  return {check.code, severity, {0, part.signature.covers}, check.fr, check.en};
}

}  // namespace

std::vector<SignatureInput> inputs_of(const xades::DocumentReport& document) {
  std::vector<SignatureInput> inputs;
  for (const auto& one : document.signatures) {
    SignatureInput input;
    input.id = one.id;
    input.covers = one.signed_element;
    input.element = one.element_id;
    input.global = one.global;
    input.role = one.role;
    input.policy = one.policy_id;
    input.cryptography = one.indication;
    input.findings = one.findings;
    input.certificate_der = one.certificate_der;
    input.parsed = one.certificate;
    input.signed_at = one.signed_at;
    input.offered = one.offered;
    input.line = one.line;
    input.signing_time = one.signing_time;
    input.references = one.references;
    input.policy_facts = one.policy;
    input.place = one.place;
    inputs.push_back(std::move(input));
  }
  return inputs;
}

FlowReport judge_all(const TrustProfile* profile, std::vector<SignatureInput> signatures, Instant received,
                     Instant now) {
  FlowReport report;
  report.judged_at = now;
  report.received = received;
  if (profile != nullptr) {
    report.profile = profile->name();
    report.version = profile->version();
    report.rules = canonical_text(profile->rules());
  }
  for (auto& signature : signatures) {
    const auto known = std::find_if(report.parts.begin(), report.parts.end(), [&](const SignedPart& part) {
      return is_same_question(part.signature, signature);
    });
    SignedPart part;
    if (known != report.parts.end()) {
      part.signer = known->signer;
      part.signer.checks.erase(part.signer.checks.begin(), part.signer.checks.begin() + own_checks);
    } else {
      part.signer = judge(profile, {signature.certificate_der, signature.offered, signature.signed_at, false,
                                    received, now, signature.digest, signature.integrity_only, Use::signature,
                                    signature.parsed, signature.stamps});
    }
    part.signer.checks.insert(part.signer.checks.begin(), {cryptography_of(signature), naming_of(signature)});
    part.verdict = verdict_of(part.signer.checks);
    collect(part.signer.evidence, report.evidence);
    report.verdict = graver(report.verdict, part.verdict);
    part.signature = std::move(signature);
    report.parts.push_back(std::move(part));
  }
  return report;
}

FlowReport judge_flow(const TrustProfile* profile, const xades::DocumentReport& document, Instant received,
                      Instant now) {
  auto report = judge_all(profile, inputs_of(document), received, now);
  report.covered = document.every_bordereau_covered;
  report.document_findings = document.document_findings;
  if (const Finding* const why = first_error(report.document_findings))
    report.verdict = graver(report.verdict, {Indication::failed, sub_indication_of(*why)});
  return report;
}

Report findings_of(const FlowReport& report, bool indeterminate_warns) {
  Report out;
  for (const auto& part : report.parts) {
    // The verifier of the format has said what is wrong with the signature itself.
    for (auto check = part.signer.checks.begin() + 1; check != part.signer.checks.end(); ++check) {
      if (check->outcome == Outcome::fail) out.add(finding_of(part, *check, Severity::error));
      const bool doubt = check->outcome == Outcome::indeterminate && indeterminate_warns;
      if (doubt || check->outcome == Outcome::warn) out.add(finding_of(part, *check, Severity::warning));
    }
  }
  return out;
}

}  // namespace demat::trust
