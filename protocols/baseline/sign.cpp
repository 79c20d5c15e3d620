#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "protocols/baseline/baseline.hpp"
#include "protocols/baseline/names.hpp"
#include "protocols/xades/places.hpp"
#include "protocols/xades/text.hpp"
#include "protocols/xml/canonical.hpp"

namespace demat::baseline {
namespace {

using namespace xades;

constexpr std::array<std::string_view, 5> ascii_compatible = {"UTF-8", "ISO-8859-1", "ISO-8859-15",
                                                              "WINDOWS-1252", "US-ASCII"};

Error certificate_error(std::string_view detail) {
  return waiting_error(
      "xades.signer_certificate",
      "Le certificat de signature de la passerelle n'est pas utilisable : prévenez l'exploitant.",
      "The gateway's signing certificate cannot be used: tell the operator.", detail);
}

Error not_confirmed(std::string_view detail) {
  return permanent_error(
      "xades.self_check",
      "La signature que la passerelle vient de produire ne se vérifie pas : le fichier n'est pas "
      "émis, prévenez l'exploitant.",
      "The signature just made by the gateway does not verify: the file is not sent, tell the "
      "operator.",
      detail);
}

std::string sha256_base64(std::string_view bytes) {
  Digester digester(Digester::Algorithm::sha256);
  digester.update(bytes);
  return base64(digester.finish());
}

/// The signature's text, ASCII only. Its own declarations and exclusive canonicalisation make it mean the
/// same alone as in the document, so what is digested and signed is taken from this text alone.
class Text {
 public:
  Text(std::string id, const BaselineRequest& request) : id_(std::move(id)), request_(request) {}

  [[nodiscard]] std::string whole() const {
    return fmt::format(
        "<ds:Signature xmlns:ds=\"{}\" Id=\"{}\">{}<ds:SignatureValue Id=\"{}_SV\">{}</ds:SignatureValue>"
        "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
        "<ds:Object><xades:QualifyingProperties xmlns:xades=\"{}\" Target=\"#{}\">{}{}"
        "</xades:QualifyingProperties></ds:Object></ds:Signature>",
        names::ds, id_, signed_info(), id_, value, base64(request_.certificate_der), names::xades_1_3_2, id_,
        properties(), unsigned_properties());
  }

  std::string content_digest = "";
  std::string properties_digest = "";
  std::string value = "";
  std::string stamp = "";

 private:
  static std::string digest(std::string_view of) {
    return fmt::format(
        "<ds:DigestMethod Algorithm=\"{}\"></ds:DigestMethod><ds:DigestValue>{}</ds:DigestValue>",
        names::sha256, of);
  }
  static std::string transform(std::string_view algorithm) {
    return fmt::format("<ds:Transform Algorithm=\"{}\"></ds:Transform>", algorithm);
  }

  [[nodiscard]] std::string signed_info() const {
    return fmt::format(
        "<ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"{}\"></ds:CanonicalizationMethod>"
        "<ds:SignatureMethod Algorithm=\"{}\"></ds:SignatureMethod>"
        "<ds:Reference Id=\"{}_REF\" URI=\"\"><ds:Transforms>{}{}</ds:Transforms>{}</ds:Reference>"
        "<ds:Reference Type=\"{}\" URI=\"#{}_SP\"><ds:Transforms>{}</ds:Transforms>{}</ds:Reference>"
        "</ds:SignedInfo>",
        names::exc_c14n, names::rsa_sha256, id_, transform(names::enveloped), transform(names::exc_c14n),
        digest(content_digest), names::signed_properties_type, id_, transform(names::exc_c14n),
        digest(properties_digest));
  }

  [[nodiscard]] std::string place() const {
    const auto& said = request_.statement;
    if (said.city.empty() && said.postal_code.empty()) return {};
    return fmt::format(
        "<xades:SignatureProductionPlaceV2><xades:City>{}</xades:City><xades:PostalCode>{}</xades:PostalCode>"
        "<xades:CountryName>{}</xades:CountryName></xades:SignatureProductionPlaceV2>",
        ascii_escaped(said.city), ascii_escaped(said.postal_code), ascii_escaped(said.country));
  }
  [[nodiscard]] std::string role() const {
    if (request_.statement.role.empty()) return {};
    return fmt::format(
        "<xades:SignerRoleV2><xades:ClaimedRoles><xades:ClaimedRole>{}</xades:ClaimedRole>"
        "</xades:ClaimedRoles></xades:SignerRoleV2>",
        ascii_escaped(request_.statement.role));
  }

  [[nodiscard]] std::string properties() const {
    return fmt::format(
        "<xades:SignedProperties Id=\"{}_SP\"><xades:SignedSignatureProperties>"
        "<xades:SigningTime>{}</xades:SigningTime>"
        "<xades:SigningCertificateV2><xades:Cert><xades:CertDigest>{}</xades:CertDigest></xades:Cert>"
        "</xades:SigningCertificateV2>{}{}</xades:SignedSignatureProperties>"
        "<xades:SignedDataObjectProperties><xades:DataObjectFormat ObjectReference=\"#{}_REF\">"
        "<xades:MimeType>{}</xades:MimeType></xades:DataObjectFormat></xades:SignedDataObjectProperties>"
        "</xades:SignedProperties>",
        id_, format_instant(request_.signing_time), digest(sha256_base64(as_text(request_.certificate_der))),
        place(), role(), id_, ascii_escaped(request_.mime_type));
  }

