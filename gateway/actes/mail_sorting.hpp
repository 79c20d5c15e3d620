#pragma once

#include "protocols/base/byte_source.hpp"
#include "protocols/mail/message.hpp"

namespace demat::actes_road {

/// Whether the file begins as XML does.
[[nodiscard]] bool is_xml(const mail::Attachment& file);

/// Large attachments stay in the mail, whose bytes these are; those that may be messages are needed whole and
/// are completed. What exceeds 16 MiB in all is left as it is, and cannot be read. Errors: those of reading.
[[nodiscard]] Status complete_xml(mail::Message& mail, const ByteSource& bytes);

}  // namespace demat::actes_road
