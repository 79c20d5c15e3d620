#pragma once

#include "gateway/store/access.hpp"
#include "gateway/store/flow_rows.hpp"
#include "gateway/store/marches.hpp"

namespace demat::store {

class SqliteMarches final : public Marches {
 public:
  explicit SqliteMarches(const Access& access) : access_(access) {}

  Result<std::vector<MarcheStanding>> standing(const FlowId& flow) override;
  Result<std::vector<MarcheStanding>> standing(const flow::Flow& flow,
                                               const std::vector<flow::MarcheRecord>& records) override;
  Result<std::vector<flow::Flow>> unread_before(const flow::Flow& flow, std::size_t limit) override;
  Result<Page<Marche>> list(const MarcheFilter& filter, const std::string& cursor,
                            std::size_t limit) override;

 private:
  const Access& access_;
};

/// Keeps the records of a flow instead of those it had; what a person has let go stays let go.
void record_marches(Transaction& tx, const flow::Flow& flow, const std::vector<flow::MarcheRecord>& records);
void forget_marches(Transaction& tx, std::string_view flow);
/// A person lets them leave in whatever order.
void let_go(Transaction& tx, const FlowId& flow);

/// What an answer, by its trigger and parts, makes of the records of its flow; records behind those that were
/// not turned down are released where they were held because of them.
void decide_marches(Transaction& tx, const flow::Flow& flow, flow::Trigger trigger,
                    const std::vector<flow::AnsweredPart>& parts);

/// Of a flow that has ended well without an answer: releases what was held behind its records. Whether each
/// may leave is judged again.
void release_followers(Transaction& tx, const FlowId& flow);

/// Flows that wait for this one are looked at again now.
void wake_waiters(Transaction& tx, const FlowId& flow);

}  // namespace demat::store
