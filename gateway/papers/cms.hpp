#pragma once

// Inner header: CMS signatures over parts of a document; OpenSSL stays behind it.

#include <vector>

#include "gateway/papers/signer.hpp"
#include "protocols/base/byte_source.hpp"

namespace demat::papers {

/// A run of bytes of the document.
struct Span {
  std::size_t offset = 0, length = 0;
};

struct CmsOutcome {
  enum class State {
    valid,
    unreadable,         ///< no CMS SignedData, or one made to cost time
    no_certificate,     ///< the signer's certificate is not inside
    other_certificate,  ///< the signed attributes name another certificate than the one that verifies it
    altered,            ///< the bytes are not those that were signed
    bad_value,          ///< the signature value is not the certificate's
    source,             ///< the document could not be read: `source_error`
  };
  State state = State::unreadable;
  std::vector<Signer> signers;  ///< told even when the signature does not hold, as far as readable
  Error source_error;
};

/// What the signature must be over.
enum class CmsKind {
  detached,      ///< the bytes themselves
  sha1_inside,   ///< SHA-1 of the bytes, as content of the CMS (adbe.pkcs7.sha1)
  stamp_of_time  ///< a time stamp token whose imprint is that of the bytes (ETSI.RFC3161)
};

/// Checks `der` (bytes after its end are ignored) over `covered`, in order. Certificates are not judged.
[[nodiscard]] CmsOutcome verify_cms(std::string_view der, CmsKind kind, const ByteSource& document,
                                    const std::vector<Span>& covered);

}  // namespace demat::papers
