#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "gateway/transport/peer.hpp"

namespace demat::transport {

class SshSession;

/// Hélios over SFTP (Passtrans): the parameters travel in the remote name, which the caller makes
/// (helios 3.2). Written bytes are fsynced at the peer when it offers that. Keeps its session between
/// operations.
class SftpPeer final : public Peer {
 public:
  explicit SftpPeer(config::Destination destination);
  ~SftpPeer() override;
  SftpPeer(const SftpPeer&) = delete;
  SftpPeer& operator=(const SftpPeer&) = delete;

  [[nodiscard]] tl::expected<void, PutFailure> put(const PutRequest& request,
                                                   Transcript& transcript) override;
  [[nodiscard]] Result<Presence> look(const std::string& remote_name, std::uint64_t expected_size) override;
  [[nodiscard]] Result<std::vector<RemoteFile>> list_returns() override;
  [[nodiscard]] Status fetch(const RemoteFile& file, const Sink& sink) override;
  [[nodiscard]] Status remove_return(const std::string& name) override;
  [[nodiscard]] Status probe(Transcript& transcript) override;
  void close() override;

 private:
  class Writing;

  /// Connects when there is no live session.
  [[nodiscard]] Status ensure(Transcript* transcript);
  /// Runs `operation`, which must have no effect when it fails for a lost connection; then once more on a
  /// fresh one.
  [[nodiscard]] Status with_session(Transcript* transcript, const std::function<Status()>& operation);
  [[nodiscard]] Result<std::vector<RemoteFile>> list(const std::string& directory, Transcript* transcript);
  [[nodiscard]] Result<std::vector<RemoteFile>> list_now(const std::string& directory);
  [[nodiscard]] Status fetch_now(const RemoteFile& file, const Sink& sink, bool& started);

  config::Destination destination_;
  std::unique_ptr<SshSession> session_;
  std::optional<bool> hides_open_files_;  ///< learnt at the first direct deposit
};

}  // namespace demat::transport
