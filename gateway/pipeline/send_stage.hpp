#pragma once

#include <optional>

#include "gateway/pipeline/dependencies.hpp"

namespace demat::pipeline {

/// What a transmission says about its destination, for the sender's own pace.
enum class PeerHealth { well, in_trouble };

/// Transmits ready flows to one destination: intent committed, bytes sent under a stable name, outcome
/// committed (design §3). Never sends again what may have arrived. Owns its connection: one per thread.
class SendStage {
 public:
  SendStage(const Dependencies& dependencies, const config::Destination& destination);

  /// How long a claim must last so that no other worker can take the flow while a transfer runs.
  [[nodiscard]] Duration lease() const;

  PeerHealth process(const store::Claim& claim);

  /// Looks for uncertain flows of this destination in its directory and settles what a listing can prove
  /// (stack N5, decisions): the final name is there = delivered; only the temporary name = not delivered;
  /// absent = not delivered where the destination says that its listing is conclusive. The rest waits for an
  /// answer or for a person.
  PeerHealth reconcile();

 private:
  struct Shipment;
  [[nodiscard]] Result<Shipment> prepare(const flow::Flow& flow);
  [[nodiscard]] Result<flow::Flow> commit_intent(const store::Claim& claim, const Shipment& shipment);
  PeerHealth transmit(const store::Claim& claim, const flow::Flow& sending, const Shipment& shipment);
  void commit_outcome(const flow::Flow& before, store::Change change);
  void wait(const store::Claim& claim, const Error& error);
  [[nodiscard]] std::optional<flow::Trigger> verdict_of(transport::Presence presence) const;

  Dependencies deps_;
  const config::Destination& destination_;
  std::unique_ptr<transport::Peer> peer_;
};

}  // namespace demat::pipeline
