#pragma once

#include <functional>
#include <string>
#include <vector>

#include "gateway/store/marches.hpp"
#include "gateway/store/store.hpp"

namespace demat::pipeline {

/// A record of a contract whose predecessor nobody here knows.
struct UnknownPredecessor {
  std::string contrat;
  unsigned sequence = 0;  ///< of the record that is here
};

/// What the order of contracts says of a flow (helios 9.3; decisions, Verbs).
struct MarcheOrder {
  enum class Verdict {
    go,
    wait,  ///< a predecessor has no answer yet
    hold,  ///< a predecessor was turned down, or never left
  };
  Verdict verdict = Verdict::go;
  FlowId because;       ///< the flow with that predecessor
  std::string contrat;  ///< concerned
  unsigned sequence = 0;
  bool guessed = false;  ///< nobody can tell yet whether `because` carries the predecessor
  std::vector<UnknownPredecessor> unknown;
};

/// By what is known of each record's predecessor: one accepted lets it go, else one without an answer makes
/// it wait, else one that failed holds it. Pure.
[[nodiscard]] MarcheOrder judge_order(const std::vector<store::MarcheStanding>& records);

/// Reads the standing of a flow's records; asked again when the first answer leaves a predecessor unknown.
using AskStanding = std::function<Result<std::vector<store::MarcheStanding>>()>;

/// The same, looking also for predecessors that are unknown because nobody has read their flow yet: accepted
/// before this one, and still before its checks. What is found there is waited for, and so is a flow that
/// cannot be read for now while a predecessor stays unknown. Checks may end while it looks: none is missed.
[[nodiscard]] Result<MarcheOrder> order_of(store::Store& store, const flow::Flow& flow,
                                           const AskStanding& standing);

/// Whether the bytes of the flow carry a predecessor that is unknown.
[[nodiscard]] bool carries_unknown(store::Store& store, const flow::Flow& flow, const MarcheOrder& order);

}  // namespace demat::pipeline
