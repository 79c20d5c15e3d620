#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocols/trust/check.hpp"
#include "protocols/trust/evidence.hpp"
#include "protocols/trust/facts.hpp"
#include "protocols/trust/profile.hpp"
#include "protocols/trust/time_stamp.hpp"
#include "protocols/xades/certificate.hpp"

namespace demat::trust {

/// What the certificate is judged for: which usage it must have.
enum class Use {
  signature,      ///< nonRepudiation, as the profile's rules have it
  time_stamping,  ///< extendedKeyUsage timeStamping, critical and alone (RFC 3161 2.3)
  client          ///< digitalSignature and clientAuth, as judge_client has it
};

/// A signer to be judged. Times are parameters: nothing here has a clock.
struct Question {
  Bytes certificate_der;
  std::vector<Bytes> offered;  ///< further certificates of the document: they help, they are not believed
  std::optional<Instant> signed_at;  ///< as claimed, or as proven
  bool time_proven = false;          ///< by a trusted time stamp
  Instant received{};                ///< bounds what is claimed
  Instant now{};
  std::string digest = "SHA256";  ///< of the signature, OpenSSL's name
  bool integrity_only = false;    ///< the signer is told, not judged
  Use use = Use::signature;
  xades::CertificatePtr parsed =
      nullptr;  ///< the certificate once more, when it is at hand; only spares time
  std::vector<StampInput>
      stamps{};  ///< of the signature: the first that holds and is trusted proves the time
};

/// One certificate of the path.
struct PathElement {
  CertificateFacts facts;
  bool anchor = false;
  bool authorised_issuer = false;
};

/// What was learnt about the revocation of one certificate (signature R9).
struct RevocationFacts {
  std::string certificate;  ///< its name
  std::string sha256;
  std::string status;  ///< good, revoked, on_hold, stale, unknown, missing, unlisted_expired
  std::string kind;    ///< crl, ocsp; empty when there is none
  std::string source;  ///< file of the CRL or OCSP response; empty when there is none
  std::string crl_number;
  std::optional<Instant> this_update;
  std::optional<Instant> next_update;
  std::optional<Instant> revoked_at;
  std::string reason;
  std::string evidence;  ///< SHA-256 of the CRL or response that said so
};

/// The judgement of one signer.
struct SignerReport {
  Verdict verdict;
  std::string profile;  ///< name; empty when there was none
  std::string version;  ///< of the profile (signature RV14)
  std::string level;    ///< as the profile calls it; only when the signer passed
  std::optional<CertificateFacts> certificate;
  Instant signed_at{};      ///< the time it was judged for
  std::string time_source;  ///< claimed, proven, reception
  std::vector<PathElement> path;
  std::vector<RevocationFacts> revocation;
  std::vector<StampFacts> stamps;  ///< what became of each
  std::vector<Evidence> evidence;  ///< the bytes behind `revocation`, each once
  std::vector<Check> checks;       ///< in the order in which they were run
};

/// Judges a signer's certificate at the time of signing (signature RV4 to RV12): time, path to an anchor of
/// the profile, validity, authorised issuer, usage, policy, algorithms, revocation. A chain that leads
/// nowhere is a failure here, not "indeterminate" as in EN 319 102-1: for one version of the profile it is
/// certain. `profile` null: who signed is told, trust is `trust.profile.none`. Thread-safe.
[[nodiscard]] SignerReport judge(const TrustProfile* profile, const Question& question);

}  // namespace demat::trust
