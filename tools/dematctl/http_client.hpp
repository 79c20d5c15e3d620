#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tools/dematctl/connection_settings.hpp"
#include "tools/dematctl/failure.hpp"

namespace demat::ctl {

struct HttpRequest {
  std::string method = "GET";
  std::string path;  ///< with its query, percent-encoded
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::filesystem::path upload;    ///< sent as the body, from the disk
  std::filesystem::path download;  ///< a body answered with 2xx goes to this file instead of memory
};

struct HttpResponse {
  int status = 0;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
};

/// The door to the gateway; tests replace it. Used by one thread.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  /// Any HTTP answer is a success here. Failures are Exit::network, or Exit::usage for a file or URL of ours.
  [[nodiscard]] virtual Answer<HttpResponse> send(const HttpRequest& request) = 0;
};

/// Over libcurl: HTTPS only, server verified, client certificate shown, no redirects, connection kept.
/// Failures: `ctl.url`, `ctl.file`, `ctl.certificate` (usage), `ctl.tls`, `ctl.network`, `ctl.timeout`
/// (network).
[[nodiscard]] std::unique_ptr<HttpClient> make_curl_client(const ConnectionSettings& settings);

}  // namespace demat::ctl
