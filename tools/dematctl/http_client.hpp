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

/// A part of a form: a text, or a file with its own name.
struct FormPart {
  std::string name;
  std::string text;
  std::filesystem::path file;  ///< read from the disk while it is sent
};

struct HttpRequest {
  std::string method = "GET";
  std::string path;  ///< with its query, percent-encoded
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::filesystem::path upload;    ///< sent as the body, from the disk
  std::vector<FormPart> form;      ///< sent as multipart/form-data when there is any
  std::filesystem::path download;  ///< a body answered with 2xx goes to this file instead of memory
};

using HttpHeaders = std::map<std::string, std::string>;  ///< names in lower case

struct HttpResponse {
  int status = 0;
  HttpHeaders headers;
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
