// Signatures beside a file made to deceive, with the outcome that docs/signatures.md promises for each (read
// by docs/check.py: number, name, outcome and code stay literals in this order).

#include <gtest/gtest.h>

#include <ctime>
#include <ostream>

#include "detached_kit.hpp"
#include "protocols/baseline/names.hpp"

namespace demat::baseline {
namespace {

using test::DetachedWish;
using test::Identity;
using test::make_detached;
using test::make_identity;
using test::replaced;

enum class Outcome { passed, warned, failed, unreadable };

struct Case {
  const char* number;
  const char* name;
  Outcome outcome;
  const char* code;
  std::function<std::string()> text;  ///< beside DetachedWish::content
};

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.number << ' ' << one.name;
}

/// What the signer himself would have written so: digests and value fit.
std::string written(std::string_view from, std::string_view to, DetachedWish wish = {}) {
  wish.otherwise = [&](std::string text) { return replaced(std::move(text), from, to); };
  return make_detached(wish);
}

/// What was changed after the signature.
std::string changed(std::string_view from, std::string_view to, const DetachedWish& wish = {}) {
  return replaced(make_detached(wish), from, to);
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i)
    out += text;
  return out;
}

std::string between(const std::string& text, std::string_view open, std::string_view close) {
  const auto from = text.find(open);
  return text.substr(from, text.find(close, from) + close.size() - from);
}

std::string with_value(const std::string& value, const Identity* signer = nullptr,
                       const std::string& method = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256") {
  const auto text = make_detached({.signer = signer, .method = method});
  const auto old = between(text, "<ds:SignatureValue", "</ds:SignatureValue>");
  return replaced(text, old, "<ds:SignatureValue Id=\"value-id-1\">" + value + "</ds:SignatureValue>");
}

const Identity& attacker() {
  static const Identity identity = make_identity();
  return identity;
}
const Identity& elliptic() {
  static const Identity identity = make_identity({.elliptic = true});
  return identity;
}

constexpr auto content_reference = "<ds:Reference Id=\"r-id-1-1\">";
constexpr auto ecdsa = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";

std::string content_reference_with(const std::string& attribute) {
  return written(content_reference, "<ds:Reference Id=\"r-id-1-1\" " + attribute + ">");
}

std::string transformed(const std::string& algorithm) {
  return written(content_reference, std::string(content_reference) +
                                        "<ds:Transforms><ds:Transform Algorithm=\"" + algorithm +
                                        "\"/></ds:Transforms>");
}

