#pragma once

#include "gateway/store/access.hpp"
#include "gateway/store/returns.hpp"

namespace demat::store {

class SqliteReturns final : public Returns {
 public:
  explicit SqliteReturns(const Access& access) : access_(access) {}

  Status index(const ReturnId& id, std::span<const PieceMark> marks, bool afresh) override;
  Status block(const Siret& siret, const std::string& reason, const std::string& actor) override;
  Status unblock(const Siret& siret, const std::string& reason, const std::string& actor) override;
  Result<SiretRoute> route(const Siret& siret) override;
  Result<Page<SiretPlace>> sirets(const SiretFilter& filter, const std::string& cursor,
                                  std::size_t limit) override;
  Result<std::vector<UnassignedSiret>> unassigned(std::size_t limit) override;
  Result<flow::AcquitMode> acquit_mode(const AuthorityId& authority) override;
  Status put_acquit_mode(const AuthorityId& authority, flow::AcquitMode mode,
                         const std::string& actor) override;
  Result<std::vector<flow::Return>> named(const AuthorityId& authority, const std::string& name,
                                          Instant before) override;
  Result<Page<flow::Return>> due_acquits(const std::string& cursor, std::size_t limit) override;
  Status acquitted(const ReturnId& id, const FlowId& flow, const std::string& actor) override;
  Status no_acquit(const ReturnId& id, const std::string& code, const std::string& actor) override;

 private:
  const Access& access_;
};

[[nodiscard]] SiretRoute route_of(Connection& db, const Siret& siret);
/// flow::Return::acquit_note of a return that the authority gets now; empty: its settings ask for none.
[[nodiscard]] std::string acquit_note_of(Connection& db, const AuthorityId& authority);
/// That flow carries the acquit of the return; nothing is due any more.
void acquit_return(Transaction& tx, const ReturnId& id, const FlowId& flow, const std::string& actor);
/// Of a return whose row or bytes go: nothing finds its pièces any more.
void forget_pieces(Transaction& tx, std::string_view answer);
/// Of a restored store: an acquit that was due, or became due since, may have left after the backup, so a
/// person asks for it.
void stop_acquits(Transaction& tx);

}  // namespace demat::store
