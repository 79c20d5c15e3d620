#include "protocols/xades/assembly.hpp"

#include <fmt/format.h>

#include "protocols/xades/names.hpp"
#include "protocols/xades/text.hpp"

namespace demat::xades {
namespace {

std::string digest_base64(Digester::Algorithm algorithm, const Bytes& bytes) {
  Digester digester(algorithm);
  digester.update(as_text(bytes));
  return base64(digester.finish());
}

std::string declaration(std::string_view prefix, std::string_view ns) {
  return fmt::format(" xmlns:{}=\"{}\"", prefix, ns);
}

/// Ids are NCNames: nothing to escape but what is not ASCII.
std::string id_text(bool canonical, const std::string& id) {
  return canonical ? id : ascii_escaped(id);
}

}  // namespace

Assembly::Assembly(const SignRequest& request, const Certificate& certificate)
    : policy_(request.policy),
      statement_(request.statement),
      signing_time_(format_instant(request.signing_time)),
      certificate_base64_(base64(certificate.der())),
      certificate_digest_(digest_base64(request.policy.certificate_digest, certificate.der())),
      issuer_(certificate.issuer()),
      serial_(certificate.serial_decimal()),
      canonical_body_(signed_signature_properties(Form::canonical)),
      document_body_(signed_signature_properties(Form::document)) {}

std::string Assembly::canonical_properties(const SignatureIds& ids) const {
  return properties(Form::canonical, ids);
}

std::string Assembly::canonical_signed_info(const SignatureIds& ids, const Bytes& content_digest,
                                            const Bytes& properties_digest) const {
  return signed_info(Form::canonical, ids, content_digest, properties_digest);
}

// Both forms come from one template: they differ only by the namespace declarations that exclusive
// canonicalisation renders where a prefix is first used, and by the escapes of what is not ASCII.

std::string Assembly::signed_info(Form form, const SignatureIds& ids, const Bytes& content_digest,
                                  const Bytes& properties_digest) const {
  const bool canonical = form == Form::canonical;
  const auto transform = [](std::string_view algorithm) {
    return fmt::format("<ds:Transform Algorithm=\"{}\"></ds:Transform>", algorithm);
  };
  const auto reference = [&](std::string_view attributes, const std::string& transforms,
                             const Bytes& digest) {
    return fmt::format(
        "<ds:Reference {}><ds:Transforms>{}</ds:Transforms>"
        "<ds:DigestMethod "
        "Algorithm=\"{}\"></ds:DigestMethod><ds:DigestValue>{}</ds:DigestValue></ds:Reference>",
        attributes, transforms, names::sha256, base64(digest));
  };
  const auto content = reference(fmt::format("URI=\"#{}\"", id_text(canonical, ids.element)),
                                 transform(names::enveloped) + transform(names::exc_c14n), content_digest);
  const auto properties = reference(fmt::format("Type=\"{}SignedProperties\" URI=\"#{}\"", policy_.xades_ns,
                                                id_text(canonical, ids.properties())),
                                    transform(names::exc_c14n), properties_digest);
  return fmt::format(
      "<ds:SignedInfo{}><ds:CanonicalizationMethod Algorithm=\"{}\"></ds:CanonicalizationMethod>"
      "<ds:SignatureMethod Algorithm=\"{}\"></ds:SignatureMethod>{}{}</ds:SignedInfo>",
      canonical ? declaration("ds", names::ds) : "", names::exc_c14n, names::rsa_sha256, content, properties);
}

std::string Assembly::signed_signature_properties(Form form) const {
  const bool canonical = form == Form::canonical;
  const auto text = [&](std::string_view value) {
    return canonical ? canonical_escaped(value) : ascii_escaped(value);
  };
  const std::string ds = canonical ? declaration("ds", names::ds) : "";
  const auto digest = [&](std::string_view method, std::string_view value) {
    return fmt::format(
        "<xad:DigestMethod Algorithm=\"{}\"></xad:DigestMethod><xad:DigestValue>{}</xad:DigestValue>", method,
        value);
  };
  std::string out = "<xad:SignedSignatureProperties>";
  out += fmt::format("<xad:SigningTime>{}</xad:SigningTime>", signing_time_);
  out += fmt::format(
      "<xad:SigningCertificate><xad:Cert><xad:CertDigest>{}</xad:CertDigest><xad:IssuerSerial>"
      "<ds:X509IssuerName{}>{}</ds:X509IssuerName><ds:X509SerialNumber{}>{}</ds:X509SerialNumber>"
      "</xad:IssuerSerial></xad:Cert></xad:SigningCertificate>",
      digest(names::digest_uri(policy_.certificate_digest), certificate_digest_), ds, text(issuer_), ds,
      serial_);
  out += fmt::format(
      "<xad:SignaturePolicyIdentifier><xad:SignaturePolicyId><xad:SigPolicyId><xad:Identifier>{}</"
      "xad:Identifier>"
      "<xad:Description>{}</xad:Description></xad:SigPolicyId><xad:SigPolicyHash>{}</xad:SigPolicyHash>"
      "<xad:SigPolicyQualifiers><xad:SigPolicyQualifier><xad:SPURI>{}</xad:SPURI></xad:SigPolicyQualifier>"
      "</xad:SigPolicyQualifiers></xad:SignaturePolicyId></xad:SignaturePolicyIdentifier>",
      text(policy_.id), text(policy_.description), digest(policy_.digest_method, policy_.digest),
      text(policy_.spuri));
  out += fmt::format(
      "<xad:SignatureProductionPlace><xad:City>{}</xad:City><xad:PostalCode>{}</xad:PostalCode>"
      "<xad:CountryName>{}</xad:CountryName></xad:SignatureProductionPlace>",
      text(statement_.city), text(statement_.postal_code), text(statement_.country));
  out += fmt::format(
      "<xad:SignerRole><xad:ClaimedRoles><xad:ClaimedRole>{}</xad:ClaimedRole></xad:ClaimedRoles></"
      "xad:SignerRole>",
      text(statement_.role));
  return out + "</xad:SignedSignatureProperties>";
}

std::string Assembly::properties(Form form, const SignatureIds& ids) const {
  const bool canonical = form == Form::canonical;
  return fmt::format("<xad:SignedProperties{} Id=\"{}\">{}</xad:SignedProperties>",
                     canonical ? declaration("xad", policy_.xades_ns) : "",
                     id_text(canonical, ids.properties()), canonical ? canonical_body_ : document_body_);
}

std::string Assembly::signature(const SignatureIds& ids, const Bytes& content_digest,
                                const Bytes& properties_digest, const Bytes& value) const {
  return fmt::format(
      "<ds:Signature{} Id=\"{}\">{}<ds:SignatureValue Id=\"{}\">{}</ds:SignatureValue>"
      "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
      "<ds:Object><xad:QualifyingProperties{} "
      "Target=\"#{}\">{}</xad:QualifyingProperties></ds:Object></ds:Signature>",
      declaration("ds", names::ds), ascii_escaped(ids.signature),
      signed_info(Form::document, ids, content_digest, properties_digest), ascii_escaped(ids.value()),
      base64(value), certificate_base64_, declaration("xad", policy_.xades_ns), ascii_escaped(ids.signature),
      properties(Form::document, ids));
}

}  // namespace demat::xades
