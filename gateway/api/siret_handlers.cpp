#include <array>

#include "gateway/api/errors.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/page_reply.hpp"
#include "gateway/pipeline/orphans.hpp"
#include "gateway/store/returns.hpp"

namespace demat::api {
namespace {

namespace json = boost::json;
using flow::Action;

/// SIRETs of one report; who has more has another problem than a list.
constexpr std::size_t most_unassigned = 1'000;
/// Returns looked at again by one call.
constexpr std::size_t most_at_once = 100;

json::object to_json(const store::SiretPlace& place) {
  json::object out{{"siret", place.siret.str()}, {"blocked", place.blocked}, {"returns", place.returns}};
  if (!place.authority.empty()) out["authority"] = place.authority.str();
  if (place.blocked) {
    out["actor"] = place.actor;
    out["reason"] = place.reason;
    if (place.since) out["since"] = to_iso8601(*place.since);
  }
  if (place.last) out["last_return"] = to_iso8601(*place.last);
  return out;
}

json::object to_json(const store::UnassignedSiret& one) {
  json::object out{{"siret", one.siret.str()},     {"returns", one.returns},
                   {"bytes", one.bytes},           {"first", to_iso8601(one.first)},
                   {"last", to_iso8601(one.last)}, {"blocked", one.blocked}};
  if (!one.owner.empty()) out["owner"] = one.owner.str();
  if (!one.suggestion.empty())
    out["suggestion"] = json::object{{"siren", one.suggestion.str()}, {"name", one.suggestion_name}};
  return out;
}

http::Response list_sirets(const Context& context) {
  const auto& request = context.request;
  const auto page = paging(request);
  if (!page) return problem(page.error(), request);
  store::SiretFilter filter;
  if (const auto blocked = request.parameter("blocked")) {
    if (*blocked != "true" && *blocked != "false") return problem(bad_parameter("blocked"), request);
    filter.blocked = *blocked == "true";
  }
  const auto named = named_authority(request);
  if (!named) return problem(named.error(), request);
  if (!named->empty()) filter.authority = AuthorityId{*named};
  return page_reply(request, context.services.store.returns().sirets(filter, page->cursor, page->limit),
                    [](const store::SiretPlace& place) { return to_json(place); });
}

http::Response list_unassigned(const Context& context) {
  const auto list = context.services.store.returns().unassigned(most_unassigned);
  if (!list) return problem(list.error(), context.request);
  json::array items;
  for (const auto& one : *list)
    items.push_back(to_json(one));
  return json_reply(200, json::object{{"items", std::move(items)}});
}

struct Wish {
  Siret siret;
  std::string reason;
};

/// A person decides, and says why.
Result<Wish> read_wish(const Context& context) {
  Wish out{Siret{context.request.capture("siret")}, {}};
  if (!is_siret(out.siret.str())) return failure(bad_parameter("siret"));
  const auto body = json_body(context, {"reason"});
  if (!body) return failure(body.error());
  auto reason = text_member(*body, "reason");
  if (!reason || reason->empty()) return failure(bad_field("reason"));
  out.reason = std::move(*reason);
  return out;
}

void log_wish(const Context& context, const Wish& wish) {
  context.services.logger.info("api.siret", {{"siret", wish.siret.str()},
                                             {"path", context.request.path},
                                             {"identity", context.identity.id.str()},
                                             {"request_id", context.request.request_id}});
}

http::Response block_siret(const Context& context) {
  const auto wish = read_wish(context);
  if (!wish) return problem(wish.error(), context.request);
  if (auto done = context.services.store.returns().block(wish->siret, wish->reason, context.identity.name);
      !done)
    return problem(done.error(), context.request);
  log_wish(context, *wish);
  return empty_reply();
}

/// What waited because of the block is looked at again, like orphans a person asks for.
http::Response unblock_siret(const Context& context) {
  const auto wish = read_wish(context);
  if (!wish) return problem(wish.error(), context.request);
  if (auto done = context.services.store.returns().unblock(wish->siret, wish->reason, context.identity.name);
      !done)
    return problem(done.error(), context.request);
  log_wish(context, *wish);
  const auto tally = context.services.orphans->reanalyse_siret(
      wish->siret, {context.identity.name, wish->reason}, most_at_once);
  if (!tally) return problem(tally.error(), context.request);
  json::object out{{"looked_at", tally->looked_at}, {"settled", tally->settled}, {"failed", tally->failed}};
  if (!tally->next.empty()) out["next"] = tally->next;
  return json_reply(200, out);
}

json::object mode_json(const AuthorityId& authority, flow::AcquitMode mode) {
  return {{"siren", authority.str()}, {"acquit", to_string(mode)}};
}

http::Response get_return_settings(const Context& context) {
  const AuthorityId siren{context.request.capture("siren")};
  const auto authority = context.services.store.find_authority(siren);
  if (!authority) return problem(authority.error(), context.request);
  if (!*authority) return problem(unknown_authority(), context.request);
  const auto mode = context.services.store.returns().acquit_mode(siren);
  if (!mode) return problem(mode.error(), context.request);
  return json_reply(200, mode_json(siren, *mode));
}

http::Response put_return_settings(const Context& context) {
  const AuthorityId siren{context.request.capture("siren")};
  const auto body = json_body(context, {"acquit"});
  if (!body) return problem(body.error(), context.request);
  const auto word = text_member(*body, "acquit");
  const auto mode = word ? flow::acquit_mode_from(*word) : std::nullopt;
  if (!mode) return problem(bad_field("acquit"), context.request);
  const auto authority = context.services.store.find_authority(siren);
  if (!authority) return problem(authority.error(), context.request);
  if (!*authority) return problem(unknown_authority(), context.request);
  if (auto done = context.services.store.returns().put_acquit_mode(siren, *mode, context.identity.name);
      !done)
    return problem(done.error(), context.request);
  return json_reply(200, mode_json(siren, *mode));
}

constexpr std::array rows = {
    Row{"GET", "/v1/returns/{id}/pieces", Needs::received, Action::read, list_pieces},
    Row{"POST", "/v1/returns/{id}/acquit", Needs::received, Action::transmit, make_acquit},
    Row{"GET", "/v1/sirets", Needs::platform, Action::administer, list_sirets},
    Row{"GET", "/v1/sirets/unassigned", Needs::platform, Action::administer, list_unassigned},
    Row{"POST", "/v1/sirets/{siret}/block", Needs::platform, Action::administer, block_siret},
    Row{"POST", "/v1/sirets/{siret}/unblock", Needs::platform, Action::administer, unblock_siret},
    Row{"GET", "/v1/authorities/{siren}/returns", Needs::platform, Action::administer, get_return_settings},
    Row{"PUT", "/v1/authorities/{siren}/returns", Needs::platform, Action::administer, put_return_settings},
};

}  // namespace

std::span<const Row> return_rows() {
  return rows;
}

}  // namespace demat::api
