#include "gateway/trust/keeping.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <system_error>
#include <utility>

namespace demat::trust_desk {
namespace {

Error not_written(const std::filesystem::path& file, int number) {
  return waiting_error("trust.fetch_write",
                       "Une liste reçue n'a pas pu être enregistrée : la précédente reste en service.",
                       "A list that came could not be written down: the one before stays in use.",
                       file.filename().string() + ": " + std::generic_category().message(number));
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool write_file(const std::filesystem::path& file, std::string_view bytes,
                const std::optional<std::chrono::sys_seconds>& modified) {
  const Descriptor out(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640));
  if (out.number() < 0 || !write_all(out.number(), bytes)) return false;
  if (modified) {
    const timespec when{modified->time_since_epoch().count(), 0};
    const std::array<timespec, 2> times{when, when};
    if (::futimens(out.number(), times.data()) != 0) return false;
  }
  return ::fsync(out.number()) == 0;
}

bool sync_folder(const std::filesystem::path& folder) {
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return opened.number() >= 0 && ::fsync(opened.number()) == 0;
}

}  // namespace

Status keep_file(const std::filesystem::path& file, std::string_view bytes,
                 const std::optional<std::chrono::sys_seconds>& modified) {
  std::error_code error;
  const auto folder = file.parent_path();
  std::filesystem::create_directories(folder, error);
  if (error) return failure(not_written(file, error.value()));
  const auto beside = folder / (file.filename().string() + ".tmp");
  const bool done = write_file(beside, bytes, modified) && ::rename(beside.c_str(), file.c_str()) == 0 &&
                    sync_folder(folder);
  if (done) return {};
  const int number = errno;
  std::filesystem::remove(beside, error);
  return failure(not_written(file, number));
}

std::optional<std::chrono::sys_seconds> time_of_file(const std::filesystem::path& file) {
  struct stat facts {};
  if (::stat(file.c_str(), &facts) != 0) return std::nullopt;
  return std::chrono::sys_seconds(std::chrono::seconds(facts.st_mtim.tv_sec));
}

std::string bytes_of_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace demat::trust_desk
