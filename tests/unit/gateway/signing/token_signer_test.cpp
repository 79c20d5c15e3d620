#include "gateway/signing/token_signer.hpp"

#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <sys/stat.h>

#include <atomic>
#include <thread>

#include "gateway/signing/sealing.hpp"
#include "protocols/xades/certificate.hpp"
#include "token_rig.hpp"

using namespace demat;
using signing::TokenKey;
using SignerResult = Result<std::shared_ptr<const signing::Signer>>;

namespace {

constexpr std::chrono::milliseconds at_once{0};

class TokenSigner : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto missing = test::TokenRig::missing(); !missing.empty()) GTEST_SKIP() << missing;
    rig_ = std::make_unique<test::TokenRig>();
    tokens_ = std::make_unique<signing::Tokens>(at_once);
  }

  /// A key made in the token, with its certificate beside it.
  void make(const std::string& label, const std::string& id, const std::string& type = "rsa:3072",
            const std::string& options = {}) {
    rig_->make_key(type, label, id, options);
    rig_->store_certificate(rig_->issue(id), label, id);
  }

  std::shared_ptr<const signing::Signer> open(const TokenKey& key) {
    auto signer = tokens_->open(key);
    EXPECT_TRUE(signer) << signer.error().code << " " << signer.error().detail;
    return signer ? *signer : nullptr;
  }

  std::unique_ptr<test::TokenRig> rig_;
  std::unique_ptr<signing::Tokens> tokens_;
};

void expect_signs(const std::shared_ptr<const signing::Signer>& signer,
                  const std::string& text = "à signer") {
  ASSERT_TRUE(signer);
  const auto value = signer->sign(text);
  ASSERT_TRUE(value) << value.error().code << " " << value.error().detail;
  const auto certificate = xades::Certificate::from_der(signer->certificate_der());
  ASSERT_TRUE(certificate);
  EXPECT_TRUE(certificate->verifies_rsa_sha256(text, *value));
  EXPECT_FALSE(certificate->verifies_rsa_sha256(text + ".", *value));
}

void expect_error(const Error& error, const std::string& code, Outlook outlook) {
  EXPECT_EQ(error.code, code) << error.detail;
  EXPECT_EQ(error.outlook, outlook) << code;
  EXPECT_FALSE(error.fr.empty());
  EXPECT_FALSE(error.en.empty());
  for (const auto* text : {&error.fr, &error.en, &error.detail})
    EXPECT_EQ(text->find(test::TokenRig::pin), std::string::npos) << "a PIN in a message";
}

void expect_waits(const std::shared_ptr<const signing::Signer>& signer, const std::string& code) {
  ASSERT_TRUE(signer);
  const auto value = signer->sign("à signer");
  ASSERT_FALSE(value) << code;
  expect_error(value.error(), code, Outlook::waiting);
}

}  // namespace

TEST_F(TokenSigner, SignsWithAKeyThatNeverLeftItsToken) {
  make("maire", "a1");
  const auto signer = open(rig_->key("maire"));
  expect_signs(signer);
  const auto origin = signer->origin();
  EXPECT_TRUE(origin.in_token);
  EXPECT_TRUE(origin.never_left);
  EXPECT_EQ(origin.model, "SoftHSM v2");
  EXPECT_FALSE(origin.serial.empty());
  EXPECT_EQ(origin.label, "maire");
  EXPECT_TRUE(origin.file.empty());
  const auto certificate = xades::Certificate::from_der(signer->certificate_der());
  EXPECT_EQ(certificate->key_bits(), 3072);
}

TEST_F(TokenSigner, HashesHereWhenTheTokenCannot) {
  make("maire", "a1", "rsa:2048");
  auto key = rig_->key("maire");
  const auto hashes_there = open(key);
  key.combined_mechanism = false;
  const auto hashes_here = open(key);
  expect_signs(hashes_here);
  EXPECT_EQ(*hashes_there->sign("même texte"), *hashes_here->sign("même texte"));
}

TEST_F(TokenSigner, SignsWithP256OnlyWhereItMay) {
  make("courbe", "b2", "EC:prime256v1");
  auto key = rig_->key("courbe");
  const auto refused = tokens_->open(key);
  ASSERT_FALSE(refused);
  expect_error(refused.error(), "signing.token.mechanism", Outlook::permanent);
  key.rules.allow_p256 = true;
  const auto signer = open(key);
  ASSERT_TRUE(signer);
  // The signer itself verifies each value before it gives it away.
  const auto value = signer->sign("à signer");
  ASSERT_TRUE(value) << value.error().code;
  EXPECT_EQ(value->size(), 64U);
  rig_->make_key("EC:secp384r1", "autre-courbe", "b3");
  key.key = "autre-courbe";
  const auto other = tokens_->open(key);
  ASSERT_FALSE(other);
  expect_error(other.error(), "signing.token.mechanism", Outlook::permanent);
}

