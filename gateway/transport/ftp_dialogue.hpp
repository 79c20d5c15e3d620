#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/transport/peer.hpp"

namespace demat::transport {

/// Follows the control dialogue of one FTP operation as libcurl shows it, to know exactly how far a deposit
/// came: libcurl's result code alone cannot tell (rigs §1).
class FtpDialogue {
 public:
  explicit FtpDialogue(Transcript* transcript) : transcript_(transcript) {}

  void sent(std::string_view line);
  void received(std::string_view line);

  /// A SITE command got another final reply than 200 (helios 3.3).
  [[nodiscard]] bool site_refused() const { return site_refused_; }
  [[nodiscard]] bool stor_sent() const { return stor_sent_; }
  /// Final reply (not 1xx) to STOR; 0: none.
  [[nodiscard]] int stor_reply() const { return stor_reply_; }
  [[nodiscard]] bool rnto_sent() const { return rnto_sent_; }
  [[nodiscard]] int rnto_reply() const { return rnto_reply_; }
  /// What the server told to SIZE; unset when it was not asked or told nothing.
  [[nodiscard]] std::optional<std::uint64_t> size_told() const { return size_told_; }
  /// A reply that says "no space" (452, 552) was seen.
  [[nodiscard]] bool full() const { return full_; }
  /// No command was answered yet.
  [[nodiscard]] bool silent() const { return last_code_ == 0; }
  [[nodiscard]] int last_code() const { return last_code_; }
  /// The verb of the last command, upper case: "STOR".
  [[nodiscard]] const std::string& last_verb() const { return verb_; }
  /// The last refusal, else the last reply.
  [[nodiscard]] const std::string& telling_reply() const { return refusal_.empty() ? reply_ : refusal_; }

 private:
  void final_reply(int code, std::string_view line);

  Transcript* transcript_;
  std::string verb_;
  std::string reply_;
  std::string refusal_;
  int open_reply_ = 0;  ///< code of a multi-line reply under way
  int last_code_ = 0;
  int stor_reply_ = 0;
  int rnto_reply_ = 0;
  std::optional<std::uint64_t> size_told_;
  bool site_refused_ = false;
  bool stor_sent_ = false;
  bool rnto_sent_ = false;
  bool full_ = false;
};

}  // namespace demat::transport
