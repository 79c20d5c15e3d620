// XAdES beside a file, in the layout of signature A7.

#include "protocols/baseline/detached.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "detached_kit.hpp"
#include "tsa_kit.hpp"

namespace demat::baseline {
namespace {

using test::DetachedWish;
using test::make_detached;
using xades::Indication;

BaselineReport verify(const std::string& text, std::string_view content) {
  const auto document = xml::parse_borrowed(text);
  EXPECT_TRUE(document) << text;
  return verify_detached(*document, MemorySource(content)).value();
}

std::string codes(const BaselineReport& report) {
  std::string out;
  for (const auto& finding : report.signature.findings)
    out += (out.empty() ? "" : " ") + finding.code;
  return out;
}

TEST(Detached, TellsWhoSignedWhatAndWhen) {
  const DetachedWish wish;
  const auto report = verify(make_detached(wish), wish.content);
  const auto& told = report.signature;
  EXPECT_EQ(codes(report), "");
  EXPECT_EQ(told.indication, Indication::passed);
  EXPECT_EQ(told.certificate_der, test::ordinary_identity().der);
  EXPECT_EQ(told.signed_at, test::signing_time());
  EXPECT_EQ(told.role, "Maire");
  EXPECT_EQ(told.place.city, "Valjoie");
  EXPECT_EQ(report.digest, "SHA256");
  EXPECT_TRUE(report.stamps.empty());
  ASSERT_EQ(told.references.size(), 2U);
  EXPECT_EQ(told.references[0].uri, "");
  EXPECT_TRUE(told.references[0].transforms.empty());
  EXPECT_TRUE(told.references[0].ok && told.references[1].ok);
}

TEST(Detached, AnyOtherByteIsAnotherFile) {
  const DetachedWish wish;
  const auto text = make_detached(wish);
  for (const std::string other : {"un acte", "un acte\n\n", "Un acte\n", "un acte\r\n", ""}) {
    const auto report = verify(text, other);
    EXPECT_EQ(codes(report), "xades.detached_content") << other;
    EXPECT_EQ(report.signature.indication, Indication::failed);
    EXPECT_FALSE(report.signature.references[0].ok);
    EXPECT_TRUE(report.signature.references[1].ok);
  }
}

TEST(Detached, AlgorithmsOfActsAreTaken) {
  const auto elliptic = test::make_identity({.elliptic = true});
  struct Row {
    const char* method;
    bool elliptic;
    const char* digest;
  };
  for (const auto& row : {Row{"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", false, "SHA256"},
                          Row{"http://www.w3.org/2001/04/xmldsig-more#rsa-sha384", false, "SHA384"},
                          Row{"http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", false, "SHA512"},
                          Row{"http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1", false, "SHA256"},
                          Row{"http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1", false, "SHA512"},
                          Row{"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", true, "SHA256"},
                          Row{"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512", true, "SHA512"}}) {
    DetachedWish wish;
    wish.method = row.method;
    if (row.elliptic) wish.signer = &elliptic;
    const auto text = make_detached(wish);
    const auto report = verify(text, wish.content);
    EXPECT_EQ(codes(report), "") << row.method;
    EXPECT_EQ(report.digest, row.digest);
    // The value belongs to the text, and the method to the key.
    const auto time = test::replaced(text, "Reference Id=\"r-id-1-1\"", "Reference  Id=\"r-id-1-1\" a=\"b\"");
    EXPECT_EQ(codes(verify(time, wish.content)), "xades.signature_value") << row.method;
    wish.signer = row.elliptic ? nullptr : &elliptic;
    const auto foreign = test::replaced(
        make_detached({.signer = wish.signer,
                       .method = row.elliptic ? "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
                                              : "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"}),
        row.elliptic ? "#rsa-sha256" : "#ecdsa-sha256",
        std::string(row.method).substr(std::string(row.method).find('#')));
    EXPECT_EQ(verify(foreign, wish.content).signature.indication, Indication::failed) << row.method;
  }
}

TEST(Detached, DigestsAndCanonicalFormsAreTaken) {
  using enum Digester::Algorithm;
  for (const auto digest : {sha256, sha384, sha512})
    for (const auto certificate : {sha256, sha384, sha512})
      for (const bool inclusive : {false, true}) {
        const DetachedWish wish{.digest = digest, .certificate_digest = certificate, .inclusive = inclusive};
        EXPECT_EQ(codes(verify(make_detached(wish), wish.content)), "");
      }
}

TEST(Detached, FormsMetAreTaken) {
  struct Row {
    const char* name;
    std::string from;
    std::string to;
  };
  const std::vector<Row> rows{
      {"no place and role", "<xades:SignatureProductionPlaceV2><xades:City>Valjoie</xades:City>", ""},
      {"no serial", "IssuerSerialV2", ""},
      {"older names", "SigningCertificateV2", ""},
      {"target without hash", "Target=\"#id-1\"", "Target=\"id-1\""},
  };
  for (const auto& row : rows) {
    DetachedWish wish;
    wish.otherwise = [&](std::string text) {
      const auto cut = [&](std::string_view begin, std::string_view end) {
        const auto from = text.find(begin);
        text.erase(from, text.find(end, from) + end.size() - from);
      };
      const std::string name = row.name;
      if (name == "no place and role") cut("<xades:SignatureProductionPlaceV2>", "</xades:SignerRoleV2>");
      if (name == "no serial" || name == "older names")
        cut("<xades:IssuerSerialV2>", "</xades:IssuerSerialV2>");
      if (name == "older names") {
        text = test::replaced(text, "<xades:SigningCertificateV2>", "<xades:SigningCertificate>");
        return test::replaced(text, "</xades:SigningCertificateV2>", "</xades:SigningCertificate>");
      }
      return row.to.empty() ? text : test::replaced(text, row.from, row.to);
    };
    EXPECT_EQ(codes(verify(make_detached(wish), wish.content)), "") << row.name;
  }
}

TEST(Detached, StampsAreHandedOn) {
  DetachedWish wish;
  wish.stamp = [](std::string_view value) {
    return test::make_token({.stamped = std::string(value)}, test::ordinary_tsa());
  };
  const auto report = verify(make_detached(wish), wish.content);
  EXPECT_EQ(codes(report), "");
  ASSERT_TRUE(report.stamp);
  ASSERT_EQ(report.stamps.size(), 1U);
  EXPECT_TRUE(timestamp::verify_token(report.stamps[0].token, as_text(report.stamps[0].stamped)));
}

TEST(Detached, OtherCertificatesAreOffered) {
  DetachedWish wish;
  const auto other = base64(test::make_identity().der);
  wish.otherwise = [&](std::string text) {
    return test::replaced(std::move(text), "<ds:X509Data>",
                          "<ds:X509Data><ds:X509Certificate>" + other + "</ds:X509Certificate>");
  };
  const auto report = verify(make_detached(wish), wish.content);
  EXPECT_EQ(codes(report), "");
  EXPECT_EQ(report.signature.certificate_der, test::ordinary_identity().der);
  ASSERT_EQ(report.signature.offered.size(), 1U);
  EXPECT_EQ(base64(report.signature.offered[0]), other);
}

TEST(Detached, IsToldFromPkcs7) {
  const auto xml = make_detached();
  const auto coded = base64(as_bytes(xml));
  EXPECT_EQ(detached_xml(xml), xml);
  EXPECT_EQ(detached_xml(coded), xml);
  EXPECT_EQ(detached_xml(coded.substr(0, 60) + "\n" + coded.substr(60)), xml);
  EXPECT_EQ(detached_xml("\xEF\xBB\xBF \n" + xml), "\xEF\xBB\xBF \n" + xml);
  for (const std::string other :
       {"", "MIIB", "-----BEGIN PKCS7-----\nMIIB\n-----END PKCS7-----", "\x30\x80", "?"})
    EXPECT_FALSE(detached_xml(other)) << other;
}

/// Counts what is read: linear, and never as a whole.
struct Counting final : ByteSource {
  [[nodiscard]] Result<std::size_t> read(std::size_t offset, std::span<char> buffer) const override {
    if (offset == fails_at) return failure(waiting_error("disk.gone", "fr", "en"));
    const auto some = std::min(buffer.size(), size() - offset);
    std::fill_n(buffer.begin(), some, 'x');
    largest = std::max(largest, some);
    total += some;
    return some;
  }
  [[nodiscard]] std::size_t size() const override { return 50'000'000; }
  std::size_t fails_at = std::string::npos;
  mutable std::size_t total = 0;
  mutable std::size_t largest = 0;
};

TEST(Detached, ReadsTheFileOnceAsAStream) {
  const auto text = make_detached({.content = std::string(50'000'000, 'x')});
  const auto document = xml::parse_borrowed(text);
  Counting file;
  EXPECT_EQ(codes(verify_detached(*document, file).value()), "");
  EXPECT_EQ(file.total, file.size());
  EXPECT_LE(file.largest, 65'536U);
  file.fails_at = 65'536;
  EXPECT_EQ(verify_detached(*document, file).error().code, "disk.gone");
}

}  // namespace
}  // namespace demat::baseline
