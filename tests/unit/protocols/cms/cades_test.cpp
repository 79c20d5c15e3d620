#include "protocols/cms/cades.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include "protocols/cms/handles.hpp"
#include "tsa_kit.hpp"

namespace demat::cms {
namespace {

constexpr std::string_view content = "%PDF-1.4 une délibération\r\n\x00 et la suite";

/// EVP with SHA-256; an elliptic value as r||s, as tokens give it.
Result<Bytes> raw_signature(EVP_PKEY* key, std::string_view bytes) {
  const Owned<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  std::size_t size = 0;
  const auto* data = as_bytes(bytes).data();
  EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key);
  EVP_DigestSign(context.get(), nullptr, &size, data, bytes.size());
  Bytes value(size);
  EVP_DigestSign(context.get(), value.data(), &size, data, bytes.size());
  value.resize(size);
  if (EVP_PKEY_get_base_id(key) != EVP_PKEY_EC) return value;
  const unsigned char* at = value.data();
  const Owned<ECDSA_SIG, ECDSA_SIG_free> pair(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)));
  Bytes out(64);
  BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), out.data(), 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), out.data() + 32, 32);
  return out;
}

CadesRequest request_of(const test::Holder& holder) {
  CadesRequest request;
  request.certificate_der = holder.der();
  request.signing_time = test::at("2026-01-15T10:30:00Z");
  request.sign = [&holder](std::string_view bytes) { return raw_signature(holder.key.get(), bytes); };
  return request;
}

const test::Holder& rsa_holder() {
  static const test::Holder holder = test::issue({.elliptic = false}, &test::ordinary_pki().sub);
  return holder;
}

Result<Bytes> sign(const CadesRequest& request) {
  return sign_detached(MemorySource(content), request);
}

/// What `openssl cms` says of it, as another implementation would.
test::Ran openssl_verifies(const Bytes& der, std::string_view signed_content = content) {
  const test::TemporaryFolder folder;
  const auto cms = folder.write("s.p7s", as_text(der));
  const auto data = folder.write("data", signed_content);
  const auto chain = folder.write("ca.pem", test::ordinary_pki().root.pem() + test::ordinary_pki().sub.pem());
  return test::run("openssl cms -verify -binary -cades -purpose any -inform DER -in " + cms.string() +
                   " -content " + data.string() + " -CAfile " + chain.string() +
                   " -attime 1768473000 -out /dev/null");
}

TEST(Cades, OpensslTakesBothKindsOfKeys) {
  for (const auto* holder : {&rsa_holder(), &test::ordinary_pki().leaf}) {
    const auto der = sign(request_of(*holder));
    ASSERT_TRUE(der) << der.error().code;
    const auto ran = openssl_verifies(*der);
    EXPECT_EQ(ran.code, 0) << ran.output;
    EXPECT_NE(openssl_verifies(*der, "something else").code, 0);
  }
}

TEST(Cades, StatesWhatTheProfileWants) {
  const auto der = sign(request_of(rsa_holder()));
  ASSERT_TRUE(der);
  const test::TemporaryFolder folder;
  const auto file = folder.write("s.p7s", as_text(*der));
  const auto told = test::run("openssl cms -cmsout -print -noout -inform DER -in " + file.string());
  EXPECT_EQ(told.code, 0);
  for (const char* part : {"id-smime-aa-signingCertificateV2", "contentType (1.2.840.113549.1.9.3)",
                           "signingTime (1.2.840.113549.1.9.5)", "messageDigest (1.2.840.113549.1.9.4)",
                           "UTCTIME:Jan 15 10:30:00 2026 GMT", "eContent: <ABSENT>"})
    EXPECT_THAT(told.output, testing::HasSubstr(part));
  EXPECT_THAT(told.output, testing::Not(testing::HasSubstr("S/MIME Capabilities")));
}

TEST(Cades, LargeContentsAreReadInPieces) {
  const std::string large(1'000'003, 'x');
  const auto der = sign_detached(MemorySource(large), request_of(rsa_holder()));
  ASSERT_TRUE(der);
  EXPECT_EQ(openssl_verifies(*der, large).code, 0);
}

TEST(Cades, AtLevelTItCarriesAStampOfItsValue) {
  auto request = request_of(rsa_holder());
  std::string stamped;
  request.stamp = [&](std::string_view value) -> Result<Bytes> {
    stamped = value;
    return test::make_token({.stamped = std::string(value)}, test::ordinary_tsa());
  };
  const auto der = sign(request);
  ASSERT_TRUE(der) << der.error().code;
  EXPECT_EQ(stamped.size(), 256U);
  EXPECT_EQ(openssl_verifies(*der).code, 0);
  const auto cms = parse_signed_data(*der);
  ASSERT_TRUE(cms);
  const auto* info = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms.get()), 0);
  const int at = CMS_unsigned_get_attr_by_NID(info, NID_id_smime_aa_timeStampToken, -1);
  ASSERT_GE(at, 0);
  const ASN1_TYPE* value = X509_ATTRIBUTE_get0_type(CMS_unsigned_get_attr(info, at), 0);
  const auto token = bytes_of(value->value.sequence);
  const auto stamp = timestamp::verify_token(token, stamped);
  ASSERT_TRUE(stamp) << stamp.error().code;
  EXPECT_EQ(stamp->time, test::at("2026-01-15T10:30:00Z"));
}

TEST(Cades, NothingComesOutThatDoesNotHold) {
  const auto code = [](auto change) {
    auto request = request_of(rsa_holder());
    change(request);
    const auto der = sign(request);
    if (!der) EXPECT_EQ(der.error().outlook, Outlook::waiting);
    return der ? std::string() : der.error().code;
  };
  EXPECT_EQ(code([](CadesRequest& r) { r.certificate_der.pop_back(); }), "cades.certificate");
  EXPECT_EQ(code([](CadesRequest& r) { r.certificate_der = test::ordinary_pki().leaf.der(); }),
            "cades.self_check");
  EXPECT_EQ(
      code([](CadesRequest& r) { r.sign = [](std::string_view) { return Result<Bytes>(Bytes(256)); }; }),
      "cades.self_check");
  EXPECT_EQ(code([](CadesRequest& r) { r.sign = [](std::string_view) { return Result<Bytes>(Bytes()); }; }),
            "cades.self_check");
  const auto down = [](std::string_view) -> Result<Bytes> {
    return failure(waiting_error("token.away", "fr", "en"));
  };
  EXPECT_EQ(code([&](CadesRequest& r) { r.sign = down; }), "token.away");
  EXPECT_EQ(code([&](CadesRequest& r) { r.stamp = down; }), "token.away");
}

}  // namespace
}  // namespace demat::cms
