#include <array>
#include <boost/json/array.hpp>

#include "gateway/api/errors.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/render.hpp"
#include "gateway/pipeline/inspection.hpp"
#include "protocols/report/rules.hpp"

namespace demat::api {
namespace {

namespace json = boost::json;

/// Every rule of the schemas in force, as it is for the authority today; for a platform operator who names
/// none, as it is for all.
http::Response list_rules(const Context& context) {
  const auto authority = listed_authority(context);
  if (!authority) return problem(authority.error(), context.request);
  const auto inspection = context.services.inspection();
  const auto owner = authority->value_or(AuthorityId{});
  const auto now = context.services.clock.now();
  const auto& pack = pipeline::pack_for(*inspection, owner, now)->info();
  const auto found = inspection->rules->in_force(owner, now, pack.version);
  json::array items;
  for (const auto& one : found)
    items.push_back(report::to_json(*one.rule, one.severity, one.configured));
  json::object out{{"pack", pack.protocol + " " + pack.version}};
  if (*authority) out["authority"] = (*authority)->str();
  out["items"] = std::move(items);
  return json_reply(200, out);
}

constexpr std::array rows = {
    Row{"GET", "/v1/rules", Needs::identity, flow::Action::read, list_rules},
};

}  // namespace

std::span<const Row> rule_rows() {
  return rows;
}

}  // namespace demat::api
