#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/digest.hpp"
#include "protocols/base/finding.hpp"
#include "protocols/base/result.hpp"
#include "protocols/xades/certificate.hpp"
#include "protocols/xades/instant.hpp"
#include "protocols/xades/policy.hpp"
#include "protocols/xades/remarks.hpp"
#include "protocols/xades/stated.hpp"
#include "protocols/xml/parser.hpp"

namespace demat::xades {

/// One verified signature. What it states is filled in as soon as its structure is right; it may be believed
/// only when `indication` is passed.
struct SignatureReport {
  std::string id;
  Indication indication = Indication::failed;
  std::string signed_element;  ///< path of the element it covers
  std::string element_id;      ///< Id of that element
  bool global = false;         ///< covers PES_Aller, not one bordereau
  std::string signing_time;    ///< as stated
  std::optional<Instant> signed_at;
  std::string role;
  std::string policy_id;
  PolicyFacts policy{};
  PlaceFacts place{};
  std::size_t line = 0;                      ///< of the signature in the document
  std::vector<ReferenceFacts> references{};  ///< as far as its structure was right
  std::vector<Bytes> offered{};  ///< the other certificates of KeyInfo: for building a path, not believed
  std::string certificate_sha256;
  Bytes certificate_der;       ///< of the designated certificate: input of trust and revocation checks
  CertificatePtr certificate;  ///< the same, parsed
  std::vector<Finding> findings;
};

struct DocumentReport {
  std::vector<SignatureReport> signatures;
  /// Each has a sound signature of its own, or there is a global one; but for those on paper, in a domain
  /// that does not call itself dematerialised and has no signature (helios P2, P3).
  bool every_bordereau_covered = false;
  std::vector<Finding> document_findings;  ///< what concerns no single signature
  /// At least one signature, all of them passed, no error about the document, every bordereau covered.
  [[nodiscard]] bool passed() const;
  /// Document findings, then those of each signature.
  [[nodiscard]] Report findings() const;
};

/// Who does the cryptography. Structure, references and digests are always checked by our own code.
enum class Engine {
  own,  ///< our own canonicalisation and EVP: linear in the document, and the same for one of any size
  /// libxmlsec1 in addition, as a second opinion: of operators who ask for it (`[checks] second_opinion`),
  /// and of tests, which hold both against each other. It needs a tree of libxml2 beside ours, so a document
  /// that does not keep its bytes (parse_lean) is judged by our own code alone.
  xmlsec,
};

struct VerifyOptions {
  Instant now;
  std::vector<Policy> accepted_policies;
  Engine engine = Engine::own;
  /// Certificates likely to be met, parsed already; they only spare time.
  std::vector<CertificatePtr> known_certificates = {};
  /// Kept by the caller from one document to the next, and outlives the call; null: none.
  CertificateShelf* shelf = nullptr;
};

/// Verifies every ds:Signature of a PES_Aller cryptographically and structurally: it sits in one of the two
/// places of helios 5.2, the signed element is its parent, the references are exactly that element and the
/// SignedProperties, Ids are unique, algorithms and transforms are on the whitelist, the key is that of
/// SigningCertificate (helios 5.5, signature RV1..RV3, RV11, S1..S3; tolerances of signature 1.9). Trust and
/// revocation are the caller's (gateway/signing). A bad signature is a report; an error is only ever about
/// our own means (`dsig.library`). Thread-safe.
[[nodiscard]] Result<DocumentReport> verify_pes(const xml::Document& document, const VerifyOptions& options);

/// Checks what we just signed before it leaves (signature RS11): parses the output anew, verifies it with our
/// own engine, and compares every byte outside the signatures with the original. Errors:
/// `xades.bytes_changed`, `xades.self_check` (a signature did not pass), those of xml::parse.
[[nodiscard]] Result<DocumentReport> verify_own_output(std::string_view original,
                                                       std::string_view signed_bytes,
                                                       const VerifyOptions& options);

/// The same for documents that are not in memory as a whole; long texts stay where they are.
[[nodiscard]] Result<DocumentReport> verify_own_output(const ByteSource& original,
                                                       const ByteSource& signed_bytes,
                                                       const VerifyOptions& options);

}  // namespace demat::xades
