#pragma once

#include <cstddef>
#include <string>

#include "gateway/pipeline/recorder.hpp"
#include "gateway/pipeline/road.hpp"
#include "gateway/pipeline/verbs.hpp"
#include "gateway/store/store.hpp"

namespace demat::pipeline {

/// What a person does about returns that belong to nobody we know (peers 1-15, R3). The caller has checked
/// the right (flow::may, administer). Every act wants a reason and is in the journal. Errors: `verb.reason`,
/// `return.unknown` (not an orphan), `store.return_moved` (somebody was faster). Thread-safe.
class Orphans {
 public:
  /// References outlive it.
  Orphans(store::Store& store, Recorder& recorder, Roads roads = {})
      : store_(store), recorder_(recorder), roads_(std::move(roads)) {}

  /// The acquit of that flow; further errors: `flow.unknown`, `orphan.no_acquit`, `store.illegal_transition`.
  [[nodiscard]] Result<flow::Return> attach(const ReturnId& id, const FlowId& flow, const Request& request);
  /// A return of that authority; further error: `authority.unknown`.
  [[nodiscard]] Result<flow::Return> attach(const ReturnId& id, const AuthorityId& authority,
                                            const Request& request);
  [[nodiscard]] Result<flow::Return> ignore(const ReturnId& id, const Request& request);
  /// Looks at it again, as if it had just come: a SIRET was registered, a flow restored.
  [[nodiscard]] Result<flow::Return> reanalyse(const ReturnId& id, const Request& request);

  struct Tally {
    std::size_t looked_at = 0;
    std::size_t settled = 0;  ///< no orphan any more
    std::size_t failed = 0;   ///< could not be looked at now
    std::string next;         ///< where to go on; empty: that was all
  };
  /// At most `limit` orphans, newest first, from `cursor` on.
  [[nodiscard]] Result<Tally> reanalyse_all(const Request& request, const std::string& cursor,
                                            std::size_t limit);

  /// The same for those of one SIRET.
  [[nodiscard]] Result<Tally> reanalyse_siret(const Siret& siret, const Request& request, std::size_t limit);

 private:
  [[nodiscard]] Result<Tally> reanalyse_some(const store::ReturnFilter& filter, const Request& request,
                                             const std::string& cursor, std::size_t limit);
  [[nodiscard]] Result<flow::Return> take(const ReturnId& id, const Request& request);
  [[nodiscard]] Status settle(const flow::Return& item, const Request& request);
  [[nodiscard]] Result<flow::Return> result(const ReturnId& id, const Status& done);
  store::Store& store_;
  Recorder& recorder_;
  Roads roads_;
};

}  // namespace demat::pipeline
