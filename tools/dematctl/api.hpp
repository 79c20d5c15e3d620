#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "tools/dematctl/http_client.hpp"

namespace demat::ctl {

/// Percent-encodes everything but unreserved characters (RFC 3986).
[[nodiscard]] std::string percent_encode(std::string_view text);

/// Builds a query; empty values are left out.
class Query {
 public:
  Query& add(std::string_view name, std::string_view value);
  /// "" or "?a=b&c=d".
  [[nodiscard]] const std::string& str() const { return text_; }

 private:
  std::string text_;
};

/// The gateway's API v1 (docs/openapi.yaml): JSON in, JSON out, problems as Failures. Used by one thread.
class Api {
 public:
  explicit Api(HttpClient& client) : client_(client) {}

  struct Reply {
    int status = 0;
    boost::json::object body;
  };
  [[nodiscard]] Answer<boost::json::object> get(const std::string& path);
  [[nodiscard]] Answer<Reply> post(const std::string& path, const boost::json::object& body);
  [[nodiscard]] Answer<Reply> put(const std::string& path, const boost::json::object& body);
  /// The answer has no body.
  [[nodiscard]] Answer<Reply> remove(const std::string& path);
  /// What follows of an upload, from `offset` on; 204 while more is wanted.
  [[nodiscard]] Answer<Reply> patch(const std::string& path, std::int64_t offset, std::string bytes,
                                    const std::vector<std::pair<std::string, std::string>>& headers = {});
  /// Sends a file as the body, with its name beside.
  [[nodiscard]] Answer<Reply> upload(const std::string& path, const std::filesystem::path& file,
                                     const std::vector<std::pair<std::string, std::string>>& headers = {});
  /// Sends a form; its files come from the disk.
  [[nodiscard]] Answer<Reply> submit_form(
      const std::string& path, std::vector<FormPart> form,
      const std::vector<std::pair<std::string, std::string>>& headers = {});
  /// The bytes at `path` into `file`, or into memory when it is empty. The headers of the answer too, when
  /// somebody wants them.
  [[nodiscard]] Answer<std::string> download(const std::string& path, const std::filesystem::path& file,
                                             HttpHeaders* headers = nullptr);
  /// Up to `limit` items of a paged list (0: all of them), following `next`.
  [[nodiscard]] Answer<std::vector<boost::json::object>> list(const std::string& path, const Query& query,
                                                              std::size_t limit);

 private:
  [[nodiscard]] Answer<Reply> exchange(const HttpRequest& request);
  HttpClient& client_;
};

}  // namespace demat::ctl
