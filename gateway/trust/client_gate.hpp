#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "protocols/base/error.hpp"
#include "protocols/trust/client.hpp"

namespace demat::trust_desk {

/// A client at the door, as TLS shows it.
struct Visitor {
  std::string sha256;          ///< of the certificate's DER, hexadecimal
  Bytes der;                   ///< of the certificate
  std::vector<Bytes> offered;  ///< of the chain it sent; a resumed session brings none
};

/// A certificate that was refused, for log and journal: no name of a person.
struct Refused {
  std::string sha256;
  std::string serial;
  std::string issuer;  ///< empty: no authority of the profile
  std::string profile;
  std::string check;  ///< code of the check that decided
  trust::ClientFault fault = trust::ClientFault::none;
};

/// Judges clients by a trust profile and remembers the answer, so that each request of an open connection and
/// each resumed session can be judged again: a verdict holds for one version of the profile and for
/// `verdict_life` at most, since lists and certificates end by themselves. Thread-safe.
class ClientGate {
 public:
  static constexpr std::chrono::seconds verdict_life{30};
  static constexpr std::chrono::hours told_again{1};  ///< the same refusal of the same certificate
  static constexpr std::size_t most_known = 10'000;   ///< certificates
  static constexpr std::size_t most_untold = 200;     ///< refusals that wait to be fetched

  /// Pass: `none`.
  [[nodiscard]] trust::ClientVerdict judge(const trust::TrustProfile& profile, const Visitor& visitor,
                                           trust::Instant now);

  /// What was refused since the last time, each kind once per certificate and hour.
  struct Untold {
    std::vector<Refused> refused;
    std::size_t lost = 0;  ///< more than could be kept
  };
  [[nodiscard]] Untold take_untold();

 private:
  struct Known {
    std::string version;
    trust::Instant judged_at{};
    trust::ClientVerdict verdict;
    std::vector<Bytes> proven;  ///< what was offered when it passed
    std::string told;           ///< check that was told last, and
    trust::Instant told_at{};
  };
  Known& entry(const std::string& sha256, trust::Instant now);
  void tell(const trust::TrustProfile& profile, const Visitor& visitor, Known& known, trust::Instant now);

  std::mutex mutex_;
  std::map<std::string, Known> known_;
  Untold untold_;
};

/// What a refused client is told: `access.certificate_untrusted`, `_expired`, `_not_yet_valid`, `_usage`,
/// `_policy`, `_weak`, `_revoked`, and `_unchecked` (waiting). Not for `none`.
[[nodiscard]] Error refusal_of(const trust::ClientVerdict& verdict);

}  // namespace demat::trust_desk
