#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <charconv>

#include "gateway/api/context.hpp"
#include "gateway/api/errors.hpp"
#include "gateway/http/header_value.hpp"
#include "protocols/base/identifiers.hpp"

namespace demat::api {

namespace json = boost::json;

Result<std::string> named_authority(const http::Request& request) {
  const std::string by_header(request.header("demat-authority"));
  const auto by_query = request.parameter("authority").value_or("");
  if (!by_header.empty() && !by_query.empty() && by_header != by_query)
    return failure(bad_parameter("authority"));
  const auto& named = by_header.empty() ? by_query : by_header;
  if (!named.empty() && !is_siren(named)) return failure(bad_parameter("authority"));
  return named;
}

Result<std::optional<AuthorityId>> listed_authority(const Context& context) {
  const auto named = named_authority(context.request);
  if (!named) return failure(named.error());
  if (named->empty() && flow::may(context.identity, flow::Action::read, AuthorityId{})) return std::nullopt;
  auto chosen = intake::choose_authority(context.identity, flow::Action::read, *named);
  if (!chosen) return failure(std::move(chosen.error()));
  return std::optional(std::move(*chosen));
}

Result<json::object> json_body(const Context& context, std::initializer_list<std::string_view> members) {
  const auto type = http::parse_header_value(context.request.header("content-type"));
  if (!type || type->value != "application/json") return failure(unsupported_media(true));
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = 8;
  auto value = json::parse(context.body, error, {}, options);
  if (error) return failure(bad_json(error.message()));
  if (!value.is_object()) return failure(bad_json("no object"));
  for (const auto& entry : value.get_object()) {
    const std::string_view key = entry.key();
    if (std::find(members.begin(), members.end(), key) == members.end())
      return failure(bad_field(std::string(key)));
  }
  return std::move(value.get_object());
}

Result<std::string> text_member(const json::object& object, std::string_view name,
                                const std::optional<std::string>& fallback) {
  const auto* value = object.if_contains(name);
  if (value == nullptr && fallback) return *fallback;
  if (value == nullptr || !value->is_string()) return failure(bad_field(std::string(name)));
  const std::string_view text = value->get_string();
  constexpr std::size_t max_text = 1'000;
  if (text.size() > max_text) return failure(bad_field(std::string(name)));
  return std::string(text);
}

Result<bool> bool_member(const json::object& object, std::string_view name, std::optional<bool> fallback) {
  const auto* value = object.if_contains(name);
  if (value == nullptr && fallback) return *fallback;
  if (value == nullptr || !value->is_bool()) return failure(bad_field(std::string(name)));
  return value->get_bool();
}

Result<std::optional<Instant>> instant_parameter(const http::Request& request, const std::string& name) {
  const auto text = request.parameter(name);
  if (!text) return std::nullopt;
  const auto instant = from_iso8601(*text);
  if (!instant) return failure(bad_parameter(name));
  return std::optional(*instant);
}

Result<Paging> paging(const http::Request& request) {
  Paging out;
  out.cursor = request.parameter("cursor").value_or("");
  const auto limit = request.parameter("limit");
  if (!limit) return out;
  const char* end = limit->data() + limit->size();
  const auto parsed = std::from_chars(limit->data(), end, out.limit);
  if (parsed.ec != std::errc{} || parsed.ptr != end || out.limit < 1 || out.limit > limits::max_page)
    return failure(bad_parameter("limit"));
  return out;
}

std::string next_url(const http::Request& request, const std::string& cursor) {
  std::string out = request.path + "?";
  for (const auto& [name, value] : request.query) {
    if (name == "cursor") continue;
    out += http::percent_encode(name) + "=" + http::percent_encode(value) + "&";
  }
  return out + "cursor=" + http::percent_encode(cursor);
}

}  // namespace demat::api
