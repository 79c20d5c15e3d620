#pragma once

#include <filesystem>
#include <string>

#include "protocols/base/result.hpp"

namespace demat::config {

/// Reads a secret: the file without the line end that editors add. Errors: `config.file`, and
/// `config.secret_mode` when anybody but the owner may read it (0600 or 0400 wanted). `group_may_read`: for a
/// folder that something else guards.
[[nodiscard]] Result<std::string> read_secret_file(const std::filesystem::path& file,
                                                   bool group_may_read = false);

/// Whether others than the owner and the group may read the file; for private keys, which a group may share.
[[nodiscard]] bool open_to_others(const std::filesystem::path& file);

/// Whether anybody but the owner may read the file, or the owner's group where that is all right.
[[nodiscard]] bool open_beyond(const std::filesystem::path& file, bool group_may_read);

}  // namespace demat::config
