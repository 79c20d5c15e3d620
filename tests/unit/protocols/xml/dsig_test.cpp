#include "protocols/xml/dsig.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <memory>
#include <thread>

#include "protocols/xml/canonical.hpp"
#include "shared_files.hpp"

namespace demat::xml {
namespace {

constexpr const char* ds = "http://www.w3.org/2000/09/xmldsig#";

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeCertificate {
  void operator()(X509* certificate) const { X509_free(certificate); }
};

/// A throw-away RSA key with a self-signed certificate.
class Signer {
 public:
  Signer() : key_(EVP_RSA_gen(2048)), certificate_(X509_new()) {
    X509_set_version(certificate_.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate_.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate_.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate_.get()), 3600);
    X509_set_pubkey(certificate_.get(), key_.get());
    X509_sign(certificate_.get(), key_.get(), EVP_sha256());
  }

  [[nodiscard]] Bytes der() const {
    unsigned char* out = nullptr;
    const int size = i2d_X509(certificate_.get(), &out);
    Bytes bytes(out, out + size);
    OPENSSL_free(out);
    return bytes;
  }

  [[nodiscard]] std::string sign(const std::string& bytes) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    Bytes value(512);
    auto size = value.size();
    EXPECT_EQ(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()), 1);
    EXPECT_EQ(EVP_DigestSign(context.get(), value.data(), &size, as_bytes(bytes).data(), bytes.size()), 1);
    value.resize(size);
    return base64(value);
  }

 private:
  std::unique_ptr<EVP_PKEY, FreeKey> key_;
  std::unique_ptr<X509, FreeCertificate> certificate_;
};

struct Shape {
  std::string uri = "#b1";
  std::string digest_method = "http://www.w3.org/2001/04/xmlenc#sha256";
  std::string signature_method = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
  std::string extra_transform;
  std::string body = "<Bordereau Id=\"b1\"><MtHT V=\"12.50\"/><n:x xmlns:n=\"urn:n\"/>";
};

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), with);
}

/// Signs an enveloped signature with our own canonicaliser, so that xmlsec judges that as well.
std::string signed_document(const Signer& signer, const Shape& shape = {}) {
  const std::string transform = "<ds:Transform Algorithm=\"";
  const std::string text =
      "<R xmlns:u=\"urn:unused\">" + shape.body + "<ds:Signature xmlns:ds=\"" + ds +
      "\"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>"
      "<ds:SignatureMethod Algorithm=\"" +
      shape.signature_method + "\"/><ds:Reference URI=\"" + shape.uri + "\"><ds:Transforms>" + transform +
      "http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>" + shape.extra_transform + transform +
      "http://www.w3.org/2001/10/xml-exc-c14n#\"/></ds:Transforms>"
      "<ds:DigestMethod Algorithm=\"" +
      shape.digest_method +
      "\"/><ds:DigestValue>@D@</ds:DigestValue></ds:Reference></ds:SignedInfo>"
      "<ds:SignatureValue>@S@</ds:SignatureValue></ds:Signature></Bordereau></R>";
  const auto document = parse(text);
  EXPECT_TRUE(document);
  const auto apex = document->root().children().front();
  const auto signature = document->all("Signature", ds).front();
  const auto digest =
      canonical_digest(*document, apex, C14n::exclusive, Digester::Algorithm::sha256, &signature);
  auto with_digest = replaced(text, "@D@", base64(*digest));
  const auto second = parse(with_digest);
  const auto info = canonical(*second, second->all("SignedInfo", ds).front(), C14n::exclusive);
  return replaced(with_digest, "@S@", signer.sign(*info));
}

DsigVerdict verdict(const std::string& bytes, const Bytes& certificate) {
  const auto document = parse(bytes);
  EXPECT_TRUE(document);
  const auto result = verify_signature(*document, document->all("Signature", ds).front(), certificate);
  EXPECT_TRUE(result);
  return result.value_or(DsigVerdict{});
}

TEST(Dsig, AcceptsAGoodSignature) {
  const Signer signer;
  const auto got = verdict(signed_document(signer), signer.der());
  EXPECT_TRUE(got.valid) << got.reason;
}

