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

std::string_view to_string(AcquitMode mode) {
  switch (mode) {
    case AcquitMode::never:
      return "never";
    case AcquitMode::on_read:
      return "on_read";
    case AcquitMode::on_receipt:
      return "on_receipt";
  }
  return "never";
}

std::optional<AcquitMode> acquit_mode_from(std::string_view text) {
  using enum AcquitMode;
  for (const auto mode : std::array{never, on_read, on_receipt})
    if (to_string(mode) == text) return mode;
  return std::nullopt;
}

}  // namespace demat::flow
