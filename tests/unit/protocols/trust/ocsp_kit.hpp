#pragma once

#include "pki_kit.hpp"

namespace demat::test {

/// What a response says of one certificate.
struct OcspWish {
  const Holder* about = nullptr;
  const Holder* issuer = nullptr;  ///< in whose name
  std::string status = "good";     ///< good, revoked, unknown
  std::string revoked_at = "20260115100000Z";
  int reason = -1;  ///< CRL_REASON_*; -1: none is given
  std::string this_update = "20260115080000Z";
  std::string next_update = "20260116080000Z";  ///< empty: none
  std::string archive_cutoff{};
  std::string id_digest = "SHA1";
  std::string sign_digest = "SHA256";
  bool by_key = false;           ///< the responder is named by its key
  bool with_certificate = true;  ///< the responder's certificate lies inside
};
/// A response signed by `responder`.
[[nodiscard]] Bytes make_ocsp(const OcspWish& wish, const Holder& responder);

}  // namespace demat::test
