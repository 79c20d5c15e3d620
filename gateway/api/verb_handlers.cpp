#include "gateway/api/errors.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/render.hpp"
#include "gateway/pipeline/verbs.hpp"

namespace demat::api {
namespace {

using PlainVerb = Result<flow::Flow> (pipeline::Verbs::*)(const FlowId&, const pipeline::Request&);

/// The verbs whose body is a reason and nothing else.
http::Response plain_verb(const Context& context, PlainVerb verb,
                          std::initializer_list<std::string_view> reserved = {}) {
  const auto body = json_body(context, {"reason"});
  if (!body) return problem(body.error(), context.request);
  const auto reason = text_member(*body, "reason", "");
  if (!reason) return problem(reason.error(), context.request);
  for (const auto word : reserved)
    if (*reason == word) return problem(reserved_reason(word), context.request);
  const pipeline::Request request{context.identity.name, *reason};
  return verb_reply(context, (context.services.verbs.*verb)(context.flow.id, request));
}

}  // namespace

http::Response verb_reply(const Context& context, const Result<flow::Flow>& done) {
  if (!done) return problem(done.error(), context.request, context.flow.id.str());
  context.services.logger.info("api.verb", {{"flow", context.flow.id.str()},
                                            {"path", context.request.path},
                                            {"state", to_string(done->state)},
                                            {"identity", context.identity.id.str()},
                                            {"request_id", context.request.request_id}});
  return json_reply(200, to_json(*done));
}

http::Response hold_flow(const Context& context) {
  // These reasons would let any transmitter or signatory release what an operator holds.
  // The last one is let go by the gateway itself.
  return plain_verb(context, &pipeline::Verbs::hold,
                    {flow::awaits_confirmation, flow::awaits_signatory, flow::predecessor_failed});
}
http::Response release_flow(const Context& context) {
  return plain_verb(context, &pipeline::Verbs::release);
}
http::Response cancel_flow(const Context& context) {
  return plain_verb(context, &pipeline::Verbs::cancel);
}
http::Response retry_flow(const Context& context) {
  return plain_verb(context, &pipeline::Verbs::retry);
}

http::Response resolve_flow(const Context& context) {
  const auto body = json_body(context, {"reason", "outcome"});
  if (!body) return problem(body.error(), context.request);
  const auto reason = text_member(*body, "reason", "");
  if (!reason) return problem(reason.error(), context.request);
  const auto outcome = text_member(*body, "outcome");
  if (!outcome) return problem(outcome.error(), context.request);
  const pipeline::Request request{context.identity.name, *reason};
  auto& verbs = context.services.verbs;
  if (*outcome == "sent") return verb_reply(context, verbs.resolve_sent(context.flow.id, request));
  if (*outcome == "not-sent") return verb_reply(context, verbs.resolve_not_sent(context.flow.id, request));
  return problem(bad_field("outcome"), context.request);
}

namespace {

http::Response replay_now(const Context& context) {
  const auto body = json_body(context, {"reason", "accept_duplicate"});
  if (!body) return problem(body.error(), context.request);
  const auto reason = text_member(*body, "reason", "");
  if (!reason) return problem(reason.error(), context.request);
  const auto duplicate = bool_member(*body, "accept_duplicate", false);
  if (!duplicate) return problem(duplicate.error(), context.request);
  const pipeline::Request request{context.identity.name, *reason};
  const auto done = context.services.verbs.replay(context.flow.id, request, *duplicate);
  if (!done) {
    const bool other = done.error().code == "store.duplicate";  // its detail is the id of the flow in the way
    return problem(done.error(), context.request, other ? done.error().detail : context.flow.id.str());
  }
  context.services.logger.info("api.replay", {{"flow", done->id.str()},
                                              {"replay_of", context.flow.id.str()},
                                              {"identity", context.identity.id.str()},
                                              {"request_id", context.request.request_id}});
  return located_reply(201, *done);
}

}  // namespace

http::Response replay_flow(const Context& context) {
  return once(context, replay_now);
}

}  // namespace demat::api
