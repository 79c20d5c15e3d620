#pragma once

#include <cstddef>

namespace demat::mail {

/// What a mail of unknown origin may hold. The sources give no limit for mails of the ministry (actes 5.3);
/// these are ours, well above a letter with its annexes and well below what would hurt.
struct Limits {
  std::size_t message = 314'572'800;  ///< bytes of the mail as it came: a full archive in base64 fits
  std::size_t decoded = 314'572'800;  ///< bytes of all attachments and bodies
  std::size_t kept = 1'048'576;  ///< bytes of one attachment held in memory; of a larger one, the beginning
  std::size_t kept_in_all = 16'777'216;  ///< of all attachments
  std::size_t body = 4'194'304;          ///< bytes of one text that is a body; a longer one is an attachment
  std::size_t headers = 262'144;         ///< bytes before the first empty line
  std::size_t parts = 500;               ///< leaves of the MIME tree
  std::size_t depth = 20;                ///< multiparts and messages inside each other
  /// Lines that may be a boundary ("--…") or a header field: each may cost the parser an object, so that they
  /// are counted before it runs. XML sent as 8-bit text has lines with colons, too.
  std::size_t boundary_lines = 20'000;
  std::size_t header_lines = 200'000;
};

/// Bytes at the beginning of a large attachment that are held all the same, to tell what it is.
inline constexpr std::size_t beginning = 4'096;

/// Characters of a Message-ID or a subject that we keep; the first is a line of RFC 5322 (2.1.1).
inline constexpr std::size_t max_message_id = 998;
inline constexpr std::size_t max_subject = 2'000;

}  // namespace demat::mail
