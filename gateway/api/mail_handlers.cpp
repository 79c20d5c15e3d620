#include <array>

#include "gateway/api/errors.hpp"
#include "gateway/api/handlers.hpp"
#include "gateway/api/render.hpp"
#include "gateway/store/mails.hpp"

namespace demat::api {
namespace {

namespace json = boost::json;

/// The text stays out: a list of mails is for finding out what became of them.
json::object to_json(const store::OutgoingMail& mail) {
  json::object out{{"id", mail.id.str()},
                   {"authority", mail.authority.str()},
                   {"kind", mail.kind},
                   {"recipient", mail.recipient},
                   {"subject", mail.subject},
                   {"message_id", mail.message_id},
                   {"state", to_string(mail.state)},
                   {"tries", mail.tries},
                   {"created_at", to_iso8601(mail.created_at)}};
  if (!mail.flow.empty()) out["flow"] = mail.flow.str();
  if (mail.next_attempt_at) out["next_attempt_at"] = to_iso8601(*mail.next_attempt_at);
  if (mail.ended_at) out["ended_at"] = to_iso8601(*mail.ended_at);
  if (mail.reply != 0) out["reply"] = mail.reply;
  if (!mail.error_code.empty()) out["error_code"] = mail.error_code;
  if (!mail.reason.empty()) out["reason"] = mail.reason;
  return out;
}

Result<store::MailFilter> filter_of(const Context& context) {
  store::MailFilter filter;
  const auto named = named_authority(context.request);
  if (!named) return failure(named.error());
  if (!named->empty()) {
    const AuthorityId authority{*named};
    if (!flow::may(context.identity, flow::Action::operate, authority)) return failure(denied());
    filter.authorities = std::set{authority};
  } else if (!flow::may(context.identity, flow::Action::operate, AuthorityId{})) {
    const auto own = flow::authorities_for(context.identity, flow::Action::operate);
    filter.authorities.emplace(own.begin(), own.end());
  }
  if (const auto text = context.request.parameter("state")) {
    filter.state = store::mail_state_from(*text);
    if (!filter.state) return failure(bad_parameter("state"));
  }
  if (const auto flow = context.request.parameter("flow")) filter.flow = FlowId{*flow};
  return filter;
}

http::Response list_mails(const Context& context) {
  const auto filter = filter_of(context);
  if (!filter) return problem(filter.error(), context.request);
  const auto page = paging(context.request);
  if (!page) return problem(page.error(), context.request);
  const auto found = context.services.store.mails().list(*filter, page->cursor, page->limit);
  if (!found) return problem(found.error(), context.request);
  json::array items;
  for (const auto& mail : found->items)
    items.push_back(to_json(mail));
  json::object out{{"items", std::move(items)}};
  if (!found->next.empty()) {
    out["next"] = found->next;
    out["next_url"] = next_url(context.request, found->next);
  }
  return json_reply(200, out);
}

http::Response retry_mail(const Context& context) {
  auto& mails = context.services.store.mails();
  const store::MailId id{context.request.capture("id")};
  const auto found = mails.find(id);
  if (!found) return problem(found.error(), context.request);
  if (!*found || !flow::may(context.identity, flow::Action::operate, (*found)->authority))
    return problem(
        unknown("Aucun de vos messages ne porte cet identifiant.", "None of your mails has this id."),
        context.request);
  if (auto done = mails.retry(id, context.identity.name); !done)
    return problem(done.error(), context.request);
  context.services.wake_push();
  const auto now = mails.find(id);
  if (!now) return problem(now.error(), context.request);
  return json_reply(202, to_json(now->value_or(**found)));
}

constexpr std::array rows = {
    Row{"GET", "/v1/mails", Needs::anywhere, flow::Action::operate, list_mails},
    Row{"POST", "/v1/mails/{id}/retry", Needs::anywhere, flow::Action::operate, retry_mail},
};

}  // namespace

std::span<const Row> mail_rows() {
  return rows;
}

}  // namespace demat::api
