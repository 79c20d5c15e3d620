#include "gateway/timestamping/stamp.hpp"

#include "gateway/base/random.hpp"
#include "gateway/timestamping/errors.hpp"
#include "gateway/timestamping/exchange.hpp"
#include "protocols/timestamp/timestamp.hpp"
#include "protocols/trust/judge.hpp"

namespace demat::timestamping {
namespace {

constexpr std::size_t nonce_bytes = 16;

Digester::Algorithm digest_named(std::string_view word) {
  if (word == "sha384") return Digester::Algorithm::sha384;
  return word == "sha512" ? Digester::Algorithm::sha512 : Digester::Algorithm::sha256;
}

timestamp::Ask ask_about(std::string_view bytes, const config::TimestampAuthority& authority) {
  timestamp::Ask ask;
  ask.algorithm = digest_named(authority.digest);
  Digester digester(ask.algorithm);
  digester.update(bytes);
  ask.imprint = digester.finish();
  ask.nonce.resize(nonce_bytes);
  random_bytes(ask.nonce);
  ask.policy = authority.policy;
  return ask;
}

std::string failed_checks(const trust::SignerReport& report) {
  std::string out;
  for (const auto& check : report.checks)
    if (check.outcome == trust::Outcome::fail || check.outcome == trust::Outcome::indeterminate)
      out += (out.empty() ? "" : " ") + check.code;
  return out;
}

Status judge(const timestamp::Stamp& stamp, const config::TimestampAuthority& authority,
             const trust_desk::TrustDesk& desk, trust::Instant now) {
  const auto profile = desk.find(authority.trust);
  if (!profile) return failure(untrusted(authority.name, "no profile " + authority.trust));
  trust::Question question;
  question.certificate_der = stamp.certificate_der;
  question.offered = stamp.certificates;
  question.signed_at = stamp.time;
  // Drift was judged: a time a little ahead of ours is no fault of the certificate's.
  question.received = question.now = std::max(now, stamp.time);
  question.digest = stamp.digest;
  question.use = trust::Use::time_stamping;
  const auto report = trust::judge(&*profile, question);
  if (report.verdict.indication == trust::Indication::passed) return {};
  return failure(untrusted(authority.name, failed_checks(report)));
}

}  // namespace

Result<Bytes> stamp(const config::TimestampAuthority& authority, const trust_desk::TrustDesk& desk,
                    std::string_view bytes, Instant now) {
  const auto ask = ask_about(bytes, authority);
  const auto request = timestamp::make_request(ask);
  if (!request) return failure(request.error());
  const auto response = exchange(authority, *request);
  if (!response) return failure(response.error());
  auto token = timestamp::read_response(*response, ask);
  if (!token) {
    token.error().detail = "[[timestamp]] " + authority.name + ": " + token.error().detail;
    return token;
  }
  const auto told = timestamp::verify_token(*token, bytes);
  if (!told) return failure(told.error());
  const auto when = std::chrono::floor<std::chrono::seconds>(now);
  if (std::chrono::abs(told->time - when) > authority.max_drift)
    return failure(drift(authority.name, std::to_string((told->time - when).count()) + " s"));
  if (auto status = judge(*told, authority, desk, when); !status) return failure(status.error());
  return token;
}

}  // namespace demat::timestamping
