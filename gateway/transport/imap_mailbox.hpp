#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/transport/errors.hpp"
#include "gateway/transport/imap_reader.hpp"
#include "gateway/transport/tls_stream.hpp"

namespace demat::transport {

/// The mailbox that the ministry answers to (actes 5.3), over IMAPS. A mail is known by
/// "UIDVALIDITY.UID", which never names another one. Keeps its session; begins a new one after any failure.
/// Not thread-safe. Errors: those of Peer.
class ImapMailbox {
 public:
  explicit ImapMailbox(const config::Destination& to);  ///< borrowed

  /// Every mail of the folder, oldest first, with its size and arrival; the newest 100 000 of more.
  [[nodiscard]] Result<std::vector<RemoteFile>> list(Transcript* transcript = nullptr);
  /// The bytes of one mail; it stays unread. The sink has exactly `mail.size` bytes when this succeeds.
  /// `transport.absent` when the mail is gone or the folder was numbered anew.
  [[nodiscard]] Status fetch(const RemoteFile& mail, const Sink& sink);
  /// Removes this mail and no other one (UID EXPUNGE; a server without UIDPLUS is refused). Success when it
  /// is gone already.
  [[nodiscard]] Status remove(const std::string& name);
  /// Logs in, selects the folder, tells how many mails it holds.
  [[nodiscard]] Status probe(Transcript& transcript);
  void close();

 private:
  using OnUntagged = std::function<void(const ImapResponse&)>;

  [[nodiscard]] Status begin();
  [[nodiscard]] Status greet();
  [[nodiscard]] Status log_in();
  [[nodiscard]] Status ask_capabilities();
  [[nodiscard]] Status select();
  /// One command to its tagged end. An error for NO and BAD, too.
  [[nodiscard]] Status command(const std::string& text, const OnUntagged& on_untagged,
                               const BodyTarget* body = nullptr);
  [[nodiscard]] Result<ImapResponse> read(const BodyTarget* body);
  [[nodiscard]] Status send(const std::string& line, const std::string& shown);
  [[nodiscard]] Status authenticate_plain();
  /// Runs `work` in a session; once more in a new one when a kept one turned out dead and `again()` allows.
  [[nodiscard]] Status in_session(const std::function<Status()>& work, const std::function<bool()>& again);
  [[nodiscard]] Result<std::uint32_t> uid_of(const std::string& name) const;
  using Mails = std::map<std::uint32_t, RemoteFile>;  ///< by UID
  [[nodiscard]] Status list_page(std::uint64_t first, std::uint64_t last, Mails& into);
  void note(std::string_view line) const;
  void watch_state(const ImapResponse& response);
  void arm(std::chrono::milliseconds limit) { deadline_ = std::chrono::steady_clock::now() + limit; }
  [[nodiscard]] Error error(Fault fault, std::string_view detail) const;

  const config::Destination& to_;
  TlsStream stream_;
  std::optional<ImapReader> reader_;
  TlsStream::Deadline deadline_;
  Transcript* transcript_ = nullptr;
  unsigned tag_ = 0;
  std::uint64_t uid_validity_ = 0;
  std::uint64_t exists_ = 0;
  std::string capabilities_;
};

}  // namespace demat::transport
