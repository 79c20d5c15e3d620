#pragma once

#include <string>
#include <vector>

#include "gateway/transport/imap_mailbox.hpp"
#include "gateway/transport/peer.hpp"
#include "gateway/transport/prefecture_post.hpp"

namespace demat::transport {

/// The ministry of ACTES (actes 5): envelopes leave by HTTPS, answers come as mails of an IMAPS mailbox.
class PrefecturePeer final : public Peer {
 public:
  explicit PrefecturePeer(config::Destination destination);
  PrefecturePeer(const PrefecturePeer&) = delete;
  PrefecturePeer& operator=(const PrefecturePeer&) = delete;

  /// `remote_name` is the archive's base name; the three parameters have no place here.
  [[nodiscard]] tl::expected<void, PutFailure> put(const PutRequest& request,
                                                   Transcript& transcript) override;
  /// Always `unknown`: nothing can be listed there.
  [[nodiscard]] Result<Presence> look(const std::string& remote_name, std::uint64_t expected_size) override;
  [[nodiscard]] Result<std::vector<RemoteFile>> list_returns() override;
  [[nodiscard]] Status fetch(const RemoteFile& file, const Sink& sink) override;
  [[nodiscard]] Status remove_return(const std::string& name) override;
  /// Both ways; the mailbox is tried even when the POST host fails.
  [[nodiscard]] Status probe(Transcript& transcript) override;
  void close() override;

 private:
  config::Destination destination_;
  PrefecturePost post_;
  ImapMailbox mailbox_;
};

}  // namespace demat::transport
