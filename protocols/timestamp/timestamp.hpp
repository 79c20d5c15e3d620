#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/digest.hpp"
#include "protocols/base/result.hpp"

/// Time stamps of RFC 3161. Pure: bytes in, bytes and facts out. Thread-safe.
namespace demat::timestamp {

using Instant = std::chrono::sys_seconds;

inline constexpr std::size_t max_token = 1'048'576;  ///< bytes; a token with its chain has some 5 KB

/// What is asked of an authority.
struct Ask {
  Digester::Algorithm algorithm = Digester::Algorithm::sha256;
  Bytes imprint;       ///< digest of what is stamped, by `algorithm`
  Bytes nonce;         ///< random, 8 to 20 bytes: ties the answer to the question
  std::string policy;  ///< OID of the policy wanted; empty: the authority's own
};

/// What a token says and proves. Who issued it is in `certificate_der`, not judged: a trust profile does
/// that (trust::Use::time_stamping).
struct Stamp {
  Instant time{};  ///< genTime, fraction of a second dropped
  std::optional<std::chrono::milliseconds> accuracy;
  std::string serial;  ///< upper-case hexadecimal
  std::string policy;  ///< OID
  Digester::Algorithm imprint_algorithm = Digester::Algorithm::sha256;
  Bytes imprint;
  Bytes nonce;                      ///< big-endian, no leading zeros; empty when there is none
  std::string digest;               ///< of the token's own signature, OpenSSL's name: "SHA256"
  Bytes certificate_der;            ///< the authority's, bound by signingCertificate(V2)
  std::vector<Bytes> certificates;  ///< all that the token holds, the authority's included
};

/// TimeStampReq in DER, certificates asked for. Errors: `timestamp.request` (permanent: an imprint that is
/// not of its algorithm, a nonce of a wrong length, a policy that is no OID).
[[nodiscard]] Result<Bytes> make_request(const Ask& ask);

/// The token of a TimeStampResp that answers `ask`: granted, its nonce, imprint and policy those asked for,
/// its signature sound; DER. The certificate is not judged. Errors, all of them waiting (the authority may do
/// better next time): `timestamp.response_unreadable`, `timestamp.refused` (its status and text as detail),
/// `timestamp.mismatch`, `timestamp.untrue` (the token does not hold; its own code as detail).
[[nodiscard]] Result<Bytes> read_response(std::span<const std::uint8_t> response, const Ask& ask);

/// The digest of what was stamped, by the algorithm that the token names.
using DigestOf = std::function<Result<Bytes>(Digester::Algorithm)>;

/// Verifies a token (ContentInfo in DER; zeros after it are ignored): one signer, a sound signature over its
/// content, the certificate bound by the signed attributes and made for time stamping alone (critical), and
/// the imprint that of the stamped bytes. Errors, permanent: `timestamp.unreadable`, `timestamp.signature`,
/// `timestamp.certificate`, `timestamp.usage`, `timestamp.algorithm`, `timestamp.imprint`; those of `digest`.
[[nodiscard]] Result<Stamp> verify_token(std::span<const std::uint8_t> token, const DigestOf& digest);
[[nodiscard]] Result<Stamp> verify_token(std::span<const std::uint8_t> token, std::string_view stamped);

}  // namespace demat::timestamp
