#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/config/settings.hpp"
#include "gateway/flow/answers.hpp"
#include "gateway/flow/authority.hpp"
#include "gateway/store/change.hpp"
#include "gateway/store/payload.hpp"

namespace demat::pipeline {

/// Whose hand settles a return.
struct Hand {
  std::string actor = "gateway";
  std::string reason{};
  std::optional<flow::ReturnState> expected{};  ///< `store.return_moved` when it is in another state by then
  [[nodiscard]] bool person() const { return expected.has_value(); }
};

/// What is of one protocol on the road that all flows take: its checks with what leaves, and what its returns
/// mean. Thread-safe.
class Road {
 public:
  virtual ~Road() = default;
  /// Takes a claimed flow to `ready` or `refused`: every deterministic check, and what is to be sent. An
  /// Error is a matter of waiting.
  [[nodiscard]] virtual Result<store::Change> check(const store::Claim& claim, const store::Payload& original,
                                                    const flow::Route& route) const = 0;
  /// Decides what an imported return means and writes it.
  [[nodiscard]] virtual Status settle(const flow::Return& item, const Hand& hand) const = 0;
};

/// By protocol word (flow::Flow::protocol). PES, whose road is the pipeline's own, is not in it.
using Roads = std::map<std::string, std::shared_ptr<const Road>, std::less<>>;

/// The road of flows of this protocol, or null.
[[nodiscard]] const Road* road_of(const Roads& roads, std::string_view protocol);
/// The road of a return, by its kind: "actes_…" belongs to "actes". Null: PES.
[[nodiscard]] const Road* road_of_return(const Roads& roads, std::string_view kind);
/// The kind of what is fetched from a destination of this mode, before anybody has looked into it.
[[nodiscard]] std::string_view kind_of_returns(config::LinkMode mode);

}  // namespace demat::pipeline
