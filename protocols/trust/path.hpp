#pragma once

// Inner header: certificate paths by OpenSSL, on our anchors alone.

#include <string>
#include <vector>

#include "protocols/trust/material.hpp"

namespace demat::trust {

/// A certificate of the path that something was wrong with.
struct Flaw {
  int error = 0;  ///< X509_V_ERR_*
  std::string name;
  std::string text;  ///< OpenSSL's, in English
};

struct Path {
  std::vector<X509Ptr> chain;  ///< the signer's certificate first, the anchor last; empty when none was found
  bool unknown = false;        ///< leads to none of our anchors
  std::vector<Flaw> flaws;     ///< what breaks it: bad signature, constraints, strictness
  std::vector<Flaw> weak;      ///< keys and digests below security level 2; the path stands
};

/// Builds the path of `leaf` at `when` with the helpers of the profile and what the document offers. Dates
/// are not judged (the caller says more than OpenSSL would), nor is revocation: OpenSSL does not compare
/// dates (signature RV9).
[[nodiscard]] Path find_path(const TrustProfile::Material& profile, X509* leaf,
                             const std::vector<X509Ptr>& offered, Instant when);

}  // namespace demat::trust