TEST_F(TokenSigner, FindsTokenKeyAndCertificateByName) {
  make("maire", "a1", "rsa:2048");
  const auto by_label = open(rig_->key("maire"));
  ASSERT_TRUE(by_label->ready());
  auto by_serial = rig_->key("");
  by_serial.token.clear();
  by_serial.token_serial = by_label->origin().serial;
  expect_signs(open(by_serial));  // the second link on one token: one login serves both
  auto by_id = rig_->key("");
  by_id.key_id = "A1";
  expect_signs(open(by_id));
  auto by_file = rig_->key("maire");
  by_file.certificate = rig_->issue("a1");
  expect_signs(open(by_file));
  expect_signs(by_label);
}

TEST_F(TokenSigner, EachFaultOfTheSettingsIsSeenAtStart) {
  make("maire", "a1", "rsa:2048");
  make("adjoint", "a2", "rsa:2048");
  rig_->make_key("rsa:2048", "nue", "a3");
  struct Case {
    const char* code;
    std::function<void(TokenKey&)> spoil;
  };
  const std::vector<Case> cases{
      {"signing.token.module", [&](TokenKey& key) { key.module = rig_->folder().path() / "absent.so"; }},
      {"signing.token.module", [&](TokenKey& key) { key.module = key.pin_file; }},
      {"signing.token.no_key", [](TokenKey& key) { key.key = "personne"; }},
      {"signing.token.no_key", [](TokenKey& key) { key.key.clear(); }},
      {"signing.token.no_key", [](TokenKey& key) { key.key_id = "a2"; }},
      {"signing.token.no_key", [](TokenKey& key) { key.key_id = "xyz"; }},
      {"signing.token.no_certificate", [](TokenKey& key) { key.key = "nue"; }},
      {"signing.key.certificate", [](TokenKey& key) { key.certificate = key.pin_file; }},
      {"signing.key.permissions", [](TokenKey& key) { ::chmod(key.pin_file.c_str(), 0640); }},
      {"signing.key.permissions",
       [](TokenKey& key) {
         ::chmod(key.pin_file.c_str(), 0604);
         key.group_may_read_pin = true;
       }},
  };
  for (const auto& one : cases) {
    auto key = rig_->key("maire");
    one.spoil(key);
    const auto signer = tokens_->open(key);
    ASSERT_FALSE(signer) << one.code;
    expect_error(signer.error(), one.code, Outlook::permanent);
  }
  auto credential = rig_->key("maire");
  ::chmod(credential.pin_file.c_str(), 0440);
  credential.group_may_read_pin = true;
  expect_signs(open(credential));
  auto without = rig_->key("maire");
  without.pin_file = rig_->folder().path() / "absent";
  const auto signer = tokens_->open(without);
  ASSERT_FALSE(signer);
  expect_error(signer.error(), "signing.key.unreadable", Outlook::waiting);
}

TEST_F(TokenSigner, RequireHardwareWantsAKeyThatWasNeverOutside) {
  make("interne", "a1", "rsa:2048");
  rig_->import_key(test::ordinary_identity(), "externe", "a2");
  auto key = rig_->key("interne");
  key.require_hardware = true;
  expect_signs(open(key));
  key.key = "externe";
  key.certificate = rig_->folder().write("externe.pem", test::ordinary_identity().certificate_pem());
  const auto refused = tokens_->open(key);
  ASSERT_FALSE(refused);
  expect_error(refused.error(), "signing.key.not_hardware", Outlook::permanent);
  EXPECT_NE(refused.error().detail.find("not never extractable"), std::string::npos)
      << refused.error().detail;
  key.require_hardware = false;
  const auto signer = open(key);
  expect_signs(signer);
  EXPECT_FALSE(signer->origin().never_left);
}

TEST_F(TokenSigner, RefusesTheCertificateOfAnotherKey) {
  make("maire", "a1", "rsa:2048");
  auto key = rig_->key("maire");
  key.certificate = rig_->folder().write("autre.pem", test::ordinary_identity().certificate_pem());
  expect_waits(open(key), "signing.token.mismatch");
}

TEST_F(TokenSigner, TriesAWrongPinOnce) {
  make("maire", "a1", "rsa:2048");
  const auto key = rig_->key("maire");
  (void)rig_->write_pin("000000");
  const auto signer = open(key);
  expect_waits(signer, "signing.token.pin");
  EXPECT_FALSE(signer->ready());
  // The right PIN alone is not enough: a person has to say that it is.
  (void)rig_->write_pin(test::TokenRig::pin);
  expect_waits(signer, "signing.token.pin");
  (void)rig_->write_pin("000000");
  const auto reloaded = open(key);
  expect_waits(reloaded, "signing.token.pin");
  EXPECT_NE(reloaded->sign("x").error().detail.find("still holds"), std::string::npos);
  (void)rig_->write_pin(test::TokenRig::pin);
  expect_signs(open(key));
  expect_signs(signer);
}

