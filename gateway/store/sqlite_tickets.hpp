#pragma once

#include "gateway/store/access.hpp"
#include "gateway/store/tickets.hpp"

namespace demat::store {

class SqliteTickets final : public Tickets {
 public:
  explicit SqliteTickets(const Access& access) : access_(access) {}

  Result<std::optional<Remembered>> remembered(const IdentityId& identity, const std::string& key,
                                               Instant since) override;
  Result<AcceptOutcome> accept_once(NewFlow flow, StagedPayload payload, const OnceKey& once,
                                    const Render& render) override;
  Status begin_once(const OnceKey& once) override;
  Status remember(const OnceKey& once, const KeptAnswer& answer) override;
  Status forget(const OnceKey& once) override;
  Result<std::size_t> forget_before(Instant before) override;

  Status put_token(const StoredToken& token, const std::string& actor) override;
  Result<std::optional<StoredToken>> find_token(const TokenId& id) override;
  Result<std::vector<Token>> tokens(const std::optional<IdentityId>& identity) override;
  Status revoke_token(const TokenId& id, const std::string& actor) override;

 private:
  const Access& access_;
};

}  // namespace demat::store
