#pragma once

#include <string_view>

#include "protocols/base/digest.hpp"

/// Names of XML-DSig, XAdES and PES that this folder reads and writes.
namespace demat::xades::names {

inline constexpr std::string_view pes_aller_ns = "http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller";
inline constexpr std::string_view ds = "http://www.w3.org/2000/09/xmldsig#";
inline constexpr std::string_view xades_1_1_1 = "http://uri.etsi.org/01903/v1.1.1#";
inline constexpr std::string_view xades_1_2_2 = "http://uri.etsi.org/01903/v1.2.2#";

inline constexpr std::string_view exc_c14n = "http://www.w3.org/2001/10/xml-exc-c14n#";
inline constexpr std::string_view exc_c14n_comments = "http://www.w3.org/2001/10/xml-exc-c14n#WithComments";
inline constexpr std::string_view enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
inline constexpr std::string_view rsa_sha256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
inline constexpr std::string_view sha1 = "http://www.w3.org/2000/09/xmldsig#sha1";
inline constexpr std::string_view sha256 = "http://www.w3.org/2001/04/xmlenc#sha256";
inline constexpr std::string_view sha384 = "http://www.w3.org/2001/04/xmldsig-more#sha384";
inline constexpr std::string_view sha512 = "http://www.w3.org/2001/04/xmlenc#sha512";

[[nodiscard]] constexpr std::string_view digest_uri(Digester::Algorithm algorithm) {
  switch (algorithm) {
    case Digester::Algorithm::sha1:
      return sha1;
    case Digester::Algorithm::sha384:
      return sha384;
    case Digester::Algorithm::sha512:
      return sha512;
    case Digester::Algorithm::sha256:
      break;
  }
  return sha256;
}

}  // namespace demat::xades::names
