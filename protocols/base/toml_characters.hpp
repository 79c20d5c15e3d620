#pragma once

#include <string_view>

#include "protocols/base/result.hpp"

namespace demat {

/// Checks that a TOML text is UTF-8, and that characters beyond ASCII stand in strings and comments only, as
/// TOML 1.0 wants it: where a key or blank could stand, toml++ asserts or runs into undefined behaviour
/// instead of refusing them. Nor may they stand in quotes that follow a bare value or key (0"é", a."é").
/// Error: `config.syntax`, with its line; readers of other files give it their code.
[[nodiscard]] Status check_toml_characters(std::string_view text);

}  // namespace demat
