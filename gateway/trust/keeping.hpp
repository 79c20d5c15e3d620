#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/base/result.hpp"

namespace demat::trust_desk {

/// Puts a file into a folder, which is made: written beside, on disk, then renamed, so that the former one
/// stays until the new one is whole. `modified` becomes its time. Error: `trust.fetch_write` (waiting).
[[nodiscard]] Status keep_file(const std::filesystem::path& file, std::string_view bytes,
                               const std::optional<std::chrono::sys_seconds>& modified = std::nullopt);

/// The file's time, as keep_file set it.
[[nodiscard]] std::optional<std::chrono::sys_seconds> time_of_file(const std::filesystem::path& file);

/// Its bytes; empty when it cannot be read.
[[nodiscard]] std::string bytes_of_file(const std::filesystem::path& file);

}  // namespace demat::trust_desk
