#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/flow/flow.hpp"
#include "gateway/store/store.hpp"

namespace demat::store {

/// In the place of a destination's name: all of them.
inline constexpr std::string_view all_destinations = "*";

enum class PauseKind {
  paused,    ///< no send is begun
  draining,  ///< only what was accepted before it is still sent
  restored,  ///< this store comes from a backup: no send is begun until a person says so (decisions,
             ///< Durability)
};
[[nodiscard]] std::string_view to_string(PauseKind kind);
[[nodiscard]] std::optional<PauseKind> pause_kind_from(std::string_view text);

/// Why and until when nothing new is sent to a destination.
struct Pause {
  DestinationName destination;  ///< or `all_destinations`
  PauseKind kind = PauseKind::paused;
  std::string actor;
  std::string reason;
  Instant since{};
  std::optional<Instant> until;  ///< its end; only `restored` has none
};

/// Bytes about to go through a window.
struct SlotUse {
  DestinationName destination;
  Instant slot{};  ///< beginning of the hour
  FlowId flow;
  std::uint32_t attempt = 0;  ///< the number the attempt will have
  std::uint64_t bytes = 0;
  std::uint64_t budget = 0;
};

/// Flows with the same trouble.
struct ErrorGroup {
  flow::State state{};
  std::string code;  ///< why they wait, or the first cause of a refusal, rejection or unclear send
  DestinationName destination;
  std::uint64_t count = 0;
  Instant oldest{};  ///< created_at
  FlowId sample;     ///< one of them, the oldest
};

/// Flows past their limit, by what they are late for.
struct OverdueCount {
  std::string kind;  ///< "acquit", "queued", "to_sign", "uncertain"
  std::uint64_t count = 0;
  std::optional<Instant> oldest;  ///< created_at
  FlowId sample;
};

/// What is in the queue of a destination.
struct Backlog {
  std::uint64_t ready = 0;
  std::uint64_t ready_before = 0;  ///< of these, accepted before the moment asked about
  std::uint64_t sending = 0;
};

/// What operators steer, kept over restarts: pauses of destinations, bytes used per window slot. A part of
/// Store: same durability, thread-safety and errors.
class Steering {
 public:
  virtual ~Steering() = default;

  /// Sets or replaces the pause of its destination; journal "sending.paused".
  [[nodiscard]] virtual Status pause(const Pause& pause) = 0;
  /// False when there was none; journal "sending.resumed".
  [[nodiscard]] virtual Result<bool> resume(const DestinationName& destination, const std::string& actor,
                                            const std::string& reason) = 0;
  [[nodiscard]] virtual Result<std::vector<Pause>> pauses() = 0;
  /// Ends the pauses whose time is over; journal "sending.pause_over". Gives them.
  [[nodiscard]] virtual Result<std::vector<Pause>> end_pauses(Instant now) = 0;

  /// Counts the bytes into their slot, before the intent; false when they do not fit: then nothing is
  /// counted. The same flow and attempt are counted once. Bytes of attempts that certainly delivered nothing
  /// do not count.
  [[nodiscard]] virtual Result<bool> reserve(const SlotUse& use) = 0;
  /// Bytes counted; those of failed attempts may still be in it.
  [[nodiscard]] virtual Result<std::uint64_t> used(const DestinationName& destination, Instant slot) = 0;

  /// Ready flows of the destination that wait because of one of `codes` may be tried now, in the order they
  /// came. Gives how many.
  [[nodiscard]] virtual Result<std::uint64_t> hasten(const DestinationName& destination,
                                                     const std::vector<std::string>& codes) = 0;

  /// Waiting, refused, rejected and uncertain flows by state, code and destination, largest group first; of
  /// one authority, or of all.
  [[nodiscard]] virtual Result<std::vector<ErrorGroup>> error_groups(
      const std::optional<AuthorityId>& authority) = 0;
  /// One entry for each kind, counts of 0 included.
  [[nodiscard]] virtual Result<std::vector<OverdueCount>> overdue(const OverdueLimits& limits) = 0;
  [[nodiscard]] virtual Result<Backlog> backlog(const DestinationName& destination, Instant before) = 0;
};

}  // namespace demat::store
