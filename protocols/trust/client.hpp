#pragma once

#include <string>
#include <vector>

#include "protocols/trust/judge.hpp"

namespace demat::trust {

/// Why a certificate does not open the door.
enum class ClientFault {
  none,
  untrusted,  ///< unreadable, of no authority of the profile, or of one that may not issue
  expired,
  not_yet_valid,
  usage,
  policy,
  weak,     ///< keys or digests
  revoked,  ///< or on hold
  unknown,  ///< its revocation cannot be told now
};
[[nodiscard]] const char* to_string(ClientFault fault);

struct ClientVerdict {
  ClientFault fault = ClientFault::none;
  std::string check;   ///< code of the check that decided: "trust.usage.signature_only"; empty when it passed
  std::string serial;  ///< upper-case hexadecimal; empty when it cannot be read
  std::string issuer;  ///< RFC 2253; empty unless a path was found: a stranger may write anything there
};

/// Judges the certificate of a client that authenticates itself (RGS A4): the path, issuer, policies,
/// algorithms and revocation as for a signer, at `now`, and made for it: usage digitalSignature and extended
/// usage clientAuth, both stated unless the profile is tolerant. `offered`: what else the client sent; it
/// helps to build the path and is not believed. What cannot be told now is a fault, as for any door.
/// Thread-safe.
[[nodiscard]] ClientVerdict judge_client(const TrustProfile& profile, const Bytes& der,
                                         const std::vector<Bytes>& offered, Instant now);

/// The same with every check, for whoever asks why.
[[nodiscard]] SignerReport explain_client(const TrustProfile& profile, const Bytes& der,
                                          const std::vector<Bytes>& offered, Instant now);

}  // namespace demat::trust
