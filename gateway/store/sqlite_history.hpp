#pragma once

#include "gateway/store/access.hpp"
#include "gateway/store/change.hpp"
#include "gateway/store/history.hpp"

namespace demat::store {

class SqliteHistory final : public History {
 public:
  explicit SqliteHistory(const Access& access) : access_(access) {}

  Result<std::vector<flow::NumberTaken>> taken(const flow::Flow& flow, const flow::Numbers& numbers) override;
  Result<std::vector<flow::Flow>> same_name(const flow::Flow& flow) override;

 private:
  const Access& access_;
};

/// Refusal `store.history_moved` when another flow has taken a number that was free when the numbers of this
/// one were looked up.
void expect_unmoved(Transaction& tx, const flow::Flow& flow, const Recorded& recorded);
/// Keeps the numbers of a flow instead of those it had.
void record_numbers(Transaction& tx, const flow::Flow& flow, const Recorded& recorded);

/// The numbers of a flow that counts no more.
void forget_numbers(Transaction& tx, std::string_view flow);

/// Gives back the numbers of what an acquit turned down.
void free_numbers(Transaction& tx, const FlowId& flow, const std::vector<flow::AnsweredPart>& parts);

}  // namespace demat::store
