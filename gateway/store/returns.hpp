#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/store/store.hpp"

namespace demat::store {

/// Value of Return::acquit_note: its acquit may have left after the backup this store comes from, so a person
/// asks for it.
inline constexpr std::string_view acquit_restored = "return.acquit_restored";

/// What a pièce of a PES_Retour is found by.
struct PieceMark {
  std::string domaine;
  std::string exercice;
  std::string bordereau;
  std::string piece;
  std::string etat;
};

/// A SIRET of EnTetePES/IdColl, and where returns about it go (helios 8.2).
struct SiretPlace {
  Siret siret;
  AuthorityId authority;  ///< empty: nobody has registered it
  bool blocked = false;
  std::string actor;  ///< of the block
  std::string reason;
  std::optional<Instant> since;
  std::uint64_t returns = 0;  ///< that came for it, whatever became of them
  std::optional<Instant> last;
};
struct SiretFilter {
  std::optional<bool> blocked;
  std::optional<AuthorityId> authority;
};

/// Returns of one SIRET that wait in the orphan bank.
struct UnassignedSiret {
  Siret siret;  ///< empty: they name none
  std::uint64_t returns = 0;
  std::uint64_t bytes = 0;
  Instant first{};
  Instant last{};
  bool blocked = false;
  AuthorityId owner;       ///< that has registered it since
  AuthorityId suggestion;  ///< that has its SIREN, and not this SIRET yet
  std::string suggestion_name;
};

/// What comes back as PES_Retour: finding a pièce in it, whose it is, and the acquit that goes back. A part
/// of Store: same durability, thread-safety and errors.
class Returns {
 public:
  virtual ~Returns() = default;

  /// Adds what the return is found by; `afresh` drops what was there before. Said twice counts once.
  [[nodiscard]] virtual Status index(const ReturnId& id, std::span<const PieceMark> marks, bool afresh) = 0;

  // --- SIRETs
  /// What comes for it from now on waits in the orphan bank (rule `siret_blocked`). Event `siret.blocked`.
  [[nodiscard]] virtual Status block(const Siret& siret, const std::string& reason,
                                     const std::string& actor) = 0;
  /// Event `siret.unblocked`; none when it was not blocked.
  [[nodiscard]] virtual Status unblock(const Siret& siret, const std::string& reason,
                                       const std::string& actor) = 0;
  [[nodiscard]] virtual Result<SiretRoute> route(const Siret& siret) = 0;
  /// Registered or blocked ones, in ascending order.
  [[nodiscard]] virtual Result<Page<SiretPlace>> sirets(const SiretFilter& filter, const std::string& cursor,
                                                        std::size_t limit) = 0;
  /// The busiest first, at most `limit`.
  [[nodiscard]] virtual Result<std::vector<UnassignedSiret>> unassigned(std::size_t limit) = 0;

  // --- PES_ACQUIT_RETOUR (helios 1.6)
  /// The returns of the authority that are called so, by their NomFic or by the name they came under,
  /// received up to `before`; the latest first, at most limits::max_page.
  [[nodiscard]] virtual Result<std::vector<flow::Return>> named(const AuthorityId& authority,
                                                                const std::string& name, Instant before) = 0;
  [[nodiscard]] virtual Result<flow::AcquitMode> acquit_mode(const AuthorityId& authority) = 0;
  /// Event `authority.returns_put`. Error: `store.not_found`.
  [[nodiscard]] virtual Status put_acquit_mode(const AuthorityId& authority, flow::AcquitMode mode,
                                               const std::string& actor) = 0;
  /// Returns whose acquit the gateway has to make, the oldest first.
  [[nodiscard]] virtual Result<Page<flow::Return>> due_acquits(const std::string& cursor,
                                                               std::size_t limit) = 0;
  /// That flow carries its acquit; nothing is due any more. Event `return.acquit_made`, on the flow.
  [[nodiscard]] virtual Status acquitted(const ReturnId& id, const FlowId& flow,
                                         const std::string& actor) = 0;
  /// No acquit can be made, because of `code`. Event `return.acquit_impossible`.
  [[nodiscard]] virtual Status no_acquit(const ReturnId& id, const std::string& code,
                                         const std::string& actor) = 0;
};

}  // namespace demat::store
