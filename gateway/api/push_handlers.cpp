#include <array>

#include "gateway/api/errors.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/render.hpp"
#include "gateway/push/signature.hpp"
#include "gateway/push/url_policy.hpp"
#include "gateway/store/outbox.hpp"

namespace demat::api {
namespace {

namespace json = boost::json;

json::object to_json(const store::Webhook& webhook) {
  json::object out{{"id", webhook.id.str()},
                   {"authority", webhook.authority.str()},
                   {"url", webhook.url},
                   {"created_by", webhook.created_by},
                   {"created_at", to_iso8601(webhook.created_at)}};
  if (webhook.failing_since) out["failing_since"] = to_iso8601(*webhook.failing_since);
  if (webhook.next_attempt_at) out["next_attempt_at"] = to_iso8601(*webhook.next_attempt_at);
  return out;
}

json::object to_json(const store::Delivery& delivery) {
  json::object out{{"id", delivery.id.str()},
                   {"flow", delivery.flow.str()},
                   {"code", delivery.code},
                   {"flow_state", to_string(delivery.to)},
                   {"state", to_string(delivery.state)},
                   {"attempts", delivery.attempts},
                   {"created_at", to_iso8601(delivery.created_at)}};
  if (delivery.next_attempt_at) out["next_attempt_at"] = to_iso8601(*delivery.next_attempt_at);
  if (delivery.ended_at) out["ended_at"] = to_iso8601(*delivery.ended_at);
  if (delivery.http_status != 0) out["http_status"] = delivery.http_status;
  if (!delivery.error_code.empty()) out["error_code"] = delivery.error_code;
  return out;
}

Error unknown_webhook() {
  return unknown("Aucun de vos webhooks ne porte cet identifiant.", "None of your webhooks has this id.");
}

/// The webhook of the path, if the caller operates its authority; else as if there were none.
Result<store::Webhook> own_webhook(const Context& context) {
  auto found = context.services.store.outbox().find_webhook(store::WebhookId{context.request.capture("id")});
  if (!found) return failure(std::move(found.error()));
  if (!*found || !flow::may(context.identity, flow::Action::operate, (*found)->authority))
    return failure(unknown_webhook());
  return std::move(**found);
}

Result<store::Webhook> wanted_webhook(const Context& context) {
  const auto named = named_authority(context.request);
  if (!named) return failure(named.error());
  auto authority = intake::choose_authority(context.identity, flow::Action::operate, *named);
  if (!authority) return failure(std::move(authority.error()));
  const auto known = context.services.store.find_authority(*authority);
  if (!known) return failure(known.error());
  if (!*known) return failure(denied());
  const auto body = json_body(context, {"url"});
  if (!body) return failure(body.error());
  const auto url = text_member(*body, "url");
  if (!url) return failure(url.error());
  if (auto status = push::check_url(*url, context.services.push()); !status) return failure(status.error());
  store::Webhook webhook;
  webhook.authority = std::move(*authority);
  webhook.url = *url;
  webhook.created_by = context.identity.name;
  return webhook;
}

http::Response create_webhook(const Context& context) {
  auto wanted = wanted_webhook(context);
  if (!wanted) return problem(wanted.error(), context.request);
  const auto secret = push::make_secret();
  const auto made = context.services.store.outbox().add_webhook(std::move(*wanted), secret);
  if (!made) return problem(made.error(), context.request);
  auto out = to_json(*made);
  out["secret"] = secret;
  auto reply = json_reply(201, out);
  reply.with("Location", "/v1/webhooks/" + made->id.str());
  return reply;
}

http::Response list_webhooks(const Context& context) {
  std::optional<std::set<AuthorityId>> whose;
  if (!flow::may(context.identity, flow::Action::operate, AuthorityId{})) {
    const auto own = flow::authorities_for(context.identity, flow::Action::operate);
    whose.emplace(own.begin(), own.end());
  }
  const auto found = context.services.store.outbox().webhooks(whose);
  if (!found) return problem(found.error(), context.request);
  json::array items;
  for (const auto& webhook : *found)
    items.push_back(to_json(webhook));
  return json_reply(200, {{"items", std::move(items)}});
}

http::Response get_webhook(const Context& context) {
  const auto webhook = own_webhook(context);
  if (!webhook) return problem(webhook.error(), context.request);
  return json_reply(200, to_json(*webhook));
}

http::Response remove_webhook(const Context& context) {
  const auto webhook = own_webhook(context);
  if (!webhook) return problem(webhook.error(), context.request);
  if (auto done = context.services.store.outbox().remove_webhook(webhook->id, context.identity.name); !done)
    return problem(done.error(), context.request);
  return empty_reply();
}

http::Response list_deliveries(const Context& context) {
  const auto webhook = own_webhook(context);
  if (!webhook) return problem(webhook.error(), context.request);
  const auto page = paging(context.request);
  if (!page) return problem(page.error(), context.request);
  const auto found = context.services.store.outbox().deliveries(webhook->id, page->cursor, page->limit);
  if (!found) return problem(found.error(), context.request);
  json::array items;
  for (const auto& delivery : found->items)
    items.push_back(to_json(delivery));
  json::object out{{"items", std::move(items)}};
  if (!found->next.empty()) {
    out["next"] = found->next;
    out["next_url"] = next_url(context.request, found->next);
  }
  return json_reply(200, out);
}

http::Response redeliver(const Context& context) {
  const auto webhook = own_webhook(context);
  if (!webhook) return problem(webhook.error(), context.request);
  auto& outbox = context.services.store.outbox();
  const store::DeliveryId id{context.request.capture("delivery")};
  const auto found = outbox.find_delivery(id);
  if (!found) return problem(found.error(), context.request);
  if (!*found || (*found)->webhook != webhook->id)
    return problem(unknown("Ce webhook n'a pas de livraison de cet identifiant.",
                           "This webhook has no delivery with this id."),
                   context.request);
  if (auto done = outbox.redeliver(id, context.identity.name); !done)
    return problem(done.error(), context.request);
  context.services.wake_push();
  const auto now = outbox.find_delivery(id);
  if (!now) return problem(now.error(), context.request);
  return json_reply(202, to_json(now->value_or(**found)));
}

constexpr std::array rows = {
    Row{"POST", "/v1/webhooks", Needs::anywhere, flow::Action::operate, create_webhook},
    Row{"GET", "/v1/webhooks", Needs::anywhere, flow::Action::operate, list_webhooks},
    Row{"GET", "/v1/webhooks/{id}", Needs::anywhere, flow::Action::operate, get_webhook},
    Row{"DELETE", "/v1/webhooks/{id}", Needs::anywhere, flow::Action::operate, remove_webhook},
    Row{"GET", "/v1/webhooks/{id}/deliveries", Needs::anywhere, flow::Action::operate, list_deliveries},
    Row{"POST", "/v1/webhooks/{id}/deliveries/{delivery}/redeliver", Needs::anywhere, flow::Action::operate,
        redeliver},
    Row{"GET", "/v1/events", Needs::identity, flow::Action::read, stream_events},
};

}  // namespace

std::span<const Row> push_rows() {
  return rows;
}

}  // namespace demat::api
