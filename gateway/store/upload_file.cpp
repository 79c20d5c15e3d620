#include "gateway/store/upload_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

#include "gateway/base/crash_point.hpp"
#include "gateway/store/errors.hpp"
#include "gateway/store/staging.hpp"
#include "gateway/store/upload_errors.hpp"
#include "protocols/base/digest.hpp"

namespace demat::store {
namespace {

namespace fs = std::filesystem;

Status ensure_folder(const fs::path& folder) {
  std::error_code error;
  if (fs::exists(folder, error)) return {};
  fs::create_directories(folder, error);
  if (error) return failure(system_error(error.value(), "create the uploads folder"));
  return sync_folder(folder.parent_path());
}

}  // namespace

Result<UploadFile> UploadFile::open(fs::path path, std::uint64_t offset) {
  if (auto made = ensure_folder(path.parent_path()); !made) return failure(made.error());
  auto file = open_file(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0600);
  if (!file) return failure(std::move(file.error()));
  struct stat status {};
  if (::fstat(file->number(), &status) != 0) return failure(system_error(errno, "look at an upload"));
  if (static_cast<std::uint64_t>(status.st_size) < offset) return failure(upload_unknown());
  if (::ftruncate(file->number(), static_cast<off_t>(offset)) != 0)
    return failure(system_error(errno, "cut an upload to its offset"));
  return UploadFile(std::move(path), std::move(*file), offset == 0);
}

Status UploadFile::write(std::uint64_t offset, std::string_view bytes) {
  if (::lseek(file_.number(), static_cast<off_t>(offset), SEEK_SET) < 0)
    return failure(system_error(errno, "go on with an upload"));
  return write_all(file_.number(), bytes);
}

Status UploadFile::sync() {
  if (auto synced = sync_file(file_.number()); !synced) return synced;
  crash_point("upload_synced");
  if (!unnamed_) return {};
  if (auto synced = sync_folder(path_.parent_path()); !synced) return synced;
  unnamed_ = false;
  return {};
}

Result<StagedPayload> UploadFile::stage(std::uint64_t size, const std::shared_ptr<StagingFolder>& staging) {
  Digester sha256(Digester::Algorithm::sha256);
  Digester sha1(Digester::Algorithm::sha1);
  std::vector<char> buffer(65'536);
  for (std::uint64_t at = 0; at < size;) {
    const auto got = read_at(file_.number(), at, buffer);
    if (!got) return failure(got.error());
    if (*got == 0) return failure(input_output("an upload shrank"));
    sha256.update({buffer.data(), *got});
    sha1.update({buffer.data(), *got});
    at += *got;
  }
  const auto second = staging->fresh_path();
  if (::link(path_.c_str(), second.c_str()) != 0) return failure(system_error(errno, "stage an upload"));
  auto again = open_file(second, O_RDONLY | O_NOFOLLOW);
  if (!again) {
    staging->remove(second);
    return failure(std::move(again.error()));
  }
  return StagedPayload(Sha256{hex(sha256.finish())}, Sha1{hex(sha1.finish())}, size,
                       std::make_unique<FileBacking>(staging, second, std::move(*again), size));
}

}  // namespace demat::store
