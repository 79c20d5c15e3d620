#pragma once

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace demat::observe {

enum class Level { debug, info, warning, error };

/// One named value of a log line. Only identifiers, codes and numbers: never a name of a person, an IBAN, a
/// NIR, a text of a document.
struct Field {
  std::string_view key;
  std::variant<std::string, std::int64_t, double, bool> value;

  Field(std::string_view k, std::string v) : key(k), value(std::move(v)) {}
  Field(std::string_view k, std::string_view v) : key(k), value(std::string(v)) {}
  Field(std::string_view k, const char* v) : key(k), value(std::string(v)) {}
  Field(std::string_view k, bool v) : key(k), value(v) {}
  Field(std::string_view k, double v) : key(k), value(v) {}
  template <std::integral I>
  Field(std::string_view k, I v) : key(k), value(static_cast<std::int64_t>(v)) {}
};

/// JSON lines with an event code, through spdlog. Thread-safe. Passed by reference: there is no global
/// logger.
class Logger {
 public:
  /// `file` empty: standard error. Throws when the file cannot be opened.
  static std::unique_ptr<Logger> create(Level level, const std::filesystem::path& file);
  ~Logger();
  Logger(const Logger&) = delete;
  Logger& operator=(const Logger&) = delete;

  /// `code` is stable and dotted ("flow.sent"); `fields` follow it in the line.
  void write(Level level, std::string_view code, std::initializer_list<Field> fields = {});
  void debug(std::string_view code, std::initializer_list<Field> fields = {}) {
    write(Level::debug, code, fields);
  }
  void info(std::string_view code, std::initializer_list<Field> fields = {}) {
    write(Level::info, code, fields);
  }
  void warning(std::string_view code, std::initializer_list<Field> fields = {}) {
    write(Level::warning, code, fields);
  }
  void error(std::string_view code, std::initializer_list<Field> fields = {}) {
    write(Level::error, code, fields);
  }
  /// Something a person must look at: an error line with "alarm": true.
  void alarm(std::string_view code, std::initializer_list<Field> fields = {});
  /// From now on, lines below `level` are left out.
  void set_level(Level level);
  /// Opens the file again (log rotation).
  void reopen();
  void flush();

 private:
  struct Impl;
  explicit Logger(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace demat::observe
