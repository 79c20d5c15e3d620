#include "gateway/flow/answers.hpp"

#include <array>
#include <stdexcept>

namespace demat::flow {

std::string_view to_string(ReturnState state) {
  switch (state) {
    case ReturnState::imported:
      return "imported";
    case ReturnState::matched:
      return "matched";
    case ReturnState::available:
      return "available";
    case ReturnState::orphan:
      return "orphan";
    case ReturnState::ignored:
      return "ignored";
  }
  throw std::logic_error("unknown return state");
}

std::optional<ReturnState> return_state_from(std::string_view text) {
  using enum ReturnState;
  for (const auto state : std::array{imported, matched, available, orphan, ignored})
    if (to_string(state) == text) return state;
  return std::nullopt;
}

}  // namespace demat::flow
