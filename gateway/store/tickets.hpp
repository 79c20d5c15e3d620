#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gateway/flow/authority.hpp"
#include "gateway/store/store.hpp"

namespace demat::store {

using TokenId = Strong<struct TokenIdTag>;  ///< 32 hexadecimal digits, not secret

/// A bearer token: it narrows what its certificate may do and never stands without it.
struct Token {
  TokenId id;
  IdentityId identity;  ///< the certificate it belongs to
  std::string name;
  std::set<flow::Grant> grants;
  Instant created_at{};
  Instant expires_at{};
  std::optional<Instant> revoked_at;
};
/// A token with what proves that one holds it.
struct StoredToken {
  Token token;
  Sha256 secret;  ///< the digest of the secret; the secret itself is kept nowhere
};

/// A request that must happen once: what its caller calls it, and a digest of what it asks for.
struct OnceKey {
  IdentityId identity;
  std::string key;
  Sha256 request;
};
/// The first answer, as it went out.
struct KeptAnswer {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};
struct Remembered {
  Sha256 request;
  std::optional<KeptAnswer> answer;  ///< unset: begun, and cut before it was answered
};

enum class AcceptedAs { fresh, same_bytes, key_taken };

/// What callers hold on top of their certificate: bearer tokens (stored hashed) and idempotency keys. A part
/// of Store: same durability, thread-safety and errors.
class Tickets : protected ReceiptMaker {
 public:
  /// Puts the answer into words for keeping; runs inside the transaction, must not call the store.
  using Render = std::function<KeptAnswer(AcceptedAs, const flow::Flow&)>;

  virtual ~Tickets() = default;

  // --- idempotency keys
  /// What was answered to this key since `since`.
  [[nodiscard]] virtual Result<std::optional<Remembered>> remembered(const IdentityId& identity,
                                                                     const std::string& key,
                                                                     Instant since) = 0;
  /// Store::accept, its answer kept in the same transaction: after a crash there are both or neither.
  [[nodiscard]] virtual Result<AcceptOutcome> accept_once(NewFlow flow, StagedPayload payload,
                                                          const OnceKey& once, const Render& render) = 0;
  /// Notes that the request begins, before it has any effect.
  [[nodiscard]] virtual Status begin_once(const OnceKey& once) = 0;
  [[nodiscard]] virtual Status remember(const OnceKey& once, const KeptAnswer& answer) = 0;
  /// The request had no effect: its key may be used again.
  [[nodiscard]] virtual Status forget(const OnceKey& once) = 0;
  /// Drops keys older than `before`; returns how many.
  [[nodiscard]] virtual Result<std::size_t> forget_before(Instant before) = 0;

  // --- bearer tokens
  [[nodiscard]] virtual Status put_token(const StoredToken& token, const std::string& actor) = 0;
  [[nodiscard]] virtual Result<std::optional<StoredToken>> find_token(const TokenId& id) = 0;
  /// Those of one certificate, or all; newest first.
  [[nodiscard]] virtual Result<std::vector<Token>> tokens(const std::optional<IdentityId>& identity) = 0;
  /// Revoking twice changes nothing. Error: `store.not_found`.
  [[nodiscard]] virtual Status revoke_token(const TokenId& id, const std::string& actor) = 0;
};

}  // namespace demat::store
