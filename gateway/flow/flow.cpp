#include "gateway/flow/flow.hpp"

#include <array>
#include <stdexcept>

namespace demat::flow {

std::string_view to_string(AttemptOutcome outcome) {
  switch (outcome) {
    case AttemptOutcome::open:
      return "open";
    case AttemptOutcome::sent:
      return "sent";
    case AttemptOutcome::failed:
      return "failed";
    case AttemptOutcome::ambiguous:
      return "ambiguous";
    case AttemptOutcome::lost:
      return "lost";
  }
  throw std::logic_error("unknown outcome");
}

std::optional<AttemptOutcome> outcome_from(std::string_view text) {
  using enum AttemptOutcome;
  for (const auto outcome : std::array{open, sent, failed, ambiguous, lost})
    if (to_string(outcome) == text) return outcome;
  return std::nullopt;
}

std::string_view to_string(Priority priority) {
  switch (priority) {
    case Priority::low:
      return "low";
    case Priority::normal:
      return "normal";
    case Priority::high:
      return "high";
  }
  throw std::logic_error("unknown priority");
}

std::optional<Priority> priority_from(std::string_view text) {
  using enum Priority;
  for (const auto priority : std::array{low, normal, high})
    if (to_string(priority) == text) return priority;
  return std::nullopt;
}

}  // namespace demat::flow
