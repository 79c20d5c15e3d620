#include "tools/dematctl/safe_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include "tools/dematctl/table.hpp"

namespace demat::ctl {
namespace {

constexpr std::size_t max_name = 150;
constexpr std::size_t max_extension = 12;

/// At most `bytes`, and no part of a character at the end.
std::string_view first(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U)
    --bytes;
  return text.substr(0, bytes);
}

struct Split {
  std::string_view stem;
  std::string_view extension;  ///< with its point
};
Split split(std::string_view name) {
  const auto point = name.rfind('.');
  if (point == name.npos || point == 0 || name.size() - point > max_extension) return {name, {}};
  return {name.substr(0, point), name.substr(point)};
}

/// Names that Windows keeps for devices, whatever their extension.
bool is_device(std::string_view name) {
  std::string stem(name.substr(0, name.find('.')));
  std::transform(stem.begin(), stem.end(), stem.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  constexpr std::array<std::string_view, 4> plain{"CON", "PRN", "AUX", "NUL"};
  if (std::find(plain.begin(), plain.end(), stem) != plain.end()) return true;
  return stem.size() == 4 && (stem.starts_with("COM") || stem.starts_with("LPT")) && stem[3] >= '0' &&
         stem[3] <= '9';
}

std::string cleaned(std::string_view raw) {
  // Controls and invisible characters have become blanks, bad bytes a mark.
  std::string name = printable(raw);
  constexpr std::string_view unwelcome = "/\\:*?\"<>|`$";
  for (char& c : name)
    if (unwelcome.find(c) != unwelcome.npos) c = '_';
  const auto begin = name.find_first_not_of(". -~");
  if (begin == name.npos) return {};
  return name.substr(begin, name.find_last_not_of(". ") - begin + 1);
}

}  // namespace

std::string safe_file_name(std::string_view raw, std::string_view otherwise) {
  std::string name = cleaned(raw);
  constexpr std::string_view nothing = "._ ";
  if (name.find_first_not_of(nothing) == name.npos) name = cleaned(otherwise);
  if (name.find_first_not_of(nothing) == name.npos) name = "piece-jointe";
  if (is_device(name)) name.insert(name.begin(), '_');
  const auto parts = split(name);
  return std::string(first(parts.stem, max_name - parts.extension.size())) + std::string(parts.extension);
}

std::string GivenNames::next(const std::string& wanted) {
  const auto parts = split(wanted);
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
