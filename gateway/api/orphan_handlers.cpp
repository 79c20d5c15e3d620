#include <array>

#include "gateway/api/errors.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/render.hpp"
#include "gateway/pipeline/orphans.hpp"

namespace demat::api {
namespace {

constexpr std::size_t most_at_once = 500;

/// The reason of a body; the pipeline refuses an empty one.
Result<pipeline::Request> asked(const Context& context, const boost::json::object& body) {
  auto reason = text_member(body, "reason", "");
  if (!reason) return failure(std::move(reason.error()));
  return pipeline::Request{context.identity.name, std::move(*reason)};
}

http::Response reply(const Context& context, const Result<flow::Return>& done) {
  if (!done) return problem(done.error(), context.request);
  context.services.logger.info("api.orphan", {{"return", done->id.str()},
                                              {"path", context.request.path},
                                              {"state", to_string(done->state)},
                                              {"identity", context.identity.id.str()},
                                              {"request_id", context.request.request_id}});
  return json_reply(200, to_json(*done));
}

http::Response attach_orphan(const Context& context) {
  const auto body = json_body(context, {"flow", "authority", "reason"});
  if (!body) return problem(body.error(), context.request);
  const auto request = asked(context, *body);
  if (!request) return problem(request.error(), context.request);
  const auto flow = text_member(*body, "flow", "");
  if (!flow) return problem(flow.error(), context.request);
  const auto authority = text_member(*body, "authority", "");
  if (!authority) return problem(authority.error(), context.request);
  if (flow->empty() == authority->empty()) return problem(bad_field("flow"), context.request);
  auto& orphans = *context.services.orphans;
  if (!flow->empty()) return reply(context, orphans.attach(context.inbound.id, FlowId{*flow}, *request));
  return reply(context, orphans.attach(context.inbound.id, AuthorityId{*authority}, *request));
}

using PlainAct = Result<flow::Return> (pipeline::Orphans::*)(const ReturnId&, const pipeline::Request&);

http::Response plain_act(const Context& context, PlainAct act) {
  const auto body = json_body(context, {"reason"});
  if (!body) return problem(body.error(), context.request);
  const auto request = asked(context, *body);
  if (!request) return problem(request.error(), context.request);
  return reply(context, (context.services.orphans->*act)(context.inbound.id, *request));
}

http::Response ignore_orphan(const Context& context) {
  return plain_act(context, &pipeline::Orphans::ignore);
}
http::Response reanalyse_orphan(const Context& context) {
  return plain_act(context, &pipeline::Orphans::reanalyse);
}

http::Response reanalyse_orphans(const Context& context) {
  const auto body = json_body(context, {"reason", "cursor"});
  if (!body) return problem(body.error(), context.request);
  const auto request = asked(context, *body);
  if (!request) return problem(request.error(), context.request);
  const auto cursor = text_member(*body, "cursor", "");
  if (!cursor) return problem(cursor.error(), context.request);
  const auto tally = context.services.orphans->reanalyse_all(*request, *cursor, most_at_once);
  if (!tally) return problem(tally.error(), context.request);
  boost::json::object out{
      {"looked_at", tally->looked_at}, {"settled", tally->settled}, {"failed", tally->failed}};
  if (!tally->next.empty()) out["next"] = tally->next;
  return json_reply(200, out);
}

constexpr std::array rows = {
    Row{"POST", "/v1/orphans/reanalyse", Needs::platform, flow::Action::administer, reanalyse_orphans},
    Row{"POST", "/v1/orphans/{id}/attach", Needs::orphan, flow::Action::administer, attach_orphan},
    Row{"POST", "/v1/orphans/{id}/ignore", Needs::orphan, flow::Action::administer, ignore_orphan},
    Row{"POST", "/v1/orphans/{id}/reanalyse", Needs::orphan, flow::Action::administer, reanalyse_orphan},
};

}  // namespace

std::span<const Row> orphan_rows() {
  return rows;
}

}  // namespace demat::api
