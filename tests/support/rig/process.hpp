#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace demat::rig {

/// A private folder below the system's temporary one; removed with the object unless DEMAT_KEEP_RIG is set.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A running program; killed with the object if it is still there.
class Child {
 public:
  Child() = default;
  /// Starts `arguments[0]`; output and errors go to `log` (appended), input is empty. `environment` adds
  /// "NAME=value" entries to ours. Throws when it cannot be started.
  Child(const std::vector<std::string>& arguments, const std::filesystem::path& log,
        const std::vector<std::string>& environment = {});
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  ~Child();

  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] bool running();
  void signal(int number) const;
  /// SIGTERM, then SIGKILL after `patience`; returns as wait() does.
  int stop(std::chrono::milliseconds patience = std::chrono::seconds(10));
  /// SIGKILL, and waits.
  void kill();
  /// Waits for the end: the exit code, or -signal.
  int wait();

 private:
  pid_t pid_ = -1;
  int status_ = 0;
};

/// Runs a program to its end and returns its exit code.
int run(const std::vector<std::string>& arguments, const std::filesystem::path& log);

/// A port that was free a moment ago.
[[nodiscard]] std::uint16_t free_port();

/// Asks every 20 ms until `holds` or the time is over; returns the last answer.
[[nodiscard]] bool wait_until(const std::function<bool()>& holds,
                              std::chrono::milliseconds limit = std::chrono::seconds(10));

[[nodiscard]] std::string read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, std::string_view bytes);

}  // namespace demat::rig
