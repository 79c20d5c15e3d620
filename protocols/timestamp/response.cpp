#include <openssl/err.h>

#include <algorithm>
#include <array>

#include "protocols/timestamp/errors.hpp"
#include "protocols/timestamp/timestamp.hpp"
#include "protocols/timestamp/tsa.hpp"

namespace demat::timestamp {
namespace {

constexpr std::size_t longest_text = 200;  ///< bytes: the text comes from the authority

/// "status 2, badAlg, text": numbers and names first, then what the authority wrote, made harmless.
std::string status_text(const TS_STATUS_INFO* info, long status) {
  constexpr std::array<std::pair<int, const char*>, 8> reasons{
      {{TS_INFO_BAD_ALG, "badAlg"},
       {TS_INFO_BAD_REQUEST, "badRequest"},
       {TS_INFO_BAD_DATA_FORMAT, "badDataFormat"},
       {TS_INFO_TIME_NOT_AVAILABLE, "timeNotAvailable"},
       {TS_INFO_UNACCEPTED_POLICY, "unacceptedPolicy"},
       {TS_INFO_UNACCEPTED_EXTENSION, "unacceptedExtension"},
       {TS_INFO_ADD_INFO_NOT_AVAILABLE, "addInfoNotAvailable"},
       {TS_INFO_SYSTEM_FAILURE, "systemFailure"}}};
  std::string out = "status " + std::to_string(status);
  const ASN1_BIT_STRING* const bits = TS_STATUS_INFO_get0_failure_info(info);
  for (const auto& [bit, name] : reasons)
    if (bits != nullptr && ASN1_BIT_STRING_get_bit(bits, bit) == 1) out += std::string(", ") + name;
  const auto* const texts = TS_STATUS_INFO_get0_text(info);
  if (texts != nullptr && sk_ASN1_UTF8STRING_num(texts) > 0) {
    const auto said = as_text(cms::bytes_of(sk_ASN1_UTF8STRING_value(texts, 0)));
    out += ", ";
    for (const char c : said.substr(0, longest_text))
      out += static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7E ? '?' : c;
  }
  return out;
}

/// RFC 3161 2.4.2: 0 granted, 1 granted with changes, which the comparison below judges.
bool granted(long status) {
  return status == 0 || status == 1;
}

Bytes without_leading_zeros(const Bytes& number) {
  return {std::find_if(number.begin(), number.end(), [](std::uint8_t byte) { return byte != 0; }),
          number.end()};
}

}  // namespace

Result<Bytes> read_response(std::span<const std::uint8_t> response, const Ask& ask) {
  if (response.size() > max_token) return failure(response_unreadable());
  const unsigned char* at = response.data();
  const ResponsePtr read(d2i_TS_RESP(nullptr, &at, static_cast<long>(response.size())));
  ERR_clear_error();
  if (!read || at != response.data() + response.size()) return failure(response_unreadable());
  TS_STATUS_INFO* const info = TS_RESP_get_status_info(read.get());
  const long status = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(info));
  if (!granted(status)) return failure(refused(status_text(info, status)));
  const PKCS7* const inside = TS_RESP_get_token(read.get());
  if (inside == nullptr) return failure(response_unreadable());
  Bytes token = cms::der_of(inside, i2d_PKCS7);
  const auto stamp = verify_token(token, [&](Digester::Algorithm) { return Result<Bytes>(ask.imprint); });
  if (!stamp && stamp.error().code == "timestamp.imprint") return failure(mismatch("imprint"));
  if (!stamp) return failure(untrue(stamp.error()));
  if (stamp->imprint_algorithm != ask.algorithm) return failure(mismatch("imprint"));
  if (stamp->nonce != without_leading_zeros(ask.nonce)) return failure(mismatch("nonce"));
  if (!ask.policy.empty() && stamp->policy != ask.policy) return failure(mismatch("policy " + stamp->policy));
  return token;
}

}  // namespace demat::timestamp
