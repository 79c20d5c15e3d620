#pragma once

#include <boost/json/parse.hpp>
#include <deque>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "tools/dematctl/commands.hpp"

namespace demat::ctl {

/// A gateway made of prepared answers, and a session that talks to it. Answers are per "METHOD path", given
/// in order, the last one again and again; a path without answer is a 404 problem.
class FakeGateway : public HttpClient {
 public:
  explicit FakeGateway(bool json = false) : output(out, err, json, 0), api(*this) {}

  void answers(const std::string& method_and_path, int status, const std::string& body,
               const HttpHeaders& headers = {}) {
    replies_[method_and_path].push_back({status, headers, body});
  }
  void unreachable(const std::string& method_and_path) { replies_[method_and_path].push_back({0, {}, ""}); }

  Answer<HttpResponse> send(const HttpRequest& request) override {
    requests.push_back(request);
    auto& prepared = replies_[request.method + " " + request.path];
    if (prepared.empty()) {
      return HttpResponse{
          404, {}, R"({"code":"flow.not_found","detail":"Inconnu.","detail_en":"Unknown.","status":404})"};
    }
    const HttpResponse reply = prepared.front();
    if (prepared.size() > 1) prepared.pop_front();
    if (reply.status == 0)
      return fail({Exit::network, permanent_error("ctl.network", "Injoignable.", "Unreachable."), {}});
    if (!request.download.empty() && reply.status == 200) std::ofstream(request.download) << reply.body;
    return reply;
  }

  [[nodiscard]] Session session() {
    return {api, output, [this](std::chrono::milliseconds wait) { slept += wait; }};
  }
  [[nodiscard]] boost::json::object body_of(std::size_t request) const {
    return boost::json::parse(requests.at(request).body).as_object();
  }

  std::ostringstream out;
  std::ostringstream err;
  Output output;
  Api api;
  std::vector<HttpRequest> requests;
  std::chrono::milliseconds slept{0};

 private:
  std::map<std::string, std::deque<HttpResponse>> replies_;
};

}  // namespace demat::ctl
