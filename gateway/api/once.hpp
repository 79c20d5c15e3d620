#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "gateway/http/message.hpp"
#include "gateway/store/tickets.hpp"

namespace demat::api {

struct Context;
struct Services;

/// The keys whose first request is still under way in this process. Thread-safe. One daemon has the store, so
/// nobody else can be answering them.
class OnceDesk {
 public:
  using Entry = std::pair<IdentityId, std::string>;
  struct Release {
    OnceDesk* desk;
    void operator()(const Entry* entry) const { desk->release(entry); }
  };
  /// Keeps the key for as long as it lives.
  using Hold = std::unique_ptr<const Entry, Release>;

  /// Null when somebody else has it.
  [[nodiscard]] Hold hold(const IdentityId& identity, const std::string& key);

 private:
  void release(const Entry* entry);
  std::mutex mutex_;
  std::set<Entry> held_;
};

/// The Idempotency-Key of a request, if it has one: 1 to 255 visible ASCII characters, else `api.parameter`.
[[nodiscard]] Result<std::optional<std::string>> idempotency_key(const http::Request& request);

/// A digest of what a request asks for: method, path, authority, and the digest of its content.
[[nodiscard]] Sha256 request_digest(const http::Request& request, const AuthorityId& authority,
                                    const Sha256& content);

/// The answer given to this key before, or the refusal that it deserves now: `api.idempotency_mismatch`
/// (another request), `api.idempotency_unknown` (cut by a stop before its answer was kept). Nothing: the key
/// is free.
[[nodiscard]] std::optional<http::Response> answered_before(const Services& services,
                                                            const http::Request& request,
                                                            const store::OnceKey& once);

/// What was answered is kept, unless it only says "later": then nothing has happened and the very same
/// request may come again.
[[nodiscard]] bool decides(const http::Response& response);
/// Of an answer whose body is text.
[[nodiscard]] store::KeptAnswer kept(const http::Response& response);

[[nodiscard]] Error idempotency_running();

/// Runs `call` once per Idempotency-Key; just runs it when the request has none.
[[nodiscard]] http::Response once(const Context& context, http::Response (*call)(const Context&));

}  // namespace demat::api
