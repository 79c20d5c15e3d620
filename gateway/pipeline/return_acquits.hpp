#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "gateway/base/clock.hpp"
#include "gateway/config/settings.hpp"
#include "gateway/flow/flow.hpp"
#include "gateway/pipeline/recorder.hpp"
#include "gateway/store/returns.hpp"
#include "protocols/pes/retour.hpp"

namespace demat::pipeline {

/// NomFic of the acquit that the gateway makes of a return with these bytes: a return that comes twice has
/// one acquit, whatever it was called on the way.
[[nodiscard]] std::string acquit_name(const Sha256& retour, std::string_view cod_col,
                                      std::string_view cod_bud);

/// Makes the PES_ACQUIT_RETOUR of returns (helios 1.6): a flow like another, checked and sent where the
/// authority's PES go, that ends in `sent_final`. One live acquit per return: its NomFic comes from the bytes
/// of the return, and the store refuses a second live flow with the same key. What the authority has sent
/// itself is not sent again. References outlive it; thread-safe.
class ReturnAcquits {
 public:
  /// `wake` tells the pipeline that there is a flow to check; it must not block.
  ReturnAcquits(store::Store& store, const Clock& clock, Recorder& recorder, std::string environment,
                std::function<void()> wake)
      : store_(store),
        clock_(clock),
        recorder_(recorder),
        environment_(std::move(environment)),
        wake_(std::move(wake)) {}

  struct Asked {
    std::string actor = "gateway";
    IdentityId identity{};
    std::string request_id{};
  };
  struct Made {
    flow::Flow flow;
    bool fresh = false;  ///< made now; else it was there
  };
  /// The acquit of a return that belongs to an authority: made now, or the one that is on its way or has left
  /// already, be it the authority's own. Errors: `return.no_acquit` (an acquit, an orphan, a
  /// return that Hélios takes none of), `return.acquit_impossible`, `retour.unreadable`, the store's.
  [[nodiscard]] Result<Made> make(const flow::Return& item, const Asked& asked);

  /// Makes those that are due by the authorities' settings; one that cannot be made is noted and alarms, one
  /// that cannot be made for now is tried again less and less often and keeps no other waiting. By one
  /// thread.
  void pass(const config::Retry& retry);

 private:
  struct Late {
    std::uint32_t failures = 0;
    Instant until{};
    std::uint64_t turn = 0;  ///< in which it was last seen due
  };
  [[nodiscard]] bool rests(const ReturnId& id);
  void no_longer_late(const ReturnId& id);
  void attempt(const flow::Return& item, const config::Retry& retry);
  [[nodiscard]] Result<std::optional<flow::Flow>> live_one(const flow::Return& item);
  [[nodiscard]] Result<std::optional<flow::Flow>> sent_before(const flow::Return& item, pes::Retour& retour);
  [[nodiscard]] Result<pes::Retour> read(const flow::Return& item);
  [[nodiscard]] Result<Made> accept(const flow::Return& item, const pes::Retour& retour, const Asked& asked);

  store::Store& store_;
  const Clock& clock_;
  Recorder& recorder_;
  std::string environment_;
  std::function<void()> wake_;
  std::map<ReturnId, Late> late_;  ///< of pass() alone
  std::uint64_t turn_ = 0;         ///< of pass() alone
};

}  // namespace demat::pipeline
