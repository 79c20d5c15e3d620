#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace make_sample {

/// A wrong command line; what() says what is wrong.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The command and its options: `--name value`, or `--name` alone for flags; `-o` is `--output`.
class Options {
 public:
  /// Throws UsageError for an option that no command has, a value missing, or no command.
  explicit Options(std::span<char*> arguments);

  [[nodiscard]] const std::string& command() const { return command_; }
  [[nodiscard]] std::string text(const std::string& name, std::string_view otherwise) const;
  /// Throws UsageError when the value is not a whole number.
  [[nodiscard]] std::uint64_t number(const std::string& name, std::uint64_t otherwise) const;
  [[nodiscard]] bool flag(const std::string& name) const { return values_.contains(name); }

 private:
  std::string command_;
  std::map<std::string, std::string> values_;
};

extern const std::string_view usage;

}  // namespace make_sample
