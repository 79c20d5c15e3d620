#include <algorithm>

#include "gateway/api/errors.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/push/event_hub.hpp"

namespace demat::api {
namespace {

/// The authorities named, or all that the caller may read.
Result<store::FeedFilter> filter_of(const Context& context) {
  store::FeedFilter out;
  const auto named = named_authority(context.request);
  if (!named) return failure(named.error());
  if (!named->empty()) {
    auto chosen = intake::choose_authority(context.identity, flow::Action::read, *named);
    if (!chosen) return failure(std::move(chosen.error()));
    out.authorities = std::set<AuthorityId>{std::move(*chosen)};
  } else if (!flow::may(context.identity, flow::Action::read, AuthorityId{})) {
    const auto own = flow::authorities_for(context.identity, flow::Action::read);
    if (own.empty()) return failure(denied());
    out.authorities.emplace(own.begin(), own.end());
  }
  if (const auto flow = context.request.parameter("flow")) {
    const auto found = context.services.store.find(FlowId{*flow});
    if (!found) return failure(found.error());
    if (!*found || !flow::may(context.identity, flow::Action::read, (*found)->authority))
      return failure(unknown_flow());
    out.flow = FlowId{*flow};
  }
  return out;
}

/// After the event that the client saw last; without one, from now on.
Result<std::uint64_t> place_of(const Context& context) {
  std::string cursor(context.request.header("last-event-id"));
  if (cursor.empty()) cursor = context.request.parameter("after").value_or("");
  auto& outbox = context.services.store.outbox();
  return cursor.empty() ? outbox.latest() : outbox.place_of(cursor);
}

/// The rights that let the stream open, asked again while it runs.
bool still_allowed(const Services& services, const http::Request& request, const store::FeedFilter& filter) {
  const auto identity = identify(services, request);
  if (!identity) return identity.error().outlook == Outlook::waiting;
  if (!filter.authorities) return flow::may(*identity, flow::Action::read, AuthorityId{});
  return std::all_of(
      filter.authorities->begin(), filter.authorities->end(),
      [&](const AuthorityId& authority) { return flow::may(*identity, flow::Action::read, authority); });
}

}  // namespace

http::Response stream_events(const Context& context) {
  auto filter = filter_of(context);
  if (!filter) return problem(filter.error(), context.request);
  const auto after = place_of(context);
  if (!after) return problem(after.error(), context.request);
  const auto* services = &context.services;
  push::Subscription subscription{context.identity.id, *filter, *after,
                                  [services, request = context.request, filter = *filter] {
                                    return still_allowed(*services, request, filter);
                                  }};
  auto feed = services->events->open(std::move(subscription));
  if (!feed) return problem(feed.error(), context.request);
  http::Response out;
  out.with("Content-Type", "text/event-stream");
  out.with("X-Accel-Buffering", "no");
  out.body = std::move(*feed);
  return out;
}

}  // namespace demat::api
