#include <array>
#include <charconv>

#include "gateway/api/errors.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/page_reply.hpp"
#include "gateway/api/report_reply.hpp"
#include "gateway/api/steering_render.hpp"
#include "protocols/report/json.hpp"

namespace demat::api {
namespace {

namespace json = boost::json;

report::Sheet sheet_of(const flow::Flow& flow, const Report& findings,
                       const std::vector<flow::AcquitAnomaly>& anomalies) {
  const auto& name = flow.nom_fic.empty() ? flow.file_name : flow.nom_fic.str();
  report::Sheet out;
  out.title = {"Flux " + name, "Flow " + name};
  out.facts = {{{"identifiant", "id"}, flow.id.str()},
               {{"fichier", "file"}, flow.file_name},
               {{"collectivité", "authority"}, flow.authority.str()},
               {{"environnement", "environment"}, flow.environment},
               {{"déposé", "deposited"}, to_iso8601(flow.created_at)},
               {{"état", "state"}, std::string(to_string(flow.state))}};
  out.report = findings;
  out.answer = answer_of(anomalies);
  return out;
}

/// "90s", "15min", "2h", "3d"; empty when it is not given.
Result<std::optional<Duration>> age_parameter(const http::Request& request, const std::string& name) {
  const auto text = request.parameter(name);
  if (!text) return std::nullopt;
  constexpr std::array<std::pair<std::string_view, std::int64_t>, 4> units{
      {{"s", 1}, {"min", 60}, {"h", 3'600}, {"d", 86'400}}};
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  const std::string_view unit(end, text->data() + text->size());
  constexpr std::int64_t century = 36'525;
  for (const auto& [word, seconds] : units)
    if (error == std::errc() && unit == word && number >= 0 && number <= century * 86'400 / seconds)
      return std::optional<Duration>(std::chrono::seconds(number * seconds));
  return failure(bad_parameter(name));
}

/// What steering lists by: destination, error group, age, deadlines.
Status add_steering_filters(const Context& context, store::FlowFilter& out) {
  const auto& request = context.request;
  const auto now = context.services.clock.now();
  if (const auto name = request.parameter("destination")) out.destination = DestinationName{*name};
  if (const auto code = request.parameter("code")) out.code = *code;
  const auto age = age_parameter(request, "older_than");
  if (!age) return failure(age.error());
  if (*age) out.updated_before = now - **age;
  const auto overdue = request.parameter("overdue");
  if (overdue && *overdue != "true" && *overdue != "false") return failure(bad_parameter("overdue"));
  if (overdue == "true") out.overdue = steering::overdue_limits(context.services.deadlines(), now);
  return {};
}

Result<store::FlowFilter> flow_filter(const Context& context) {
  store::FlowFilter out;
  auto authority = listed_authority(context);
  if (!authority) return failure(std::move(authority.error()));
  out.authority = std::move(*authority);
  for (const auto& text : context.request.parameters("state")) {
    const auto state = flow::state_from(text);
    if (!state) return failure(bad_parameter("state"));
    out.states.push_back(*state);
  }
  if (const auto name = context.request.parameter("nomfic")) out.nom_fic = NomFic{*name};
  const auto from = instant_parameter(context.request, "from");
  if (!from) return failure(from.error());
  const auto to = instant_parameter(context.request, "to");
  if (!to) return failure(to.error());
  out.from = *from;
  out.to = *to;
  if (auto status = add_steering_filters(context, out); !status) return failure(std::move(status.error()));
  return out;
}

http::Response download(const Context& context, const Sha256& sha256, std::string_view media_type,
                        std::string_view name) {
  auto payload = context.services.store.open_payload(sha256);
  if (!payload) return problem(payload.error(), context.request);
  return bytes_reply(std::move(*payload), sha256, media_type, name);
}

template <class T>
http::Response list_reply(const Context& context, const Result<std::vector<T>>& items) {
  if (!items) return problem(items.error(), context.request);
  return json_reply(200, items_json(*items));
}

}  // namespace

http::Response list_flows(const Context& context) {
  const auto filter = flow_filter(context);
  if (!filter) return problem(filter.error(), context.request);
  const auto page = paging(context.request);
  if (!page) return problem(page.error(), context.request);
  return page_reply(context.request, context.services.store.list(*filter, page->cursor, page->limit),
                    [](const flow::Flow& flow) { return to_json(flow); });
}

http::Response get_flow(const Context& context) {
  auto out = to_json(context.flow);
  const auto gate = context.services.gate();
  if (gate && context.flow.state == flow::State::ready) {
    // Not stored: it concerns the destination, and is over when that is.
    if (const auto obstacle = gate->obstacle(context.flow.destination.str()))
      out["obstacle"] = obstacle_json(*obstacle);
  }
  return json_reply(200, out);
}

http::Response list_events(const Context& context) {
  auto events = context.services.store.events(context.flow.id);
  // Numbers of the journal would tell how much other authorities do: here each flow counts its own.
  std::uint64_t number = 0;
  if (events) {
    for (auto& event : *events)
      event.sequence = ++number;
  }
  return list_reply(context, events);
}

http::Response list_attempts(const Context& context) {
  return list_reply(context, context.services.store.attempts(context.flow.id));
}

http::Response list_documents(const Context& context) {
  return list_reply(context, context.services.store.documents(context.flow.id));
}

http::Response get_report(const Context& context) {
  const auto findings = context.services.store.findings(context.flow.id);
  if (!findings) return problem(findings.error(), context.request);
  const auto anomalies = context.services.store.anomalies(context.flow.id);
  if (!anomalies) return problem(anomalies.error(), context.request);
  const auto form = wanted_form(context.request);
  if (form != ReportForm::json)
    return report_reply(form, sheet_of(context.flow, *findings, *anomalies), context.request);
  json::object out{{"flow", context.flow.id.str()}, {"state", to_string(context.flow.state)}};
  for (auto& [name, value] : report::to_json(*findings))
    out[name] = std::move(value);
  out["anomalies"] = items_json(*anomalies)["items"];
  out["answer"] = items_json(report::in_order(answer_of(*anomalies)).findings)["items"];
  return json_reply(200, out);
}

http::Response get_payload(const Context& context) {
  const auto& name = context.flow.file_name.empty() ? context.flow.nom_fic.str() : context.flow.file_name;
  return download(context, context.flow.original, "application/xml", name);
}

http::Response get_document(const Context& context) {
  const auto& text = context.request.capture("n");
  std::uint32_t number = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  const auto documents = context.services.store.documents(context.flow.id);
  if (!documents) return problem(documents.error(), context.request);
  if (parsed.ec == std::errc{} && parsed.ptr == end) {
    for (const auto& document : *documents) {
      if (document.number == number)
        return download(context, document.sha256, document.media_type, document.name);
    }
  }
  return problem(
      unknown("Ce flux n'a pas de document de ce numéro.", "This flow has no document of that number."),
      context.request);
}

}  // namespace demat::api
