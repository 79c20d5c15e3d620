#pragma once

// The only header that sees toml++: it costs seconds of compilation, so only the few readers of TOML include
// it. toml++ asserts on texts that it should refuse, such as "[ =": here such a text is refused in every
// build.

#include "protocols/base/toml_characters.hpp"

namespace demat {
/// Thrown by the parser instead of an abort; for its readers a syntax error.
struct TomlAssertion {};
constexpr void toml_assert(bool holds) {
  if (!holds) throw TomlAssertion();
}
}  // namespace demat
#define TOML_ASSERT(condition) ::demat::toml_assert(static_cast<bool>(condition))
#pragma push_macro("NDEBUG")
#undef NDEBUG  // with it, toml++ takes what it should check for granted
#include <toml++/toml.h>
#pragma pop_macro("NDEBUG")
