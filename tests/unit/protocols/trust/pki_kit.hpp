#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "protocols/trust/flow_report.hpp"
#include "signing_kit.hpp"

namespace demat::test {

/// A certificate and its key, issued by an authority of the test.
struct Holder {
  std::unique_ptr<EVP_PKEY, KeyFree> key;
  std::unique_ptr<X509, CertificateFree> certificate;

  [[nodiscard]] Bytes der() const;
  [[nodiscard]] std::string pem() const;
};

struct HolderWish {
  std::string name = "Jeanne Essai";
  bool authority = false;
  bool elliptic = true;  ///< keys are cheap then
  unsigned rsa_bits = 2048;
  std::string not_before = "20240101000000Z";
  std::string not_after = "20440101000000Z";
  std::optional<std::string> key_usage{};  ///< default: what the kind of certificate wants; "" for none
  std::string extended_key_usage{};        ///< "critical,timeStamping"; "" for none
  std::string policies{};                  ///< "1.2.3.4"
  std::string crl_points{};                ///< "URI:http://…"
  std::string information{};               ///< authorityInfoAccess: "OCSP;URI:http://…"
  std::string sign_digest = "SHA256";      ///< of the issuer's signature
  long serial = 0;                         ///< 0: the next one
};

[[nodiscard]] std::string key_pem(const Holder& holder);

/// `issuer` null: self-signed.
[[nodiscard]] Holder issue(const HolderWish& wish, const Holder* issuer);

struct Revoked {
  const Holder* holder;
  std::string since = "20260115100000Z";
  int reason = -1;                 ///< CRL_REASON_*; -1: none is given
  std::string invalid_since = "";  ///< invalidityDate
};

struct ListWish {
  long number = 1;  ///< 0: no number
  std::string this_update = "20260115080000Z";
  std::string next_update = "20260116080000Z";  ///< empty: none
  std::vector<Revoked> revoked{};
  bool keeps_expired = false;
  std::string scope{};  ///< issuingDistributionPoint as OpenSSL's configuration has it, critical
};
[[nodiscard]] Bytes make_list(const ListWish& wish, const Holder& issuer);
[[nodiscard]] std::string list_pem(const Bytes& der);

/// Root, signing authority and one signer, made once per process.
struct Pki {
  Holder root;
  Holder sub;
  Holder leaf;
};
[[nodiscard]] const Pki& ordinary_pki();

[[nodiscard]] trust::Instant at(const char* iso);

/// A profile's contents over `pki`: its root as anchor, its signing authority as issuer, fresh empty lists.
[[nodiscard]] trust::Contents contents_of(const Pki& pki);
[[nodiscard]] trust::TrustProfile profile_of(trust::Contents contents);
/// Signed at 10:30, received and judged at 12:00 of 15 January 2026.
[[nodiscard]] trust::Question question_of(const Holder& leaf);

/// The codes of the checks that ended so, with blanks between.
[[nodiscard]] std::string codes(const trust::SignerReport& report, trust::Outcome outcome);

}  // namespace demat::test
