#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "gateway/store/file.hpp"
#include "gateway/store/payload.hpp"
#include "gateway/store/staging_folder.hpp"

namespace demat::store {

/// A small staged payload: its bytes.
class MemoryBacking final : public StagedPayload::Backing {
 public:
  explicit MemoryBacking(std::string bytes) : bytes_(std::move(bytes)), source_(bytes_) {}
  [[nodiscard]] const ByteSource& bytes() const override { return source_; }

 private:
  std::string bytes_;
  MemorySource source_;
};

/// A large staged payload: a fsynced temporary file, unlinked on drop unless it was given a place among the
/// blobs.
class FileBacking final : public StagedPayload::Backing {
 public:
  FileBacking(std::shared_ptr<StagingFolder> folder, std::filesystem::path path, FileDescriptor file,
              std::size_t size)
      : folder_(std::move(folder)), path_(std::move(path)), source_(std::move(file), size) {}
  ~FileBacking() override { folder_->remove(path_); }
  [[nodiscard]] const ByteSource& bytes() const override { return source_; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// The file has a lasting name now.
  void given_away() { path_.clear(); }

 private:
  std::shared_ptr<StagingFolder> folder_;
  std::filesystem::path path_;
  FileSource source_;
};

/// A writer that stages in memory up to `inline_limit` bytes, then in a file of `folder` (mode 0600).
[[nodiscard]] std::unique_ptr<PayloadWriter> make_payload_writer(std::shared_ptr<StagingFolder> folder,
                                                                 std::size_t inline_limit);

}  // namespace demat::store