TEST(Dsig, RefusesWhatWasChanged) {
  const Signer signer;
  const Signer other;
  const auto good = signed_document(signer);
  EXPECT_FALSE(verdict(replaced(good, "12.50", "92.50"), signer.der()).valid);
  EXPECT_FALSE(verdict(replaced(good, "<ds:SignatureValue>", "<ds:SignatureValue>AAAA"), signer.der()).valid);
  EXPECT_FALSE(verdict(good, other.der()).valid);
  EXPECT_FALSE(verdict(good, Bytes{1, 2, 3}).valid);
}

TEST(Dsig, RefusesADuplicateId) {
  const Signer signer;
  Shape shape;
  const auto bytes =
      replaced(signed_document(signer, shape), "</Bordereau></R>", "</Bordereau><X Id=\"b1\"/></R>");
  EXPECT_EQ(verdict(bytes, signer.der()).reason, "duplicate Id");
}

TEST(Dsig, RefusesWhatIsNotOnTheWhitelist) {
  const Signer signer;
  struct Case {
    const char* name;
    std::string Shape::*field;
    std::string value;
  };
  const std::vector<Case> cases = {
      {"sha1 digest", &Shape::digest_method, "http://www.w3.org/2000/09/xmldsig#sha1"},
      {"rsa-sha1", &Shape::signature_method, "http://www.w3.org/2000/09/xmldsig#rsa-sha1"},
      {"hmac", &Shape::signature_method, "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"},
      {"file", &Shape::uri, "file:///etc/hostname"},
      {"http", &Shape::uri, "http://127.0.0.1:9/x"},
      {"xpointer", &Shape::uri, "#xpointer(/)"},
      {"xpath", &Shape::extra_transform,
       "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"><ds:XPath>true()</ds:XPath>"
       "</ds:Transform>"},
      {"xslt", &Shape::extra_transform,
       "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"/>"},
  };
  for (const auto& [name, field, value] : cases) {
    Shape shape;
    shape.*field = value;
    const auto got = verdict(signed_document(signer, shape), signer.der());
    EXPECT_FALSE(got.valid) << name;
    EXPECT_FALSE(got.reason.empty()) << name;
  }
}

TEST(Dsig, SeveralThreadsMayVerifyOneDocument) {
  const Signer signer;
  const auto document = parse(signed_document(signer));
  ASSERT_TRUE(document);
  const auto signature = document->all("Signature", ds).front();
  std::vector<int> good(4);
  std::vector<std::thread> threads;
  for (auto& count : good)
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) {
        const auto result = verify_signature(*document, signature, signer.der());
        if (result && result->valid) ++count;
      }
    });
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(good, std::vector<int>(4, 20));
}

struct Vector {
  const char* file;
  bool valid;
  friend std::ostream& operator<<(std::ostream& out, const Vector& vector) { return out << vector.file; }
};

/// Cryptography alone: what is wrong in structure or trust is the profile's business (protocols/xades).
class DsigVector : public testing::TestWithParam<Vector> {};

TEST_P(DsigVector, GivesTheKnownVerdict) {
  const auto bytes = test::read_file(test::shared_folder() / "fixtures/signature-vectors" / GetParam().file);
  if (bytes.empty()) GTEST_SKIP() << "no signature vectors beside the project";
  const auto document = parse(bytes);
  ASSERT_TRUE(document);
  for (const auto& signature : document->all("Signature", ds)) {
    Bytes certificate;
    for (const auto& holder : document->all("X509Certificate", ds))
      if (certificate.empty()) certificate = decode_base64(holder.text()).bytes;
    const auto result = verify_signature(*document, signature, certificate);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->valid, GetParam().valid) << result->reason;
  }
}
INSTANTIATE_TEST_SUITE_P(
    Files, DsigVector,
    testing::Values(Vector{"base.xml", true}, Vector{"base2.xml", true}, Vector{"ok_global.xml", true},
                    Vector{"ok_rsa3072.xml", true}, Vector{"v03_dup_id_evil_first.xml", false},
                    Vector{"v06_comment_in_text.xml", true}, Vector{"v08_added_after_sig.xml", false},
                    Vector{"v10_signingtime_changed.xml", false}, Vector{"v11_bad_cert.xml", false},
                    Vector{"k01_keyvalue.xml", false}, Vector{"k02_keyvalue_plus_victim_cert.xml", false},
                    Vector{"k05_rsamd5.xml", false}, Vector{"k06_sha1.xml", false},
                    Vector{"r01_fileref.xml", false}, Vector{"r02_httpref.xml", false},
                    Vector{"r03_xslt.xml", false}, Vector{"r04_xpath.xml", false}));

}  // namespace
}  // namespace demat::xml
