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
/// `config.syntax`, `config.unknown_key` (naming the nearest known one), `config.type`, `config.range`,
/// `config.missing`, `config.file`, `config.conflict`, `config.environment` (test talking to production),
/// `config.trust` (production without trust), `config.secret_inline`, `config.secret_mode`. The place of each
/// holds the line and, as path, the key ("http.port", "destination[0].host") or the variable.
struct Problems {
  std::vector<Error> errors;
};

/// Reads a TOML file. Relative paths are relative to the file. `DEMAT_<SECTION>_<KEY>` overrides a key
/// (DEMAT_HTTP_PORT=9443, DEMAT_ENVIRONMENT=test, DEMAT_DESTINATION_<NAME>_PASSWORD=...); `<key>_file` reads
/// a secret from a file with mode 0600.
[[nodiscard]] tl::expected<Settings, Problems> read(const std::filesystem::path& file,
                                                    const Environment& environment);

/// The environment of this process, to be read at start only.
[[nodiscard]] Environment process_environment();

/// "dematd.toml:12: [config.type] French sentence", then the English one on a line of its own.
[[nodiscard]] std::string describe(const Error& error, const std::filesystem::path& file);

}  // namespace demat::config
