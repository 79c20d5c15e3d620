#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/flow/numbers.hpp"
#include "gateway/store/store.hpp"

namespace demat::store {

/// A contract's record and the flow that carries it.
struct MarcheRow {
  flow::MarcheRecord record;
  AuthorityId authority;
  FlowId flow;
  flow::State flow_state = flow::State::received;
  NomFic nom_fic;
  Instant created_at{};  ///< of the flow
  std::optional<Instant> sent_at;
  std::string waiting_code;
  std::string hold_reason;
  FlowId waits_for;
};

/// A record of a flow that is about to leave, and what was sent of the one before it.
struct MarcheStanding {
  flow::MarcheRecord record;
  bool out_of_order = false;        ///< a person lets it go as it is
  std::vector<MarcheRow> before{};  ///< its predecessor as other flows carry it, oldest first
};

/// A contract with its records, by sequence, then by age.
struct Marche {
  AuthorityId authority;
  std::string contrat;
  std::vector<MarcheRow> records;
};

struct MarcheFilter {
  std::optional<AuthorityId> authority;  ///< unset only for platform-wide views
  std::optional<std::string> contrat;
};

/// Records kept of one contract when it is shown.
inline constexpr std::size_t max_records_shown = 1'000;

/// The contracts of an authority: what was sent of each, in which order, and what the State said (helios 9).
/// Records are kept with the change that accepts their flow (Change::recorded); acquits decide them
/// (Settlement::parts), and wake or release the flows behind them in the same transaction. They go with their
/// flow's row. A part of Store: same durability, thread-safety and errors.
class Marches {
 public:
  virtual ~Marches() = default;

  /// For every record that is kept of the flow; empty when it carries none.
  [[nodiscard]] virtual Result<std::vector<MarcheStanding>> standing(const FlowId& flow) = 0;
  /// The same for a flow whose records are not kept yet.
  [[nodiscard]] virtual Result<std::vector<MarcheStanding>> standing(
      const flow::Flow& flow, const std::vector<flow::MarcheRecord>& records) = 0;
  /// Flows of PES of the authority, accepted before this one, that no check has looked into yet, or that are
  /// held before their checks; oldest first, at most `limit`.
  [[nodiscard]] virtual Result<std::vector<flow::Flow>> unread_before(const flow::Flow& flow,
                                                                      std::size_t limit) = 0;
  /// By authority and contract.
  [[nodiscard]] virtual Result<Page<Marche>> list(const MarcheFilter& filter, const std::string& cursor,
                                                  std::size_t limit) = 0;
};

}  // namespace demat::store
