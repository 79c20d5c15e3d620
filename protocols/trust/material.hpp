#pragma once

// Inner header: what a profile is made of, parsed.

#include <set>

#include "protocols/trust/evidence.hpp"
#include "protocols/trust/ocsp_reading.hpp"
#include "protocols/trust/profile.hpp"
#include "protocols/trust/x509.hpp"

namespace demat::trust {

/// A CRL with what choosing among several needs.
struct KnownCrl {
  CrlPtr crl;
  CrlFacts facts;
  IntegerPtr number;
  Evidence evidence;  ///< its bytes
  /// Fingerprints of the authorities of the profile whose key its signature is by: verified once, a large CRL
  /// costs milliseconds.
  std::set<std::string> signed_by;
};

/// An OCSP response with its answers.
struct KnownOcsp {
  OcspPtr response;
  std::vector<OcspAnswer> answers;
  std::set<std::string> signed_by;  ///< as of a KnownCrl: the authorities in whose name it answers
  Evidence evidence;
};

struct TrustProfile::Material {
  std::string name;
  Rules rules;
  std::string version;
  StorePtr anchors;              ///< these alone; no default path is ever added (signature T36)
  std::vector<X509Ptr> helpers;  ///< issuers and intermediates, for building paths
  std::set<std::string> issuer_fingerprints;
  std::set<std::string> stamp_fingerprints;  ///< of who may certify time-stamping services
  std::set<std::string> anchor_fingerprints;
  std::vector<KnownCertificate> certificates;
  std::vector<X509Ptr> parsed;  ///< in the order of `certificates`
  std::vector<KnownCrl> crls;
  std::vector<KnownOcsp> ocsp;
  std::vector<CrlFacts> crl_facts;
  std::vector<OcspFacts> ocsp_facts;
};

}  // namespace demat::trust
