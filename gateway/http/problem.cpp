#include "gateway/http/problem.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "protocols/base/utf8.hpp"
#include "protocols/report/json.hpp"

namespace demat::http {
namespace {

namespace json = boost::json;

constexpr std::chrono::seconds default_retry{5};

json::object place_json(const Place& place) {
  json::object out;
  if (place.line != 0) out["line"] = place.line;
  if (!place.path.empty()) out["path"] = place.path;
  return out;
}

}  // namespace

Response render(const Problem& problem, const std::string& request_id) {
  json::object body{{"type", "urn:dematd:problem:" + problem.error.code},
                    {"title", reason_phrase(problem.status)},
                    {"status", problem.status},
                    {"detail", problem.error.fr},
                    {"detail_en", problem.error.en},
                    {"code", problem.error.code},
                    {"request_id", request_id}};
  if (problem.error.place != Place{}) body["place"] = place_json(problem.error.place);
  if (!problem.flow.empty()) body["flow"] = problem.flow;
  if (!problem.findings.empty()) {
    json::array findings;
    for (const auto& finding : problem.findings)
      findings.push_back(report::to_json(finding));
    body["findings"] = std::move(findings);
  }
  Response out;
  out.status = problem.status;
  out.with("Content-Type", "application/problem+json");
  out.with("Content-Language", "fr");
  auto retry = problem.retry_after;
  const bool later = problem.status == 503 || problem.status == 429;
  if (later && retry == std::chrono::seconds::zero()) retry = default_retry;
  if (retry != std::chrono::seconds::zero()) out.with("Retry-After", std::to_string(retry.count()));
  out.body = utf8_replaced(json::serialize(body));
  return out;
}

}  // namespace demat::http
