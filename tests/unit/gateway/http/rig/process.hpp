#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace demat::test {

struct Finished {
  int exit_code = -1;
  std::string out;
  std::string err;
};

/// Runs a program found on PATH to its end; `input` becomes its standard input. No shell.
[[nodiscard]] Finished run(const std::vector<std::string>& words, std::string_view input = {});

/// A folder of its own under the system's temporary one, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }
  /// Writes a file and returns its path.
  std::string write(std::string_view name, std::string_view content) const;

 private:
  std::string path_;
};

[[nodiscard]] std::string read_file(const std::string& path);

}  // namespace demat::test
