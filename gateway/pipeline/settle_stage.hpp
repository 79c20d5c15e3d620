#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

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
  /// A return that could not be settled yet.
  struct Stuck {
    std::uint32_t failures = 0;
    Instant until{};
  };
  [[nodiscard]] Status settle_guarded(const flow::Return& item);
  [[nodiscard]] Status settle(const flow::Return& item);
  [[nodiscard]] Status settle_acquit(flow::Return item, const store::Payload& payload);
  [[nodiscard]] Status settle_retour(flow::Return item, const store::Payload& payload);
  [[nodiscard]] Result<std::optional<flow::Flow>> already_answered_by(
      const Sha256& acquit, const std::vector<flow::Flow>& candidates);
  static void judge(store::Settlement& settlement, const flow::Flow& flow, const pes::Acquit& acquit);
  [[nodiscard]] Status answer_flow(flow::Return item, const flow::Flow& flow, const pes::Acquit& acquit);
  [[nodiscard]] Status orphan(flow::Return item, std::string rule);
  void put_aside(const flow::Return& item, const Error& error);

  Dependencies deps_;
  std::map<ReturnId, Stuck> stuck_;
};

}  // namespace demat::pipeline
