#pragma once

#include <functional>
#include <optional>
#include <string>

#include "gateway/transport/curl_handle.hpp"
#include "gateway/transport/ftp_dialogue.hpp"
#include "gateway/transport/peer.hpp"

namespace demat::transport {

/// Hélios over FTP: simulator (plain deposit), Gateway (three SITE commands), Passtrans FTPS (one SITE META
/// over TLS; helios 3.3, 6.1). The SITE commands go right before STOR; a reply other than 200 cuts the
/// connection before STOR can leave. Keeps its connection between operations (stack N4).
class FtpPeer final : public Peer {
 public:
  explicit FtpPeer(config::Destination destination);
  ~FtpPeer() override;
  FtpPeer(const FtpPeer&) = delete;
  FtpPeer& operator=(const FtpPeer&) = delete;

  [[nodiscard]] tl::expected<void, PutFailure> put(const PutRequest& request,
                                                   Transcript& transcript) override;
  [[nodiscard]] Result<Presence> look(const std::string& remote_name, std::uint64_t expected_size) override;
  [[nodiscard]] Result<std::vector<RemoteFile>> list_returns() override;
  [[nodiscard]] Status fetch(const RemoteFile& file, const Sink& sink) override;
  [[nodiscard]] Status remove_return(const std::string& name) override;
  [[nodiscard]] Status probe(Transcript& transcript) override;
  void close() override;

 private:
  struct Upload;
  struct Outcome;
  /// Sets the options that make an operation what it is.
  using Prepare = std::function<void(CURL*)>;

  [[nodiscard]] Status usable() const;
  /// Runs one operation; once more on a fresh connection when a kept one turned out dead before any effect:
  /// STOR sent, or `*irrevocable` set meanwhile (may be null).
  [[nodiscard]] Outcome run(const std::string& url, const Prepare& prepare, Transcript* transcript,
                            const bool* irrevocable = nullptr);
  [[nodiscard]] Outcome run_once(const std::string& url, const Prepare& prepare, Transcript* transcript);
  void set_common(CURL* handle, const std::string& url) const;
  void set_security(CURL* handle) const;
  void set_deadlines(CURL* handle) const;
  [[nodiscard]] std::string url_of(std::string_view directory, std::string_view name) const;
  [[nodiscard]] CurlList site_commands(const Parameters& parameters) const;
  [[nodiscard]] Error error_of(const Outcome& outcome) const;
  [[nodiscard]] tl::expected<void, PutFailure> judge(const Outcome& outcome, const Upload& upload) const;
  [[nodiscard]] Result<std::string> list_raw(const std::string& directory, const char* verb,
                                             Transcript* transcript);
  [[nodiscard]] Result<std::vector<RemoteFile>> list(const std::string& directory, Transcript* transcript);
  [[nodiscard]] Status add_sizes(const std::string& directory, std::vector<RemoteFile>& files);

  config::Destination destination_;
  OpenSockets sockets_;  // first: closing connections still calls it
  CurlMulti connections_;
  CurlEasy handle_;
  std::optional<std::uint64_t> wanted_size_;  ///< of the deposit under way, to be told before its rename
  bool mlsd_ = true;                          ///< cleared when the server does not know MLSD
};

}  // namespace demat::transport
