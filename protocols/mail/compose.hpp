#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocols/base/result.hpp"
#include "protocols/mail/message.hpp"

namespace demat::mail {

struct OutgoingFile {
  std::string name;        ///< UTF-8; made safe as safe_file_name() does
  std::string media_type;  ///< "application/pdf"
  std::string bytes;
};

/// A mail to be sent. Texts are UTF-8 of any content; what stands in a header must be one line.
struct Outgoing {
  Address from;
  std::vector<Address> to;
  std::string subject;
  std::string text;
  std::vector<OutgoingFile> files;
  std::string message_id;     ///< without <>; the caller's, so that a second try is the same mail
  std::int64_t date = 0;      ///< seconds since 1970; written in UTC
  std::string in_reply_to;    ///< Message-ID without <>, or empty
  bool automatic = true;      ///< Auto-Submitted: auto-generated (RFC 3834): no out-of-office comes back
  std::string boundary_seed;  ///< the boundary is made of this and message_id only
};

/// The mail, with CRLF line ends and lines of at most 76 characters but for long addresses. The same input
/// gives the same bytes. Nothing in it can add a header: mail.header_injection for a control character in a
/// header, mail.address for what is no plain address, mail.no_recipient, mail.message_id, mail.media_type.
/// Thread-safe.
[[nodiscard]] Result<std::string> compose(const Outgoing& mail);

/// A plain address: local@domain in ASCII, as SMTP takes it without quoting (RFC 5321 Mailbox without quotes
/// and address literals, 254 bytes).
[[nodiscard]] bool is_address(std::string_view address);

}  // namespace demat::mail
