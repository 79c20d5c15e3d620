#include "gateway/signing/detached_sealing.hpp"

#include "gateway/signing/errors.hpp"
#include "protocols/cms/cades.hpp"

namespace demat::signing {
namespace {

/// RS5: in its time, with the margin of the profile; a token may show its certificate only now.
Status check_period(const SigningProfile& profile, xades::Instant now) {
  if (auto status = profile.signer->ready(); !status) return status;
  const auto validity = validity_of(*profile.signer);
  if (!validity) return failure(validity.error());
  if (now < validity->not_before) return failure(key_period("not valid yet"));
  if (now + profile.margin > validity->not_after)
    return failure(key_period("not after " + xades::format_instant(validity->not_after)));
  return {};
}

}  // namespace

Result<Bytes> seal_detached(const SigningProfile& profile, const ByteSource& content, xades::Instant now,
                            const Stamper& stamp) {
  if (auto status = check_period(profile, now); !status) return failure(status.error());
  cms::CadesRequest request;
  request.certificate_der = profile.signer->certificate_der();
  request.signing_time = now;
  request.sign = [&profile](std::string_view attributes) { return profile.signer->sign(attributes); };
  if (!profile.timestamp.empty())
    request.stamp = [&](std::string_view value) { return stamp(profile.timestamp, value); };
  return cms::sign_detached(content, request);
}

}  // namespace demat::signing
