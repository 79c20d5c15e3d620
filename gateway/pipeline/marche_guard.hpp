#pragma once

#include <optional>

#include "gateway/pipeline/dependencies.hpp"
#include "gateway/pipeline/marche_order.hpp"

namespace demat::pipeline {

/// Keeps the records of one contract in order at the last moment before they leave ([marche] ordering):
/// N waits for the answer to N−1, is held when N−1 was turned down, and goes with a note when nobody knows
/// N−1 (decisions, Verbs). What waits is woken by the transaction that brings the answer. Thread-safe.
class MarcheGuard {
 public:
  explicit MarcheGuard(const Dependencies& dependencies) : deps_(dependencies) {}

  struct Decision {
    std::optional<store::Change> keeps;  ///< keeps the claimed flow here; nothing: it may go
    std::optional<store::Note> note;     ///< for the change that begins to send it
  };
  /// An Error is a matter of waiting.
  [[nodiscard]] Result<Decision> judge(const store::Claim& claim) const;

 private:
  [[nodiscard]] Status follow_up(const flow::Flow& flow, MarcheOrder& order) const;

  Dependencies deps_;
};

}  // namespace demat::pipeline
