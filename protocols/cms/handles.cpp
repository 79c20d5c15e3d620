#include "protocols/cms/handles.hpp"

#include <openssl/err.h>

#include <algorithm>

namespace demat::cms {

CmsPtr parse_signed_data(std::span<const std::uint8_t> der) {
  const unsigned char* at = der.data();
  CmsPtr cms(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(der.size())));
  ERR_clear_error();
  if (!cms || OBJ_obj2nid(CMS_get0_type(cms.get())) != NID_pkcs7_signed) return nullptr;
  const auto rest = der.subspan(static_cast<std::size_t>(at - der.data()));
  return std::ranges::all_of(rest, [](std::uint8_t byte) { return byte == 0; }) ? std::move(cms) : nullptr;
}

std::optional<Digester::Algorithm> digest_of(const X509_ALGOR* algorithm) {
  const ASN1_OBJECT* name = nullptr;
  X509_ALGOR_get0(&name, nullptr, nullptr, algorithm);
  switch (OBJ_obj2nid(name)) {
    case NID_sha1:
      return Digester::Algorithm::sha1;
    case NID_sha256:
      return Digester::Algorithm::sha256;
    case NID_sha384:
      return Digester::Algorithm::sha384;
    case NID_sha512:
      return Digester::Algorithm::sha512;
    default:
      return std::nullopt;
  }
}

}  // namespace demat::cms
