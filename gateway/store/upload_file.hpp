#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include "gateway/store/file.hpp"
#include "gateway/store/payload.hpp"
#include "gateway/store/staging_folder.hpp"

namespace demat::store {

/// The bytes of one upload so far: a file of mode 0600.
class UploadFile {
 public:
  /// Makes the file when it is not there yet. Bytes beyond `offset` were never promised to anybody and are
  /// cut off. Error: `upload.unknown` when fewer than `offset` are there (a restored store).
  [[nodiscard]] static Result<UploadFile> open(std::filesystem::path path, std::uint64_t offset);

  [[nodiscard]] Status write(std::uint64_t offset, std::string_view bytes);
  /// The bytes, and the file's name, survive a power cut.
  [[nodiscard]] Status sync();
  /// The whole as a payload, under a second name in `staging`: whatever becomes of the payload, the upload
  /// stays until it is dropped by name.
  [[nodiscard]] Result<StagedPayload> stage(std::uint64_t size,
                                            const std::shared_ptr<StagingFolder>& staging);

 private:
  UploadFile(std::filesystem::path path, FileDescriptor file, bool unnamed)
      : path_(std::move(path)), file_(std::move(file)), unnamed_(unnamed) {}
  std::filesystem::path path_;
  FileDescriptor file_;
  bool unnamed_;  ///< its name is not known to be durable
};

}  // namespace demat::store
