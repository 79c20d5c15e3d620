#include "protocols/trust/stamps.hpp"

#include <algorithm>

#include "protocols/timestamp/timestamp.hpp"
#include "protocols/trust/judge.hpp"

namespace demat::trust {
namespace {

/// Of a token that does not hold: nothing of it is repeated.
StampFacts broken(const Error& error) {
  StampFacts facts;
  facts.fr = error.fr;
  facts.en = error.en;
  return facts;
}

/// The first check that decided.
void tell_why(const SignerReport& report, StampFacts& facts) {
  const auto at = std::ranges::find_if(report.checks, [](const Check& one) {
    return one.outcome == Outcome::fail || one.outcome == Outcome::indeterminate;
  });
  if (at == report.checks.end()) return;
  facts.fr = at->fr;
  facts.en = at->en;
}

}  // namespace

JudgedStamp judge_stamp(const TrustProfile* profile, const StampInput& input, Instant received, Instant now) {
  JudgedStamp out;
  const auto stamp = timestamp::verify_token(input.token, as_text(input.stamped));
  if (!stamp) {
    out.facts = broken(stamp.error());
    return out;
  }
  Question question;
  question.certificate_der = stamp->certificate_der;
  question.offered = stamp->certificates;
  question.signed_at = stamp->time;
  question.received = std::max(received, stamp->time);
  question.now = now;
  question.digest = stamp->digest;
  question.use = Use::time_stamping;
  auto report = judge(profile, question);
  out.facts.time = stamp->time;
  out.facts.serial = stamp->serial;
  out.facts.policy = stamp->policy;
  if (report.certificate) {
    out.facts.authority = report.certificate->name;
    out.facts.sha256 = report.certificate->sha256;
  }
  out.facts.accepted = profile != nullptr && report.verdict.indication == Indication::passed;
  if (!out.facts.accepted) tell_why(report, out.facts);
  out.evidence = std::move(report.evidence);
  return out;
}

}  // namespace demat::trust
