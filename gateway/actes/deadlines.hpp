#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/config/settings.hpp"
#include "gateway/store/actes.hpp"

namespace demat::actes_road {

/// The last day of the contrôle de légalité: two months after the AR (decisions, Actes), "YYYY-MM-DD"; the
/// last day of the month where that day does not exist. Empty without a date.
[[nodiscard]] std::string end_of_control(const std::string& received_on);

/// Without an answer for two months, silence is one: nobody awaits another.
inline constexpr std::chrono::days letter_life{62};

/// The limits that hold at this moment.
[[nodiscard]] store::ActeLimits acte_limits(const config::Deadlines& deadlines, Instant now);

/// Something that has its time.
struct Deadline {
  std::string kind;  ///< "ar", "silence" (no answer will come any more), "control" (contrôle de légalité)
  std::string due;   ///< an instant in UTC; of "control" a day
  bool passed = false;
};
/// What this message waits for, in the order of time; nothing for what is settled.
[[nodiscard]] std::vector<Deadline> deadlines_of(const store::ActeOnFlow& item,
                                                 const config::Deadlines& deadlines, Instant now);
/// The word for what is late: "silence", "ar", or nothing.
[[nodiscard]] std::string_view late_for(const std::vector<Deadline>& deadlines);

/// Until when a letter should have its answer; nothing when it has one, or when none is awaited.
[[nodiscard]] std::optional<Instant> answer_due(const flow::Letter& letter,
                                                const config::Deadlines& deadlines, Instant now);

}  // namespace demat::actes_road
