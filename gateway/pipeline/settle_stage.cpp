#include "gateway/pipeline/settle_stage.hpp"

#include <algorithm>
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
  std::vector<flow::Return> due;
  for (const auto& item : *items) {
    const auto known = stuck_.find(item.id);
    if (known == stuck_.end() || deps_.clock.now() >= known->second.until) due.push_back(item);
  }
  // What another protocol brought is settled by its road, each mail in a transaction of its own.
  const auto others = std::stable_partition(due.begin(), due.end(), [&](const flow::Return& item) {
    return road_of_return(deps_.roads, item.kind) == nullptr;
  });
  const std::vector<flow::Return> elsewhere(others, due.end());
  bool settled = false;
  auto statuses = settler_.settle_all({due.begin(), others});
  for (const auto& item : elsewhere)
    statuses.push_back(settle_elsewhere(item));
  for (std::size_t i = 0; i < due.size(); ++i) {
    if (!statuses[i]) {
      put_aside(due[i], statuses[i].error());
      continue;
    }
    stuck_.erase(due[i].id);
    settled = true;
  }
  return settled && items->size() == limit;
}

/// An exception over one return (memory, a broken invariant) must not keep the others waiting.
Status SettleStage::settle_elsewhere(const flow::Return& item) {
  try {
    return road_of_return(deps_.roads, item.kind)->settle(item, {});
  } catch (const std::exception& broken) {
    return failure(waiting_error("return.broken", "Ce retour n'a pas pu être traité ; il sera repris.",
                                 "This return could not be handled; it will be tried again.", broken.what()));
  }
}

/// A return that cannot be settled now is tried again, less and less often; it never stands before the
/// others.
void SettleStage::put_aside(const flow::Return& item, const Error& error) {
  auto& stuck = stuck_[item.id];
  if (stuck.failures++ == 0) deps_.recorder.alarm("return.unsettled", item.id.str(), error.code);
  stuck.until =
      deps_.clock.now() + retry_delay(deps_.settings.pipeline.retry, stuck.failures, random_fraction());
}

}  // namespace demat::pipeline
