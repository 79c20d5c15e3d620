#pragma once

#include "gateway/pipeline/acquit_matching.hpp"
#include "gateway/pipeline/dependencies.hpp"

namespace demat::pipeline {

/// Finds out what an imported file is and to whom it belongs: acquits to their flow (helios 8.1), returns to
/// their authority by SIRET with the SIREN guard (helios 8.2), the rest to the orphan bank. Nothing is ever
/// dropped. Used by one thread.
class SettleStage {
 public:
  explicit SettleStage(const Dependencies& dependencies) : deps_(dependencies) {}

  /// Settles what has been imported; true when there may be more.
  bool pass();

 private:
  void settle(const flow::Return& item);
  void settle_acquit(flow::Return item, const store::Payload& payload);
  void settle_retour(flow::Return item, const store::Payload& payload);
  void answer_flow(flow::Return item, const flow::Flow& flow, const pes::Acquit& acquit);
  void orphan(flow::Return item, std::string rule);
  bool commit(store::Settlement settlement);

  Dependencies deps_;
};

}  // namespace demat::pipeline
