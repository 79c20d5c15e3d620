#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

namespace demat::samples {

/// The folder of reference material beside the source tree (DEMAT_SHARED overrides), when it is there. Tests
/// that want it skip without it.
inline std::optional<std::filesystem::path> shared_folder(const std::filesystem::path& source_dir) {
  const char* given = std::getenv("DEMAT_SHARED");
  const std::filesystem::path folder =
      given != nullptr ? std::filesystem::path(given) : source_dir / ".." / "shared";
  if (!std::filesystem::is_directory(folder)) return std::nullopt;
  return folder;
}

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace demat::samples
