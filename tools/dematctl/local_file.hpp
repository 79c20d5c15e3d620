#pragma once

#include <filesystem>
#include <memory>

#include "protocols/base/byte_source.hpp"
#include "tools/dematctl/failure.hpp"

namespace demat::ctl {

/// A file of the disk, read piece by piece and never mapped: one that shrinks meanwhile is an error, not a
/// signal. Failures: `ctl.file` (usage) when it cannot be opened or is no regular file.
[[nodiscard]] Answer<std::unique_ptr<ByteSource>> open_local(const std::filesystem::path& file);

/// A folder of our own among temporary files (mode 0700), removed with what is in it.
class TemporaryFolder {
 public:
  /// Failures: `ctl.file`.
  [[nodiscard]] static Answer<TemporaryFolder> make();
  ~TemporaryFolder();
  TemporaryFolder(TemporaryFolder&& other) noexcept;
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace demat::ctl
