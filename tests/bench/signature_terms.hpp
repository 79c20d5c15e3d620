#pragma once

#include <string>

#include "tools/limit_bench/terms.hpp"

namespace limit_bench {

/// PEM files of a path of three.
struct PathFiles {
  std::string signer;
  std::string issuer;
  std::string anchor;
};

/// What verifying one small signed flow costs the bare libraries, µs of CPU.
struct SignatureTerms {
  double parse = 0;         ///< libxml2 DOM, made and freed
  double c14n = 0;          ///< exclusive c14n of the whole DOM into SHA-256, once
  double rsa = 0;           ///< one RSA-2048 verification by a ready key
  double path = 0;          ///< the signer's certificate decoded, X509_verify_cert up to the anchor
  double path_decoded = 0;  ///< the same with the certificate decoded already
};
[[nodiscard]] SignatureTerms signature_terms(const Effort& effort, const std::string& signed_bytes,
                                             const PathFiles& files);

}  // namespace limit_bench
