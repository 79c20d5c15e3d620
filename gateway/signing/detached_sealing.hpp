#pragma once

#include <functional>
#include <string_view>

#include "gateway/signing/key_ring.hpp"
#include "protocols/base/byte_source.hpp"
#include "protocols/base/digest.hpp"
#include "protocols/base/result.hpp"

namespace demat::signing {

/// A time stamp token (DER) over some bytes, by the authority that the profile names.
using Stamper = std::function<Result<Bytes>(const std::string& authority, std::string_view bytes)>;

/// Signs a file as it is, detached (CAdES-B; T when the profile names an authority for stamps), and verifies
/// what came out (signature A5, RS11). Gives DER. Errors: `signing.key.period` (RS5), those of
/// Signer::ready, Signer::sign, cms::sign_detached and `stamp`. Thread-safe.
[[nodiscard]] Result<Bytes> seal_detached(const SigningProfile& profile, const ByteSource& content,
                                          xades::Instant now, const Stamper& stamp);

}  // namespace demat::signing
