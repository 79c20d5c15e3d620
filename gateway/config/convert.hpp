#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/config/toml_table.hpp"

/// Values of the file or the environment as the types that settings want. Nothing: of the wrong type.
namespace demat::config {

[[nodiscard]] std::optional<std::string> as_text(const Value& value);
/// A whole number; from the environment also as text.
[[nodiscard]] std::optional<std::int64_t> as_integer(const Value& value);
[[nodiscard]] std::optional<double> as_number(const Value& value);
[[nodiscard]] std::optional<bool> as_flag(const Value& value);
/// "250ms", "15s", "10min", "2h", "1d"; a bare whole number is seconds.
[[nodiscard]] std::optional<std::chrono::milliseconds> as_duration(const Value& value);
/// Bytes: "100MB" and "5kB" are decimal, "256KiB" and "8MiB" binary, a bare whole number is bytes.
[[nodiscard]] std::optional<std::int64_t> as_size(const Value& value);
/// A list of texts; from the environment separated by commas.
[[nodiscard]] std::optional<std::vector<std::string>> as_texts(const Value& value);
/// A list of whole numbers, or their texts with commas between from the environment; nothing when one is not
/// from `low` to `high`.
[[nodiscard]] std::optional<std::vector<int>> as_integers(const Value& value, int low, int high);

}  // namespace demat::config
