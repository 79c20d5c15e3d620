#pragma once

// Inner header: the table of everything a judgement can say.

#include <span>
#include <string_view>

#include "protocols/trust/check.hpp"

namespace demat::trust {

struct Sentence {
  std::string_view code;
  Outcome outcome;
  std::string_view sub;
  std::string_view source;
  std::string_view fr;
  std::string_view en;
};

[[nodiscard]] std::span<const Sentence> sentences();

}  // namespace demat::trust