  [[nodiscard]] std::string unsigned_properties() const {
    if (stamp.empty()) return {};
    return fmt::format(
        "<xades:UnsignedProperties><xades:UnsignedSignatureProperties><xades:SignatureTimeStamp Id=\"{}_TS\">"
        "<ds:CanonicalizationMethod Algorithm=\"{}\"></ds:CanonicalizationMethod>"
        "<xades:EncapsulatedTimeStamp>{}</xades:EncapsulatedTimeStamp></xades:SignatureTimeStamp>"
        "</xades:UnsignedSignatureProperties></xades:UnsignedProperties>",
        id_, names::exc_c14n, stamp);
  }

  std::string id_;
  const BaselineRequest& request_;
};

/// The canonical form of one element of the signature's text.
Result<std::string> part(const Text& text, std::string_view name, std::string_view ns) {
  const auto alone = xml::parse(text.whole());
  if (!alone) return failure(alone.error());
  const auto found = alone->all(name, ns);
  if (found.size() != 1) return failure(not_confirmed(name));
  return xml::canonical(*alone, found.front(), xml::C14n::exclusive);
}

Status check(const xml::Document& document, const BaselineRequest& request) {
  const auto encoding = document.encoding().name;
  if (std::ranges::find(ascii_compatible, encoding) == ascii_compatible.end())
    return failure(permanent_error("xades.encoding", "L'encodage du fichier ne permet pas de le signer.",
                                   "The file's encoding does not allow signing.", encoding));
  if (!document.all("Signature", names::ds).empty())
    return failure(
        permanent_error("xades.already_signed", "Le fichier est déjà signé.", "The file is signed already."));
  const auto certificate = Certificate::from_der(request.certificate_der);
  if (!certificate) return failure(certificate_error(certificate.error().detail));
  if (!certificate->has_strong_rsa_key())
    return failure(certificate_error("RSA of 2048 bits or more required"));
  if (request.signing_time < certificate->not_before() || request.signing_time > certificate->not_after())
    return failure(certificate_error("not valid at the signing time"));
  return {};
}

/// `SIG-<n>` with the first n that no Id of the document makes ambiguous.
std::string fresh_id(const xml::Document& document) {
  const auto taken = count_ids(document);
  for (std::size_t n = 1;; ++n) {
    const std::string id = "SIG-" + std::to_string(n);
    if (std::ranges::none_of(std::array{"", "_SV", "_SP", "_REF", "_TS"},
                             [&](const char* end) { return taken.contains(id + end); }))
      return id;
  }
}

Status fill(Text& text, const xml::Document& document, const BaselineRequest& request) {
  const auto content =
      xml::canonical_digest(document, document.root(), xml::C14n::exclusive, Digester::Algorithm::sha256);
  if (!content) return failure(content.error());
  text.content_digest = base64(*content);
  const auto properties = part(text, "SignedProperties", names::xades_1_3_2);
  if (!properties) return failure(properties.error());
  text.properties_digest = sha256_base64(*properties);
  const auto info = part(text, "SignedInfo", names::ds);
  if (!info) return failure(info.error());
  const auto value = request.sign(*info);
  if (!value) return failure(value.error());
  text.value = base64(*value);
  if (!request.stamp) return {};
  const auto stamped = part(text, "SignatureValue", names::ds);
  if (!stamped) return failure(stamped.error());
  const auto token = request.stamp(*stamped);
  if (!token) return failure(token.error());
  text.stamp = base64(*token);
  return {};
}

/// RS11: what comes out is parsed anew and verified, its stamp included.
Status confirm(std::string_view output, const BaselineRequest& request) {
  const auto document = xml::parse_borrowed(output);
  if (!document) return failure(document.error());
  const auto report = verify_baseline(*document, request.signing_time);
  if (!report) return failure(report.error());
  const bool stamped = !request.stamp || report->stamp.has_value();
  if (report->signature.indication == Indication::passed && stamped) return {};
  std::string codes;
  for (const auto& finding : report->signature.findings)
    codes += (codes.empty() ? "" : " ") + finding.code;
  if (!stamped) codes += std::string(codes.empty() ? "" : " ") + "xades.stamp";
  return failure(not_confirmed(codes));
}

}  // namespace

Result<std::string> sign_baseline(const xml::Document& document, std::string_view bytes,
                                  const BaselineRequest& request) {
  if (auto status = check(document, request); !status) return failure(status.error());
  const auto span = document.span(document.root());
  if (!span || span->end > bytes.size()) return failure(not_confirmed("bytes"));
  Text text(fresh_id(document), request);
  if (auto status = fill(text, document, request); !status) return failure(status.error());
  auto output = splice(bytes, {{*span, text.whole()}});
  if (auto status = confirm(output, request); !status) return failure(status.error());
  return output;
}

}  // namespace demat::baseline
