#pragma once

#include <vector>

#include "gateway/pipeline/dependencies.hpp"

namespace demat::pipeline {

/// Takes one claimed flow from wherever it stands before `ready` to `ready`, `refused`, or a wait: antivirus,
/// checks, signature. What it comes to is written in one transaction. Thread-safe.
class CheckStage {
 public:
  explicit CheckStage(const Dependencies& dependencies) : deps_(dependencies) {}

  /// States that this stage takes up.
  [[nodiscard]] static const std::vector<flow::State>& states();

  /// What a claim came to, not written yet.
  struct Verdict {
    flow::Flow before;
    store::Change change;
    store::Lease lease;
  };
  [[nodiscard]] Verdict judge(const store::Claim& claim) const;
  struct Committed {
    bool ready = false;  ///< a flow became ready
    bool again = false;  ///< a flow is to be checked once more, at once
  };
  /// Writes verdicts, all in one transaction, each for itself.
  Committed commit(std::vector<Verdict> verdicts) const;

  /// Both, for one claim.
  bool process(const store::Claim& claim) const;

 private:
  [[nodiscard]] Result<store::Change> decide(const store::Claim& claim) const;
  [[nodiscard]] Result<store::Change> decide_checked(const store::Claim& claim, const store::Payload& payload,
                                                     const flow::Route& route) const;
  [[nodiscard]] Result<store::Change> decide_signed(const store::Claim& claim,
                                                    const flow::Route& route) const;
  [[nodiscard]] Status add_history(store::Change& change, Inspection& inspection, const flow::Flow& flow,
                                   const InspectionContext& context) const;
  [[nodiscard]] Result<Instant> time_of(flow::Trigger trigger, const flow::Flow& flow) const;
  [[nodiscard]] Result<KeyUse> key_use(const flow::Flow& flow, const signing::SigningProfile* signer) const;
  [[nodiscard]] Status add_signed(store::Change& change, const Inspection& inspection,
                                  const flow::Flow& flow) const;
  [[nodiscard]] store::Change wait_change(const store::Claim& claim, const Error& error) const;

  Dependencies deps_;
};

}  // namespace demat::pipeline
