#include "protocols/baseline/certificates.hpp"

#include "protocols/baseline/issuer_serial.hpp"
#include "protocols/baseline/names.hpp"

namespace demat::baseline {

std::optional<Element> designating(const Element& signed_signature_properties) {
  for (const char* name : {"SigningCertificateV2", "SigningCertificate"}) {
    const auto list = only(signed_signature_properties, {name});
    if (!list) continue;
    const auto certs = list->children("Cert", names::xades_1_3_2);
    return certs.empty() ? std::nullopt : std::optional(certs.front());
  }
  return std::nullopt;
}

std::optional<std::vector<Bytes>> certificates_in(const Element& key_info) {
  const auto data = only_ds(key_info, "X509Data");
  if (!data) return std::nullopt;
  std::vector<Bytes> all;
  for (const auto& item : data->children("X509Certificate", names::ds)) {
    if (all.size() > most_certificates) break;
    auto der = decode_base64(item.text());
    all.push_back(der.ok ? std::move(der.bytes) : Bytes());
  }
  return all;
}

const Bytes* bound_by(const StatedDigest& digest, const std::vector<Bytes>& all) {
  for (const auto& der : all) {
    Digester digester(digest.algorithm);
    digester.update(as_text(der));
    if (!der.empty() && digester.finish() == digest.value) return &der;
  }
  return nullptr;
}

bool issuer_fits(const Element& cert, const xades::Certificate& certificate) {
  for (const auto& second : cert.children("IssuerSerialV2", names::xades_1_3_2)) {
    const auto der = decode_base64(second.text());
    if (!der.ok || !issuer_serial_is(certificate, der.bytes)) return false;
  }
  for (const auto& first : cert.children("IssuerSerial", names::xades_1_3_2)) {
    const auto issuer = only_ds(first, "X509IssuerName");
    const auto serial = only_ds(first, "X509SerialNumber");
    if (!issuer || !serial || !certificate.issuer_is(issuer->text()) ||
        !certificate.serial_is(serial->text()))
      return false;
  }
  return true;
}

void offer_values(const Element& qualifying, std::vector<Bytes>& offered) {
  const auto values =
      only(qualifying, {"UnsignedProperties", "UnsignedSignatureProperties", "CertificateValues"});
  if (!values) return;
  for (const auto& item : values->children("EncapsulatedX509Certificate", names::xades_1_3_2)) {
    if (offered.size() >= most_certificates) return;
    auto der = decode_base64(item.text());
    if (der.ok && !der.bytes.empty()) offered.push_back(std::move(der.bytes));
  }
}

}  // namespace demat::baseline
