#include "gateway/api/bearer.hpp"
#include "gateway/api/context.hpp"
#include "gateway/api/errors.hpp"
#include "gateway/store/actes.hpp"

namespace demat::api {
namespace {

/// A flow parked for confirmation is let go by who may transmit, one parked before its signature by a
/// signatory; every other verb belongs to operators.
flow::Action wanted_action(const Row& row, const flow::Flow& flow) {
  const bool releases = std::string_view(row.pattern).ends_with("/release");
  if (releases && flow.hold_reason == flow::awaits_confirmation) return flow::Action::transmit;
  if (releases && flow.hold_reason == flow::awaits_signatory) return flow::Action::sign;
  return row.action;
}

Status find_own_flow(const Row& row, Context& context) {
  const FlowId id{context.request.capture("id")};
  auto found = context.services.store.find(id);
  if (!found) return failure(std::move(found.error()));
  if (!*found || !flow::may(context.identity, flow::Action::read, (*found)->authority))
    return failure(unknown_flow());
  context.flow = std::move(**found);
  if (!flow::may(context.identity, wanted_action(row, context.flow), context.flow.authority))
    return failure(denied());
  return {};
}

Status find_own_return(const Row& row, Context& context) {
  const ReturnId id{context.request.capture("id")};
  auto found = context.services.store.find_return(id);
  if (!found) return failure(std::move(found.error()));
  const bool orphan_wanted = row.needs == Needs::orphan;
  if (!*found || (orphan_wanted != ((*found)->state == flow::ReturnState::orphan)))
    return failure(unknown_return());
  if (!flow::may(context.identity, flow::Action::read, (*found)->authority)) return failure(unknown_return());
  if (!flow::may(context.identity, row.action, (*found)->authority)) return failure(denied());
  context.inbound = std::move(**found);
  return {};
}

Status find_own_letter(const Row& row, Context& context) {
  auto found = context.services.store.actes().letter(LetterId{context.request.capture("id")});
  if (!found) return failure(std::move(found.error()));
  if (!*found || !flow::may(context.identity, flow::Action::read, (*found)->authority))
    return failure(unknown_letter());
  if (!flow::may(context.identity, row.action, (*found)->authority)) return failure(denied());
  context.letter = std::move(**found);
  return {};
}

bool may_somewhere(const flow::Identity& identity, flow::Action action) {
  return flow::may(identity, action, AuthorityId{}) || !flow::authorities_for(identity, action).empty();
}

/// Deny by default: every kind of need says what opens it.
Status check(const Row& row, Context& context) {
  switch (row.needs) {
    case Needs::nothing:
    case Needs::identity:
      return {};
    case Needs::platform:
      if (flow::may(context.identity, row.action, AuthorityId{})) return {};
      return failure(denied());
    case Needs::anywhere:
      if (may_somewhere(context.identity, row.action)) return {};
      return failure(denied());
    case Needs::flow:
      return find_own_flow(row, context);
    case Needs::received:
      return find_own_return(row, context);
    case Needs::orphan:
      if (!flow::may(context.identity, row.action, AuthorityId{})) return failure(denied());
      return find_own_return(row, context);
    case Needs::letter:
      return find_own_letter(row, context);
  }
  return failure(denied());
}

}  // namespace

Result<flow::Identity> identify(const Services& services, const http::Request& request) {
  if (request.peer.sha256.empty()) return failure(no_certificate());
  if (request.peer.refusal) return failure(*request.peer.refusal);
  auto found = services.store.find_identity(IdentityId{request.peer.sha256});
  if (!found) return failure(std::move(found.error()));
  if (!*found || !(*found)->active) return failure(unknown_certificate());
  if (auto status = narrow(services, request, **found); !status) return failure(std::move(status.error()));
  return std::move(**found);
}

http::Response guarded(const Services& services, const Row& row, const http::Request& request,
                       const std::string& body) {
  Context context{services, request, body, {}, {}, {}, {}};
  if (row.needs != Needs::nothing) {
    auto identity = identify(services, request);
    if (!identity) return problem(identity.error(), request);
    context.identity = std::move(*identity);
  }
  if (auto status = check(row, context); !status) return problem(status.error(), request);
  return row.call(context);
}

}  // namespace demat::api
