#include "tools/dematctl/safe_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include "protocols/base/file_name.hpp"

namespace demat::ctl {
std::string GivenNames::next(const std::string& wanted) {
  const auto parts = file_name_parts(wanted);
  // Each name goes on where its last one ended: many of one name are not tried again from the first.
  auto& number = numbers_[archive::folded_name(wanted)];
  for (;;) {
    const std::string suffix = ++number == 1 ? "" : "-" + std::to_string(number);
    std::string given = std::string(parts.stem) + suffix + std::string(parts.extension);
    if (names_.add(given)) return given;
  }
}

Answer<SafeFolder> SafeFolder::open(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  SafeFolder out(fd, folder);
  if (fd < 0) return fail({Exit::usage, out.wrong(errno), {}});
  return out;
}

SafeFolder::SafeFolder(SafeFolder&& other) noexcept
    : folder_(std::exchange(other.folder_, -1)),
      file_(std::exchange(other.file_, -1)),
      path_(std::move(other.path_)),
      partial_(std::move(other.partial_)),
      files_(other.files_),
      names_(std::move(other.names_)) {}

SafeFolder::~SafeFolder() {
  drop();
  if (folder_ >= 0) ::close(folder_);
}

Error SafeFolder::wrong(int error) const {
  const std::string why = std::generic_category().message(error);
  return permanent_error("ctl.file", "Écriture impossible dans " + path_.string() + " : " + why,
                         "Cannot write into " + path_.string() + ": " + why);
}

Status SafeFolder::begin() {
  drop();
  partial_ = ".dematctl-" + std::to_string(::getpid()) + "-" + std::to_string(++files_) + ".part";
  file_ = ::openat(folder_, partial_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                   S_IRUSR | S_IWUSR);
  return file_ >= 0 ? Status{} : failure(wrong(errno));
}

Status SafeFolder::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto done = ::write(file_, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return failure(wrong(errno));
    bytes.remove_prefix(static_cast<std::size_t>(done));
  }
  return {};
}

void SafeFolder::drop() {
  if (file_ < 0) return;
  ::close(std::exchange(file_, -1));
  ::unlinkat(folder_, partial_.c_str(), 0);
}

/// 0, or the error; EEXIST when the name is taken on the disk, by whatever it is.
int SafeFolder::rename_to(const std::string& name) const {
  if (::renameat2(folder_, partial_.c_str(), folder_, name.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  // File systems that do not know how: a second name is made, or is not.
  if (::linkat(folder_, partial_.c_str(), folder_, name.c_str(), 0) != 0) return errno;
  ::unlinkat(folder_, partial_.c_str(), 0);
  return 0;
}

Result<std::string> SafeFolder::keep(const std::string& name) {
  for (;;) {
    const std::string given = names_.next(name);
    const int error = rename_to(given);
    if (error == EEXIST) continue;
    if (error != 0) return failure(wrong(error));
    const int file = std::exchange(file_, -1);
    // What the disk could not take in may only be told here.
    if (::close(file) != 0) return failure(wrong(errno));
    return given;
  }
}

}  // namespace demat::ctl
