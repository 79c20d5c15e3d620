#include "tools/dematctl/api.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "protocols/base/limits.hpp"
#include "tools/dematctl/json_fields.hpp"

namespace demat::ctl {
namespace {

namespace json = boost::json;

HttpRequest with_json(const char* method, const std::string& path, const json::object& body) {
  HttpRequest request;
  request.method = method;
  request.path = path;
  request.headers = {{"Content-Type", "application/json"}};
  request.body = json::serialize(body);
  return request;
}

}  // namespace

std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                       (byte >= '0' && byte <= '9') || byte == '-' || byte == '.' || byte == '_' ||
                       byte == '~';
    if (plain)
      out += c;
    else
      out.append({'%', digits[byte >> 4U], digits[byte & 15U]});
  }
  return out;
}

Query& Query::add(std::string_view name, std::string_view value) {
  if (!value.empty()) {
    text_ += text_.empty() ? '?' : '&';
    text_ += percent_encode(name) + "=" + percent_encode(value);
  }
  return *this;
}

Answer<Api::Reply> Api::exchange(const HttpRequest& request) {
  auto response = client_.send(request);
  if (!response) return fail(std::move(response.error()));
  if (exit_of_status(response->status) != Exit::ok)
    return fail(from_problem(response->status, response->body));
  if (response->status == 204) return Reply{response->status, {}};
  boost::system::error_code wrong;
  auto value = json::parse(response->body, wrong);
  if (wrong || !value.is_object()) {
    return fail(
        {Exit::network,
         permanent_error("ctl.answer", "Réponse incompréhensible : est-ce bien une passerelle dematd ?",
                         "Answer not understood: is this a dematd gateway?"),
         {}});
  }
  return Reply{response->status, std::move(value.as_object())};
}

Answer<json::object> Api::get(const std::string& path) {
  HttpRequest request;
  request.path = path;
  auto reply = exchange(request);
  if (!reply) return fail(std::move(reply.error()));
  return std::move(reply->body);
}

Answer<Api::Reply> Api::post(const std::string& path, const json::object& body) {
  return exchange(with_json("POST", path, body));
}

Answer<Api::Reply> Api::put(const std::string& path, const json::object& body) {
  return exchange(with_json("PUT", path, body));
}

Answer<Api::Reply> Api::remove(const std::string& path) {
  HttpRequest request;
  request.method = "DELETE";
  request.path = path;
  return exchange(request);
}

Answer<Api::Reply> Api::patch(const std::string& path, std::int64_t offset, std::string bytes,
                              const std::vector<std::pair<std::string, std::string>>& headers) {
  HttpRequest request;
  request.method = "PATCH";
  request.path = path;
  request.headers = {{"Content-Type", "application/offset+octet-stream"},
                     {"Upload-Offset", std::to_string(offset)}};
  request.headers.insert(request.headers.end(), headers.begin(), headers.end());
  request.body = std::move(bytes);
  return exchange(request);
}

Answer<Api::Reply> Api::upload(const std::string& path, const std::filesystem::path& file,
                               const std::vector<std::pair<std::string, std::string>>& headers) {
  HttpRequest request;
  request.method = "POST";
  request.path = path;
  request.headers = {{"Content-Type", "application/xml"},
                     {"Demat-File-Name", percent_encode(file.filename().string())}};
  request.headers.insert(request.headers.end(), headers.begin(), headers.end());
  request.upload = file;
  return exchange(request);
}

Answer<Api::Reply> Api::submit_form(const std::string& path, std::vector<FormPart> form,
                                    const std::vector<std::pair<std::string, std::string>>& headers) {
  HttpRequest request;
  request.method = "POST";
  request.path = path;
  request.headers = headers;
  request.form = std::move(form);
  return exchange(request);
}

Answer<std::string> Api::download(const std::string& path, const std::filesystem::path& file,
                                  HttpHeaders* headers) {
  HttpRequest request;
  request.path = path;
  request.download = file;
  auto response = client_.send(request);
  if (!response) return fail(std::move(response.error()));
  if (exit_of_status(response->status) != Exit::ok)
    return fail(from_problem(response->status, response->body));
  if (headers != nullptr) *headers = std::move(response->headers);
  return std::move(response->body);
}

Answer<std::vector<json::object>> Api::list(const std::string& path, const Query& query, std::size_t limit) {
  std::vector<json::object> items;
  std::string cursor;
  do {
    const std::size_t wanted =
        limit == 0 ? limits::max_page : std::min(limit - items.size(), limits::max_page);
    Query page = query;
    page.add("limit", std::to_string(wanted)).add("cursor", cursor);
    auto answer = get(path + page.str());
    if (!answer) return fail(std::move(answer.error()));
    for (auto& item : objects_of(*answer, "items"))
      items.push_back(std::move(item));
    std::string next = text_of(*answer, "next");
    // A server that gives the same cursor again would keep us here for ever.
    if (next == cursor) break;
    cursor = std::move(next);
  } while (!cursor.empty() && (limit == 0 || items.size() < limit));
  if (limit != 0 && items.size() > limit) items.resize(limit);
  return items;
}

}  // namespace demat::ctl
