#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.hpp"
#include "gateway/config/settings.hpp"
#include "protocols/base/byte_source.hpp"
#include "protocols/base/result.hpp"

namespace demat::transport {

/// A file listed at the peer; the name has no path (helios B6).
struct RemoteFile {
  std::string name;
  std::uint64_t size = 0;
  std::optional<Instant> time;
};

/// The three parameters of the Gateway (helios 3.3). Checked for control characters and ';' before use (rigs
/// §1).
struct Parameters {
  std::string p_dest;
  std::string p_appli;
  std::string p_msg;
};

struct PutRequest {
  std::string remote_name;  ///< stable over all attempts of a flow
  Parameters parameters;
  const ByteSource& bytes;
};

/// What a failed put leaves behind. Only `not_delivered` may be tried again by itself.
enum class Delivery { not_delivered, ambiguous };

struct PutFailure {
  Error error;
  Delivery delivery = Delivery::ambiguous;
};

/// The dialogue of one operation, line by line, secrets masked, bounded.
class Transcript {
 public:
  void add(std::string_view line);
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

/// Where a deposit stands, as far as a listing can tell (stack N5). `unknown`: the peer shows nothing (actes
/// 5.1); only its answer or a person decides.
enum class Presence { absent, partial_only, final_name, unknown };

/// Takes the bytes of a file being fetched.
using Sink = std::function<Status(std::string_view)>;

/// A connection to one destination; connects when needed and again after a failure. One per worker: not
/// thread-safe. Errors: `transport.unreachable`, `transport.timeout`, `transport.login`, `transport.identity`
/// (host key or certificate not the expected one), `transport.refused` (the peer's reply in `detail`),
/// `transport.full`, `transport.interrupted`, `transport.absent`, `transport.unavailable`,
/// `transport.unexpected` (neither yes nor no), `transport.bad_parameter` (a name or parameter that must not
/// leave: a defect of configuration, to be alarmed; nothing was sent); all waiting. Only
/// `transport.unsafe_name` (a listed file that cannot be fetched) is permanent.
class Peer {
 public:
  virtual ~Peer() = default;
  /// Delivers the bytes under the remote name, with the parameters as the mode wants them.
  [[nodiscard]] virtual tl::expected<void, PutFailure> put(const PutRequest& request,
                                                           Transcript& transcript) = 0;
  /// Looks for a deposit in the send directory. A file under the final name whose size is not `expected_size`
  /// counts as `partial_only`: in direct put mode an interrupted transfer leaves it there.
  [[nodiscard]] virtual Result<Presence> look(const std::string& remote_name,
                                              std::uint64_t expected_size) = 0;
  /// Files of the return directory; an empty directory is normal (helios B31). Dot-files (still being
  /// written) and sub-directories are left out. An unsafe name stays in: fetch() refuses it with
  /// `transport.unsafe_name`, so that the caller can report it.
  [[nodiscard]] virtual Result<std::vector<RemoteFile>> list_returns() = 0;
  [[nodiscard]] virtual Status fetch(const RemoteFile& file, const Sink& sink) = 0;
  /// Deletes a return; only for destinations with delete_after_fetch.
  [[nodiscard]] virtual Status remove_return(const std::string& name) = 0;
  /// Connects, logs in, lists both directories; every step goes to the transcript.
  [[nodiscard]] virtual Status probe(Transcript& transcript) = 0;
  /// Drops the connection.
  virtual void close() = 0;
};

/// The Peer for a destination's mode; `destination` is copied.
[[nodiscard]] std::unique_ptr<Peer> make_peer(const config::Destination& destination);

}  // namespace demat::transport
