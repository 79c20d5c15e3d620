#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "gateway/observe/log.hpp"

namespace demat::observe {

/// A JSON string with its quotes. Bytes that are not UTF-8 (names in Latin-1) become U+FFFD, so that a line
/// is always valid JSON.
[[nodiscard]] std::string json_string(std::string_view text);

[[nodiscard]] std::string_view to_string(Level level);
/// "info" and the like; an unknown word gives `info`.
[[nodiscard]] Level level_from(std::string_view text);

/// {"ts":…,"level":…,"code":…,fields…}; `alarm` adds "alarm":true. A number that JSON cannot hold is null.
[[nodiscard]] std::string json_line(std::string_view timestamp, Level level, std::string_view code,
                                    std::initializer_list<Field> fields, bool alarm = false);

}  // namespace demat::observe
