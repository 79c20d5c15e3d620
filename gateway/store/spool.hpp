#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "gateway/store/file.hpp"
#include "gateway/store/payload.hpp"

namespace demat::store {

/// An export on its way: a temporary file without a name, so that nothing is left behind whatever happens and
/// memory stays small however long the export is. Not thread-safe.
class Spool {
 public:
  /// Throws Refusal `store.disk_full`, `store.io`.
  explicit Spool(const std::filesystem::path& folder);
  void add(std::string_view text);
  /// Ends the writing.
  [[nodiscard]] Payload finish() &&;

 private:
  void flush();
  FileDescriptor file_;
  std::string buffer_;
  std::size_t size_ = 0;
};

}  // namespace demat::store
