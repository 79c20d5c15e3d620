#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <shared_mutex>

#include "gateway/signing/cryptoki.hpp"
#include "protocols/base/result.hpp"

namespace demat::signing {

/// A vendor's PKCS#11 module, loaded and initialised for this process, which must not fork from then on
/// (signature 6.5). Sessions and logins belong to the process and end when the module is started anew: the
/// epoch tells. Thread-safe; ended with its last user.
class CryptokiModule {
 public:
  /// `restart_pause`: the module is started anew at most that often. Errors: `signing.token.module`
  /// (permanent).
  [[nodiscard]] static Result<std::shared_ptr<CryptokiModule>> load(const std::filesystem::path& file,
                                                                    std::chrono::milliseconds restart_pause);
  ~CryptokiModule();
  CryptokiModule(const CryptokiModule&) = delete;
  CryptokiModule& operator=(const CryptokiModule&) = delete;

  /// Whoever calls the module holds one of these, so that it is never started anew under his hands.
  [[nodiscard]] std::shared_lock<std::shared_mutex> use() { return std::shared_lock(calls_); }
  [[nodiscard]] CK_FUNCTION_LIST& functions() { return *functions_; }
  /// Only while holding use().
  [[nodiscard]] std::uint64_t epoch() const { return epoch_; }

  /// C_Finalize and C_Initialize, which is what makes some modules see a token again. False when it was done
  /// shortly before, when `seen` is not the epoch any more, or when somebody else initialised the module.
  bool restart(std::uint64_t seen);

 private:
  struct Unload {
    void operator()(void* library) const;
  };
  explicit CryptokiModule(std::chrono::milliseconds restart_pause) : restart_pause_(restart_pause) {}
  [[nodiscard]] CK_RV initialise();

  std::unique_ptr<void, Unload> library_;
  CK_FUNCTION_LIST* functions_ = nullptr;  ///< the library's
  std::shared_mutex calls_;
  std::uint64_t epoch_ = 1;
  bool ours_ = false;  ///< we initialised it, so we may end it
  std::chrono::milliseconds restart_pause_;
  std::chrono::steady_clock::time_point started_{};
};

}  // namespace demat::signing
