#include "gateway/signing/token_link.hpp"

#include <algorithm>

#include "gateway/signing/pin.hpp"
#include "gateway/signing/token_errors.hpp"

namespace demat::signing {
namespace {

constexpr std::chrono::seconds patience_for_a_session{10};

/// The answers to C_Login after which a second try may cost the token its life.
bool is_about_the_pin(CK_RV result) {
  return result == CKR_PIN_INCORRECT || result == CKR_PIN_INVALID || result == CKR_PIN_LEN_RANGE ||
         result == CKR_PIN_EXPIRED || result == CKR_PIN_LOCKED || result == CKR_USER_PIN_NOT_INITIALIZED;
}

Result<std::vector<CK_SLOT_ID>> slots_with_token(CK_FUNCTION_LIST& call, CK_RV& result) {
  std::vector<CK_SLOT_ID> slots;
  CK_ULONG count = 0;
  do {
    result = call.C_GetSlotList(CK_TRUE, nullptr, &count);
    if (result != CKR_OK) break;
    slots.resize(count);
    result = call.C_GetSlotList(CK_TRUE, slots.data(), &count);
  } while (result == CKR_BUFFER_TOO_SMALL);
  slots.resize(result == CKR_OK ? count : 0);
  return slots;
}

}  // namespace

std::string TokenName::text() const {
  if (!label.empty()) return label;
  return serial.empty() ? "*" : serial;
}

TokenLink::TokenLink(std::shared_ptr<CryptokiModule> module, TokenName name, PinFile pin)
    : module_(std::move(module)), name_(std::move(name)), pin_(std::move(pin)) {}

TokenLink::~TokenLink() {
  const auto use = module_->use();
  close(generation_);
}

TokenLink::Session::~Session() {
  if (owner_) owner_->give_back(handle_, generation_);
}

void TokenLink::Session::spoil() {
  owner_->close(generation_);
}

Result<TokenLink::Session> TokenLink::session() {
  // A restart of the module by another token's trouble may come in between; three times is bad luck enough.
  for (int i = 0; i < 3; ++i) {
    auto taken = take();
    if (!taken) return failure(std::move(taken.error()));
    if (*taken) return std::move(**taken);
    if (auto status = open(); !status) return failure(std::move(status.error()));
  }
  return failure(token_busy(name_.text()));
}

/// Nothing when the token has to be opened first.
Result<std::optional<TokenLink::Session>> TokenLink::take() {
  auto use = module_->use();
  std::unique_lock lock(mutex_);
  const auto deadline = std::chrono::steady_clock::now() + patience_for_a_session;
  for (;;) {
    if (!open_ || open_->epoch != module_->epoch()) return std::optional<Session>();
    CK_SESSION_HANDLE handle = 0;
    if (!open_->free.empty()) {
      handle = open_->free.back();
      open_->free.pop_back();
      return std::optional<Session>(Session(*this, std::move(use), handle, open_->slot, open_->generation));
    }
    const CK_RV result =
        module_->functions().C_OpenSession(open_->slot, CKF_SERIAL_SESSION, nullptr, nullptr, &handle);
    if (result == CKR_OK)
      return std::optional<Session>(Session(*this, std::move(use), handle, open_->slot, open_->generation));
    if (result != CKR_SESSION_COUNT) {
      const auto generation = open_->generation;
      lock.unlock();
      close(generation);
      return std::optional<Session>();
    }
    if (given_back_.wait_until(lock, deadline) == std::cv_status::timeout)
      return failure(token_busy(name_.text()));
  }
}

void TokenLink::give_back(CK_SESSION_HANDLE handle, std::uint64_t generation) {
  {
    const std::lock_guard lock(mutex_);
    if (open_ && open_->generation == generation) {
      open_->free.push_back(handle);
      given_back_.notify_one();
      return;
    }
  }
  // The caller still holds the module: the handle is of this epoch, and nobody else's.
  module_->functions().C_CloseSession(handle);
}

/// Only while holding the module. Sessions of another epoch are gone already, and their numbers may be
/// others'.
void TokenLink::close(std::uint64_t generation) {
  std::optional<Open> old;
  {
    const std::lock_guard lock(mutex_);
    if (!open_ || open_->generation != generation) return;
    old.swap(open_);
  }
  given_back_.notify_all();
  if (old->epoch != module_->epoch()) return;
  for (const CK_SESSION_HANDLE handle : old->free)
    module_->functions().C_CloseSession(handle);
  module_->functions().C_CloseSession(old->anchor);
}

Status TokenLink::open() {
  const std::lock_guard one(opening_);
  {
    const std::lock_guard lock(mutex_);
    if (blocked_) return failure(token_pin(name_.text(), blocked_because_));
  }
  std::uint64_t epoch = 0;
  auto status = open_once(epoch);
  const bool hopeless = status || status.error().code == "signing.token.pin" ||
                        !status.error().code.starts_with("signing.token.") ||
                        status.error().outlook == Outlook::permanent;
  if (hopeless || !module_->restart(epoch)) return status;
  return open_once(epoch);
}

Status TokenLink::open_once(std::uint64_t& epoch) {
  const auto use = module_->use();
  epoch = module_->epoch();
  {
    const std::lock_guard lock(mutex_);
    if (open_ && open_->epoch == epoch) return {};  // somebody was faster
    open_.reset();
  }
  const auto found = find();
  if (!found) return failure(found.error());
  CK_SESSION_HANDLE anchor = 0;
  const CK_RV opened =
      module_->functions().C_OpenSession(found->slot, CKF_SERIAL_SESSION, nullptr, nullptr, &anchor);
  if (opened != CKR_OK) return failure(failed("C_OpenSession", opened));
  if (auto status = log_in(anchor, found->info); !status) {
    module_->functions().C_CloseSession(anchor);
    return status;
  }
  const std::lock_guard lock(mutex_);
  open_ = Open{epoch, ++generation_, found->slot, anchor, {}};
  model_ = padded_text(found->info.model, sizeof found->info.model);
  serial_ = padded_text(found->info.serialNumber, sizeof found->info.serialNumber);
  return {};
}

Result<TokenLink::Found> TokenLink::find() {
  auto& call = module_->functions();
  CK_RV result = CKR_OK;
  const auto slots = slots_with_token(call, result);
  if (result != CKR_OK) return failure(failed("C_GetSlotList", result));
  std::vector<Found> found;
  for (const CK_SLOT_ID slot : *slots) {
    Found one{slot, {}};
    if (call.C_GetTokenInfo(slot, &one.info) != CKR_OK) continue;  // pulled just now, or another's trouble
    if ((one.info.flags & CKF_TOKEN_INITIALIZED) == 0) continue;
    const auto label = padded_text(one.info.label, sizeof one.info.label);
    const auto serial = padded_text(one.info.serialNumber, sizeof one.info.serialNumber);
    if (!name_.label.empty() && name_.label != label) continue;
    if (!name_.serial.empty() && name_.serial != serial) continue;
    found.push_back(one);
  }
  if (found.empty()) return failure(token_absent(name_.text()));
  if (found.size() > 1) return failure(token_several(name_.text(), std::to_string(found.size())));
  return found.front();
}

/// The login is the process's: another link may have made it already.
Status TokenLink::log_in(CK_SESSION_HANDLE session, const CK_TOKEN_INFO& info) {
  if ((info.flags & CKF_LOGIN_REQUIRED) == 0) return {};
  CK_SESSION_INFO now{};
  const CK_RV asked = module_->functions().C_GetSessionInfo(session, &now);
  if (asked != CKR_OK) return failure(failed("C_GetSessionInfo", asked));
  if (now.state == CKS_RO_USER_FUNCTIONS || now.state == CKS_RW_USER_FUNCTIONS) return {};
  if ((info.flags & CKF_USER_PIN_LOCKED) != 0) return failure(token_pin(name_.text(), "locked"));
  // One more wrong PIN would lock it: a person has to make sure first (RS3).
  if ((info.flags & CKF_USER_PIN_FINAL_TRY) != 0)
    return failure(token_pin(name_.text(), "one try left: log in once with the vendor's tool"));
  return present_pin(session, CKU_USER);
}

Status TokenLink::authenticate(const Session& session) {
  {
    const std::lock_guard lock(mutex_);
    if (blocked_) return failure(token_pin(name_.text(), blocked_because_));
  }
  return present_pin(session.handle(), CKU_CONTEXT_SPECIFIC);
}

Status TokenLink::present_pin(CK_SESSION_HANDLE session, CK_USER_TYPE user) {
  Pin pin;
  if (auto status = pin.read(pin_.file, pin_.content); !status) return status;
  const Bytes digest = pin.digest();
  const auto block = [&](std::string because) {
    const std::lock_guard lock(mutex_);
    refused_pin_ = digest;
    blocked_ = true;
    blocked_because_ = std::move(because);
    return failure(token_pin(name_.text(), blocked_because_));
  };
  {
    std::unique_lock lock(mutex_);
    const bool known = refused_pin_ == digest;
    lock.unlock();
    if (known) return block("the PIN file still holds the PIN that was refused");
  }
  const CK_RV result = module_->functions().C_Login(session, user, pin.bytes().data(),
                                                    static_cast<CK_ULONG>(pin.bytes().size()));
  if (result == CKR_OK || (user == CKU_USER && result == CKR_USER_ALREADY_LOGGED_IN)) return {};
  if (is_about_the_pin(result)) return block(name_of(result));
  return failure(failed("C_Login", result));
}

void TokenLink::forgive() {
  const std::lock_guard lock(mutex_);
  blocked_ = false;
}

Error TokenLink::failed(std::string_view call, CK_RV result) const {
  if (result == CKR_TOKEN_NOT_PRESENT || result == CKR_DEVICE_REMOVED) return token_absent(name_.text());
  return token_failed(name_.text(), std::string(call) + ": " + name_of(result));
}

std::string TokenLink::model() const {
  const std::lock_guard lock(mutex_);
  return model_;
}

std::string TokenLink::serial() const {
  const std::lock_guard lock(mutex_);
  return serial_;
}

}  // namespace demat::signing
