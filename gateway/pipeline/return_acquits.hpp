#pragma once

#include <functional>
#include <string>

#include "gateway/base/clock.hpp"
#include "gateway/flow/flow.hpp"
#include "gateway/pipeline/recorder.hpp"
#include "gateway/store/returns.hpp"
#include "protocols/pes/retour.hpp"

namespace demat::pipeline {

/// Makes the PES_ACQUIT_RETOUR of returns (helios 1.6): a flow like another, checked and sent where the
/// authority's PES go, that ends in `sent_final`. One live acquit per return: its NomFic comes from the bytes
/// of the return, and the store refuses a second live flow with the same key. References outlive it;
/// thread-safe.
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
  /// The acquit of a return that belongs to an authority. Errors: `return.no_acquit` (an acquit, an orphan, a
  /// return that Hélios takes none of), `return.acquit_impossible`, `retour.unreadable`, the store's.
  [[nodiscard]] Result<Made> make(const flow::Return& item, const Asked& asked);

  /// Makes those that are due by the authorities' settings; one that cannot be made is noted and alarms.
  void pass();

 private:
  [[nodiscard]] Result<std::optional<flow::Flow>> live_one(const flow::Return& item);
  [[nodiscard]] Result<pes::Retour> read(const flow::Return& item);
  [[nodiscard]] Result<Made> accept(const flow::Return& item, const pes::Retour& retour, const Asked& asked);

  store::Store& store_;
  const Clock& clock_;
  Recorder& recorder_;
  std::string environment_;
  std::function<void()> wake_;
};

}  // namespace demat::pipeline
