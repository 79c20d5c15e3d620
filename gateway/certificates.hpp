#pragma once

#include <string>
#include <vector>

#include "gateway/generation.hpp"
#include "gateway/pipeline/recorder.hpp"

namespace demat {

/// A certificate that the gateway works with (R9).
struct CertificateInUse {
  std::string role;  ///< server, client_ca, signer, peer_ca, peer_client, trust: a closed set
  std::string name;  ///< of the signer, destination or trust profile; empty for the others
  Instant not_after{};
};

/// Every certificate in use; of a file with several, the one that ends first.
[[nodiscard]] std::vector<CertificateInUse> certificates_in_use(const Generation& generation);

/// 0 as long as nothing is to be said; 1 to 4 in the last 90, 30, 7 days and the last one; 5 when it is over.
[[nodiscard]] std::uint32_t expiry_step(Instant not_after, Instant now);

/// From this step on (7 days) it is more than a reminder: health is degraded.
inline constexpr std::uint32_t pressing_step = 3;

/// Raises `certificate.expires` for what ends soon, and ends the alarm of what was renewed.
void watch_certificates(const std::vector<CertificateInUse>& certificates, Instant now,
                        pipeline::Recorder& recorder);

}  // namespace demat