std::vector<Case> reference_cases() {
  return {
      {"D40", "BesideAnotherFile", Outcome::failed, "xades.detached_content",
       [] { return make_detached({.content = "un autre acte\n"}); }},
      {"D41", "BesideReferenceToAFile", Outcome::failed, "xades.detached_reference",
       [] { return content_reference_with("URI=\"file:///etc/hostname\""); }},
      {"D42", "BesideReferenceToAServer", Outcome::failed, "xades.detached_reference",
       [] { return content_reference_with("URI=\"http://127.0.0.1:9/\""); }},
      {"D43", "BesideReferenceToItself", Outcome::failed, "xades.detached_reference",
       [] { return content_reference_with("URI=\"\""); }},
      {"D44", "BesideReferenceToAName", Outcome::failed, "xades.detached_reference",
       [] { return content_reference_with("URI=\"acte.pdf\""); }},
      {"D45", "BesideReferenceToAnElement", Outcome::failed, "xades.detached_reference",
       [] { return content_reference_with("URI=\"#value-id-1\""); }},
      {"D46", "BesideThirdReference", Outcome::failed, "xades.detached_reference",
       [] { return written("</ds:SignedInfo>", "<ds:Reference URI=\"#value-id-1\"/></ds:SignedInfo>"); }},
      {"D47", "BesideTwoFiles", Outcome::failed, "xades.detached_reference",
       [] { return written(" URI=\"#xades-id-1\"", ""); }},
      {"D48", "BesidePropertiesUnsigned", Outcome::failed, "xades.detached_reference",
       [] {
         DetachedWish wish;
         wish.otherwise = [](const std::string& text) {
           return replaced(text, between(text, "<ds:Reference Type", "</ds:Reference>"), "");
         };
         return make_detached(wish);
       }},
      {"D49", "BesidePropertiesUntyped", Outcome::failed, "xades.detached_reference",
       [] { return written(" Type=\"http://uri.etsi.org/01903#SignedProperties\"", ""); }},
      {"D50", "BesideManifest", Outcome::failed, "xades.detached_reference",
       [] { return content_reference_with("Type=\"http://www.w3.org/2000/09/xmldsig#Manifest\""); }},
      {"D51", "BesideTransformOfTheFile", Outcome::failed, "xades.transform",
       [] { return transformed("http://www.w3.org/2000/09/xmldsig#base64"); }},
      {"D52", "BesideXsltOfTheFile", Outcome::failed, "xades.transform",
       [] { return transformed("http://www.w3.org/TR/1999/REC-xslt-19991116"); }},
      {"D53", "BesideXPathOfTheProperties", Outcome::failed, "xades.transform",
       [] {
         return written("<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>",
                        "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"/>");
       }},
      {"D54", "BesideFormatOfAnother", Outcome::failed, "xades.structure",
       [] { return written("ObjectReference=\"#r-id-1-1\"", "ObjectReference=\"#r-id-1-2\""); }},
      {"D55", "BesideManyReferences", Outcome::failed, "xades.detached_reference",
       [] { return changed("</ds:SignedInfo>", repeated("<ds:Reference/>", 100'000) + "</ds:SignedInfo>"); }},
  };
}

std::vector<Case> shape_cases() {
  return {
      {"D56", "BesideInAnotherRoot", Outcome::failed, "xades.structure",
       [] {
         const auto text = changed("<ds:Signature ", "<a><ds:Signature ");
         return text + "</a>";
       }},
      {"D57", "BesideCounterSignature", Outcome::failed, "xades.structure",
       [] {
         return changed(
             "</xades:QualifyingProperties>",
             "<xades:UnsignedProperties><xades:UnsignedSignatureProperties><xades:CounterSignature>"
             "<ds:Signature/></xades:CounterSignature></xades:UnsignedSignatureProperties>"
             "</xades:UnsignedProperties></xades:QualifyingProperties>");
       }},
      {"D58", "BesideDecoyProperties", Outcome::failed, "xades.qualifying_properties",
       [] {
         return changed("<ds:Object>", "<ds:Object><xades:QualifyingProperties xmlns:xades=\"" +
                                           std::string(names::xades_1_3_2) + "\" Target=\"#id-1\"/>");
       }},
      {"D59", "BesideSecondObject", Outcome::failed, "xades.structure",
       [] { return changed("<ds:Object>", "<ds:Object/><ds:Object>"); }},
      {"D60", "BesideOlderProperties", Outcome::failed, "xades.qualifying_properties",
       [] { return changed(names::xades_1_3_2, "http://uri.etsi.org/01903/v1.2.2#"); }},
      {"D61", "BesideTargetOfAnother", Outcome::failed, "xades.target",
       [] { return changed("Target=\"#id-1\"", "Target=\"#id-2\""); }},
      {"D62", "BesideDuplicateId", Outcome::failed, "xades.duplicate_id",
       [] { return changed("<ds:KeyInfo>", "<ds:KeyInfo Id=\"xades-id-1\">"); }},
      {"D63", "BesideDoctype", Outcome::unreadable, "xml.doctype",
       [] {
         return changed("<ds:Signature ",
                        "<!DOCTYPE s [<!ENTITY e SYSTEM \"file:///etc/hostname\">]><ds:Signature ");
       }},
      {"D64", "BesideInstruction", Outcome::failed, "xades.instruction",
       [] { return changed("<ds:KeyInfo>", "<?x?><ds:KeyInfo>"); }},
      {"D65", "BesideCommentInADigest", Outcome::passed, "",
       [] { return changed("<ds:X509Certificate>", "<ds:X509Certificate><!-- suite -->"); }},
      {"D66", "BesideTimeChanged", Outcome::failed, "xades.digest_properties",
       [] { return changed("2026-01-15T10:30:00Z", "2026-01-15T10:31:00Z"); }},
      {"D67", "BesideTimeWithoutZ", Outcome::failed, "xades.signing_time",
       [] { return written("2026-01-15T10:30:00Z", "2026-01-15T10:30:00"); }},
      {"D68", "BesidePrefixList", Outcome::failed, "xades.canonicalization",
       [] {
         constexpr auto method =
             "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"";
         return written(std::string(method) + "/>",
                        std::string(method) +
                            "><ec:InclusiveNamespaces xmlns:ec=\"http://www.w3.org/2001/10/xml-exc-c14n#\" "
                            "PrefixList=\"ds\"/></ds:CanonicalizationMethod>");
       }},
      {"D69", "BesideManyStamps", Outcome::warned, "xades.stamp",
       [] {
         const std::string stamp =
             "<xades:SignatureTimeStamp><xades:EncapsulatedTimeStamp>MIIB</xades:EncapsulatedTimeStamp>"
             "</xades:SignatureTimeStamp>";
         return changed("</xades:QualifyingProperties>",
                        "<xades:UnsignedProperties><xades:UnsignedSignatureProperties>" +
                            repeated(stamp, 50'000) +
                            "</xades:UnsignedSignatureProperties></xades:UnsignedProperties>"
                            "</xades:QualifyingProperties>");
       }},
  };
}

std::vector<Case> key_cases() {
  return {
      {"D70", "BesideMd5", Outcome::failed, "xades.detached_algorithm",
       [] { return make_detached({.method = "http://www.w3.org/2001/04/xmldsig-more#rsa-md5"}); }},
      {"D71", "BesideSha1OfTheFile", Outcome::failed, "xades.detached_algorithm",
       [] { return make_detached({.digest = Digester::Algorithm::sha1}); }},
      {"D72", "BesideHmac", Outcome::failed, "xades.detached_algorithm",
       [] {
         return written("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
                        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256");
       }},
      {"D73", "BesideAttackersCertificate", Outcome::failed, "xades.certificate_binding",
       [] {
         const auto own = base64(test::ordinary_identity().der);
         return changed(own, base64(attacker().der));
       }},
      {"D74", "BesideAttackerSigns", Outcome::failed, "xades.signature_value",
       [] {
         const auto theirs = make_detached({.signer = &attacker()});
         return with_value(between(theirs, "value-id-1\">", "</ds:SignatureValue>").substr(12, 344));
       }},
      {"D75", "BesideAttackersKeyValue", Outcome::failed, "xades.no_certificate",
       [] {
         const auto text = make_detached();
         return replaced(text, between(text, "<ds:X509Data>", "</ds:X509Data>"),
                         "<ds:KeyValue><ds:RSAKeyValue/></ds:KeyValue>");
       }},
      {"D76", "BesideSerialOfAnother", Outcome::failed, "xades.issuer_serial",
       [] {
         const auto other = make_identity({.serial = "7"});
         return written(base64(test::issuer_serial_of(test::ordinary_identity().certificate.get())),
                        base64(test::issuer_serial_of(other.certificate.get())));
       }},
      {"D77", "BesideShortKey", Outcome::failed, "xades.weak_key",
       [] {
         const auto weak = make_identity({.rsa_bits = 1'024});
         return make_detached({.signer = &weak});
       }},
      {"D78", "BesideExponentThree", Outcome::failed, "xades.weak_key",
       [] {
         const auto weak = make_identity({.exponent = 3});
         return make_detached({.signer = &weak});
       }},
      {"D79", "BesideMethodOfAnotherKey", Outcome::failed, "xades.detached_algorithm",
       [] { return make_detached({.signer = &elliptic()}); }},
      {"D80", "BesideValueOfZeros", Outcome::failed, "xades.signature_value",
       [] { return with_value(base64(Bytes(64)), &elliptic(), ecdsa); }},
      {"D81", "BesideValueTooLong", Outcome::failed, "xades.signature_value",
       [] { return with_value(base64(Bytes(1'000'000, 1)), &elliptic(), ecdsa); }},
      {"D82", "BesideEmptyValue", Outcome::failed, "xades.signature_value", [] { return with_value(""); }},
      {"D83", "BesideGarbageCertificate", Outcome::failed, "xades.certificate_binding",
       [] { return changed("<ds:X509Certificate>", "<ds:X509Certificate>MIIB"); }},
      {"D84", "BesideManyCertificates", Outcome::failed, "xades.structure",
       [] {
         return changed("<ds:X509Data>",
                        "<ds:X509Data>" + repeated("<ds:X509Certificate>MIIB</ds:X509Certificate>", 100'000));
       }},
      {"D85", "BesideTwoCertificates", Outcome::passed, "",
       [] {
         return changed("<ds:X509Data>", "<ds:X509Data><ds:X509Certificate>" + base64(attacker().der) +
                                             "</ds:X509Certificate>");
       }},
  };
}

std::vector<Case> all_cases() {
  auto all = reference_cases();
  for (const auto& more : {shape_cases(), key_cases()})
    all.insert(all.end(), more.begin(), more.end());
  return all;
}

class HostileDetached : public testing::TestWithParam<Case> {};

TEST_P(HostileDetached, HasThePromisedOutcome) {
  const auto& one = GetParam();
  const auto text = one.text();
  const auto begin = std::clock();
  const auto document = xml::parse_borrowed(text);
  ASSERT_EQ(!document, one.outcome == Outcome::unreadable);
  if (!document) {
    EXPECT_EQ(document.error().code, one.code);
    return;
  }
  const auto content = DetachedWish{}.content;
  const auto report = verify_detached(*document, MemorySource(content)).value();
  // Far above what linear work takes, far below what a product of two lengths would.
  constexpr double seconds = 5;
  EXPECT_LT(static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC, seconds);
  std::string codes;
  for (const auto& finding : report.signature.findings)
    codes += (codes.empty() ? "" : " ") + finding.code;
  EXPECT_EQ(codes, one.code);
  EXPECT_EQ(report.signature.indication == xades::Indication::failed, one.outcome == Outcome::failed);
}

INSTANTIATE_TEST_SUITE_P(Files, HostileDetached, testing::ValuesIn(all_cases()),
                         [](const testing::TestParamInfo<Case>& info) {
                           return std::string(info.param.number) + "_" + info.param.name;
                         });

}  // namespace
}  // namespace demat::baseline
