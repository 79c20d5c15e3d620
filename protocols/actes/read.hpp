#pragma once

#include <string>
#include <string_view>

#include "protocols/actes/message.hpp"
#include "protocols/base/finding.hpp"
#include "protocols/base/result.hpp"

namespace demat::actes {

struct Read {
  Content content;
  std::string encoding;  ///< as declared, upper case; "UTF-8" when nothing is declared
  Report remarks;        ///< what deviates from the schema and was understood all the same; never an error
};

/// Reads any message or envelope, of either direction, by its root element; tolerates what the ministry
/// really sends (actes 3.5): a wrong encoding label, windows-1252, free values, empty and repeated children,
/// natures without typologie, attributes without prefix. Errors, permanent: those of xml::stream(),
/// `actes.read.root` when the root is none of ours, `actes.read.incomplete` when nothing in it says which
/// acte it is about, `actes.read.too_large`.
[[nodiscard]] Result<Read> read(std::string_view bytes);

/// The same for a business message; an envelope is `actes.read.root`.
[[nodiscard]] Result<Message> read_message(std::string_view bytes);
/// The same for an outgoing envelope.
[[nodiscard]] Result<Envelope> read_envelope(std::string_view bytes);

}  // namespace demat::actes
