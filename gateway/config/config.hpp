#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "gateway/config/settings.hpp"
#include "protocols/base/result.hpp"

namespace demat::config {

/// Reads the environment; tests give their own. Returns empty when unset.
using Environment = std::function<std::string(const std::string& name)>;

/// Everything wrong with a configuration at once, each with key, line and both languages:
/// `config.unknown_key` (naming the nearest known one), `config.type`, `config.range`, `config.missing`,
/// `config.file`, `config.conflict`.
struct Problems {
  std::vector<Error> errors;
};

/// Reads a TOML file. Relative paths are relative to the file. `DEMAT_<SECTION>_<KEY>` overrides a key
/// (DEMAT_HTTP_PORT=9443); `<key>_file` reads a secret from a file.
[[nodiscard]] tl::expected<Settings, Problems> read(const std::filesystem::path& file,
                                                    const Environment& environment);

}  // namespace demat::config
