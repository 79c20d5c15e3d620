#pragma once

#include <cstddef>
#include <span>

#include "protocols/archive/writer.hpp"

namespace demat::archive::detail {

/// Whether `files` may be written as an archive that our own reader would take: at least one, plain and
/// distinct names of at most `max_name` bytes, entries within the default limits.
[[nodiscard]] Status check_files(std::span<const File> files, std::size_t max_name);

}  // namespace demat::archive::detail
