#pragma once

#include "tools/dematctl/commands.hpp"

/// Commands that steer sending: queues, windows, what is wrong and what is late, verbs for many flows.
namespace demat::ctl {

// bulk.cpp
/// Lists what the filter finds, then applies the verb to one after the other, oldest first. What the gateway
/// says it has done already counts as such, so that a run that was interrupted can be run again. One JSON
/// line for each flow and a summary at the end.
[[nodiscard]] Exit apply_to_many(Session& session, const VerbOptions& options);
/// The query of GET /v1/flows; the failure names the part that is wrong.
[[nodiscard]] Answer<Query> query_of_filter(const std::string& filter);
/// The time between two calls for "5/s", "100/min" or "20/h"; none for an empty text.
[[nodiscard]] Answer<std::chrono::milliseconds> pace_of(const std::string& rate);

// queue.cpp
struct QueueOptions {
  std::string destination;  ///< or "*"
  std::string verb;         ///< pause, drain, resume
  std::string reason;
  std::string until;     ///< 2026-03-01T18:00:00Z
  std::string duration;  ///< or "4h" from now on
};
[[nodiscard]] Exit queue_list(Session& session);
[[nodiscard]] Exit queue_steer(Session& session, const QueueOptions& options);
[[nodiscard]] Exit windows_list(Session& session);
[[nodiscard]] Exit error_groups(Session& session);
[[nodiscard]] Exit overdue(Session& session);

}  // namespace demat::ctl
