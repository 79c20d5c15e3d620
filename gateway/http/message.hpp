#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "protocols/base/byte_source.hpp"
#include "protocols/base/error.hpp"

namespace demat::http {

/// Who is at the other end, as far as TLS knows. An empty fingerprint: no client certificate was shown.
struct PeerCertificate {
  std::string sha256;   ///< of the DER, 64 lower-case hexadecimal digits
  std::string subject;  ///< RFC 2253, for messages to the holder only
  /// Why it opens nothing, although the connection stands; null: it does.
  std::shared_ptr<const Error> refusal{};
};

/// The head of a request; the body goes to a BodySink or comes whole to the handler.
struct Request {
  std::string method;
  std::string path;                                          ///< decoded, without the query
  std::vector<std::pair<std::string, std::string>> query;    ///< decoded, in order, names may repeat
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
  std::map<std::string, std::string> captures;               ///< parts of the path named by the route
  std::string request_id;
  PeerCertificate peer;
  std::optional<std::uint64_t> content_length;  ///< absent with a chunked body

  /// The first header of that (lower-case) name, or empty.
  [[nodiscard]] std::string_view header(std::string_view name) const;
  /// The first query parameter of that name.
  [[nodiscard]] std::optional<std::string> parameter(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> parameters(std::string_view name) const;
  /// A part of the path that the route's pattern names; empty when it does not.
  [[nodiscard]] const std::string& capture(const std::string& name) const;
};

/// A body that is streamed from the store in pieces.
using Stream = std::shared_ptr<const ByteSource>;

/// A body without a known end, made piece by piece (server-sent events).
class EventFeed {
 public:
  virtual ~EventFeed() = default;
  /// What can be sent now, at most some 64 KB, and nothing when there is nothing new; no value: it is over.
  /// Called on worker threads, one call at a time; may block on the store but must not wait for news.
  [[nodiscard]] virtual std::optional<std::string> next() = 0;
  /// `wake` is to be called, from any thread, when `next` may have something again. Replaces the one before;
  /// after an empty one has been given, none is called any more.
  virtual void wake_with(std::function<void()> wake) = 0;
};
using Feed = std::shared_ptr<EventFeed>;

struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::variant<std::string, Stream, Feed> body;
  bool close = false;  ///< end the connection after this answer

  /// Control characters in `value` become spaces, so that no value can add a header.
  Response& with(std::string name, std::string_view value);
};

[[nodiscard]] std::string_view reason_phrase(int status);

/// "%C3%A9" -> "é"; empty when malformed.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);
/// Everything but RFC 3986's unreserved characters becomes %XX.
[[nodiscard]] std::string percent_encode(std::string_view text);

/// Splits and decodes a request target ("/a/b?c=d"); empty when it is not an origin-form target or its
/// decoded path holds "..", NUL or an empty segment.
struct Target {
  std::string path;
  std::vector<std::pair<std::string, std::string>> query;
};
[[nodiscard]] std::optional<Target> parse_target(std::string_view target);

}  // namespace demat::http
