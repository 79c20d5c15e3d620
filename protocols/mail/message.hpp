#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/byte_source.hpp"
#include "protocols/base/finding.hpp"
#include "protocols/base/result.hpp"
#include "protocols/mail/limits.hpp"

namespace demat::mail {

struct Address {
  std::string name;  ///< UTF-8, may be empty
  std::string address;
};

enum class Role {
  attachment,
  embedded,  ///< shown inside a body: a logo (Content-ID inside multipart/related, or a picture "inline")
  tnef,      ///< winmail.dat of Outlook: kept, of no use to us
};

struct Attachment {
  std::string name;        ///< as the mail has it, decoded to UTF-8; empty when it has none
  std::string safe_name;   ///< for display and download: no path, no control, never empty
  std::string media_type;  ///< lower case: "application/pdf"
  Role role = Role::attachment;
  std::string content_id;  ///< without <>; empty when there is none
  std::string bytes;       ///< decoded; what could be decoded when a finding names `part`
  std::string part;        ///< place in the MIME tree, counted as IMAP does: "1.2"
  bool nested = false;     ///< of a message inside the message (forwarded, bounced)
};

struct Body {
  std::string media_type;  ///< "text/plain" or "text/html"
  std::string text;        ///< UTF-8
  std::string part;
  bool nested = false;
};

/// One mail. Order is that of the mail. Findings are warnings: what could not be decoded as it should, each
/// with its part as place.path, codes mail.*. Nothing is left out: a part is an attachment or a body, or a
/// finding tells of it.
struct Message {
  std::optional<std::string> message_id;  ///< without <>
  std::optional<std::int64_t> date;       ///< seconds since 1970, UTC
  Address from;
  std::string subject;
  std::vector<Attachment> attachments;
  std::vector<Body> bodies;
  Report report;

  /// The first body of that type outside nested messages, or null.
  [[nodiscard]] const Body* body(std::string_view media_type) const;
};

/// Decodes an RFC 5322 message of unknown origin (actes 5.3). Fails, codes mail.*, when it is no message or
/// passes a limit; damaged parts are findings. Needs about three times the size of the mail. Thread-safe.
[[nodiscard]] Result<Message> decode(const ByteSource& source, const Limits& limits = {});

}  // namespace demat::mail