TEST_F(TokenSigner, PresentsThePinForEachSignatureOfAnExactingKey) {
  make("maire", "a1", "rsa:2048", "--always-auth");
  const auto signer = open(rig_->key("maire"));
  expect_signs(signer);
  expect_signs(signer, "encore");
  (void)rig_->write_pin("000000");
  expect_waits(signer, "signing.token.pin");
  (void)rig_->write_pin(test::TokenRig::pin);
  expect_waits(signer, "signing.token.pin");
}

TEST_F(TokenSigner, WaitsForATokenThatWasPulledAndGoesOn) {
  make("maire", "a1", "rsa:2048");
  const auto signer = open(rig_->key("maire"));
  expect_signs(signer);
  for (int i = 0; i < 2; ++i) {
    rig_->pull();
    expect_waits(signer, "signing.token.absent");
    const auto status = signer->ready();
    ASSERT_FALSE(status);
    expect_error(status.error(), "signing.token.absent", Outlook::waiting);
    rig_->plug();
    expect_signs(signer);
    EXPECT_TRUE(signer->ready());
  }
}

TEST_F(TokenSigner, StartsWithoutItsToken) {
  make("maire", "a1", "rsa:2048");
  auto key = rig_->key("maire");
  rig_->pull();
  const auto signer = open(key);
  EXPECT_TRUE(signer->certificate_der().empty());
  expect_waits(signer, "signing.token.absent");
  key.key = "personne";
  const auto wrong = open(key);
  rig_->plug();
  expect_signs(signer);
  // Found too late to refuse the start: it waits for a person.
  expect_waits(wrong, "signing.token.no_key");
}

TEST_F(TokenSigner, ADifferentCertificateNeedsAReload) {
  make("maire", "a1", "rsa:2048");
  const auto key = rig_->key("maire");
  const auto signer = open(key);
  expect_signs(signer);
  const Bytes before = signer->certificate_der();
  test::IdentityWish wish;
  wish.not_after = "20400101000000Z";
  rig_->pull();
  expect_waits(signer, "signing.token.absent");
  rig_->plug();
  rig_->store_certificate(rig_->issue("a1", wish), "maire", "a1");
  expect_waits(signer, "signing.token.changed");
  EXPECT_EQ(signer->certificate_der(), before);
  const auto reloaded = open(key);
  expect_signs(reloaded);
  EXPECT_NE(reloaded->certificate_der(), before);
}

TEST_F(TokenSigner, EightThreadsSignWhileTheTokenComesAndGoes) {
  make("maire", "a1", "rsa:2048");
  const auto signer = open(rig_->key("maire"));
  const auto expected = signer->sign("même texte");
  ASSERT_TRUE(expected);
  std::atomic<int> right = 0;
  std::atomic<int> waited = 0;
  const auto work = [&] {
    for (int i = 0; i < 50; ++i) {
      const auto value = signer->sign("même texte");
      if (value && *value == *expected) ++right;
      if (!value && value.error().outlook == Outlook::waiting) ++waited;
    }
  };
  const auto in_eight = [&](const std::function<void()>& meanwhile) {
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t)
      threads.emplace_back(work);
    meanwhile();
    for (auto& thread : threads)
      thread.join();
  };
  in_eight([] {});
  EXPECT_EQ(right, 400);
  in_eight([&] {
    rig_->pull();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    rig_->plug();
  });
  EXPECT_EQ(right + waited, 800);
  expect_signs(signer);
}

TEST_F(TokenSigner, StockXmlsecVerifiesWhatItSeals) {
  if (!test::has_tool("xmlsec1")) GTEST_SKIP() << "xmlsec1 is not installed";
  make("maire", "a1");
  signing::KeyRing ring;
  signing::SigningProfile profile;
  profile.name = "maire";
  profile.signer = open(rig_->key("maire"));
  profile.statement = {"Maire", "Nîmes", "30000", "France"};
  ASSERT_TRUE(ring.add(std::move(profile)));
  const std::string pes = test::make_pes({.depense_ids = {"BORD1", "BORD2"}});
  const auto document = xml::parse(pes);
  ASSERT_TRUE(document) << document.error().code;
  const auto sealed = signing::seal(*ring.find("maire"), *document, pes, test::signing_time());
  ASSERT_TRUE(sealed) << sealed.error().code << " " << sealed.error().detail;
  EXPECT_EQ(sealed->report.signatures.size(), 2U);
  const auto file = rig_->folder().write("signed.xml", sealed->bytes);
  const auto certificate = rig_->folder().path() / "certificate-a1.pem";
  const auto ran = test::run(
      "xmlsec1 --verify --insecure --id-attr:Id Bordereau --id-attr:Id "
      "http://uri.etsi.org/01903/v1.2.2#:SignedProperties --enabled-key-data x509 "
      "--node-xpath \"//*[@Id='BORD2']/*[local-name()='Signature']\" --pubkey-cert-pem " +
      certificate.string() + " " + file.string());
  EXPECT_EQ(ran.code, 0) << ran.output;
}
