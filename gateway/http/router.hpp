#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gateway/http/message.hpp"

namespace demat::http {

/// Takes the body of an upload while it comes in. Called on worker threads, one call at a time; may block on
/// the store. Dropped when the client goes away.
class BodySink {
 public:
  virtual ~BodySink() = default;
  /// The next piece. An answer ends the upload early.
  [[nodiscard]] virtual std::optional<Response> take(std::string_view bytes) = 0;
  /// The body is complete.
  [[nodiscard]] virtual Response finish() = 0;
};

/// An answer before the body is read, or the sink that takes it.
using Opening = std::variant<Response, std::unique_ptr<BodySink>>;

/// Handlers run on worker threads and may block; they must be thread-safe.
using Handler = std::function<Response(const Request&, const std::string& body)>;
using UploadHandler = std::function<Opening(const Request&)>;

struct Route {
  std::string method;   ///< GET also answers HEAD
  std::string pattern;  ///< "/v1/flows/{id}/events"; a part in braces matches one segment
  std::variant<Handler, UploadHandler> handler;
  /// Bytes of an upload's file or files, when they are not http.max_payload; of another body, when they are
  /// not limits::small_body.
  std::uint64_t most = 0;
};

/// What a method and a path lead to.
struct Match {
  const Route* route = nullptr;  ///< null: unknown path, or see `allow`
  std::map<std::string, std::string> captures;
  std::string allow;  ///< set when the path exists with other methods: "GET, POST"
};

/// The table of routes. Immutable once the server runs; const use is thread-safe.
class Router {
 public:
  void add(Route route);
  [[nodiscard]] Match match(std::string_view method, std::string_view path) const;
  [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
};

}  // namespace demat::http
