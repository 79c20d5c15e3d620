#pragma once

#include <functional>
#include <map>
#include <mutex>

#include "gateway/trust/fetcher.hpp"

namespace demat::trust_desk {

/// Asks the responders that certificates name (OCSP), for profiles that fetch and that responses may settle:
/// about the certificates that the profile has judged and issued, when the host of the responder is listed.
/// As with lists, an answer counts only when it holds, and nothing else changes. Thread-safe; `turn` is for
/// one thread at a time and blocks on the network.
class OcspFetcher {
 public:
  explicit OcspFetcher(std::function<double()> chance) : chance_(std::move(chance)) {}

  /// True when something new lies in a folder: the desk is to look again.
  [[nodiscard]] bool turn(TrustDesk& desk, const std::function<trust::Instant()>& clock,
                          const std::stop_token& stop);
  void all_now();
  /// One line for each responder of a profile, with the last failure if any certificate met one.
  [[nodiscard]] std::vector<PlaceState> states() const;

 private:
  struct Key {
    std::string profile;
    std::string sha256;  ///< of the certificate
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Entry {
    PlaceState state;
    Bytes certificate;
    Bytes issuer;
  };
  void learn(const trust::TrustProfile& profile, const TrustDesk::Place& place,
             const std::vector<Bytes>& seen);
  [[nodiscard]] std::vector<std::pair<Key, Entry>> due(const std::string& profile, trust::Instant now) const;
  Result<bool> ask(const Entry& entry, const Key& key, const TrustDesk::Place& place, trust::Instant now,
                   const std::stop_token& stop);
  void note(const Key& key, const config::Trust& settings, const Status& outcome, trust::Instant now);

  std::function<double()> chance_;
  mutable std::mutex mutex_;  ///< guards entries_
  std::map<Key, Entry> entries_;
};

}  // namespace demat::trust_desk
