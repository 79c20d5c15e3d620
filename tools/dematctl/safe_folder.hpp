#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>

#include "protocols/archive/names.hpp"
#include "protocols/base/result.hpp"
#include "tools/dematctl/failure.hpp"

namespace demat::ctl {

/// Gives every file a name of its own: the wanted one, or with -2, -3… before the extension where that one,
/// in any case or accents, was given before. Not thread-safe.
class GivenNames {
 public:
  /// Another name at each call, for the same wanted one, too.
  [[nodiscard]] std::string next(const std::string& wanted);

 private:
  archive::NameSet names_;
  std::unordered_map<std::string, std::size_t> numbers_;  ///< last one tried, by folded name
};

/// A folder that files of unknown names are put into. Nothing in it is ever replaced or followed: files are
/// made apart, exclusively, through the folder's descriptor, and get their name when they are whole. Used by
/// one thread.
class SafeFolder {
 public:
  /// Made when it does not exist. Failures: `ctl.file`.
  [[nodiscard]] static Answer<SafeFolder> open(const std::filesystem::path& folder);
  ~SafeFolder();
  SafeFolder(SafeFolder&& other) noexcept;
  SafeFolder& operator=(SafeFolder&&) = delete;

  /// Begins a file; one that was begun and not kept is dropped. Errors: `ctl.file`.
  [[nodiscard]] Status begin();
  [[nodiscard]] Status write(std::string_view bytes);
  [[nodiscard]] bool begun() const { return file_ >= 0; }
  /// Gives the file its name: `name`, or with -2, -3… before the extension where that one, in any case or
  /// accents, is taken, however often. Returns the name given. Errors: `ctl.file`.
  [[nodiscard]] Result<std::string> keep(const std::string& name);
  void drop();

 private:
  SafeFolder(int folder, std::filesystem::path path) : folder_(folder), path_(std::move(path)) {}
  [[nodiscard]] Error wrong(int error) const;
  [[nodiscard]] int rename_to(const std::string& name) const;

  int folder_ = -1;
  int file_ = -1;
  std::filesystem::path path_;
  std::string partial_;
  std::size_t files_ = 0;
  GivenNames names_;
};

}  // namespace demat::ctl
