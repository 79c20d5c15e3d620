#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/result.hpp"

namespace demat::config {

/// One value of a TOML document, with the line it stands on. Dates and inline tables are `other`: no key
/// wants them.
struct Value {
  enum class Kind { text, integer, number, flag, list, other };

  Kind kind = Kind::other;
  std::string text;
  std::int64_t integer = 0;
  double number = 0;
  bool flag = false;
  std::vector<Value> items;
  std::size_t line = 0;
  bool from_environment = false;  ///< then `text` is to be read as the wanted type

  [[nodiscard]] static Value of_environment(std::string text);
};

/// A TOML table: plain values, [sections] and [[lists of sections]]. Value semantics.
struct Table {
  std::size_t line = 0;
  std::map<std::string, Value, std::less<>> values;
  std::map<std::string, Table, std::less<>> tables;
  std::map<std::string, std::vector<Table>, std::less<>> arrays;

  /// The text value of a key; empty when absent or of another kind.
  [[nodiscard]] std::string text(std::string_view key) const;
};

/// Reads TOML. Errors: `config.syntax` with its line, `config.file` when the file cannot be read.
[[nodiscard]] Result<Table> parse_toml(std::string_view text);
[[nodiscard]] Result<Table> parse_toml_file(const std::filesystem::path& file);

}  // namespace demat::config
