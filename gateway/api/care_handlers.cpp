#include "gateway/api/care_handlers.hpp"

#include "gateway/api/errors.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/render.hpp"
#include "gateway/store/care.hpp"

namespace demat::api {
namespace {

namespace json = boost::json;
using flow::Action;

constexpr Row rows[] = {
    {"GET", "/v1/traces", Needs::identity, Action::audit, list_traces},
    {"POST", "/v1/purge", Needs::platform, Action::administer, purge_store},
    {"GET", "/v1/journal", Needs::platform, Action::audit, search_journal},
    {"GET", "/v1/journal/export", Needs::platform, Action::audit, export_journal},
    {"GET", "/v1/journal/anchors", Needs::platform, Action::audit, list_anchors},
    {"POST", "/v1/journal/anchors", Needs::platform, Action::administer, anchor_journal},
    {"POST", "/v1/backups", Needs::platform, Action::administer, start_backup},
    {"GET", "/v1/backups", Needs::platform, Action::administer, list_backups},
    {"POST", "/v1/store/verify", Needs::platform, Action::administer, start_verify},
    {"GET", "/v1/store/verify", Needs::platform, Action::administer, get_verify},
};

/// The register of one's own authority is for its auditors and operators; of all, for the platform.
Result<std::optional<AuthorityId>> traced_authority(const Context& context) {
  const auto named = named_authority(context.request);
  if (!named) return failure(named.error());
  if (named->empty() && flow::may(context.identity, Action::audit, AuthorityId{})) return std::nullopt;
  auto chosen = intake::choose_authority(context.identity, Action::audit, *named);
  if (!chosen) chosen = intake::choose_authority(context.identity, Action::operate, *named);
  if (!chosen) return failure(std::move(chosen.error()));
  return std::optional(std::move(*chosen));
}

json::object trace_json(const store::Trace& trace) {
  json::object out{{"direction", to_string(trace.direction)},
                   {"at", to_iso8601_paris(trace.at)},
                   {"nature", trace.nature},
                   {"name", trace.name},
                   {"size", trace.size},
                   {"sha1", trace.sha1.str()},
                   {"sha256", trace.sha256.str()},
                   {"outcome", trace.outcome},
                   {"subject", trace.subject}};
  if (trace.ended_at) out["ended_at"] = to_iso8601_paris(*trace.ended_at);
  if (!trace.nom_fic.empty()) out["nom_fic"] = trace.nom_fic.str();
  if (!trace.authority.empty()) out["authority"] = trace.authority.str();
  if (!trace.destination.empty()) out["destination"] = trace.destination.str();
  if (trace.attempt != 0) out["attempt"] = trace.attempt;
  if (trace.purged_at) out["purged_at"] = to_iso8601_paris(*trace.purged_at);
  return out;
}

http::Response trace_page(const Context& context, const store::TraceFilter& filter) {
  const auto page = paging(context.request);
  if (!page) return problem(page.error(), context.request);
  const auto found = context.services.store.care().traces(filter, page->cursor, page->limit);
  if (!found) return problem(found.error(), context.request);
  json::array items;
  for (const auto& trace : found->items)
    items.push_back(trace_json(trace));
  json::object out;
  out["items"] = std::move(items);
  if (!found->next.empty()) {
    out["next"] = found->next;
    out["next_url"] = next_url(context.request, found->next);
  }
  return json_reply(200, out);
}

/// Whole days; the configured retention where none is given.
Result<std::optional<std::chrono::hours>> older_than(const json::object& body) {
  const auto* value = body.if_contains("older_than_days");
  if (value == nullptr) return std::nullopt;
  const bool whole = value->is_int64() && value->get_int64() >= 1 && value->get_int64() <= 36'525;
  if (!whole) return failure(bad_field("older_than_days"));
  return std::optional(std::chrono::hours(24 * value->get_int64()));
}

Result<std::vector<flow::State>> states_member(const json::object& body) {
  std::vector<flow::State> out;
  const auto* value = body.if_contains("states");
  if (value == nullptr) return out;
  if (!value->is_array()) return failure(bad_field("states"));
  for (const auto& one : value->get_array()) {
    const auto state = one.is_string() ? flow::state_from(std::string_view(one.get_string())) : std::nullopt;
    // What is not over is never purged: to ask for it is a mistake, not an empty result.
    if (!state || !flow::is_final(*state)) return failure(bad_field("states"));
    out.push_back(*state);
  }
  return out;
}

Result<store::PurgePlan> plan_of(const Context& context, const json::object& body, Instant now) {
  const auto retention = context.services.retention();
  const auto age = older_than(body);
  if (!age) return failure(age.error());
  auto states = states_member(body);
  if (!states) return failure(std::move(states.error()));
  auto reason = text_member(body, "reason", "");
  if (!reason) return failure(std::move(reason.error()));
  const auto authority = text_member(body, "authority", "");
  if (!authority) return failure(authority.error());
  store::PurgePlan plan;
  plan.succeeded_before = now - (*age ? **age : retention.succeeded);
  plan.failed_before = now - (*age ? **age : retention.failed);
  plan.returns_before = now - (*age ? **age : retention.returns);
  if (!*age) plan.traces_before = now - retention.traces;
  plan.states = std::move(*states);
  if (!authority->empty()) plan.authority = AuthorityId{*authority};
  plan.actor = context.identity.name;
  plan.reason = std::move(*reason);
  return plan;
}

json::object purge_json(const store::PurgeReport& report, bool dry_run) {
  json::array counts;
  for (const auto& line : report.counts) {
    json::object one{{"what", line.what}, {"items", line.items}, {"bytes", line.bytes}};
    if (!line.authority.empty()) one["authority"] = line.authority.str();
    json::array examples;
    for (const auto& id : line.examples)
      examples.emplace_back(id);
    one["examples"] = std::move(examples);
    counts.push_back(std::move(one));
  }
  return {{"dry_run", dry_run}, {"counts", std::move(counts)}, {"more", report.more}};
}

}  // namespace

std::span<const Row> care_rows() {
  return rows;
}

Result<std::optional<Instant>> moment_parameter(const http::Request& request, const std::string& name) {
  const auto text = request.parameter(name);
  if (!text) return std::nullopt;
  const auto instant = from_iso8601(*text);
  if (!instant) return failure(bad_parameter(name));
  return std::optional(*instant);
}

http::Response file_reply(store::Payload payload, std::string_view media_type, std::string_view name) {
  http::Response out;
  out.with("Content-Type", media_type);
  out.with("Content-Disposition", "attachment; filename=\"" + std::string(name) + "\"");
  out.body = std::move(payload);
  return out;
}

http::Response list_traces(const Context& context) {
  store::TraceFilter filter;
  auto authority = traced_authority(context);
  if (!authority) return problem(authority.error(), context.request);
  filter.authority = std::move(*authority);
  const auto from = moment_parameter(context.request, "from");
  if (!from) return problem(from.error(), context.request);
  const auto to = moment_parameter(context.request, "to");
  if (!to) return problem(to.error(), context.request);
  filter.from = *from;
  filter.to = *to;
  const auto format = context.request.parameter("format").value_or("json");
  if (format == "json") return trace_page(context, filter);
  if (format != "csv" && format != "xml") return problem(bad_parameter("format"), context.request);
  const bool csv = format == "csv";
  auto exported = context.services.store.care().export_traces(
      filter, csv ? store::TraceFormat::csv : store::TraceFormat::xml);
  if (!exported) return problem(exported.error(), context.request);
  return file_reply(std::move(*exported), csv ? "text/csv; charset=utf-8; header=present" : "application/xml",
                    csv ? "traces.csv" : "traces.xml");
}

/// One batch: callers ask again while `more` is true, so that no request lasts long.
http::Response purge_store(const Context& context) {
  const auto body = json_body(context, {"dry_run", "reason", "older_than_days", "states", "authority"});
  if (!body) return problem(body.error(), context.request);
  const auto dry_run = bool_member(*body, "dry_run", false);
  if (!dry_run) return problem(dry_run.error(), context.request);
  const auto now = context.services.clock.now();
  const auto plan = plan_of(context, *body, now);
  if (!plan) return problem(plan.error(), context.request);
  if (!*dry_run && plan->reason.empty()) return problem(bad_field("reason"), context.request);
  auto& care = context.services.store.care();
  constexpr std::size_t batch = 200;
  const auto report = *dry_run ? care.preview(*plan, now) : care.purge(*plan, now, batch);
  if (!report) return problem(report.error(), context.request);
  if (!*dry_run)
    context.services.logger.info("api.purge", {{"lines", report->counts.size()},
                                               {"more", report->more},
                                               {"identity", context.identity.id.str()},
                                               {"request_id", context.request.request_id}});
  return json_reply(200, purge_json(*report, *dry_run));
}

Status room_for_deposits(const Services& services) {
  const auto floor = services.guards().min_free_disk;
  if (floor == 0) return {};
  const auto free = services.store.care().free_disk();
  if (!free) return failure(free.error());
  if (*free >= floor) return {};
  return failure(waiting_error(
      "store.disk_low",
      "Le disque de la passerelle est presque plein : elle ne prend plus de dépôt pour l'instant.",
      "The gateway's disk is almost full: it takes no deposits for now.",
      std::to_string(*free) + " bytes free"));
}

}  // namespace demat::api
