#include "gateway/signing/sealing.hpp"

#include <utility>

namespace demat::signing {

Result<Sealed> seal(const SigningProfile& profile, const xml::Document& document, std::string_view bytes,
                    xades::Instant now) {
  xades::SignRequest request;
  request.policy = profile.policy;
  request.statement = profile.statement;
  request.signing_time = now;
  request.certificate_der = profile.signer->certificate_der();
  request.sign = [&](std::string_view signed_info) { return profile.signer->sign(signed_info); };
  request.certificate = profile.certificate;
  auto output = xades::sign_pes(document, bytes, request);
  if (!output) return failure(std::move(output.error()));

  xades::VerifyOptions options;
  options.now = now;
  options.accepted_policies = {profile.policy};
  if (profile.certificate) options.known_certificates = {profile.certificate};
  auto report = xades::verify_own_output(bytes, *output, options);
  if (!report) return failure(std::move(report.error()));
  return Sealed{std::move(*output), std::move(*report)};
}

}  // namespace demat::signing
