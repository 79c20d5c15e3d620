#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gateway/pipeline/acquit_matching.hpp"
#include "gateway/pipeline/recorder.hpp"
#include "gateway/pipeline/road.hpp"
#include "gateway/store/store.hpp"

namespace demat::pipeline {

/// Finds out what an imported file is and to whom it belongs: acquits to their flow (helios 8.1), returns to
/// their authority by SIRET with the SIREN guard (helios 8.2), the rest to the orphan bank. Nothing is ever
/// dropped. The same code serves the gateway and the person who looks at an orphan (peers 1-15). References
/// outlive it; used by one thread.
class AnswerSettler {
 public:
  AnswerSettler(store::Store& store, Recorder& recorder, Hand hand = {})
      : store_(store), recorder_(recorder), hand_(std::move(hand)) {}

  /// By what the file itself says.
  [[nodiscard]] Status settle(const flow::Return& item);
  /// The same for several, decided one after the other and written in one transaction; one answer for each.
  [[nodiscard]] std::vector<Status> settle_all(const std::vector<flow::Return>& items);
  /// On this flow, whatever the file says of itself; an acquit decides the flow as if it had matched. Errors:
  /// `orphan.no_acquit` (a return of another kind), `store.illegal_transition`.
  [[nodiscard]] Status attach(flow::Return item, const flow::Flow& flow);
  /// To this authority, to be fetched.
  [[nodiscard]] Status attach(flow::Return item, const AuthorityId& authority);
  [[nodiscard]] Status ignore(flow::Return item);

 private:
  /// A decision that is not written yet, and what to tell once it is.
  struct Decision {
    std::size_t place = 0;
    store::Settlement settlement;
    std::function<void()> tell;
  };
  [[nodiscard]] Status look(const flow::Return& item);
  [[nodiscard]] Status settle_guarded(const flow::Return& item);
  [[nodiscard]] bool is_decided_here(const std::vector<flow::Flow>& candidates) const;
  void write_decisions();
  [[nodiscard]] Status look_again(const flow::Return& item);
  [[nodiscard]] Status settle_acquit(flow::Return item, const store::Payload& payload);
  [[nodiscard]] Status settle_retour(flow::Return item, const store::Payload& payload);
  [[nodiscard]] Result<std::optional<flow::Flow>> already_answered_by(
      const Sha256& acquit, const std::vector<flow::Flow>& candidates);
  static void judge(store::Settlement& settlement, const flow::Flow& flow, const pes::Acquit& acquit);
  [[nodiscard]] Status answer_flow(flow::Return item, const flow::Flow& flow, const pes::Acquit& acquit);
  [[nodiscard]] Status attach_unread(flow::Return item, const flow::Flow& flow);
  [[nodiscard]] Status make_available(flow::Return item, std::optional<store::SiretRoute> route);
  [[nodiscard]] Status orphan(flow::Return item, std::string rule,
                              std::optional<store::SiretRoute> route = {});
  [[nodiscard]] Status keep(store::Settlement settlement, std::string_view event_of_person,
                            std::function<void()> tell = {});

  store::Store& store_;
  Recorder& recorder_;
  Hand hand_;
  bool gathers_ = false;                 ///< decisions wait to be written together
  std::span<const flow::Return> items_;  ///< of the batch
  std::size_t place_ = 0;
  std::vector<Decision> decisions_;
  std::vector<Status> written_;
};

}  // namespace demat::pipeline
