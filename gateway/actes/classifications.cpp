#include "gateway/actes/classifications.hpp"

#include <algorithm>

namespace demat::actes_road {

Result<std::shared_ptr<const actes::Classification>> Classifications::of(const AuthorityId& authority) {
  const auto stored = store_.classification(authority);
  if (!stored) return failure(stored.error());
  if (!*stored) return std::make_shared<const actes::Classification>(actes::builtin_classification());
  const auto& row = **stored;
  {
    const std::lock_guard lock(mutex_);
    const auto known = known_.find(authority);
    if (known != known_.end() && known->second.first == row.received_at) return known->second.second;
  }
  auto read = actes::read_classification(row.xml);
  if (!read) return failure(read.error());
  auto shared = std::make_shared<const actes::Classification>(std::move(*read));
  const std::lock_guard lock(mutex_);
  known_[authority] = {row.received_at, shared};
  return shared;
}

Result<ClassificationPlan> Classifications::plan(const flow::ActesSettings& settings, Instant now) {
  using enum flow::State;
  using std::chrono::days;
  const auto stored = store_.classification(settings.authority);
  if (!stored) return failure(stored.error());
  // A 7-1 has no number: the index of numbers leads to all of them.
  const auto asked =
      store_.list({.authority = settings.authority, .message = "7-1", .number = std::string()}, {}, 1);
  if (!asked) return failure(asked.error());
  ClassificationPlan out;
  if (*stored) out.received_at = (*stored)->received_at;
  if (!asked->items.empty()) {
    const auto& flow = asked->items.front().flow;
    out.asked_at = flow.created_at;
    const bool waits = flow.state == received || flow.state == checked || flow.state == ready ||
                       flow.state == sending || flow.state == sent || flow.state == uncertain ||
                       flow.state == held;
    if (waits && now - flow.created_at < request_life) {
      out.under_way = flow.id;
      return out;
    }
    const bool failed = flow.state == refused || flow.state == rejected || flow.state == cancelled;
    if (failed && settings.classification_days > 0) out.next_at = flow.created_at + days(1);
  }
  if (settings.classification_days == 0 || out.next_at) return out;
  const auto latest = std::max(out.received_at, out.asked_at);
  if (latest) out.next_at = *latest + days(settings.classification_days);
  return out;
}

}  // namespace demat::actes_road
