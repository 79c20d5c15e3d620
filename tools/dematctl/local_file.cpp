#include "tools/dematctl/local_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "protocols/base/finding.hpp"

namespace demat::ctl {
namespace {

namespace fs = std::filesystem;

/// Why a file cannot be read, for people; what is rare is said by the system.
Words why_not(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return {"fichier introuvable", "no such file"};
    case EACCES:
    case EPERM:
      return {"vous n'avez pas le droit de le lire", "you may not read it"};
    case EISDIR:
      return {"c'est un dossier, pas un fichier", "this is a folder, not a file"};
    case EINVAL:
      return {"ce n'est pas un fichier ordinaire", "this is no ordinary file"};
    default: {
      const auto text = std::generic_category().message(error);
      return {text, text};
    }
  }
}

tl::unexpected<Failure> no_file(const fs::path& file, int error) {
  if (file.empty())
    return usage_failure("ctl.file", "Le nom du fichier est vide.", "The name of the file is empty.");
  const auto why = why_not(error);
  return usage_failure("ctl.file", file.string() + " : " + why.fr + ".", file.string() + ": " + why.en + ".");
}

class LocalFile final : public ByteSource {
 public:
  LocalFile(int fd, std::size_t size) : fd_(fd), size_(size) {}
  ~LocalFile() override { ::close(fd_); }
  LocalFile(const LocalFile&) = delete;
  LocalFile& operator=(const LocalFile&) = delete;

  [[nodiscard]] Result<std::size_t> read(std::size_t offset, std::span<char> buffer) const override {
    for (;;) {
      const auto got = ::pread(fd_, buffer.data(), buffer.size(), static_cast<off_t>(offset));
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR)
        return failure(permanent_error("ctl.file", "Le fichier ne peut être lu jusqu'au bout.",
                                       "The file cannot be read to its end.",
                                       std::generic_category().message(errno)));
    }
  }
  [[nodiscard]] std::size_t size() const override { return size_; }

 private:
  int fd_;
  std::size_t size_;
};

}  // namespace

Answer<std::unique_ptr<ByteSource>> open_local(const fs::path& file) {
  // Not blocking: a pipe of that name would keep us here for ever.
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0) return no_file(file, errno);
  struct stat about {};
  if (::fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) {
    ::close(fd);
    return no_file(file, S_ISDIR(about.st_mode) ? EISDIR : EINVAL);
  }
  return std::make_unique<LocalFile>(fd, static_cast<std::size_t>(about.st_size));
}

Answer<TemporaryFolder> TemporaryFolder::make() {
  std::error_code error;
  const fs::path base = fs::temp_directory_path(error);
  std::string name = (base / "dematctl-XXXXXX").string();
  if (error || ::mkdtemp(name.data()) == nullptr) return no_file(base, errno);
  return TemporaryFolder(name);
}

TemporaryFolder::TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

}  // namespace demat::ctl
