#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace demat::ctl {

/// Text that is safe to show on a terminal: control characters (escape sequences in a label of the State,
/// line ends) become spaces, bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string printable(std::string_view text);

/// Columns that `printable` text takes: one per character, two for the wide ones of East Asia, none for
/// combining marks.
[[nodiscard]] std::size_t display_width(std::string_view text);

/// Rows aligned in columns. Cells are made printable.
class Table {
 public:
  explicit Table(std::vector<std::string> header) : header_(std::move(header)) {}
  void add(std::vector<std::string> row);
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  /// With a rule under the header. The last column is not padded, and cut with "…" when the line would be
  /// longer than `width` (0: never).
  [[nodiscard]] std::string str(std::size_t width = 0) const;

 private:
  std::vector<std::string> header_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace demat::ctl
