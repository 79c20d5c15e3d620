#include <array>
#include <boost/json.hpp>
#include <charconv>

#include "gateway/actes/classifications.hpp"
#include "gateway/actes/deadlines.hpp"
#include "gateway/actes/papers.hpp"
#include "gateway/api/acte_render.hpp"
#include "gateway/api/acte_replies.hpp"
#include "gateway/api/errors.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/page_reply.hpp"
#include "gateway/api/upload.hpp"
#include "gateway/base/paris.hpp"

namespace demat::api {
namespace {

namespace json = boost::json;
using flow::Action;

Result<std::uint32_t> number_of(const std::string& text, const char* parameter) {
  std::uint32_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || number == 0)
    return failure(bad_parameter(parameter));
  return number;
}

http::Response paper_reply(const Result<actes_road::Paper>& paper, const Context& context) {
  if (!paper) return problem(paper.error(), context.request, context.flow.id.str());
  auto out = bytes_reply(paper->bytes, paper->sha256, paper->media_type, paper->name);
  if (!paper->separate_because.empty())
    out.with("Demat-Stamp", "separate-page; because=" + paper->separate_because);
  return out;
}

/// Which message of the flow is meant; an envelope made elsewhere may carry several.
Result<std::uint32_t> place_of(const http::Request& request) {
  const auto text = request.parameter("acte");
  return text ? number_of(*text, "acte") : 1;
}

Result<Instant> day_parameter(const http::Request& request, const std::string& name) {
  const auto day = paris_day_from(request.parameter(name).value_or(""));
  if (!day) return failure(bad_parameter(name));
  return start_of(*day);
}

Result<store::ActeFilter> filter_of(const Context& context) {
  store::ActeFilter filter;
  auto authority = listed_authority(context);
  if (!authority) return failure(authority.error());
  filter.authority = std::move(*authority);
  const auto& request = context.request;
  filter.message = request.parameter("message");
  filter.number = request.parameter("number");
  filter.id_acte = request.parameter("id_acte");
  for (const auto& text : request.parameters("state")) {
    const auto state = flow::state_from(text);
    if (!state) return failure(bad_parameter("state"));
    filter.states.push_back(*state);
  }
  if (const auto annulled = request.parameter("annulled")) {
    if (*annulled != "true" && *annulled != "false") return failure(bad_parameter("annulled"));
    filter.annulled = *annulled == "true";
  }
  if (const auto overdue = request.parameter("overdue")) {
    if (*overdue != "true" && *overdue != "false") return failure(bad_parameter("overdue"));
    if (*overdue == "true")
      filter.overdue = actes_road::acte_limits(context.services.deadlines(), context.services.clock.now());
  }
  for (const auto& [name, into] : {std::pair{"from", &filter.from}, std::pair{"to", &filter.to}}) {
    if (!request.parameter(name)) continue;
    const auto day = day_parameter(request, name);
    if (!day) return failure(day.error());
    *into = *day;
  }
  return filter;
}

json::object with_deadlines(const store::ActeOnFlow& item, const Context& context) {
  return to_json(item,
                 actes_road::deadlines_of(item, context.services.deadlines(), context.services.clock.now()));
}

json::object with_answer_due(const flow::Letter& letter, const Context& context) {
  const auto now = context.services.clock.now();
  return to_json(letter, actes_road::answer_due(letter, context.services.deadlines(), now), now);
}

http::Response list_actes(const Context& context) {
  const auto filter = filter_of(context);
  if (!filter) return problem(filter.error(), context.request);
  const auto format = context.request.parameter("format").value_or("json");
  if (format == "csv") return paper_reply(context.services.papers->csv(*filter), context);
  if (format != "json") return problem(bad_parameter("format"), context.request);
  const auto page = paging(context.request);
  if (!page) return problem(page.error(), context.request);
  return page_reply(context.request, context.services.store.actes().list(*filter, page->cursor, page->limit),
                    [&](const store::ActeOnFlow& item) { return with_deadlines(item, context); });
}

http::Response get_acte(const Context& context) {
  auto& store = context.services.store;
  const auto actes = store.actes().of_flow(context.flow.id);
  if (!actes) return problem(actes.error(), context.request);
  const auto about = store.actes().about(context.flow.id);
  if (!about) return problem(about.error(), context.request);
  const auto letters = store.actes().letters({.authority = context.flow.authority, .acte = context.flow.id},
                                             {}, limits::max_page);
  if (!letters) return problem(letters.error(), context.request);
  auto out = to_json(context.flow);
  json::array messages;
  for (const auto& acte : *actes)
    messages.push_back(with_deadlines({acte, context.flow}, context).at("acte"));
  out["actes"] = std::move(messages);
  json::array linked;
  for (const auto& one : *about)
    linked.push_back(with_deadlines(one, context));
  out["linked"] = std::move(linked);
  json::array received;
  for (const auto& letter : letters->items)
    received.push_back(with_answer_due(letter, context));
  out["letters"] = std::move(received);
  return json_reply(200, out);
}

http::Response annul_acte(const Context& context) {
  auto submission = submission_of(context.services, context.request);
  if (!submission) return problem(submission.error(), context.request);
  submission->authority = context.flow.authority;
  const auto place = place_of(context.request);
  if (!place) return problem(place.error(), context.request);
  return taken_reply(context.services.actes->annul(*submission, context.flow.id, *place), context.request);
}

http::Response get_stamped(const Context& context) {
  const auto place = place_of(context.request);
  if (!place) return problem(place.error(), context.request);
  const auto wanted = context.request.parameter("document");
  const auto number =
      wanted ? number_of(*wanted, "document") : context.services.papers->main_document(context.flow, *place);
  if (!number) return problem(number.error(), context.request, context.flow.id.str());
  std::optional<ParisDay> published;
  if (const auto text = context.request.parameter("published")) {
    published = paris_day_from(*text);
    if (!published) return problem(bad_parameter("published"), context.request);
  }
  return paper_reply(context.services.papers->stamped(context.flow, *number, published), context);
}

http::Response get_bordereau(const Context& context) {
  const auto place = place_of(context.request);
  if (!place) return problem(place.error(), context.request);
  return paper_reply(context.services.papers->bordereau(context.flow, *place), context);
}

http::Response get_evidence(const Context& context) {
  return paper_reply(context.services.papers->evidence(context.flow), context);
}

http::Response list_letters(const Context& context) {
  store::LetterFilter filter;
  auto authority = listed_authority(context);
  if (!authority) return problem(authority.error(), context.request);
  filter.authority = std::move(*authority);
  if (const auto text = context.request.parameter("state")) {
    filter.state = flow::letter_state_from(*text);
    if (!filter.state) return problem(bad_parameter("state"), context.request);
  }
  const auto page = paging(context.request);
  if (!page) return problem(page.error(), context.request);
  return page_reply(context.request,
                    context.services.store.actes().letters(filter, page->cursor, page->limit),
                    [&](const flow::Letter& letter) { return with_answer_due(letter, context); });
}

http::Response get_letter(const Context& context) {
  return json_reply(200, with_answer_due(context.letter, context));
}

http::Response mark_letter(const Context& context) {
  const auto body = json_body(context, {"read"});
  if (!body) return problem(body.error(), context.request);
  const auto read = bool_member(*body, "read");
  if (!read) return problem(read.error(), context.request);
  auto& letters = context.services.store.actes();
  if (auto done = letters.mark_letter(context.letter.id, *read, context.identity.name); !done)
    return problem(done.error(), context.request);
  const auto after = letters.letter(context.letter.id);
  if (!after || !*after) return problem(after ? unknown_return() : after.error(), context.request);
  return json_reply(200, with_answer_due(**after, context));
}

http::Response get_classification(const Context& context) {
  const auto authority = listed_authority(context);
  if (!authority) return problem(authority.error(), context.request);
  const auto siren = authority->value_or(AuthorityId{});
  const auto found = context.services.classifications->of(siren);
  if (!found) return problem(found.error(), context.request);
  auto out = to_json(**found);
  const auto settings = context.services.store.actes().settings(siren);
  if (!settings) return problem(settings.error(), context.request);
  if (*settings) {
    const auto plan = context.services.classifications->plan(**settings, context.services.clock.now());
    if (!plan) return problem(plan.error(), context.request);
    out["requests"] = to_json(*plan, (*settings)->classification_days);
  }
  return json_reply(200, out);
}

http::Response request_classification(const Context& context) {
  const auto submission = submission_of(context.services, context.request);
  if (!submission) return problem(submission.error(), context.request);
  const bool again = context.request.parameter("again") == "true";
  return taken_reply(context.services.actes->request_classification(*submission, again), context.request);
}

constexpr std::array rows = {
    Row{"GET", "/v1/actes", Needs::identity, Action::read, list_actes},
    Row{"GET", "/v1/actes/{id}", Needs::flow, Action::read, get_acte},
    Row{"POST", "/v1/actes/{id}/annulation", Needs::flow, Action::deposit, annul_acte},
    Row{"GET", "/v1/actes/{id}/stamped", Needs::flow, Action::read, get_stamped},
    Row{"GET", "/v1/actes/{id}/bordereau", Needs::flow, Action::read, get_bordereau},
    Row{"GET", "/v1/actes/{id}/evidence", Needs::flow, Action::read, get_evidence},
    Row{"GET", "/v1/letters", Needs::identity, Action::read, list_letters},
    Row{"GET", "/v1/letters/{id}", Needs::letter, Action::read, get_letter},
    Row{"POST", "/v1/letters/{id}/read", Needs::letter, Action::collect, mark_letter},
    Row{"GET", "/v1/classification", Needs::identity, Action::read, get_classification},
    Row{"POST", "/v1/classification/request", Needs::identity, Action::deposit, request_classification},
};

}  // namespace

std::span<const Row> acte_rows() {
  return rows;
}

}  // namespace demat::api
