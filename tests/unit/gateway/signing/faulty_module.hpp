#pragma once

#include <atomic>

/// A PKCS#11 module that is SoftHSM with the faults of real devices, as a test scripts them. The test finds
/// the script of the loaded module under the name `fault_script`.
namespace demat::test {

struct FaultScript {
  std::atomic<unsigned long> token_flags{0};  ///< further flags of CK_TOKEN_INFO
  std::atomic<unsigned long> sign_result{0};  ///< what C_Sign answers
  std::atomic<int> sign_failures{0};          ///< so many times
  std::atomic<int> sessions{1'000'000};       ///< open at once
  std::atomic<bool> hides_combined{false};    ///< CKM_SHA256_RSA_PKCS is not told to be there
  std::atomic<bool> refuses_combined{false};  ///< it is told, and refused
  std::atomic<int> logins{0};                 ///< calls of C_Login
  std::atomic<int> initialisations{0};        ///< calls of C_Initialize
  std::atomic<int> open_sessions{0};

  void reset() {
    token_flags = sign_result = 0;
    sign_failures = logins = initialisations = open_sessions = 0;
    sessions = 1'000'000;
    hides_combined = refuses_combined = false;
  }
};

}  // namespace demat::test
