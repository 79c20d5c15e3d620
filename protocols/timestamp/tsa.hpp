#pragma once

// Inner header: OpenSSL's structures of RFC 3161.

#include <openssl/ts.h>

#include <array>
#include <string>

#include "protocols/cms/handles.hpp"

namespace demat::timestamp {

using RequestPtr = Owned<TS_REQ, TS_REQ_free>;
using ResponsePtr = Owned<TS_RESP, TS_RESP_free>;
using InfoPtr = Owned<TS_TST_INFO, TS_TST_INFO_free>;
using ImprintPtr = Owned<TS_MSG_IMPRINT, TS_MSG_IMPRINT_free>;
using AlgorithmPtr = Owned<X509_ALGOR, X509_ALGOR_free>;
using IntegerPtr = Owned<ASN1_INTEGER, ASN1_INTEGER_free>;
using NumberPtr = Owned<BIGNUM, BN_free>;
using ObjectPtr = Owned<ASN1_OBJECT, ASN1_OBJECT_free>;

/// Big-endian without leading zeros; empty for null and for zero.
[[nodiscard]] inline Bytes magnitude(const ASN1_INTEGER* number) {
  const NumberPtr value(number != nullptr ? ASN1_INTEGER_to_BN(number, nullptr) : nullptr);
  Bytes bytes(value ? static_cast<std::size_t>(BN_num_bytes(value.get())) : 0);
  if (value) BN_bn2bin(value.get(), bytes.data());
  return bytes;
}

[[nodiscard]] inline std::string oid_text(const ASN1_OBJECT* object) {
  std::array<char, 128> text{};
  const int size = OBJ_obj2txt(text.data(), static_cast<int>(text.size()), object, 1);
  return size > 0 && size < static_cast<int>(text.size()) ? std::string(text.data()) : std::string();
}

}  // namespace demat::timestamp
