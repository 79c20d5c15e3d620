#include "gateway/signing/file_signer.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <thread>

#include "protocols/xades/certificate.hpp"
#include "signing_kit.hpp"

using namespace demat;

namespace {

std::string text_of(const Bytes& bytes) {
  return std::string(as_text(bytes));
}

const test::Identity& other_identity() {
  static const auto identity = test::make_identity();
  return identity;
}

struct Files {
  test::TemporaryFolder folder;
  signing::PemFiles pem(const test::Identity& identity, const std::string& secret = {},
                        const std::string& given = {}) {
    return {folder.write("key.pem", identity.key_pem(secret)),
            folder.write("cert.pem", identity.certificate_pem()), given};
  }
};

void expect_signs(const Result<std::shared_ptr<const signing::Signer>>& signer) {
  ASSERT_TRUE(signer) << signer.error().code << " " << signer.error().detail;
  EXPECT_EQ((*signer)->certificate_der(), test::ordinary_identity().der);
  const auto value = (*signer)->sign("à signer");
  ASSERT_TRUE(value);
  const auto certificate = xades::Certificate::from_der((*signer)->certificate_der());
  EXPECT_TRUE(certificate->verifies_rsa_sha256("à signer", *value));
  EXPECT_FALSE(certificate->verifies_rsa_sha256("à signer.", *value));
}

void expect_error(const Result<std::shared_ptr<const signing::Signer>>& signer, const char* code) {
  ASSERT_FALSE(signer) << code;
  EXPECT_EQ(signer.error().code, code) << signer.error().detail;
  EXPECT_FALSE(signer.error().fr.empty());
  EXPECT_FALSE(signer.error().en.empty());
}

}  // namespace

TEST(FileSigner, LoadsEveryKindOfFile) {
  Files files;
  const auto& identity = test::ordinary_identity();
  expect_signs(signing::load_signer(files.pem(identity)));
  expect_signs(signing::load_signer(files.pem(identity, "sésame", "sésame")));
  const auto one = files.folder.write("both.pem", identity.key_pem() + identity.certificate_pem());
  expect_signs(signing::load_signer(signing::PemFiles{one, one, ""}));
  const auto p12 = files.folder.write("key.p12", text_of(identity.pkcs12("sésame")));
  expect_signs(signing::load_signer(signing::Pkcs12File{p12, "sésame"}));
}

TEST(FileSigner, TellsTheValidity) {
  Files files;
  const auto signer = signing::load_signer(files.pem(test::ordinary_identity()));
  ASSERT_TRUE(signer);
  const auto validity = signing::validity_of(**signer);
  ASSERT_TRUE(validity);
  EXPECT_EQ(xades::format_instant(validity->not_before), "2024-01-01T00:00:00Z");
  EXPECT_EQ(xades::format_instant(validity->not_after), "2044-01-01T00:00:00Z");
}

TEST(FileSigner, RefusesAKeyOthersCanReach) {
  Files files;
  const auto pem = files.pem(test::ordinary_identity());
  const auto p12 = files.folder.write("key.p12", text_of(test::ordinary_identity().pkcs12("x")));
  for (const mode_t mode : {0640U, 0604U, 0620U, 0601U, 0644U, 0660U}) {
    ASSERT_EQ(::chmod(pem.key.c_str(), mode), 0);
    ASSERT_EQ(::chmod(p12.c_str(), mode), 0);
    expect_error(signing::load_signer(pem), "signing.key.permissions");
    expect_error(signing::load_signer(signing::Pkcs12File{p12, "x"}), "signing.key.permissions");
  }
  ASSERT_EQ(::chmod(pem.key.c_str(), 0400), 0);
  ASSERT_EQ(::chmod(pem.certificate.c_str(), 0644), 0);
  expect_signs(signing::load_signer(pem));
}

TEST(FileSigner, EachFaultHasItsCode) {
  Files files;
  const auto& identity = test::ordinary_identity();
  expect_error(signing::load_signer(files.pem(identity, "sésame")), "signing.key.passphrase");
  expect_error(signing::load_signer(files.pem(identity, "sésame", "autre")), "signing.key.passphrase");
  const auto p12 = files.folder.write("key.p12", text_of(identity.pkcs12("sésame")));
  expect_error(signing::load_signer(signing::Pkcs12File{p12, "autre"}), "signing.key.passphrase");
  const auto encrypted = files.pem(identity, "sésame", "autre");
  for (int i = 0; i < 150; ++i) {  // one in 256 decrypts to something
    auto other = encrypted;
    other.passphrase += std::to_string(i);
    expect_error(signing::load_signer(other), "signing.key.passphrase");
  }

  auto pem = files.pem(identity);
  auto changed = pem;
  changed.key = files.folder.path() / "absent.pem";
  expect_error(signing::load_signer(changed), "signing.key.unreadable");
  changed.key = files.folder.path();
  expect_error(signing::load_signer(changed), "signing.key.unreadable");
  changed.key = files.folder.write("bad.pem", "rien");
  expect_error(signing::load_signer(changed), "signing.key.malformed");
  expect_error(signing::load_signer(signing::Pkcs12File{changed.key, ""}), "signing.key.malformed");
  changed = pem;
  changed.certificate = files.folder.write("bad.pem", "rien");
  expect_error(signing::load_signer(changed), "signing.key.certificate");
  changed.certificate = files.folder.write("other.pem", other_identity().certificate_pem());
  expect_error(signing::load_signer(changed), "signing.key.mismatch");

  test::IdentityWish small, elliptic;
  small.rsa_bits = 1024;
  elliptic.elliptic = true;
  expect_error(signing::load_signer(files.pem(test::make_identity(small))), "signing.key.weak");
  expect_error(signing::load_signer(files.pem(test::make_identity(elliptic))), "signing.key.weak");
}

TEST(FileSigner, AnObsoletePkcs12IsNamedAsSuch) {
  if (!test::has_tool("openssl")) GTEST_SKIP() << "the openssl command is not installed";
  Files files;
  const auto pem = files.pem(test::ordinary_identity());
  const auto p12 = files.folder.write("old.p12", "");
  const auto ran = test::run("openssl pkcs12 -export -legacy -inkey " + pem.key.string() + " -in " +
                             pem.certificate.string() + " -passout pass:x -out " + p12.string());
  if (ran.code != 0) GTEST_SKIP() << "no legacy provider here: " << ran.output;
  expect_error(signing::load_signer(signing::Pkcs12File{p12, "x"}), "signing.key.legacy");
  expect_error(signing::load_signer(signing::Pkcs12File{p12, "y"}), "signing.key.passphrase");
}

TEST(FileSigner, ErrorsNeverShowThePassphrase) {
  Files files;
  const auto failed =
      signing::load_signer(files.pem(test::ordinary_identity(), "sésame", "mot-de-passe-faux"));
  ASSERT_FALSE(failed);
  for (const auto* text : {&failed.error().fr, &failed.error().en, &failed.error().detail})
    EXPECT_EQ(text->find("mot-de-passe-faux"), std::string::npos);
}

TEST(FileSigner, SignsFromSeveralThreads) {
  Files files;
  const auto signer = signing::load_signer(files.pem(test::ordinary_identity()));
  ASSERT_TRUE(signer);
  const auto expected = (*signer)->sign("même texte");
  ASSERT_TRUE(expected);
  std::vector<std::thread> threads;
  std::atomic<int> right = 0;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 25; ++i) {
        const auto value = (*signer)->sign("même texte");
        if (value && *value == *expected) ++right;
      }
    });
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(right, 100);
}
