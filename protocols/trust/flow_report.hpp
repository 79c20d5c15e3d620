#pragma once

#include <string>
#include <vector>

#include "protocols/trust/judge.hpp"
#include "protocols/xades/verify.hpp"

namespace demat::trust {

/// How much of a file a signature covers.
struct Extent {
  std::size_t covered = 0;  ///< bytes
  std::size_t of = 0;       ///< size of the file
};

/// Whether the signature itself names the signer's certificate (signature RV2, R7).
enum class Naming {
  named,     ///< it does, and it is this one
  unneeded,  ///< it does not; its format asks for nothing
  missing,   ///< it does not, though its format asks for it
};

/// What the verifier of a format found about one signature: input of a report. Formats differ (XAdES of a
/// PES, PAdES and PKCS#7 of an acte), trust does not.
struct SignatureInput {
  std::string id;       ///< of the signature; may be empty
  std::string covers;   ///< element path, or file name
  std::string element;  ///< Id of the element; may be empty
  bool global = false;  ///< covers the whole flow
  std::string role;
  std::string policy;
  Indication cryptography = Indication::failed;
  std::string sub_indication;  ///< why not passed, of EN 319 102-1
  std::vector<Finding> findings;
  Bytes certificate_der;
  xades::CertificatePtr parsed;  ///< the same; null when it is not at hand
  std::vector<Bytes> offered;
  std::optional<Instant> signed_at;
  std::string digest = "SHA256";
  bool integrity_only = false;     ///< its signer is told, not judged (signature A3)
  std::string format = "XAdES";    ///< how reports call it: XAdES, PAdES, CAdES, PKCS#7
  std::optional<Extent> extent{};  ///< of a signature inside a file that may grow after it
  Naming naming = Naming::named;
  std::vector<StampInput> stamps{};
  // What reports tell besides (signature R3, R4, R6, R10); all may be empty.
  std::size_t line = 0;
  std::string signing_time;  ///< as stated
  std::vector<xades::ReferenceFacts> references{};
  xades::PolicyFacts policy_facts{};
  xades::PlaceFacts place{};
};

/// The file that bears the signatures (signature R1); what is not known is empty.
struct FileFacts {
  std::string name;
  std::size_t size = 0;
  std::string sha256;
  std::string encoding;
  std::string root;
  std::string nom_fic;
  std::string schema;         ///< version of the schemas
  bool schema_valid = false;  ///< by these
};

/// One signature, judged.
struct SignedPart {
  SignatureInput signature;
  Verdict verdict;
  SignerReport signer;
};

/// Who signed what of a flow, and whether that is to be believed (signature R2, R3).
struct FlowReport {
  Verdict verdict;  ///< the gravest of all parts and of the document
  std::string profile;
  std::string version;
  std::string rules;  ///< of the profile, as its version has digested them (signature R12)
  std::optional<FileFacts> file{};
  Instant judged_at{};
  Instant received{};
  bool covered = true;                     ///< every bordereau is signed
  std::vector<Finding> document_findings;  ///< what concerns no single signature
  std::vector<SignedPart> parts;
  std::vector<Evidence> evidence;  ///< the lists and responses behind all of it, each once (signature RV15)
};

/// What an XAdES verification found, ready to be judged.
[[nodiscard]] std::vector<SignatureInput> inputs_of(const xades::DocumentReport& document);

/// Judges every signature against one profile; the same signer at the same time is judged once. `profile`
/// null: the report tells who signed and says that trust was not checked. Thread-safe.
[[nodiscard]] FlowReport judge_all(const TrustProfile* profile, std::vector<SignatureInput> signatures,
                                   Instant received, Instant now);
/// The same for a PES, with its coverage.
[[nodiscard]] FlowReport judge_flow(const TrustProfile* profile, const xades::DocumentReport& document,
                                    Instant received, Instant now);

/// The findings that a flow gets from a report: one per signature that did not pass, and one per warning.
/// An indeterminate signature is a warning when `indeterminate_warns`; otherwise it is left out, for the flow
/// waits.
[[nodiscard]] Report findings_of(const FlowReport& report, bool indeterminate_warns);

/// The report as JSON, the form that is stored and shown.
[[nodiscard]] std::string to_json(const FlowReport& report);

enum class Language { french, english };

/// A stored report as text for an agent who is no cryptographer. Errors: `trust.report_unreadable`
/// (permanent) when `json` is not such a report.
[[nodiscard]] Result<std::string> report_text(std::string_view json, Language language);

}  // namespace demat::trust
