#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <span>
#include <string_view>
#include <utility>

#include "protocols/base/byte_source.hpp"
#include "protocols/base/result.hpp"

namespace demat::store {

/// Owns a file descriptor.
class FileDescriptor {
 public:
  explicit FileDescriptor(int number = -1) : number_(number) {}
  ~FileDescriptor();
  FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

/// Opens close-on-exec; `flags` and `mode` as for open(2). Error: `store.io`, `store.disk_full`.
[[nodiscard]] Result<FileDescriptor> open_file(const std::filesystem::path& path, int flags,
                                               unsigned mode = 0);
[[nodiscard]] Status write_all(int file, std::string_view bytes);
/// Takes disk space for a file that will grow to so many bytes; its size stays. A file system that cannot do
/// this is no error.
[[nodiscard]] Status reserve_space(int file, std::uint64_t bytes);
/// Bytes that the file system of a folder has left for the service's user. Error: `store.io`.
[[nodiscard]] Result<std::uint64_t> free_space(const std::filesystem::path& folder);
/// `store.disk_full` when the file system of a folder has no room for so many bytes more.
[[nodiscard]] Status check_room(const std::filesystem::path& folder, std::uint64_t bytes);
[[nodiscard]] Status sync_file(int file);
/// Makes the names in a folder durable.
[[nodiscard]] Status sync_folder(const std::filesystem::path& folder);
/// Fills `buffer` from `offset` as far as the file goes.
[[nodiscard]] Result<std::size_t> read_at(int file, std::size_t offset, std::span<char> buffer);

/// An immutable file as a ByteSource. Streaming reads use pread and keep nothing; view() maps the file at its
/// first use, for readers that want the whole document. Thread-safe.
class FileSource final : public ByteSource {
 public:
  FileSource(FileDescriptor file, std::size_t size) : file_(std::move(file)), size_(size) {}
  ~FileSource() override;
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  [[nodiscard]] Result<std::size_t> read(std::size_t offset, std::span<char> buffer) const override;
  [[nodiscard]] std::size_t size() const override { return size_; }
  [[nodiscard]] std::string_view view() const override;

 private:
  FileDescriptor file_;
  std::size_t size_;
  mutable std::once_flag mapped_once_;
  mutable void* mapped_ = nullptr;
};

}  // namespace demat::store
