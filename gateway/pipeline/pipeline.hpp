#pragma once

#include <functional>
#include <list>
#include <memory>
#include <string_view>
#include <thread>
#include <vector>

#include "gateway/pipeline/check_stage.hpp"
#include "gateway/pipeline/dependencies.hpp"
#include "gateway/pipeline/in_hand.hpp"
#include "gateway/pipeline/pulse.hpp"
#include "gateway/pipeline/send_stage.hpp"
#include "gateway/pipeline/signal.hpp"

namespace demat::pipeline {

/// Moves flows: bounded threads for checks, one group of senders and one poller per destination, one settler,
/// one keeper. Start once, stop once; a stop lets running work finish and records it. What a stage throws (a
/// defect, lack of memory) is an alarm `pipeline.broken` and a wait, never the end of the daemon.
class Pipeline {
 public:
  explicit Pipeline(Dependencies dependencies);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  void start();
  /// There may be work: a flow has come, or a verb moved one. Never blocks.
  void wake();
  /// A flow has come that is to be checked. Never blocks.
  void wake_check() { to_check_.raise_one(); }
  /// No new work is taken; returns when every thread has ended.
  void stop();
  /// A worker that hangs in its turn; empty when there is none.
  [[nodiscard]] std::string late_worker() const { return pulse_.late(); }

 private:
  void run_checks(std::stop_token stop);
  bool judge_some(const std::stop_token& stop, const CheckStage& stage, std::list<InHand::Hold>& holds,
                  std::vector<CheckStage::Verdict>& verdicts);
  void run_sender(std::stop_token stop, const config::Destination& destination, bool reconciles);
  void run_poller(std::stop_token stop, const config::Destination& destination);
  void run_settler(std::stop_token stop);
  void run_keeper(std::stop_token stop);
  /// Takes turns until asked to stop; after one that threw it waits, longer each time.
  void keep_turning(const std::stop_token& stop, std::string_view worker, std::chrono::milliseconds patience,
                    const std::function<void()>& turn);
  /// Works on one flow; when that throws, the flow waits and the others go on.
  void work_on(const store::Claim& claim, const std::function<void()>& work);
  void set_aside(const store::Claim& claim);
  void keep_leases(const std::stop_token& stop);
  void follow_clock(Duration step, const std::stop_token& stop);
  void for_each(const store::FlowFilter& filter, const std::stop_token& stop,
                const std::function<void(const flow::Flow&)>& work);
  void wait_until(const flow::Flow& flow, Instant until, std::string_view code);
  void bring_waits_back(Duration step, const std::stop_token& stop);
  void report_unknown_destinations(const std::stop_token& stop);
  void report_unknown(const std::stop_token& stop, const DestinationName& name);
  [[nodiscard]] bool is_configured(const DestinationName& name) const;
  [[nodiscard]] std::vector<store::Claim> claim(const std::vector<flow::State>& states,
                                                const std::string& destination, std::size_t limit,
                                                Duration lease,
                                                std::optional<Instant> created_before = std::nullopt);
  /// Sends the next flow, if the gate lets one through; nothing when there was none to send.
  [[nodiscard]] std::optional<PeerHealth> send_one(SendStage& stage, const std::string& destination);

  Dependencies deps_;
  std::string owner_;
  Signal to_check_;
  Signal to_send_;
  Signal to_settle_;
  InHand checks_;  ///< their leases are renewed by the keeper
  std::shared_ptr<InHand> sends_ = std::make_shared<InHand>();
  Pulse pulse_;
  std::vector<std::jthread> threads_;
};

}  // namespace demat::pipeline
