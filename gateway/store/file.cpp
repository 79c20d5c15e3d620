#include "gateway/store/file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "gateway/store/errors.hpp"

namespace demat::store {

FileDescriptor::~FileDescriptor() {
  // Every durable write was fsynced and checked before; close has nothing left to report.
  if (number_ >= 0) static_cast<void>(::close(number_));
}

Result<FileDescriptor> open_file(const std::filesystem::path& path, int flags, unsigned mode) {
  const int number = ::open(path.c_str(), flags | O_CLOEXEC, mode);
  if (number < 0) return failure(system_error(errno, "open"));
  return FileDescriptor(number);
}

Status write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failure(system_error(errno, "write"));
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Status reserve_space(int file, std::uint64_t bytes) {
  if (::fallocate(file, FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(bytes)) == 0) return {};
  if (errno == EOPNOTSUPP || errno == ENOSYS || errno == EINTR) return {};
  return failure(system_error(errno, "fallocate"));
}

Result<std::uint64_t> free_space(const std::filesystem::path& folder) {
  struct statvfs facts {};
  if (::statvfs(folder.c_str(), &facts) != 0) return failure(system_error(errno, "statvfs"));
  return std::uint64_t{facts.f_bavail} * facts.f_frsize;
}

Status check_room(const std::filesystem::path& folder, std::uint64_t bytes) {
  const auto free = free_space(folder);
  if (!free) return failure(free.error());
  if (*free >= bytes) return {};
  return failure(system_error(ENOSPC, "statvfs"));
}

Status sync_file(int file) {
  if (::fsync(file) != 0) return failure(system_error(errno, "fsync"));
  return {};
}

Status sync_folder(const std::filesystem::path& folder) {
  const auto opened = open_file(folder, O_RDONLY | O_DIRECTORY);
  if (!opened) return failure(opened.error());
  return sync_file(opened->number());
}

Result<std::size_t> read_at(int file, std::size_t offset, std::span<char> buffer) {
  std::size_t filled = 0;
  while (filled < buffer.size()) {
    const auto got =
        ::pread(file, buffer.data() + filled, buffer.size() - filled, static_cast<off_t>(offset + filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure(system_error(errno, "read"));
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  return filled;
}

FileSource::~FileSource() {
  if (mapped_ != nullptr) static_cast<void>(::munmap(mapped_, size_));
}

Result<std::size_t> FileSource::read(std::size_t offset, std::span<char> buffer) const {
  if (offset >= size_) return std::size_t{0};
  return read_at(file_.number(), offset, buffer.first(std::min(buffer.size(), size_ - offset)));
}

std::string_view FileSource::view() const {
  std::call_once(mapped_once_, [this] {
    if (size_ == 0) return;
    void* const address = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file_.number(), 0);
    // A file that cannot be mapped is still read by read(): an empty view says so.
    if (address != MAP_FAILED) mapped_ = address;
  });
  return mapped_ == nullptr ? std::string_view() : std::string_view(static_cast<const char*>(mapped_), size_);
}

}  // namespace demat::store
