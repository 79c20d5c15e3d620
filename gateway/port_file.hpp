#pragma once

#include <cstdint>
#include <filesystem>

#include "protocols/base/result.hpp"

namespace demat {

/// Writes the port beside its place and renames, so that a reader never sees half of it. Error:
/// `http.port_file`.
[[nodiscard]] Status write_port_file(const std::filesystem::path& file, std::uint16_t port);

}  // namespace demat
