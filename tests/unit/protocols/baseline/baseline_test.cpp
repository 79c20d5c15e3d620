#include "protocols/baseline/baseline.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tsa_kit.hpp"

namespace demat::baseline {
namespace {

using test::replaced;
using xades::Indication;

const std::string budget =
    "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n"
    "<DocumentBudgetaire xmlns=\"http://www.minefi.gouv.fr/cp/demat/docbudgetaire\" "
    "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n"
    "  <VersionSchema V=\"84\"/>\n"
    "  <EnTeteDocBudgetaire><DteStr V=\"2026-01-15\"/><LibelleColl "
    "V=\"Valjoie-l\xE8s-Mers\"/></EnTeteDocBudgetaire>\n"
    "  <Budget><BlocBudget><NatDec V=\"01\"/><Exer V=\"2026\"/></BlocBudget></Budget>\n"
    "</DocumentBudgetaire>\n";

BaselineRequest request(bool stamped = false) {
  const auto& identity = test::ordinary_identity();
  BaselineRequest made;
  made.statement = {"Présidente <&>", "Saint-Étienne", "42000", "France"};
  made.signing_time = test::signing_time();
  made.certificate_der = identity.der;
  made.sign = identity.signer();
  if (stamped)
    made.stamp = [](std::string_view bytes) -> Result<Bytes> {
      return test::make_token({.stamped = std::string(bytes)}, test::ordinary_tsa());
    };
  return made;
}

Result<std::string> sign(const std::string& text, const BaselineRequest& how) {
  const auto document = xml::parse_borrowed(text);
  return sign_baseline(*document, text, how);
}

BaselineReport verify(const std::string& text) {
  const auto document = xml::parse_borrowed(text);
  EXPECT_TRUE(document) << text;
  EXPECT_TRUE(has_baseline(*document));
  return verify_baseline(*document, test::signing_time()).value();
}

std::string codes(const BaselineReport& report) {
  std::string out;
  for (const auto& finding : report.signature.findings)
    out += (out.empty() ? "" : " ") + finding.code;
  return out;
}

TEST(Baseline, SignsTheWholeDocumentAndChangesNothingElse) {
  for (const bool stamped : {false, true}) {
    const auto out = sign(budget, request(stamped));
    ASSERT_TRUE(out) << out.error().code << out.error().detail;
    const auto begin = out->find("<ds:Signature ");
    const auto end = out->find("</ds:Signature>") + std::string_view("</ds:Signature>").size();
    EXPECT_EQ(out->substr(0, begin) + out->substr(end), budget);
    EXPECT_EQ(out->substr(end), "</DocumentBudgetaire>\n");
    const auto report = verify(*out);
    EXPECT_EQ(report.signature.indication, Indication::passed) << codes(report);
    EXPECT_EQ(codes(report), "");
    EXPECT_EQ(report.signature.role, "Présidente <&>");
    EXPECT_EQ(report.signature.signed_at, test::signing_time());
    EXPECT_EQ(report.signature.certificate_der, test::ordinary_identity().der);
    EXPECT_EQ(report.stamp.has_value(), stamped);
    if (stamped) EXPECT_EQ(report.stamp->certificate_der, test::ordinary_tsa().der());
  }
}

TEST(Baseline, StatesWhatLevelBWants) {
  const auto out = sign(budget, request()).value();
  for (const char* part :
       {"xmlns:xades=\"http://uri.etsi.org/01903/v1.3.2#\"", "<xades:SigningCertificateV2>",
        "Type=\"http://uri.etsi.org/01903#SignedProperties\"",
        "<xades:DataObjectFormat ObjectReference=\"#SIG-1_REF\">",
        "<xades:MimeType>text/xml</xades:MimeType>",
        "<xades:SigningTime>2026-01-15T10:30:00Z</xades:SigningTime>"})
    EXPECT_THAT(out, testing::HasSubstr(part));
  EXPECT_THAT(out, testing::Not(testing::HasSubstr("UnsignedProperties")));
}

TEST(Baseline, StockXmlsecTakesIt) {
  if (!test::has_tool("xmlsec1")) GTEST_SKIP() << "xmlsec1 is not installed";
  const test::TemporaryFolder folder;
  const auto ca = folder.write("ca.pem", test::ordinary_identity().certificate_pem());
  const auto verified = [&](const std::string& text) {
    const auto file = folder.write("signed.xml", text);
    return test::run("xmlsec1 --verify --enabled-key-data x509 --trusted-pem " + ca.string() +
                     " --verification-gmt-time '2026-01-15 10:30:00' " + file.string());
  };
  const auto out = sign(budget, request(true)).value();
  const auto ran = verified(out);
  EXPECT_EQ(ran.code, 0) << ran.output;
  EXPECT_NE(verified(replaced(out, "Exer V=\"2026\"", "Exer V=\"2027\"")).code, 0);
}

TEST(Baseline, TheSchemaHasRoomForIt) {
  const auto schema = test::shared_folder() / "schemas/pes/v5.30/SchemaDocBudg/Class_Signature.xsd";
  if (test::shared_folder().empty() || !std::filesystem::exists(schema))
    GTEST_SKIP() << "the shared schemas are absent (DEMAT_SHARED)";
  const auto out = sign(budget, request(true)).value();
  const auto begin = out.find("<ds:Signature ");
  const auto end = out.find("</ds:Signature>") + std::string_view("</ds:Signature>").size();
  const test::TemporaryFolder folder;
  const auto file =
      folder.write("signature.xml", "<W xmlns=\"urn:w\">" + out.substr(begin, end - begin) + "</W>");
  // The group that DocumentBudgetaire ends with, in a document of its own.
  const auto wrapper = folder.write(
      "wrapper.xsd",
      "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" "
      "xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" "
      "targetNamespace=\"urn:w\"><xs:import namespace=\"http://www.w3.org/2000/09/xmldsig#\" "
      "schemaLocation=\"" +
          schema.string() +
          "\"/><xs:element name=\"W\"><xs:complexType><xs:sequence><xs:group ref=\"ds:PESSignatureGroup\"/>"
          "</xs:sequence></xs:complexType></xs:element></xs:schema>");
  const auto ran = test::run("xmllint --noout --nonet --schema " + wrapper.string() + " " + file.string());
  EXPECT_EQ(ran.code, 0) << ran.output;
}

TEST(Baseline, IdsOfTheDocumentAreNotTaken) {
  const auto out = sign(replaced(budget, "<Budget>", "<Budget Id=\"SIG-1_SP\">"), request()).value();
  EXPECT_EQ(verify(out).signature.id, "SIG-2");
}

struct Change {
  const char* name;
  std::string from;
  std::string to;
  const char* code;
};

TEST(Baseline, WhatWasChangedIsTold) {
  const auto out = sign(budget, request(true)).value();
  const std::vector<Change> changes{
      {"content", "Exer V=\"2026\"", "Exer V=\"2027\"", "xades.digest_content"},
      {"time", "10:30:00Z", "10:31:00Z", "xades.digest_properties"},
      {"no Z", "10:30:00Z<", "10:30:00<", "xades.signing_time"},
      {"target", "Target=\"#SIG-1\"", "Target=\"#SIG-9\"", "xades.target"},
      {"algorithm", "xmldsig-more#rsa-sha256", "xmldsig-more#rsa-md5", "xades.algorithm"},
      {"canonical form",
       "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\">"
       "</ds:CanonicalizationMethod><ds:SignatureMethod",
       "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\">"
       "</ds:CanonicalizationMethod><ds:SignatureMethod",
       "xades.canonicalization"},
      {"elsewhere", "URI=\"\"", "URI=\"file:///etc/passwd\"", "xades.reference"},
      {"xpointer", "URI=\"\"", "URI=\"#xpointer(/)\"", "xades.reference"},
      {"twice", "URI=\"\"", "URI=\"#SIG-1_SP\"", "xades.transform"},
      {"transform",
       "<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\">"
       "</ds:Transform>",
       "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"></ds:Transform>",
       "xades.transform"},
      {"decoy", "<ds:Object>", "<ds:Object><x xmlns=\"\"/>", "xades.qualifying_properties"},
      {"duplicate Id", "<VersionSchema ", "<VersionSchema Id=\"SIG-1_SP\" ", "xades.duplicate_id"},
      {"not the last", "</ds:Signature>", "</ds:Signature><Plus/>", "xades.position"},
      {"no Id", "xmldsig#\" Id=\"SIG-1\">", "xmldsig#\">", "xades.structure"},
      {"key", "<ds:X509Data>", "<ds:KeyValue></ds:KeyValue><ds:X509Data xmlns:none=\"none\">", ""},
      {"two keys", "</ds:X509Data>", "</ds:X509Data><ds:X509Data/>", "xades.no_certificate"},
  };
  for (const auto& [name, from, to, code] : changes) {
    auto text = out;
    // Some occur twice, in a pair of tags: all of them.
    ASSERT_NE(text.find(from), std::string::npos) << name;
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
      text.replace(at, from.size(), to);
    const auto report = verify(text);
    EXPECT_THAT(codes(report), testing::HasSubstr(code)) << name;
    EXPECT_EQ(report.signature.indication == Indication::passed, *code == '\0') << name << codes(report);
  }
}

TEST(Baseline, StampsAreHandedOnWhetherTheyHoldOrNot) {
  const auto out = sign(budget, request(true)).value();
  for (const auto& [from, to, held] :
       {std::tuple{"EncapsulatedTimeStamp>M", "EncapsulatedTimeStamp>M", true},
        std::tuple{"EncapsulatedTimeStamp>M", "EncapsulatedTimeStamp>N", false}}) {
    const auto report = verify(replaced(out, from, to));
    EXPECT_EQ(report.signature.indication, Indication::passed);
    EXPECT_EQ(codes(report), "");
    EXPECT_EQ(report.stamp.has_value(), held);
    ASSERT_EQ(report.stamps.size(), 1U);
    EXPECT_EQ(timestamp::verify_token(report.stamps[0].token, as_text(report.stamps[0].stamped)).has_value(),
              held);
  }
  const auto without = verify(replaced(out, "EncapsulatedTimeStamp>M", "EncapsulatedTimeStamp>*"));
  EXPECT_EQ(codes(without), "xades.stamp");
  EXPECT_EQ(without.signature.indication, Indication::passed);
}

TEST(Baseline, WhatIsStatedIsReported) {
  const auto& told = verify(sign(budget, request()).value()).signature;
  ASSERT_EQ(told.references.size(), 2U);
  for (const auto& reference : told.references) {
    EXPECT_TRUE(reference.ok);
    EXPECT_EQ(reference.expected, reference.computed);
  }
  EXPECT_EQ(told.references[0].element, "/");
  EXPECT_EQ(told.references[0].transforms.size(), 2U);
  EXPECT_EQ(told.references[1].element, "SignedProperties");
  EXPECT_EQ(told.place.city, "Saint-Étienne");
  EXPECT_EQ(told.place.postal_code, "42000");
}

TEST(Baseline, AnotherCertificateOrValueIsFalse) {
  auto how = request();
  how.certificate_der = test::make_identity().der;
  EXPECT_EQ(sign(budget, how).error().code, "xades.self_check");
  const auto out = sign(budget, request()).value();
  const auto theirs = base64(test::make_identity().der);
  const auto report = verify(replaced(out, base64(test::ordinary_identity().der), theirs));
  EXPECT_THAT(codes(report), testing::HasSubstr("xades.certificate_binding"));
  EXPECT_EQ(report.signature.indication, Indication::failed);
}

TEST(Baseline, TwoSignaturesAreNone) {
  const auto out = sign(budget, request()).value();
  const auto begin = out.find("<ds:Signature ");
  const auto end = out.find("</ds:Signature>") + std::string_view("</ds:Signature>").size();
  auto twice = out;
  twice.insert(begin, out.substr(begin, end - begin));
  const auto report = verify(twice);
  EXPECT_EQ(report.signature.indication, Indication::failed);
  EXPECT_THAT(codes(report), testing::HasSubstr("xades.two_signatures"));
  EXPECT_EQ(sign(out, request()).error().code, "xades.already_signed");
}

TEST(Baseline, AStampOfSomethingElseLeavesItInDoubt) {
  auto how = request();
  how.stamp = [](std::string_view) -> Result<Bytes> {
    return test::make_token({.stamped = "something else"}, test::ordinary_tsa());
  };
  const auto out = sign(budget, how);
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().code, "xades.self_check");
  EXPECT_EQ(out.error().detail, "xades.stamp");
  how.stamp = [](std::string_view) -> Result<Bytes> {
    return failure(waiting_error("tsa.down", "fr", "en"));
  };
  EXPECT_EQ(sign(budget, how).error().code, "tsa.down");
}

}  // namespace
}  // namespace demat::baseline
