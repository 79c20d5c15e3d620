#pragma once

#include <memory>
#include <optional>
#include <stop_token>

#include "gateway/pipeline/dependencies.hpp"
#include "gateway/pipeline/in_hand.hpp"
#include "gateway/pipeline/marche_guard.hpp"

namespace demat::pipeline {

/// What a transmission says about its destination, for the sender's own pace and the breaker.
enum class PeerHealth { well, in_trouble, untried };

/// Transmits ready flows to one destination: intent committed, bytes sent under a stable name, outcome
/// committed (design §3). Never sends again what may have arrived. Owns its connection: one per thread.
class SendStage {
 public:
  /// `sends` is shared by all senders of the process: a flow in it is not judged by a listing.
  SendStage(const Dependencies& dependencies, const config::Destination& destination,
            std::shared_ptr<InHand> sends = std::make_shared<InHand>());
  ~SendStage();
  SendStage(const SendStage&) = delete;
  SendStage& operator=(const SendStage&) = delete;

  /// How long a claim must last so that no other worker can take the flow while a transfer runs.
  [[nodiscard]] Duration lease() const;

  /// Transmits. The outcome of a transmission that went well may stay unwritten until the next intent, which
  /// it then shares a transaction with, or until settle(): the caller sees to it that one of them comes at
  /// once.
  PeerHealth send(const store::Claim& claim);
  /// Writes the outcome that send() left.
  void settle();
  /// Both.
  PeerHealth process(const store::Claim& claim);

  /// Looks for uncertain flows of this destination in its directory and settles what a listing can prove
  /// (stack N5, decisions): the final name is there = delivered; only the temporary name = not delivered;
  /// absent = not delivered where the destination says that its listing is conclusive. The rest waits for an
  /// answer or for a person. Ends between two flows when asked to stop.
  PeerHealth reconcile(const std::stop_token& stop = {});

 private:
  struct Shipment;
  struct Outcome;
  [[nodiscard]] bool kept_back(const store::Claim& claim, std::optional<store::Note>& note);
  [[nodiscard]] Result<Shipment> prepare(const flow::Flow& flow);
  [[nodiscard]] Result<flow::Flow> commit_intent(const store::Claim& claim, const Shipment& shipment,
                                                 std::optional<store::Note> note);
  [[nodiscard]] Result<flow::Flow> apply_with_outcome(store::Change intent);
  PeerHealth transmit(Outcome outcome, const Shipment& shipment);
  void outcome_written(const Outcome& outcome, const Result<flow::Flow>& after);
  /// False when somebody else was faster.
  bool commit_outcome(const flow::Flow& before, store::Change change);
  bool note_outcome(const flow::Flow& before, const Result<flow::Flow>& after);
  void commit_late_outcome(const flow::Flow& sending, const store::CloseAttempt& outcome);
  [[nodiscard]] store::Change late_change(const flow::Flow& now, std::uint32_t attempt,
                                          const store::CloseAttempt& outcome) const;
  PeerHealth look_for(const flow::Flow& uncertain);
  void wait(const store::Claim& claim, const Error& error);
  [[nodiscard]] std::optional<flow::Trigger> verdict_of(transport::Presence presence) const;

  Dependencies deps_;
  MarcheGuard guard_;
  const config::Destination& destination_;
  std::unique_ptr<transport::Peer> peer_;
  std::shared_ptr<InHand> sends_;
  std::unique_ptr<Outcome> unwritten_;
};

}  // namespace demat::pipeline
