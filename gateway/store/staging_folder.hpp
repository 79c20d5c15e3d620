#pragma once

#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

namespace demat::store {

/// The folder of temporary files and the names this process gives there. A file that a sick disk would not
/// let go is kept in mind and removed when the disk takes writes again. Thread-safe.
class StagingFolder {
 public:
  /// `mark`: how the names of this process's files begin.
  explicit StagingFolder(std::filesystem::path folder, std::string mark = {})
      : folder_(std::move(folder)), mark_(std::move(mark)) {}
  ~StagingFolder() { clear_up(); }
  StagingFolder(const StagingFolder&) = delete;
  StagingFolder& operator=(const StagingFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return folder_; }
  [[nodiscard]] const std::string& mark() const { return mark_; }
  /// A path that nobody can guess and that no file has.
  [[nodiscard]] std::filesystem::path fresh_path() const;

  /// Removes one of its files, now or later; what is left over at the end of the process goes at the next
  /// start (Blobs::sweep_temporary).
  void remove(const std::filesystem::path& file) noexcept;
  /// Tries again what could not be removed, up to the first that still cannot. Costs nothing when there is
  /// nothing.
  void clear_up() noexcept;

 private:
  std::filesystem::path folder_;
  std::string mark_;
  std::mutex mutex_;
  std::vector<std::filesystem::path> left_over_;
};

}  // namespace demat::store
