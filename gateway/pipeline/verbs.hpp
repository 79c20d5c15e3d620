#pragma once

#include <functional>
#include <string>

#include "gateway/flow/authority.hpp"
#include "gateway/flow/flow.hpp"
#include "gateway/store/store.hpp"

namespace demat::pipeline {

/// Who asks, and why; every verb wants a reason (decisions, Verbs).
struct Request {
  std::string actor;  ///< the identity's name, for the journal
  std::string reason;
};

/// `verb.reason`: no reason was given.
[[nodiscard]] Error reason_missing();

/// The verbs that API, console and CLI call. The caller has checked the right (flow::may). Errors:
/// `verb.reason` (no reason given), `verb.not_now` (the state does not allow it; says which states do),
/// `store.not_found`.
class Verbs {
 public:
  /// `wake` is called after a change that makes work; it must not block.
  Verbs(store::Store& store, std::function<void()> wake);

  [[nodiscard]] Result<flow::Flow> hold(const FlowId& id, const Request& request);
  /// Lets go what is held; a contract's record that waits for the one before it, too.
  [[nodiscard]] Result<flow::Flow> release(const FlowId& id, const Request& request);
  [[nodiscard]] Result<flow::Flow> cancel(const FlowId& id, const Request& request);
  /// Attempt now what waits for its next attempt.
  [[nodiscard]] Result<flow::Flow> retry(const FlowId& id, const Request& request);
  /// Changes its place in the queue; before it is sent.
  [[nodiscard]] Result<flow::Flow> prioritise(const FlowId& id, const Request& request,
                                              flow::Priority priority);
  [[nodiscard]] Result<flow::Flow> resolve_sent(const FlowId& id, const Request& request);
  [[nodiscard]] Result<flow::Flow> resolve_not_sent(const FlowId& id, const Request& request);
  /// A new flow from the same bytes, linked. From `sent` only with `accept_duplicate`.
  [[nodiscard]] Result<flow::Flow> replay(const FlowId& id, const Request& request, bool accept_duplicate);

 private:
  [[nodiscard]] Result<flow::Flow> apply(const FlowId& id, const Request& request, flow::Trigger trigger,
                                         const char* detail);
  store::Store& store_;
  std::function<void()> wake_;
};

}  // namespace demat::pipeline
