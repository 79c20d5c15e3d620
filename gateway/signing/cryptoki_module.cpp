#include "gateway/signing/cryptoki_module.hpp"

#include <dlfcn.h>

#include <mutex>

#include "gateway/signing/token_errors.hpp"

namespace demat::signing {

void CryptokiModule::Unload::operator()(void* library) const {
  ::dlclose(library);
}

Result<std::shared_ptr<CryptokiModule>> CryptokiModule::load(const std::filesystem::path& file,
                                                             std::chrono::milliseconds restart_pause) {
  std::shared_ptr<CryptokiModule> made(new CryptokiModule(restart_pause));
  // Never unmapped: modules leave threads and exit handlers behind.
  made->library_.reset(::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE));
  if (!made->library_) {
    const char* const reason = ::dlerror();  // NOLINT(concurrency-mt-unsafe): per thread in glibc
    return failure(token_module(file, reason != nullptr ? reason : ""));
  }
  const auto entry =
      reinterpret_cast<CK_C_GetFunctionList>(::dlsym(made->library_.get(), "C_GetFunctionList"));
  if (entry == nullptr) return failure(token_module(file, "no C_GetFunctionList"));
  if (const CK_RV got = entry(&made->functions_); got != CKR_OK || made->functions_ == nullptr)
    return failure(token_module(file, name_of(got)));
  const CK_RV ready = made->initialise();
  if (ready != CKR_OK && ready != CKR_CRYPTOKI_ALREADY_INITIALIZED)
    return failure(token_module(file, name_of(ready)));
  return made;
}

CK_RV CryptokiModule::initialise() {
  CK_C_INITIALIZE_ARGS arguments{};
  arguments.flags = CKF_OS_LOCKING_OK;
  const CK_RV result = functions_->C_Initialize(&arguments);
  ours_ = ours_ || result == CKR_OK;
  started_ = std::chrono::steady_clock::now();
  return result;
}

CryptokiModule::~CryptokiModule() {
  if (ours_) functions_->C_Finalize(nullptr);
}

bool CryptokiModule::restart(std::uint64_t seen) {
  const std::unique_lock alone(calls_);
  if (epoch_ != seen) return true;
  if (!ours_ || std::chrono::steady_clock::now() - started_ < restart_pause_) return false;
  functions_->C_Finalize(nullptr);
  ++epoch_;
  // What fails here shows at the next call, as CKR_CRYPTOKI_NOT_INITIALIZED.
  return initialise() == CKR_OK;
}

}  // namespace demat::signing
