#include "gateway/signing/sealing.hpp"

#include <memory>
#include <utility>

#include "gateway/signing/errors.hpp"
#include "protocols/xades/certificate.hpp"

namespace demat::signing {
namespace {

/// The profile with the certificate in it, which a token may show only now.
Result<SigningProfile> usable(const SigningProfile& profile, xades::Instant now) {
  SigningProfile out = profile;
  if (!out.certificate) {
    if (auto status = out.signer->ready(); !status) return failure(std::move(status.error()));
    auto certificate = xades::Certificate::from_der(out.signer->certificate_der());
    if (!certificate) return failure(std::move(certificate.error()));
    out.certificate = std::make_shared<const xades::Certificate>(std::move(*certificate));
  }
  const auto end = out.certificate->not_after();
  if (now < out.certificate->not_before()) return failure(key_period("not valid yet"));
  if (now + out.margin > end) return failure(key_period("not after " + xades::format_instant(end)));
  return out;
}

xades::SignRequest request_of(const SigningProfile& profile, xades::Instant now) {
  xades::SignRequest request;
  request.policy = profile.policy;
  request.statement = profile.statement;
  request.signing_time = now;
  request.certificate_der = profile.certificate->der();
  request.sign = [signer = profile.signer](std::string_view signed_info) {
    return signer->sign(signed_info);
  };
  request.certificate = profile.certificate;
  return request;
}

xades::VerifyOptions options_of(const SigningProfile& profile, xades::Instant now) {
  xades::VerifyOptions options;
  options.now = now;
  options.accepted_policies = {profile.policy};
  options.known_certificates = {profile.certificate};
  return options;
}

}  // namespace

Result<Sealed> seal(const SigningProfile& wished, const xml::Document& document, std::string_view bytes,
                    xades::Instant now) {
  const auto profile = usable(wished, now);
  if (!profile) return failure(profile.error());
  auto output = xades::sign_pes(document, bytes, request_of(*profile, now));
  if (!output) return failure(std::move(output.error()));
  auto report = xades::verify_own_output(bytes, *output, options_of(*profile, now));
  if (!report) return failure(std::move(report.error()));
  return Sealed{std::move(*output), std::move(*report)};
}

Result<SealedSource> seal(const SigningProfile& wished, const xml::Document& document,
                          const ByteSource& source, xades::Instant now) {
  const auto profile = usable(wished, now);
  if (!profile) return failure(profile.error());
  const auto insertions = xades::plan_signatures(document, source.size(), request_of(*profile, now));
  if (!insertions) return failure(insertions.error());
  auto output = xades::SplicedSource::make(source, *insertions);
  if (!output) return failure(std::move(output.error()));
  auto report = xades::verify_own_output(source, *output, options_of(*profile, now));
  if (!report) return failure(std::move(report.error()));
  return SealedSource{std::move(*output), std::move(*report)};
}

Status rehearse(const SigningProfile& wished, const xml::Document& document, std::size_t size,
                xades::Instant now) {
  if (wished.by_agent) return xades::check_signable(document, size);
  const auto profile = usable(wished, now);
  if (!profile) return failure(profile.error());
  auto request = request_of(*profile, now);
  request.sign = [](std::string_view) -> Result<Bytes> { return Bytes(1); };
  const auto plan = xades::plan_signatures(document, size, request);
  return plan ? Status() : failure(plan.error());
}

}  // namespace demat::signing
