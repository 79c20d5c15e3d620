#include "detached_kit.hpp"

#include <fmt/format.h>
#include <openssl/ecdsa.h>
#include <openssl/rsa.h>

#include <stdexcept>

#include "protocols/base/owned.hpp"
#include "protocols/baseline/names.hpp"
#include "protocols/xml/canonical.hpp"

namespace demat::test {
namespace {

namespace names = baseline::names;

using Octets = std::vector<unsigned char>;

void append(Octets& to, const Octets& more) {
  to.insert(to.end(), more.begin(), more.end());
}

Octets element(unsigned char tag, const Octets& content) {
  Octets out{tag};
  if (content.size() < 128) {
    out.push_back(static_cast<unsigned char>(content.size()));
  } else {
    out.push_back(0x82);
    out.push_back(static_cast<unsigned char>(content.size() >> 8U));
    out.push_back(static_cast<unsigned char>(content.size() & 0xFFU));
  }
  append(out, content);
  return out;
}

template <class T, class Encode>
Octets der_of(T* thing, Encode encode) {
  Octets out(static_cast<std::size_t>(encode(thing, nullptr)));
  unsigned char* at = out.data();
  encode(thing, &at);
  return out;
}

std::string digest_text(Digester::Algorithm algorithm, std::string_view bytes) {
  Digester digester(algorithm);
  digester.update(bytes);
  return base64(digester.finish());
}

std::string digest_of(Digester::Algorithm algorithm, std::string_view value) {
  return fmt::format("<ds:DigestMethod Algorithm=\"{}\"/><ds:DigestValue>{}</ds:DigestValue>",
                     names::digest_uri(algorithm), value);
}

std::string info_of(const DetachedWish& wish) {
  const auto form = wish.inclusive ? names::c14n : names::exc_c14n;
  return fmt::format(
      "<ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"{0}\"/><ds:SignatureMethod Algorithm=\"{1}\"/>"
      "<ds:Reference Id=\"r-id-1-1\">{2}</ds:Reference>"
      "<ds:Reference Type=\"{3}\" URI=\"#xades-id-1\"><ds:Transforms><ds:Transform Algorithm=\"{0}\"/>"
      "</ds:Transforms>{4}</ds:Reference></ds:SignedInfo>",
      form, wish.method, digest_of(wish.digest, digest_text(wish.digest, wish.content)),
      names::signed_properties_type, digest_of(Digester::Algorithm::sha256, "@PROPERTIES@"));
}

std::string properties_of(const DetachedWish& wish, const Identity& signer) {
  return fmt::format(
      "<xades:SignedProperties Id=\"xades-id-1\"><xades:SignedSignatureProperties>"
      "<xades:SigningTime>{}</xades:SigningTime><xades:SigningCertificateV2><xades:Cert><xades:CertDigest>{}"
      "</xades:CertDigest><xades:IssuerSerialV2>{}</xades:IssuerSerialV2></xades:Cert>"
      "</xades:SigningCertificateV2><xades:SignatureProductionPlaceV2><xades:City>Valjoie</xades:City>"
      "<xades:PostalCode>34000</xades:PostalCode><xades:CountryName>France</xades:CountryName>"
      "</xades:SignatureProductionPlaceV2><xades:SignerRoleV2><xades:ClaimedRoles><xades:ClaimedRole>Maire"
      "</xades:ClaimedRole></xades:ClaimedRoles></xades:SignerRoleV2></xades:SignedSignatureProperties>"
      "<xades:SignedDataObjectProperties><xades:DataObjectFormat ObjectReference=\"#r-id-1-1\">"
      "<xades:MimeType>application/octet-stream</xades:MimeType></xades:DataObjectFormat>"
      "</xades:SignedDataObjectProperties></xades:SignedProperties>",
      signing_time_text,
      digest_of(wish.certificate_digest, digest_text(wish.certificate_digest, as_text(signer.der))),
      base64(issuer_serial_of(signer.certificate.get())));
}

std::string whole_of(const DetachedWish& wish, const Identity& signer) {
  const std::string stamp = !wish.stamp
                                ? std::string()
                                : "<xades:UnsignedProperties><xades:UnsignedSignatureProperties>"
                                  "<xades:SignatureTimeStamp Id=\"TS-1\">"
                                  "<ds:CanonicalizationMethod Algorithm=\"" +
                                      std::string(names::exc_c14n) +
                                      "\"/><xades:EncapsulatedTimeStamp>@STAMP@"
                                      "</xades:EncapsulatedTimeStamp></xades:SignatureTimeStamp>"
                                      "</xades:UnsignedSignatureProperties></xades:UnsignedProperties>";
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?><ds:Signature xmlns:ds=\"{}\" "
      "Id=\"id-1\">{}"
      "<ds:SignatureValue Id=\"value-id-1\">@VALUE@</ds:SignatureValue><ds:KeyInfo><ds:X509Data>"
      "<ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo><ds:Object>"
      "<xades:QualifyingProperties xmlns:xades=\"{}\" Target=\"#id-1\">{}{}</xades:QualifyingProperties>"
      "</ds:Object></ds:Signature>",
      names::ds, info_of(wish), base64(signer.der), names::xades_1_3_2, properties_of(wish, signer), stamp);
}

/// The canonical form of the first element of that name.
std::string canonical(const std::string& text, std::string_view name, std::string_view ns, bool inclusive) {
  const auto document = xml::parse(text);
  const auto found = document ? document->all(name, ns) : std::vector<xml::Element>();
  if (found.empty()) return {};
  return xml::canonical(*document, found.front(), inclusive ? xml::C14n::inclusive : xml::C14n::exclusive)
      .value();
}

/// Where the marks are left, nothing is to be done.
std::string filled(std::string text, std::string_view mark, const std::function<std::string()>& value) {
  if (const auto at = text.find(mark); at != std::string::npos) text.replace(at, mark.size(), value());
  return text;
}

struct ContextFree {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

/// r||s.
Bytes joined(const Bytes& der, EVP_PKEY* key) {
  const unsigned char* at = der.data();
  const Owned<ECDSA_SIG, ECDSA_SIG_free> value(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  const int half = (EVP_PKEY_get_bits(key) + 7) / 8;
  Bytes out(static_cast<std::size_t>(2 * half));
  BN_bn2binpad(ECDSA_SIG_get0_r(value.get()), out.data(), half);
  BN_bn2binpad(ECDSA_SIG_get0_s(value.get()), out.data() + half, half);
  return out;
}

Bytes sign(std::string_view bytes, const std::string& method, EVP_PKEY* key) {
  const std::string name = method.find("512") != std::string::npos   ? "SHA512"
                           : method.find("384") != std::string::npos ? "SHA384"
                           : method.find("md5") != std::string::npos ? "MD5"
                                                                     : "SHA256";
  const std::unique_ptr<EVP_MD_CTX, ContextFree> context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;
  if (EVP_DigestSignInit(context.get(), &parameters, EVP_get_digestbyname(name.c_str()), nullptr, key) != 1)
    throw std::runtime_error("cannot sign");
  if (method.find("MGF1") != std::string::npos) {
    EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST);
  }
  std::size_t size = 0;
  const auto input = as_bytes(bytes);
  EVP_DigestSign(context.get(), nullptr, &size, input.data(), input.size());
  Bytes out(size);
  if (EVP_DigestSign(context.get(), out.data(), &size, input.data(), input.size()) != 1)
    throw std::runtime_error("cannot sign");
  out.resize(size);
  return EVP_PKEY_is_a(key, "EC") == 1 ? joined(out, key) : out;
}

}  // namespace

Bytes issuer_serial_of(X509* certificate, const ASN1_INTEGER* serial) {
  const auto name = der_of(X509_get_issuer_name(certificate), i2d_X509_NAME);
  auto inside = element(0x30, element(0xA4, name));
  append(inside, der_of(serial != nullptr ? serial : X509_get0_serialNumber(certificate), i2d_ASN1_INTEGER));
  return element(0x30, inside);
}

std::string make_detached(const DetachedWish& wish) {
  const Identity& signer = wish.signer != nullptr ? *wish.signer : ordinary_identity();
  auto text = whole_of(wish, signer);
  if (wish.otherwise) text = wish.otherwise(std::move(text));
  text = filled(text, "@PROPERTIES@", [&] {
    return digest_text(Digester::Algorithm::sha256,
                       canonical(text, "SignedProperties", names::xades_1_3_2, wish.inclusive));
  });
  text = filled(text, "@VALUE@", [&] {
    return base64(
        sign(canonical(text, "SignedInfo", names::ds, wish.inclusive), wish.method, signer.key.get()));
  });
  return filled(text, "@STAMP@",
                [&] { return base64(wish.stamp(canonical(text, "SignatureValue", names::ds, false))); });
}

}  // namespace demat::test
