#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "protocols/base/finding.hpp"
#include "protocols/trust/facts.hpp"
#include "protocols/trust/rules.hpp"

namespace demat::trust {

/// A certificate or CRL, and the file it was read from.
struct Item {
  std::string file;
  Bytes der;
};

/// What a trust profile is made of. Anchors and authorised issuers are two sets: a signer is believed when a
/// path leads from the certificate to an anchor *and* one authority on that path is an authorised issuer
/// (signature 3.0).
struct Contents {
  std::string name;
  Rules rules;
  std::vector<Item> anchors;        ///< where paths end; roots, or authorities trusted in themselves
  std::vector<Item> issuers;        ///< who may issue signers' certificates
  std::vector<Item> intermediates;  ///< only help to build paths; issuers do, too
  std::vector<Item> crls;
  std::vector<Item> ocsp;    ///< OCSP responses, each the whole OCSPResponse
  std::vector<Item> stamps;  ///< authorities that may issue certificates of time-stamping services
};

enum class Part { anchor, issuer, intermediate, stamp };
[[nodiscard]] const char* to_string(Part part);

struct KnownCertificate {
  Part part;
  std::string file;
  CertificateFacts facts;
};

/// A CRL of a profile.
struct CrlFacts {
  std::string file;
  std::string issuer;       ///< RFC 2253
  std::string issuer_name;  ///< how a sentence calls it
  std::string number;       ///< decimal; empty when it has none
  std::optional<Instant> this_update;
  std::optional<Instant> next_update;
  std::size_t entries = 0;
  bool authentic = false;  ///< signed by an authority of the profile
};

/// What one OCSP response says about one certificate.
struct OcspFacts {
  std::string file;
  std::string responder;  ///< name, or hexadecimal key identifier
  std::string serial;     ///< of the certificate, upper-case hexadecimal
  std::string status;     ///< good, revoked, unknown
  std::optional<Instant> this_update;
  std::optional<Instant> next_update;
  bool authentic = false;  ///< signed by the certificate's issuer, or by a responder that it has authorised
};

/// A profile ready to judge with: everything parsed once. Immutable and cheap to copy; thread-safe.
class TrustProfile {
 public:
  /// Errors, each with the file as detail: `trust.certificate_unreadable`, `trust.crl_unreadable`,
  /// `trust.ocsp_unreadable`, `trust.not_an_authority`, `trust.no_anchor`, `trust.no_issuer`.
  [[nodiscard]] static Result<TrustProfile> make(Contents contents);

  [[nodiscard]] const std::string& name() const;
  [[nodiscard]] const Rules& rules() const;
  /// SHA-256 over rules, certificates, CRLs and OCSP responses, in no particular order: the same contents
  /// give the same version, so that a verdict can be replayed (signature RV14).
  [[nodiscard]] const std::string& version() const;
  [[nodiscard]] const std::vector<KnownCertificate>& certificates() const;
  [[nodiscard]] const std::vector<CrlFacts>& crls() const;
  [[nodiscard]] const std::vector<OcspFacts>& ocsp() const;

  /// What an operator should look at: ended or soon ending authorities, issuers without a path, CRLs that are
  /// missing, stale or of nobody we know. Errors are what makes signatures fail or wait.
  [[nodiscard]] Report examine(Instant now) const;

  struct Material;  ///< of OpenSSL; seen by this folder only
  [[nodiscard]] const Material& material() const { return *material_; }

 private:
  explicit TrustProfile(std::shared_ptr<const Material> material) : material_(std::move(material)) {}
  std::shared_ptr<const Material> material_;
};

}  // namespace demat::trust
