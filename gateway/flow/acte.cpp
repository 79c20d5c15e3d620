#include "gateway/flow/acte.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace demat::flow {
namespace {

template <class Enum, std::size_t count>
std::optional<Enum> from_word(const std::array<Enum, count>& all, std::string_view text) {
  for (const auto value : all)
    if (to_string(value) == text) return value;
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::none:
      return "none";
    case Verdict::accepted:
      return "accepted";
    case Verdict::rejected:
      return "rejected";
  }
  throw std::logic_error("unknown verdict");
}

std::optional<Verdict> verdict_from(std::string_view text) {
  return from_word(std::array{Verdict::none, Verdict::accepted, Verdict::rejected}, text);
}

std::string_view to_string(LetterState state) {
  switch (state) {
    case LetterState::unread:
      return "unread";
    case LetterState::read:
      return "read";
    case LetterState::answered:
      return "answered";
  }
  throw std::logic_error("unknown letter state");
}

std::optional<LetterState> letter_state_from(std::string_view text) {
  return from_word(std::array{LetterState::unread, LetterState::read, LetterState::answered}, text);
}

bool is_answered(std::string_view message) {
  constexpr std::array answered{"1-1", "3-3", "3-4", "4-3", "4-4", "6-1", "7-1"};
  return std::find(answered.begin(), answered.end(), message) != answered.end();
}

}  // namespace demat::flow
