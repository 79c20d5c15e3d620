#pragma once

#include "gateway/pipeline/dependencies.hpp"

namespace demat::pipeline {

/// Takes one claimed flow from wherever it stands before `ready` to `ready`, `refused`, or a wait: antivirus,
/// checks, signature. One transaction writes all of it. Thread-safe.
class CheckStage {
 public:
  explicit CheckStage(const Dependencies& dependencies) : deps_(dependencies) {}

  /// States that this stage takes up.
  [[nodiscard]] static const std::vector<flow::State>& states();

  /// Works on the claim and commits the outcome. True when the flow became ready.
  bool process(const store::Claim& claim) const;

 private:
  [[nodiscard]] Result<store::Change> decide(const store::Claim& claim) const;
  [[nodiscard]] Result<store::Change> decide_checked(const store::Claim& claim, const store::Payload& payload,
                                                     const flow::Route& route) const;
  [[nodiscard]] Status add_signed(store::Change& change, const Inspection& inspection,
                                  const flow::Flow& flow) const;
  [[nodiscard]] store::Change wait_change(const store::Claim& claim, const Error& error) const;
  bool commit(const store::Claim& claim, store::Change change) const;

  Dependencies deps_;
};

}  // namespace demat::pipeline
