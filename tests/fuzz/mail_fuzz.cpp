// links: demat_mail demat_base
// Mails of unknown origin: whatever they hold, what comes out is safe to show and to store, and what we send
// with their words says just that.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "protocols/base/file_name.hpp"
#include "protocols/base/utf8.hpp"
#include "protocols/mail/compose.hpp"
#include "protocols/mail/html_text.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using demat::fuzz::require;

bool is_line(std::string_view text) {
  return demat::is_utf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
         });
}

void check_attachment(const demat::mail::Attachment& file) {
  require(!file.safe_name.empty() && is_line(file.safe_name) &&
              file.safe_name.size() <= demat::max_safe_name &&
              file.safe_name.find_first_of("/\\") == std::string::npos && file.safe_name.front() != '.',
          "an unsafe name");
  require(demat::is_utf8(file.name) && !file.part.empty(), "a name that is no UTF-8, or no part");
}

/// However little of it is held in memory, each attachment comes out of the mail as it is.
void check_pouring(std::string_view text, const demat::mail::Message& message) {
  const demat::MemorySource mail(text);
  const auto sparing = demat::mail::decode(mail, {.kept = 16});
  require(sparing.has_value() && sparing->attachments.size() == message.attachments.size(),
          "what is held decides what is there");
  for (std::size_t i = 0; i < message.attachments.size(); ++i) {
    std::string poured;
    const auto done = demat::mail::pour(mail, sparing->attachments[i], [&](std::string_view piece) {
      poured += piece;
      return demat::Status();
    });
    require(done.has_value() && poured.size() == sparing->attachments[i].size,
            "an attachment cannot be poured");
    require(!message.attachments[i].whole() || poured == message.attachments[i].bytes, "poured otherwise");
  }
}

/// A notice that quotes the mail comes back as it was written.
void check_notice(const demat::mail::Message& message) {
  demat::mail::Outgoing notice{
      .from = {message.from.name, "a@b.invalid"},
      .to = {{"", "c@d.invalid"}},
      .subject = message.subject,
      .text = message.bodies.empty() ? "" : demat::mail::html_text(message.bodies[0].text),
      .message_id = "1@b.invalid"};
  if (!message.attachments.empty())
    notice.files.push_back({message.attachments[0].name, "application/xml", message.attachments[0].bytes});
  const auto bytes = demat::mail::compose(notice);
  require(bytes.has_value(), "a decoded value cannot be sent");
  const auto back = demat::mail::decode(demat::MemorySource(*bytes));
  require(back.has_value() && back->report.findings.empty(), "our own mail is not read back");
  require(back->attachments.size() == notice.files.size() && back->bodies.size() == 1,
          "a part was made or lost");
  if (!notice.files.empty())
    require(back->attachments[0].bytes == notice.files[0].bytes, "a file was changed");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto message = demat::mail::decode(demat::MemorySource(text));
  if (!message) {
    require(message.error().code.starts_with("mail."), "a refusal without a code");
    return 0;
  }
  require(is_line(message->subject) && is_line(message->from.name) && is_line(message->from.address),
          "a header of lines");
  if (message->message_id)
    require(!message->message_id->empty() && is_line(*message->message_id), "an odd Message-ID");
  std::size_t total = 0;
  for (const auto& file : message->attachments) {
    check_attachment(file);
    total += file.bytes.size();
  }
  require(total <= size, "more bytes than the mail has");
  check_pouring(text, *message);
  for (const auto& body : message->bodies) {
    require(demat::is_utf8(body.text), "a body that is no UTF-8");
    const std::string seen = demat::mail::html_text(body.text);
    require(demat::is_utf8(seen) && seen.size() <= body.text.size() + 1, "an HTML text that is odd");
  }
  for (const auto& finding : message->report.findings)
    require(finding.code.starts_with("mail.") && finding.severity == demat::Severity::warning,
            "an odd finding");
  check_notice(*message);
  return 0;
}
