#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "gateway/store/sqlite_store.hpp"
#include "tests/unit/gateway/store/conformance/suite.hpp"

namespace demat::store {

/// A folder of its own that goes with the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "demat-store-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

[[nodiscard]] inline SqliteOptions options_in(const std::filesystem::path& folder) {
  return {.folder = folder, .environment = "test", .inline_payload = conformance::inline_payload};
}

class SqliteHost final : public conformance::Host {
 public:
  explicit SqliteHost(const Clock& clock) : clock_(clock) {
    if (auto made = create_sqlite_store(options_in(folder_.path())); !made)
      throw std::runtime_error(made.error().detail);
    SqliteHost::reopen();
  }
  Store& reopen() override {
    store_.reset();
    auto opened = open_sqlite_store(options_in(folder_.path()), clock_);
    if (!opened) throw std::runtime_error(opened.error().detail);
    store_ = std::move(*opened);
    return *store_;
  }
  Store& store() override { return *store_; }
  void close() { store_.reset(); }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
  const Clock& clock_;
  std::unique_ptr<Store> store_;
};

}  // namespace demat::store
