#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gateway/config/settings.hpp"
#include "gateway/http/peer_judge.hpp"
#include "gateway/http/router.hpp"
#include "protocols/base/result.hpp"

namespace demat::http {

/// One request answered, for logs and metrics: no name, no query, no body.
struct Exchange {
  std::string_view route;  ///< the pattern, or "unmatched": bounded as a label
  std::string_view method;
  int status = 0;
  double seconds = 0;  ///< from the end of the head to the end of the answer
  std::uint64_t bytes_in = 0;
  std::string_view request_id;
  std::string_view certificate;  ///< fingerprint; empty without one
};

/// What the server tells; called from its threads, must be thread-safe and quick. Either may be empty.
struct Observer {
  std::function<void(const Exchange&)> done;
  /// Something worth a log line: an event code ("http.handshake") and a technical detail.
  std::function<void(std::string_view code, std::string_view detail)> trouble;
};

struct ServerOptions {
  config::Http http;
  std::size_t workers = 0;                  ///< threads for handlers; 0: four per core, at least 8
  std::chrono::milliseconds drain{30'000};  ///< how long stop() waits for running requests
  std::chrono::milliseconds linger{2'000};  ///< how long an ending connection listens for the client's end
  std::vector<std::pair<std::string, std::string>> headers{};  ///< added to every answer
  std::size_t max_per_certificate = 128;        ///< requests at once from one certificate; then 429
  std::chrono::milliseconds heartbeat{15'000};  ///< of a feed without news
  Observer observer{};
  PeerJudge judge{};  ///< asked when http.client_trust is set; required then
};

/// Named limits of the server itself (stack rule 12).
namespace limits {
inline constexpr std::size_t request_head = 16'384;  ///< bytes of request line and headers
inline constexpr std::size_t header_lines = 100;
inline constexpr std::size_t small_body = 65'536;       ///< bytes of a JSON body
inline constexpr std::size_t read_buffer = 65'536;      ///< per connection (stack C7)
inline constexpr std::size_t multipart_extra = 65'536;  ///< an upload may exceed max_payload by its envelope
inline constexpr std::size_t upload_memory = 393'216;   ///< what one upload may hold in memory
}  // namespace limits

/// HTTPS server with client certificates: one I/O thread, a bounded pool for handlers, deadlines on every
/// wait. `router` is copied. Methods may be called from any thread.
class Server {
 public:
  /// Binds, loads the certificates, starts. Errors: `tls.*`, `http.listen`.
  [[nodiscard]] static Result<std::unique_ptr<Server>> start(ServerOptions options, Router router);
  ~Server();  ///< stops
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  /// Reads the certificate files again for the connections to come; on error the old ones stay in use.
  [[nodiscard]] Status reload_certificates();
  /// The same with the files that `http` names, and its time limits, max_connections and memory_budget; no
  /// connection ends. On error nothing changes. Address, port and max_payload stay what they were.
  [[nodiscard]] Status reload(const config::Http& http);
  /// True when the I/O thread takes its turns: it answered within `patience`. Only while running.
  [[nodiscard]] bool turns(std::chrono::milliseconds patience) const;
  [[nodiscard]] std::size_t connections() const;
  /// Stops accepting, lets running requests finish within the drain time, then ends. Idempotent.
  void stop();

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace demat::http
