#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include "gateway/signing/cryptoki_module.hpp"
#include "gateway/signing/key_file.hpp"
#include "protocols/base/result.hpp"

namespace demat::signing {

/// Which token of a module; what is empty does not matter.
struct TokenName {
  std::string label;
  std::string serial;
  friend auto operator<=>(const TokenName&, const TokenName&) = default;
  [[nodiscard]] std::string text() const;
};

/// Where a PIN comes from, each time it is needed.
struct PinFile {
  std::filesystem::path file;
  Content content = Content::secret;
};

/// The connection to one token: one login for the process and a pool of sessions, one per worker at a time
/// (signature 6.5). What goes wrong closes it; the next use opens it anew, and when the token is not found
/// has the module started anew first (hot-plug, RS16). Thread-safe.
class TokenLink {
 public:
  TokenLink(std::shared_ptr<CryptokiModule> module, TokenName name, PinFile pin);
  ~TokenLink();
  TokenLink(const TokenLink&) = delete;
  TokenLink& operator=(const TokenLink&) = delete;

  /// A session for one operation; given back with this object. It keeps the module from being started anew.
  class Session {
   public:
    Session(Session&&) = default;
    Session& operator=(Session&&) = delete;
    ~Session();
    [[nodiscard]] CK_SESSION_HANDLE handle() const { return handle_; }
    [[nodiscard]] CK_SLOT_ID slot() const { return slot_; }
    [[nodiscard]] CK_FUNCTION_LIST& call() const { return owner_->module_->functions(); }
    /// Grows each time the token is opened: handles of objects are good for one generation.
    [[nodiscard]] std::uint64_t generation() const { return generation_; }
    /// It failed: neither this session nor the others of its generation are used again.
    void spoil();

   private:
    friend class TokenLink;
    struct Let {
      void operator()(TokenLink*) const {}
    };
    Session(TokenLink& owner, std::shared_lock<std::shared_mutex> use, CK_SESSION_HANDLE handle,
            CK_SLOT_ID slot, std::uint64_t generation)
        : owner_(&owner), use_(std::move(use)), handle_(handle), slot_(slot), generation_(generation) {}
    std::unique_ptr<TokenLink, Let> owner_;  ///< empty once moved from
    std::shared_lock<std::shared_mutex> use_;
    CK_SESSION_HANDLE handle_;
    CK_SLOT_ID slot_;
    std::uint64_t generation_;
  };

  /// Opens what is not open. Errors: `signing.token.absent`, `.several`, `.pin`, `.failed`, `.busy`,
  /// `signing.key.unreadable` and `.permissions` of the PIN file.
  [[nodiscard]] Result<Session> session();
  /// Presents the PIN for the one operation that begins in `session` (CKA_ALWAYS_AUTHENTICATE).
  [[nodiscard]] Status authenticate(const Session& session);

  /// A person has acted: a PIN that differs from the refused one may be tried.
  void forgive();

  [[nodiscard]] std::string model() const;
  [[nodiscard]] std::string serial() const;
  [[nodiscard]] const TokenName& name() const { return name_; }

 private:
  struct Open {
    std::uint64_t epoch = 0;
    std::uint64_t generation = 0;
    CK_SLOT_ID slot = 0;
    CK_SESSION_HANDLE anchor = 0;  ///< never used, keeps the login alive
    std::vector<CK_SESSION_HANDLE> free;
  };
  struct Found {
    CK_SLOT_ID slot = 0;
    CK_TOKEN_INFO info{};
  };

  [[nodiscard]] Result<std::optional<Session>> take();
  void give_back(CK_SESSION_HANDLE handle, std::uint64_t generation);
  void close(std::uint64_t generation);
  [[nodiscard]] Status open();
  [[nodiscard]] Status open_once(std::uint64_t& epoch);
  [[nodiscard]] Result<Found> find();
  [[nodiscard]] Status log_in(CK_SESSION_HANDLE session, const CK_TOKEN_INFO& info);
  [[nodiscard]] Status present_pin(CK_SESSION_HANDLE session, CK_USER_TYPE user);
  [[nodiscard]] Error failed(std::string_view call, CK_RV result) const;

  std::shared_ptr<CryptokiModule> module_;
  const TokenName name_;
  const PinFile pin_;
  std::mutex opening_;        ///< one opens; never taken while holding the module's use()
  mutable std::mutex mutex_;  ///< guards what follows; held for moments only
  std::condition_variable given_back_;
  std::optional<Open> open_;
  std::uint64_t generation_ = 0;
  std::string model_;
  std::string serial_;
  std::optional<Bytes> refused_pin_;  ///< its digest: no further try with it, ever
  bool blocked_ = false;              ///< no further try before forgive()
  std::string blocked_because_;
};

}  // namespace demat::signing
