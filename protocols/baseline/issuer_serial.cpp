#include "protocols/baseline/issuer_serial.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <memory>

#include "protocols/base/owned.hpp"

namespace demat::baseline {
namespace {

using NamesPtr = Owned<GENERAL_NAMES, GENERAL_NAMES_free>;
using NumberPtr = Owned<ASN1_INTEGER, ASN1_INTEGER_free>;

bool holds(const X509* certificate, std::span<const std::uint8_t> der) {
  const unsigned char* at = der.data();
  const unsigned char* const end = at + der.size();
  long length = 0;
  int tag = 0;
  int kind = 0;
  // 0x80: an error; bit 0: an indefinite length, which is no DER.
  const int result = ASN1_get_object(&at, &length, &tag, &kind, static_cast<long>(der.size()));
  if ((result & 0x81) != 0 || tag != V_ASN1_SEQUENCE || at + length != end) return false;
  const Owned<GENERAL_NAMES, GENERAL_NAMES_free> names(d2i_GENERAL_NAMES(nullptr, &at, end - at));
  if (!names || sk_GENERAL_NAME_num(names.get()) != 1) return false;
  const Owned<ASN1_INTEGER, ASN1_INTEGER_free> number(d2i_ASN1_INTEGER(nullptr, &at, end - at));
  const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names.get(), 0);
  return number && at == end && name->type == GEN_DIRNAME &&
         X509_NAME_cmp(name->d.directoryName, X509_get_issuer_name(certificate)) == 0 &&
         ASN1_INTEGER_cmp(number.get(), X509_get0_serialNumber(certificate)) == 0;
}

}  // namespace

bool issuer_serial_is(const xades::Certificate& certificate, std::span<const std::uint8_t> der) {
  const bool same = holds(certificate.native(), der);
  ERR_clear_error();
  return same;
}

}  // namespace demat::baseline
