#include "protocols/xades/certificate.hpp"

#include <gtest/gtest.h>

#include "signing_kit.hpp"

using namespace demat;
using test::make_identity;

namespace {

xades::Certificate certificate_named(std::vector<test::NamePart> name) {
  test::IdentityWish wish;
  wish.name = std::move(name);
  return std::move(*xades::Certificate::from_der(make_identity(wish).der));
}

}  // namespace

TEST(Certificate, SaysWhatASignatureNeeds) {
  const auto certificate = xades::Certificate::from_der(test::ordinary_identity().der);
  ASSERT_TRUE(certificate);
  EXPECT_EQ(certificate->issuer(), "CN=Signataire d'essai,O=COMMUNE D ESSAI,C=FR");
  EXPECT_EQ(certificate->subject_common_name(), "Signataire d'essai");
  EXPECT_EQ(certificate->serial_decimal(), "1234567890123456789012345678901234567890");
  EXPECT_EQ(xades::format_instant(certificate->not_before()), "2024-01-01T00:00:00Z");
  EXPECT_EQ(xades::format_instant(certificate->not_after()), "2044-01-01T00:00:00Z");
  EXPECT_TRUE(certificate->has_strong_rsa_key());
  EXPECT_EQ(certificate->key_bits(), 2048);
  EXPECT_EQ(certificate->non_repudiation(), xades::Certificate::NonRepudiation::present);
}

TEST(Certificate, TypesOutsideTheTableAreWrittenAsOids) {
  const auto certificate =
      certificate_named({{"C", "FR"}, {"emailAddress", "a@b.invalid"}, {"CN", "Été, \"x\""}});
  EXPECT_EQ(certificate.issuer(),
            "CN=Été\\, \\\"x\\\",1.2.840.113549.1.9.1=#160B6140622E696E76616C6964,C=FR");
}

TEST(Certificate, ComparesIssuersAsNames) {
  const auto certificate = certificate_named({{"C", "FR"},
                                              {"emailAddress", "a@b.invalid"},
                                              {"organizationIdentifier", "NTRFR-1"},
                                              {"CN", "Élu, 1er"}});
  EXPECT_TRUE(certificate.issuer_is(certificate.issuer()));
  for (const auto* text :
       {"CN=Élu\\, 1er,organizationIdentifier=NTRFR-1,1.2.840.113549.1.9.1=#160b6140622e696e76616c6964,C=FR",
        "CN=\"Élu, 1er\", OID.2.5.4.97=NTRFR-1, EMAILADDRESS=a@b.invalid, C=FR",
        "cn=\\C3\\89lu\\2C 1er;2.5.4.97=ntrfr-1;E=a@b.invalid;c=fr",
        "C=FR,emailAddress=a@b.invalid,2.5.4.97=NTRFR-1,CN=Élu\\, 1er",
        "  CN = Élu\\,  1er , 2.5.4.97=NTRFR-1,"
        "E=a@b.invalid,C=FR  "})
    EXPECT_TRUE(certificate.issuer_is(text)) << text;
  for (const auto* text :
       {"", "CN", "CN=Élu\\, 1er", "CN=Elu\\, 1er,2.5.4.97=NTRFR-1,E=a@b.invalid,C=FR",
        "CN=Élu\\, 1er,2.5.4.97=NTRFR-2,E=a@b.invalid,C=FR",
        "CN=Élu\\, 1er,9.9.9.x=NTRFR-1,E=a@b.invalid,C=FR", "CN=Élu\\, 1er,2.5.4.97=#01,E=a@b.invalid,C=FR",
        "CN=Élu\\, 1er,2.5.4.97=#0500,E=a@b.invalid,C=FR", "CN=\"Élu", "CN=Élu\\"})
    EXPECT_FALSE(certificate.issuer_is(text)) << text;
}

TEST(Certificate, ComparesSerialsAsNumbers) {
  const auto certificate = xades::Certificate::from_der(test::ordinary_identity().der);
  ASSERT_TRUE(certificate);
  EXPECT_TRUE(certificate->serial_is("1234567890123456789012345678901234567890"));
  EXPECT_TRUE(certificate->serial_is("\n 001234567890123456789012345678901234567890 "));
  for (const auto* text : {"", " ", "0", "123456789012345678901234567890123456789", "0x1", "1234567890 "})
    EXPECT_FALSE(certificate->serial_is(text)) << text;
}

TEST(Certificate, WeakOrForeignKeysAreTold) {
  struct Case {
    const char* name;
    test::IdentityWish wish;
  };
  test::IdentityWish small, odd, elliptic;
  small.rsa_bits = 1024;
  odd.exponent = 3;
  elliptic.elliptic = true;
  for (const auto& [name, wish] :
       {Case{"1024 bits", small}, Case{"exponent 3", odd}, Case{"P-256", elliptic}}) {
    const auto certificate = xades::Certificate::from_der(make_identity(wish).der);
    ASSERT_TRUE(certificate) << name;
    EXPECT_FALSE(certificate->has_strong_rsa_key()) << name;
  }
}

TEST(Certificate, RefusesWhatIsNotExactlyOneCertificate) {
  Bytes longer = test::ordinary_identity().der;
  longer.push_back(0);
  Bytes shorter = test::ordinary_identity().der;
  shorter.pop_back();
  for (const auto& der : {Bytes{}, Bytes{1, 2, 3}, longer, shorter}) {
    const auto certificate = xades::Certificate::from_der(der);
    ASSERT_FALSE(certificate);
    EXPECT_EQ(certificate.error().code, "xades.certificate_unreadable");
  }
}
