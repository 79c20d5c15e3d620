#include "gateway/pipeline/settle_stage.hpp"

#include <exception>

#include "gateway/base/random.hpp"
#include "gateway/pipeline/retry_policy.hpp"

namespace demat::pipeline {
namespace {

constexpr std::size_t batch = 50;

}  // namespace

bool SettleStage::pass() {
  const std::size_t limit = batch + stuck_.size();
  const auto items = deps_.store.unsettled_returns(limit);
  if (!items) {
    deps_.recorder.log().warning("returns.unavailable", {{"because", items.error().code}});
    return false;
  }
  bool settled = false;
  for (const auto& item : *items) {
    const auto known = stuck_.find(item.id);
    if (known != stuck_.end() && deps_.clock.now() < known->second.until) continue;
    if (const auto status = settle_guarded(item); !status) {
      put_aside(item, status.error());
      continue;
    }
    stuck_.erase(item.id);
    settled = true;
  }
  return settled && items->size() == limit;
}

/// A return that cannot be settled now is tried again, less and less often; it never stands before the
/// others.
void SettleStage::put_aside(const flow::Return& item, const Error& error) {
  auto& stuck = stuck_[item.id];
  if (stuck.failures++ == 0) deps_.recorder.alarm("return.unsettled", item.id.str(), error.code);
  stuck.until =
      deps_.clock.now() + retry_delay(deps_.settings.pipeline.retry, stuck.failures, random_fraction());
}

/// An exception over one return (memory, a broken invariant) must not keep the others waiting.
Status SettleStage::settle_guarded(const flow::Return& item) {
  try {
    return settler_.settle(item);
  } catch (const std::exception& broken) {
    return failure(waiting_error("return.broken", "Ce retour n'a pas pu être traité ; il sera repris.",
                                 "This return could not be handled; it will be tried again.", broken.what()));
  }
}

}  // namespace demat::pipeline
