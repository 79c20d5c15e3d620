#include "gateway/store/staging_folder.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <new>

#include "gateway/base/random.hpp"
#include "protocols/base/digest.hpp"

namespace demat::store {
namespace {

bool gone(const std::filesystem::path& file) noexcept {
  return ::unlink(file.c_str()) == 0 || errno == ENOENT;
}

}  // namespace

std::filesystem::path StagingFolder::fresh_path() const {
  std::array<std::uint8_t, 16> name{};
  random_bytes(name);
  return folder_ / (mark_ + hex(name) + ".part");
}

void StagingFolder::remove(const std::filesystem::path& file) noexcept {
  if (file.empty() || gone(file)) return;
  const std::lock_guard lock(mutex_);
  try {
    left_over_.push_back(file);
  } catch (const std::bad_alloc&) {
    return;  // the sweep of the next start finds it
  }
}

void StagingFolder::clear_up() noexcept {
  const std::lock_guard lock(mutex_);
  while (!left_over_.empty() && gone(left_over_.back()))
    left_over_.pop_back();
}

}  // namespace demat::store
