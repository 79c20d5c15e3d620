#include "gateway/signing/sealing.hpp"

#include <utility>

namespace demat::signing {
namespace {

xades::SignRequest request_of(const SigningProfile& profile, xades::Instant now) {
  xades::SignRequest request;
  request.policy = profile.policy;
  request.statement = profile.statement;
  request.signing_time = now;
  request.certificate_der = profile.signer->certificate_der();
  request.sign = [&profile](std::string_view signed_info) { return profile.signer->sign(signed_info); };
  request.certificate = profile.certificate;
  return request;
}

xades::VerifyOptions options_of(const SigningProfile& profile, xades::Instant now) {
  xades::VerifyOptions options;
  options.now = now;
  options.accepted_policies = {profile.policy};
  if (profile.certificate) options.known_certificates = {profile.certificate};
  return options;
}

}  // namespace

Result<Sealed> seal(const SigningProfile& profile, const xml::Document& document, std::string_view bytes,
                    xades::Instant now) {
  auto output = xades::sign_pes(document, bytes, request_of(profile, now));
  if (!output) return failure(std::move(output.error()));
  auto report = xades::verify_own_output(bytes, *output, options_of(profile, now));
  if (!report) return failure(std::move(report.error()));
  return Sealed{std::move(*output), std::move(*report)};
}

Result<SealedSource> seal(const SigningProfile& profile, const xml::Document& document,
                          const ByteSource& source, xades::Instant now) {
  const auto insertions = xades::plan_signatures(document, source.size(), request_of(profile, now));
  if (!insertions) return failure(insertions.error());
  auto output = xades::SplicedSource::make(source, *insertions);
  if (!output) return failure(std::move(output.error()));
  auto report = xades::verify_own_output(source, *output, options_of(profile, now));
  if (!report) return failure(std::move(report.error()));
  return SealedSource{std::move(*output), std::move(*report)};
}

}  // namespace demat::signing
