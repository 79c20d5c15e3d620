#include <charconv>

#include "gateway/api/care_handlers.hpp"
#include "gateway/api/errors.hpp"
#include "gateway/api/render.hpp"
#include "gateway/store/care.hpp"
#include "protocols/base/digest.hpp"

namespace demat::api {
namespace {

namespace json = boost::json;

Result<std::optional<std::uint64_t>> sequence_parameter(const http::Request& request,
                                                        const std::string& name) {
  const auto text = request.parameter(name);
  if (!text) return std::nullopt;
  std::uint64_t number = 0;
  const char* end = text->data() + text->size();
  const auto parsed = std::from_chars(text->data(), end, number);
  if (parsed.ec != std::errc{} || parsed.ptr != end || number > INT64_MAX)
    return failure(bad_parameter(name));
  return std::optional(number);
}

Result<store::JournalFilter> filter_of(const http::Request& request) {
  store::JournalFilter out;
  if (const auto flow = request.parameter("flow")) out.flow = FlowId{*flow};
  out.actor = request.parameter("actor");
  out.code = request.parameter("code");
  const auto from = moment_parameter(request, "from");
  if (!from) return failure(from.error());
  const auto to = moment_parameter(request, "to");
  if (!to) return failure(to.error());
  out.from = *from;
  out.to = *to;
  const auto first = sequence_parameter(request, "first");
  if (!first) return failure(first.error());
  const auto last = sequence_parameter(request, "last");
  if (!last) return failure(last.error());
  out.first = *first;
  out.last = *last;
  return out;
}

std::string hexed(const std::string& bytes) {
  return hex(as_bytes(bytes));
}

json::object anchor_json(const store::Anchor& anchor) {
  return {{"sequence", anchor.sequence},
          {"at", to_iso8601(anchor.at)},
          {"chain", hexed(anchor.chain)},
          {"mac", hexed(anchor.mac)}};
}

json::object line_json(const store::JournalLine& line) {
  auto out = to_json(line.event);
  if (!line.event.flow.empty()) out["flow"] = line.event.flow.str();
  if (!line.payloads.empty()) out["payloads"] = line.payloads;
  out["chain"] = hexed(line.chain);
  return out;
}

template <class T, class F>
http::Response page_reply(const Context& context, const store::Page<T>& page, const F& render) {
  json::array items;
  for (const auto& item : page.items)
    items.push_back(render(item));
  json::object out;
  out["items"] = std::move(items);
  if (!page.next.empty()) {
    out["next"] = page.next;
    out["next_url"] = next_url(context.request, page.next);
  }
  return json_reply(200, out);
}

}  // namespace

http::Response search_journal(const Context& context) {
  const auto filter = filter_of(context.request);
  if (!filter) return problem(filter.error(), context.request);
  const auto page = paging(context.request);
  if (!page) return problem(page.error(), context.request);
  const auto found = context.services.store.care().search(*filter, page->cursor, page->limit);
  if (!found) return problem(found.error(), context.request);
  return page_reply(context, *found, line_json);
}

http::Response export_journal(const Context& context) {
  const auto filter = filter_of(context.request);
  if (!filter) return problem(filter.error(), context.request);
  auto exported = context.services.store.care().export_journal(*filter);
  if (!exported) return problem(exported.error(), context.request);
  return file_reply(std::move(*exported), "application/x-ndjson", "journal.jsonl");
}

http::Response list_anchors(const Context& context) {
  const auto page = paging(context.request);
  if (!page) return problem(page.error(), context.request);
  const auto found = context.services.store.care().anchors(page->cursor, page->limit);
  if (!found) return problem(found.error(), context.request);
  return page_reply(context, *found, anchor_json);
}

http::Response anchor_journal(const Context& context) {
  const auto anchor = context.services.store.care().anchor_now();
  if (!anchor) return problem(anchor.error(), context.request);
  return json_reply(200, anchor_json(*anchor));
}

}  // namespace demat::api
