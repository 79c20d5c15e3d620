#pragma once

#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>

namespace demat::xades {

struct NameFree {
  void operator()(X509_NAME* name) const { X509_NAME_free(name); }
};
using NamePtr = std::unique_ptr<X509_NAME, NameFree>;

/// RFC 2253 text of a distinguished name, in UTF-8. Types outside the RFC's table are written `1.2.3=#DER`,
/// which every reader understands whatever keywords it knows.
[[nodiscard]] std::string to_rfc2253(const X509_NAME* name);

/// Reads RFC 2253 or 4514 text (`#DER`, escapes, quotes, `+`, keywords or OIDs in any case). Null when it is
/// none. `reversed` false keeps the order of the text: some producers forget that RFC 2253 begins with the
/// last RDN.
[[nodiscard]] NamePtr from_rfc2253(std::string_view text, bool reversed = true);

}  // namespace demat::xades
