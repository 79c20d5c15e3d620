#pragma once

#include <string>
#include <vector>

#include "gateway/generation.hpp"
#include "gateway/pipeline/recorder.hpp"

namespace demat {

/// A certificate that the gateway works with (R9).
struct CertificateInUse {
  /// server, client_ca, signer, peer_ca, peer_client, mailbox_ca, mail_ca, push_ca, timestamp_ca, trust: a
  /// closed set
  std::string role;
  std::string name;  ///< of the signer, destination, or file of a trust profile; empty for the others
  Instant not_after{};
};

/// Every certificate in use; of a file with several, the one that ends first. Authorities of trust profiles
/// that were over when the configuration was read stay for the archives, and are not told.
[[nodiscard]] std::vector<CertificateInUse> certificates_in_use(const Generation& generation);

/// How many of `days` (guards.expiry_days) the end has come closer than; one more when it is over. 0 as long
/// as nothing is to be said.
[[nodiscard]] std::uint32_t expiry_step(Instant not_after, Instant now, const std::vector<int>& days);

/// In the last 7 days, and after, it is more than a reminder: health is degraded.
[[nodiscard]] bool expiry_presses(Instant not_after, Instant now);

/// Raises `certificate.expires` for what ends soon, and ends the alarm of what was renewed.
void watch_certificates(const std::vector<CertificateInUse>& certificates, Instant now,
                        const std::vector<int>& days, pipeline::Recorder& recorder);

}  // namespace demat
