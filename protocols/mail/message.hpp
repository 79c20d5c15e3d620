#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/byte_source.hpp"
#include "protocols/base/finding.hpp"
#include "protocols/base/identifiers.hpp"
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

/// Where an attachment stands in its mail, and how; for pour().
struct Encoded {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  int transfer = 0;  ///< content transfer encoding, in words of the decoder
};

struct Attachment {
  std::string name;        ///< as the mail has it, decoded to UTF-8; empty when it has none
  std::string safe_name;   ///< for display and download: no path, no control, never empty
  std::string media_type;  ///< lower case: "application/pdf"
  Role role = Role::attachment;
  std::string content_id;  ///< without <>; empty when there is none
  std::string bytes;       ///< decoded; what could be decoded when a finding names `part`. See whole()
  std::uint64_t size = 0;  ///< of all of it, decoded
  Sha256 sha256;           ///< the same
  std::string part;        ///< place in the MIME tree, counted as IMAP does: "1.2"
  bool nested = false;     ///< of a message inside the message (forwarded, bounced)
  Encoded encoded;

  /// Whether `bytes` are all; of a large attachment they are the beginning, and pour() gives the rest.
  [[nodiscard]] bool whole() const { return bytes.size() == size; }
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
/// passes a limit; damaged parts are findings. The mail is read as a stream: memory does not grow with it.
/// Thread-safe.
[[nodiscard]] Result<Message> decode(const ByteSource& source, const Limits& limits = {});

/// Takes the next bytes of what is being decoded; its first failure stops the reading and comes out of it.
using PieceSink = std::function<Status(std::string_view)>;

/// Gives all decoded bytes of an attachment of this mail, which decode() found there. Thread-safe.
[[nodiscard]] Status pour(const ByteSource& mail, const Attachment& file, const PieceSink& sink);

}  // namespace demat::mail
