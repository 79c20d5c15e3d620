#pragma once

#include <vector>

#include "gateway/flow/numbers.hpp"
#include "gateway/store/store.hpp"

namespace demat::store {

/// The numbers that the flows of an authority carry (helios P11, P24; signature T50). They are kept with the
/// change that accepts a flow (Change::recorded), go when it is refused, rejected or cancelled, each by
/// itself when an acquit turns its part down (Settlement::parts), and the rest with the flow's row. A part of
/// Store: same durability, thread-safety and errors.
class History {
 public:
  virtual ~History() = default;

  /// Those of `numbers` that another flow of the authority carries, in order; for each the latest such flow.
  /// The flows that this one was replayed from do not count.
  [[nodiscard]] virtual Result<std::vector<flow::NumberTaken>> taken(const flow::Flow& flow,
                                                                     const flow::Numbers& numbers) = 0;
  /// Flows of the authority with the same NomFic, accepted before this one, and not final yet (helios 3.1).
  /// What this one was replayed from does not count. At most limits::max_page, oldest first.
  [[nodiscard]] virtual Result<std::vector<flow::Flow>> same_name(const flow::Flow& flow) = 0;
};

}  // namespace demat::store
