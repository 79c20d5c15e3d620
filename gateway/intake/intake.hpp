#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "gateway/flow/access.hpp"
#include "gateway/flow/flow.hpp"
#include "gateway/store/store.hpp"
#include "gateway/store/tickets.hpp"
#include "protocols/pes/header.hpp"

namespace demat::intake {

/// Who posts what, whatever the door (native API, drop directory, façade).
struct Submission {
  flow::Identity identity;
  AuthorityId authority;  ///< the one the request is for
  std::string file_name;  ///< as named by the caller; may be empty
  std::string request_id;
  flow::Priority priority = flow::Priority::normal;
  std::optional<store::OnceKey> once{};  ///< its answer is kept together with the flow
  store::Tickets::Render render_once{};  ///< with `once`: how the answer reads
};

/// `access.denied`, as every door says it of an authority; the same for one that does not exist.
[[nodiscard]] Error denied();

/// Picks the authority a request is for: the one named, or the only one the identity may use for the action.
/// Errors: `access.denied` (also for an authority that does not exist), `access.choose_authority`.
[[nodiscard]] Result<AuthorityId> choose_authority(const flow::Identity& identity, flow::Action action,
                                                   const std::string& named);

/// Accepts flows: everything that decisions.md lists before the 202. Thread-safe; blocks on the store.
class Intake {
 public:
  /// `wake` tells the pipeline that work has come; it must not block.
  Intake(store::Store& store, const Clock& clock, std::string environment, std::function<void()> wake);

  /// Checks the header as soon as enough bytes have come; an error ends the upload early. `complete` says
  /// that no more bytes will follow; otherwise "not enough yet" is not an error.
  [[nodiscard]] Status look_ahead(const Submission& submission, const ByteSource& so_far,
                                  bool complete) const;

  /// Errors (all permanent unless the store's): `xml.*`, `pes.header.missing`, `intake.not_a_flow`,
  /// `intake.not_owner`, `intake.empty`, `access.denied`, and the store's own.
  [[nodiscard]] Result<store::AcceptOutcome> submit(const Submission& submission,
                                                    store::StagedPayload payload);

 private:
  [[nodiscard]] Status check_owner(const Submission& submission, const pes::Header& header) const;
  store::Store& store_;
  const Clock& clock_;
  std::string environment_;
  std::function<void()> wake_;
};

}  // namespace demat::intake
