#include "tools/dematctl/table.hpp"

#include <algorithm>

#include "protocols/base/utf8.hpp"

namespace demat::ctl {
namespace {

struct Character {
  char32_t point = 0xFFFD;
  std::size_t bytes = 1;
};

Character first_character(std::string_view text) {
  const std::size_t length = utf8_length(text);
  if (length == 0) return {};
  return {utf8_point(text.substr(0, length)), length};
}

std::size_t width_of(char32_t code) {
  if (code >= 0x300 && code <= 0x36F) return 0;
  const bool wide = (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xA4CF) ||
                    (code >= 0xAC00 && code <= 0xD7A3) || (code >= 0xF900 && code <= 0xFAFF) ||
                    (code >= 0xFF00 && code <= 0xFF60) || (code >= 0x1F300 && code <= 0x1FAFF);
  return wide ? 2 : 1;
}

/// The longest beginning of at most `width` columns, "…" at its end when something was cut.
std::string cut(const std::string& text, std::size_t width) {
  if (display_width(text) <= width) return text;
  std::size_t used = 0;
  std::size_t end = 0;
  while (end < text.size()) {
    const Character c = first_character(std::string_view(text).substr(end));
    if (used + width_of(c.point) + 1 > width) break;
    used += width_of(c.point);
    end += c.bytes;
  }
  return text.substr(0, end) + "…";
}

}  // namespace

std::string printable(std::string_view text) {
  return utf8_visible(text);
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const Character c = first_character(text);
    width += width_of(c.point);
    text.remove_prefix(c.bytes);
  }
  return width;
}

void Table::add(std::vector<std::string> row) {
  row.resize(header_.size());
  for (std::string& cell : row)
    cell = printable(cell);
  rows_.push_back(std::move(row));
}

std::string Table::str(std::size_t width) const {
  constexpr std::string_view gap = "  ";
  constexpr std::size_t least_last = 12;  // columns kept for the last cell on a narrow terminal
  std::vector<std::size_t> widths;
  for (const std::string& title : header_)
    widths.push_back(display_width(title));
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], display_width(row[i]));
  }
  std::size_t before_last = 0;
  for (std::size_t i = 0; i + 1 < widths.size(); ++i)
    before_last += widths[i] + gap.size();
  if (width != 0)
    widths.back() = std::min(widths.back(), std::max(least_last, width - std::min(width, before_last)));
  std::string out;
  const auto line = [&](const std::vector<std::string>& row) {
    for (std::size_t i = 0; i + 1 < row.size(); ++i)
      out += row[i] + std::string(widths[i] - display_width(row[i]), ' ') + std::string(gap);
    out += cut(row.back(), widths.back());
    out.erase(out.find_last_not_of(' ') + 1);
    out += '\n';
  };
  line(header_);
  for (std::size_t i = 0; i < widths.size(); ++i) {
    for (std::size_t n = 0; n < widths[i]; ++n)
      out += "─";
    out += i + 1 < widths.size() ? gap : "\n";
  }
  for (const auto& row : rows_)
    line(row);
  return out;
}

}  // namespace demat::ctl
