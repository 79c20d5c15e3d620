#include <dlfcn.h>
#include <gtest/gtest.h>
#include <p11-kit/pkcs11.h>

#include <atomic>
#include <thread>

#include "faulty_module.hpp"
#include "gateway/signing/token_signer.hpp"
#include "protocols/xades/certificate.hpp"
#include "token_rig.hpp"

// What real devices do and SoftHSM does not (signature RS3, RS16).

using namespace demat;

namespace {

class TokenFaults : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto missing = test::TokenRig::missing(); !missing.empty()) GTEST_SKIP() << missing;
    void* const module = ::dlopen(DEMAT_FAULTY_MODULE, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    ASSERT_NE(module, nullptr) << ::dlerror();
    script_ = static_cast<test::FaultScript*>(::dlsym(module, "fault_script"));
    ASSERT_NE(script_, nullptr);
    script_->reset();
    rig_ = std::make_unique<test::TokenRig>();
    rig_->make_key("rsa:2048", "maire", "a1");
    rig_->store_certificate(rig_->issue("a1"), "maire", "a1");
    tokens_ = std::make_unique<signing::Tokens>(std::chrono::milliseconds(0));
  }

  [[nodiscard]] signing::TokenKey key() const {
    auto key = rig_->key("maire");
    key.module = DEMAT_FAULTY_MODULE;
    return key;
  }
  std::shared_ptr<const signing::Signer> open() {
    auto signer = tokens_->open(key());
    EXPECT_TRUE(signer) << signer.error().code << " " << signer.error().detail;
    return signer ? *signer : nullptr;
  }

  test::FaultScript* script_ = nullptr;
  std::unique_ptr<test::TokenRig> rig_;
  std::unique_ptr<signing::Tokens> tokens_;
};

void expect_signs(const signing::Signer& signer) {
  const auto value = signer.sign("à signer");
  ASSERT_TRUE(value) << value.error().code << " " << value.error().detail;
  const auto certificate = xades::Certificate::from_der(signer.certificate_der());
  EXPECT_TRUE(certificate->verifies_rsa_sha256("à signer", *value));
}

void expect_waits(const signing::Signer& signer, const std::string& code) {
  const auto value = signer.sign("à signer");
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().code, code) << value.error().detail;
  EXPECT_EQ(value.error().outlook, Outlook::waiting);
}

}  // namespace

TEST_F(TokenFaults, OneLoginServesEverySignerAndThread) {
  const auto one = open();
  const auto two = open();
  auto by_serial = key();
  by_serial.token.clear();
  by_serial.token_serial = one->origin().serial;
  const auto three = tokens_->open(by_serial);
  ASSERT_TRUE(three);
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&] {
      for (const auto* signer : {one.get(), two.get(), three->get()})
        expect_signs(*signer);
    });
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(script_->logins, 1);
  EXPECT_EQ(script_->initialisations, 1);
  EXPECT_LE(script_->open_sessions, 2 * (8 + 1)) << "a session for each thread at a time, and one that stays";
}

TEST_F(TokenFaults, AWrongPinIsPresentedOnce) {
  const auto wanted = key();
  (void)rig_->write_pin("000000");
  const auto signer = *tokens_->open(wanted);
  for (int i = 0; i < 5; ++i)
    expect_waits(*signer, "signing.token.pin");
  for (int reload = 0; reload < 3; ++reload)
    expect_waits(**tokens_->open(wanted), "signing.token.pin");
  EXPECT_EQ(script_->logins, 1);
}

TEST_F(TokenFaults, ATokenCloseToItsLockIsLeftAlone) {
  for (const CK_FLAGS flag : {CKF_USER_PIN_FINAL_TRY, CKF_USER_PIN_LOCKED}) {
    script_->reset();
    script_->token_flags = flag;
    expect_waits(*open(), "signing.token.pin");
    EXPECT_EQ(script_->logins, 0);
  }
  script_->token_flags = CKF_USER_PIN_COUNT_LOW;
  expect_signs(*open());
}

TEST_F(TokenFaults, OneFailureOfTheDeviceIsNotEvenSeen) {
  const auto signer = open();
  for (const CK_RV result :
       {CKR_SESSION_HANDLE_INVALID, CKR_SESSION_CLOSED, CKR_DEVICE_REMOVED, CKR_DEVICE_ERROR,
        CKR_DEVICE_MEMORY, CKR_TOKEN_NOT_PRESENT, CKR_USER_NOT_LOGGED_IN, CKR_GENERAL_ERROR,
        CKR_KEY_HANDLE_INVALID, CKR_FUNCTION_FAILED}) {
    script_->sign_result = result;
    script_->sign_failures = 1;
    expect_signs(*signer);
    EXPECT_EQ(script_->sign_failures, 0);
    script_->sign_failures = 2;
    const bool gone = result == CKR_DEVICE_REMOVED || result == CKR_TOKEN_NOT_PRESENT;
    expect_waits(*signer, gone ? "signing.token.absent" : "signing.token.failed");
    expect_signs(*signer);
  }
}

TEST_F(TokenFaults, AMechanismThatIsMissingOrRefusedIsDoneWithout) {
  const auto expected = open()->sign("même texte");
  ASSERT_TRUE(expected);
  script_->hides_combined = true;
  EXPECT_EQ(*open()->sign("même texte"), *expected);
  script_->hides_combined = false;
  script_->refuses_combined = true;
  const auto signer = open();
  EXPECT_EQ(*signer->sign("même texte"), *expected);
  EXPECT_EQ(*signer->sign("même texte"), *expected);
}

TEST_F(TokenFaults, ThreadsShareTheFewSessionsOfASmallToken) {
  script_->sessions = 3;  // one stays open
  const auto signer = open();
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i)
        if (signer->sign("même texte")) ++right;
    });
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(right, 160);
  EXPECT_LE(script_->open_sessions, 3);
}
