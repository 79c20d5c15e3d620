#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <set>

#include "gateway/trust/desk.hpp"
#include "gateway/trust/download.hpp"

namespace demat::trust_desk {

/// One place that lists of a profile come from, as an operator sees it.
struct PlaceState {
  std::string profile;
  std::string url;
  std::optional<trust::Instant> last_try;
  std::optional<trust::Instant> last_success;
  trust::Instant next_try{};
  std::size_t failures = 0;  ///< since the last success
  std::string error;         ///< code of the last one; empty after a success
  std::string detail;
  std::string number;  ///< of the list we have from there; empty: none, or it has no number
  std::optional<trust::Instant> this_update;
  std::optional<trust::Instant> next_update;
};

/// After a try: when, how it went, and when to look again.
void note_outcome(PlaceState& state, const config::Trust& settings, const Status& outcome, trust::Instant now,
                  double chance);

/// What is still due after this time waits for the next turn.
inline constexpr std::chrono::minutes longest_turn{5};

/// Fetches revocation lists from where certificates say, for the profiles that want it (signature RV13): from
/// their certificates' own points, and from those of certificates they have judged and issued. A list takes
/// the place of the former one only when it holds (trust::check_list); whatever goes wrong, the former stays.
/// Lists lie in the data folder, where the desk finds them, also after a restart. Thread-safe; `turn` is for
/// one thread at a time, and blocks on the network: never in the path of a request.
class ListFetcher {
 public:
  static constexpr std::size_t most_places = 64;  ///< of one profile

  /// `chance`: a number in [0, 1), so that many gateways do not come at the same second.
  explicit ListFetcher(std::function<double()> chance) : chance_(std::move(chance)) {}

  struct Turn {
    bool fresh = false;  ///< something new lies in a folder: the desk is to look again
    Status kept{};       ///< `trust.fetch_write`: the places could not be written down for the next run
  };
  /// Asks every place that is due.
  [[nodiscard]] Turn turn(TrustDesk& desk, const std::function<trust::Instant()>& clock,
                          const std::stop_token& stop);
  /// Every place is due at once.
  void all_now();
  [[nodiscard]] std::vector<PlaceState> states() const;

 private:
  struct Key {
    std::string profile;
    std::string url;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Place {
    PlaceState state;
    std::string etag;
  };
  void learn(const TrustDesk& desk, const trust::TrustProfile& profile, const TrustDesk::Place& place);
  void add(const std::string& profile, const std::string& url);
  [[nodiscard]] Status remember(const std::string& profile, const TrustDesk::Place& place) const;
  Result<bool> fetch(const Key& key, const trust::TrustProfile& profile, const TrustDesk::Place& place,
                     trust::Instant now, const std::stop_token& stop);
  void note(const Key& key, const config::Trust& settings, const Status& outcome, trust::Instant now);
  [[nodiscard]] std::vector<Key> due(const TrustDesk::Place& place, trust::Instant now);

  std::function<double()> chance_;
  std::set<std::string>
      remembered_;  ///< profiles whose places of former runs were read; of the turn's thread
  std::set<std::string>
      examined_;              ///< fingerprints of certificates whose places are known; of the turn's thread
  mutable std::mutex mutex_;  ///< guards places_
  std::map<Key, Place> places_;
};

}  // namespace demat::trust_desk
