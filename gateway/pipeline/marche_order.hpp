#pragma once

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
  std::vector<UnknownPredecessor> unknown;
};

/// By what is known of each record's predecessor: one accepted lets it go, else one without an answer makes
/// it wait, else one that failed holds it. Pure.
[[nodiscard]] MarcheOrder judge_order(const std::vector<store::MarcheStanding>& records);

/// Looks for predecessors that are unknown because nobody has read their flow yet: accepted before this one,
/// and still before its checks. What is found there is waited for.
[[nodiscard]] Status look_into_unread(store::Store& store, const flow::Flow& flow, MarcheOrder& order);

}  // namespace demat::pipeline
