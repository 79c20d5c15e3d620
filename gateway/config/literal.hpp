#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

/// Values as they are written in the configuration file, for `check-config --show`.
namespace demat::config {

[[nodiscard]] std::string text_literal(std::string_view text);
[[nodiscard]] std::string texts_literal(const std::vector<std::string>& texts);
[[nodiscard]] std::string flag_literal(bool flag);
[[nodiscard]] std::string number_literal(double number);
/// "15s", "250ms", "10min".
[[nodiscard]] std::string duration_literal(std::chrono::milliseconds duration);

}  // namespace demat::config
