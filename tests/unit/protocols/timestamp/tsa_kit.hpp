#pragma once

#include <optional>
#include <string>

#include "pki_kit.hpp"
#include "protocols/timestamp/timestamp.hpp"

namespace demat::test {

/// A token as a test wants it, faults included.
struct TokenWish {
  std::string stamped = "what is stamped";
  Digester::Algorithm algorithm = Digester::Algorithm::sha256;
  std::optional<Bytes> imprint{};  ///< instead of the digest of `stamped`
  Bytes nonce{};
  std::string policy = "1.2.250.1.999.3.1";
  std::string time = "20260115103000.250Z";
  bool accuracy = true;
  enum class Naming { second, first, both, none, other, nonsense } naming = Naming::second;
  bool certificates = true;
  bool another_signer = false;
  int content_type = NID_id_smime_ct_TSTInfo;
};

/// TimeStampToken by `authority`, DER.
[[nodiscard]] Bytes make_token(const TokenWish& wish, const Holder& authority);

/// TimeStampResp with that status; without a token when it is empty.
[[nodiscard]] Bytes make_response(const Bytes& token, long status = 0, int failure = -1,
                                  const std::string& text = {});

/// An authority for time stamps under the ordinary root, made once per process.
[[nodiscard]] const Holder& ordinary_tsa();

/// Answers a TimeStampReq truthfully at `time`.
[[nodiscard]] Bytes answer_request(std::span<const std::uint8_t> request, const Holder& authority,
                                   const std::string& time = "20260115103000Z");

}  // namespace demat::test
