#pragma once

#include <string_view>
#include <vector>

#include "gateway/papers/signer.hpp"
#include "protocols/base/byte_source.hpp"
#include "protocols/base/finding.hpp"
#include "protocols/base/result.hpp"

namespace demat::papers {

/// One signature inside a PDF.
struct PdfSignature {
  std::string field;       ///< its form field; may be empty
  std::string sub_filter;  ///< "ETSI.CAdES.detached", "adbe.pkcs7.detached"…
  bool timestamp = false;  ///< a document time stamp (ETSI.RFC3161), which names no person
  bool intact = false;     ///< what it covers is what was signed, by the key of its certificate
  /// Bytes after what it covers: 0, or what later signatures and updates added.
  std::size_t bytes_after = 0;
  Signer signer;
  std::vector<Signer> further;  ///< of the same signature; PAdES has none (EN 319 142-1 5.5), PKCS#7 may
};

/// "D:20260115113000+01'00'" (ISO 32000-1 7.9.4); nothing when it is none. Without a zone it is UTC.
[[nodiscard]] std::optional<Instant> read_pdf_date(std::string_view text);

struct SignatureCheck {
  Report report;
  std::vector<PdfSignature> signatures;  ///< in the order in which they cover more and more of the file
};

/// The PAdES signatures of a PDF (actes 4.2): byte range, digest, value; the certificate is reported, not
/// judged. No signature is fine. Findings: `actes.pades.broken`, `actes.pades.changed` and
/// `actes.pades.too_many` refuse; `actes.pades.unsupported` (a kind that cannot be checked here) and
/// `actes.pades.updated` (something was added after the last signature) warn. A document that check_pdf
/// refuses has no signatures here and gives no finding. `name`: as for check_pdf. Error: only when the source
/// cannot be read. Thread-safe.
[[nodiscard]] Result<SignatureCheck> check_signatures(const ByteSource& pdf, std::string_view name);

struct DetachedCheck {
  Report report;
  bool intact = false;
  std::vector<Signer> signers;
};

/// A detached PKCS#7 over a whole file, as DER, PEM or bare base64 (what `<actes:Signature>` holds).
/// Findings: `actes.pkcs7.unreadable` and `actes.pkcs7.broken`, both refuse. Error: only when `file` cannot
/// be read. Thread-safe.
[[nodiscard]] Result<DetachedCheck> check_detached(const ByteSource& file, std::string_view pkcs7,
                                                   std::string_view name);

}  // namespace demat::papers
