#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "gateway/observe/log.hpp"
#include "gateway/observe/metrics.hpp"
#include "gateway/steering/breaker.hpp"
#include "gateway/steering/windows.hpp"
#include "gateway/store/steering.hpp"

namespace demat::steering {

/// What stands between a ready flow and its destination.
struct Obstacle {
  std::string code;  ///< "sending.paused", "window.closed", "window.full", "breaker.open", "breaker.probing"
  std::optional<Instant> until;  ///< as far as is known
};

/// What an operator sees of a destination.
struct DestinationView {
  std::string name;
  std::vector<store::Pause> pauses;  ///< its own, and that of all destinations
  BreakerState breaker = BreakerState::closed;
  std::optional<Instant> breaker_until;  ///< while open
  bool windows_defined = false;
  WindowState window;
  std::optional<std::uint64_t> bytes_left;  ///< of this hour; nothing without a bound
  std::optional<Obstacle> obstacle;         ///< nothing: flows leave
};

/// What every sender asks before it claims a flow and tells afterwards. Pauses, windows and breaker decide on
/// the destination, never on one flow: what waits here keeps its place in the queue and leaves by itself
/// (B25, B38). Settings are taken at construction; pauses and bytes are those of the store. Thread-safe.
class Gate {
 public:
  /// References outlive the gate; the settings need not.
  Gate(const config::Settings& settings, store::Store& store, const Clock& clock, observe::Logger& log);

  /// One try to send, from before the claim to its outcome; the gate outlives it. Used by one thread.
  class Passage {
   public:
    Passage(Passage&& other) noexcept;
    Passage& operator=(Passage&&) = delete;
    /// Without a report, nothing was tried.
    ~Passage();

    [[nodiscard]] bool open() const { return !obstacle_; }
    [[nodiscard]] const std::optional<Obstacle>& obstacle() const { return obstacle_; }
    /// Only flows accepted before are to be claimed.
    [[nodiscard]] std::optional<Instant> created_before() const { return created_before_; }
    /// Whether the claimed flow may go now; counts its bytes. When it may not, the claim is to be given back.
    [[nodiscard]] bool admit(const flow::Flow& flow);
    /// What the try told about the link.
    void report(LinkOutcome outcome) { outcome_ = outcome; }

   private:
    friend class Gate;
    Passage(Gate* gate, std::string destination) : gate_(gate), destination_(std::move(destination)) {}

    Gate* gate_;
    std::string destination_;
    std::optional<Obstacle> obstacle_;
    std::optional<Instant> created_before_;
    LinkOutcome outcome_ = LinkOutcome::unknown;
    bool probe_ = false;
  };
  /// A destination that the settings do not know is never open.
  [[nodiscard]] Passage enter(const std::string& destination);

  /// Pauses have changed: they are read again now. An error leaves what was known.
  Status refresh();
  /// A person says that the link is well again; false for an unknown destination.
  bool close_breaker(const std::string& destination);

  /// What holds back the flows of a destination now, if anything does.
  [[nodiscard]] std::optional<Obstacle> obstacle(const std::string& destination);
  /// In the order of the settings. Error: those of the store.
  [[nodiscard]] Result<std::vector<DestinationView>> views();
  /// demat_paused, demat_breaker_state, demat_window_open, demat_window_bytes_remaining.
  [[nodiscard]] std::vector<observe::Sample> samples();

 private:
  struct Lane {
    Windows windows;
    Breaker breaker;
    WindowState window{};
    Instant window_from{};
    std::optional<Instant> window_until{};
    std::optional<Instant> full_slot{};
    bool hastened = false;  ///< since the breaker opened
  };

  [[nodiscard]] bool admit(const std::string& destination, const flow::Flow& flow);
  void end(const std::string& destination, LinkOutcome outcome, bool probe);
  void hasten(const std::string& destination);
  void read_pauses_if_old(Instant now);
  Status read_pauses(Instant now);
  [[nodiscard]] const store::Pause* pause_of(const std::string& destination, Instant now,
                                             bool draining) const;
  [[nodiscard]] const WindowState& window_of(Lane& lane, Instant now) const;
  [[nodiscard]] std::optional<Obstacle> obstacle_of(const std::string& destination, Lane& lane, Instant now);
  [[nodiscard]] DestinationView view_of(const std::string& destination, Lane& lane, Instant now);

  store::Store& store_;
  const Clock& clock_;
  observe::Logger& log_;
  std::mutex mutex_;  ///< guards what follows
  std::vector<std::string> names_;
  std::map<std::string, Lane> lanes_;
  std::vector<store::Pause> pauses_;
  std::optional<Instant> pauses_read_;  ///< nothing: not yet, so nothing is open
};

/// The gate in force; a reload makes a new one. Thread-safe.
class CurrentGate {
 public:
  [[nodiscard]] std::shared_ptr<Gate> get() const {
    const std::lock_guard lock(mutex_);
    return gate_;
  }
  void set(std::shared_ptr<Gate> gate) {
    const std::lock_guard lock(mutex_);
    gate_ = std::move(gate);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<Gate> gate_;
};

}  // namespace demat::steering
