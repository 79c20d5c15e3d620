#pragma once

#include <libssh/libssh.h>
#include <libssh/sftp.h>

#include <chrono>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "gateway/config/settings.hpp"
#include "gateway/transport/peer.hpp"
#include "gateway/transport/socket.hpp"
#include "gateway/transport/watchdog.hpp"

namespace demat::transport {

struct SshFree {
  void operator()(ssh_session session) const { ssh_free(session); }
  void operator()(ssh_key key) const { ssh_key_free(key); }
  void operator()(sftp_session session) const { sftp_free(session); }
  void operator()(sftp_file file) const { sftp_close(file); }
  void operator()(sftp_dir dir) const { sftp_closedir(dir); }
  void operator()(sftp_attributes attributes) const { sftp_attributes_free(attributes); }
};
template <class Handle>
using SshHandle = std::unique_ptr<std::remove_pointer_t<Handle>, SshFree>;

/// One authenticated SSH connection with its SFTP channel. The host key must be in the destination's
/// known_hosts; nothing of the user's own ssh configuration counts (rigs §2). Not thread-safe. A session that
/// said it is lost stays lost: make another.
class SshSession {
 public:
  /// Connects, checks the host key, logs in, opens the channel. `transcript` may be null.
  [[nodiscard]] static Result<std::unique_ptr<SshSession>> open(const config::Destination& destination,
                                                                Transcript* transcript);
  ~SshSession();
  SshSession(const SshSession&) = delete;
  SshSession& operator=(const SshSession&) = delete;

  [[nodiscard]] sftp_session sftp() const { return sftp_.get(); }
  /// The connection broke or was cut by a deadline.
  [[nodiscard]] bool lost() const;
  /// The error of the last failed operation.
  [[nodiscard]] Error error(std::string_view what) const;

  /// Gives the next operations `limit` to end; the connection is cut after that.
  void give(std::chrono::milliseconds limit) { watchdog_.arm(socket_.get(), limit); }
  /// The operations are over.
  void done() { timed_out_ = watchdog_.disarm() || timed_out_; }

 private:
  explicit SshSession(const config::Destination& destination);
  [[nodiscard]] Status connect(Transcript* transcript);
  [[nodiscard]] Status set_options();
  [[nodiscard]] Status check_host() const;
  [[nodiscard]] Status login();
  [[nodiscard]] Result<int> login_with_key();
  [[nodiscard]] Error ssh_error(Fault fault, std::string_view what) const;

  config::Destination destination_;
  Descriptor socket_;  ///< the same connection as libssh's own descriptor, for the watchdog
  Watchdog watchdog_;
  bool timed_out_ = false;
  SshHandle<ssh_session> session_;
  SshHandle<sftp_session> sftp_;
};

/// Gives a session time for the length of a scope.
class Deadline {
 public:
  Deadline(SshSession& session, std::chrono::milliseconds limit) : session_(session) { session_.give(limit); }
  ~Deadline() { session_.done(); }
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

 private:
  SshSession& session_;
};

}  // namespace demat::transport
