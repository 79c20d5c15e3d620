#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/result.hpp"
#include "protocols/timestamp/timestamp.hpp"
#include "protocols/xades/sign.hpp"
#include "protocols/xades/verify.hpp"

/// Enveloped XAdES of EN 319 132-1 at levels B and T (namespace 1.3.2), for documents whose schema has room
/// for a ds:Signature as last child of the root, such as DocumentBudgetaire (signature A8). The profile of
/// Hélios is another one: see sign.hpp.
namespace demat::baseline {

struct BaselineRequest {
  xades::SignerStatement statement;  ///< role and place are stated when they are not empty
  xades::Instant signing_time;       ///< UTC
  Bytes certificate_der;
  xades::SignBytes sign;
  std::string mime_type = "text/xml";  ///< of what is signed (DataObjectFormat)
  /// A time stamp token (DER) over these bytes; empty: level B.
  std::function<Result<Bytes>(std::string_view canonical_value)> stamp{};
};

/// The original bytes with one ds:Signature over the whole document as last child of the root; every other
/// byte is unchanged. `bytes` are those `document` was parsed from. Errors: `xades.already_signed`,
/// `xades.encoding` (permanent), `xades.signer_certificate` (waiting: unreadable, weak, not RSA, not in its
/// period), `xades.self_check` (the result does not verify), those of `sign` and `stamp`.
[[nodiscard]] Result<std::string> sign_baseline(const xml::Document& document, std::string_view bytes,
                                                const BaselineRequest& request);

/// A SignatureTimeStamp as it came, for who judges its authority (signature RV5).
struct CarriedStamp {
  Bytes token;    ///< DER
  Bytes stamped;  ///< the canonical SignatureValue that it must have stamped
};

struct BaselineReport {
  xades::SignatureReport signature;
  std::string digest = "SHA256";       ///< of the signature algorithm, OpenSSL's name
  std::vector<CarriedStamp> stamps{};  ///< whether they hold or not; 16 at most
  /// Of a SignatureTimeStamp that holds: the value was there at that time, if the authority is believed.
  std::optional<timestamp::Stamp> stamp;
};

/// Whether the document carries such a signature: one ds:Signature with XAdES 1.3.2, wherever it stands.
[[nodiscard]] bool has_baseline(const xml::Document& document);

/// Verifies it: alone in the document, last child of the root, exactly two references (the whole document and
/// SignedProperties), the certificate designated by SigningCertificateV2 (or SigningCertificate) and the key
/// that made the value. Findings as verify_pes() gives them, and `xades.stamp` (a warning) for a time stamp
/// that cannot be read; one that does not hold is told by who judges `stamps`. Without `now` nobody is told
/// that a time is in the future. An error is only ever about our own means. Precondition: has_baseline().
[[nodiscard]] Result<BaselineReport> verify_baseline(const xml::Document& document,
                                                     std::optional<xades::Instant> now);

}  // namespace demat::baseline
