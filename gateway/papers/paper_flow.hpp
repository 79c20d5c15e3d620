#pragma once

// Inner header: blocks one under the other on A4 pages; a table's head comes back on each page.

#include <functional>
#include <string>
#include <vector>

#include "gateway/papers/drawing.hpp"

namespace demat::papers {

inline constexpr double a4_width = 595.28;
inline constexpr double a4_height = 841.89;
inline constexpr double paper_left = 42;
inline constexpr double paper_right = a4_width - 42;

/// A part of a cell under the parts before it.
struct CellPart {
  std::string text;
  TextStyle style;
};
using Cell = std::vector<CellPart>;

struct Column {
  std::string title;
  double width = 0;
  TextStyle::Align align = TextStyle::Align::left;
};

/// Lays out first, draws at the end: the footer knows the number of pages. Rows are never cut: a cell must
/// fit on a page, so texts are limited by who fills them.
class PaperFlow {
 public:
  using Draw = std::function<void(double y)>;
  using Decoration = std::function<void(std::size_t page, std::size_t pages)>;

  PaperFlow(Canvas& canvas, double first_top, double next_top, double bottom);

  /// A block that is `height` points high and wants as much as `with_next` more under it on its page.
  void add(double height, Draw draw, double with_next = 0);
  void space(double height) { y_ += height; }
  void heading(const std::string& text);
  void label_and_value(const std::string& label, const std::string& value, const TextStyle& style);
  void table(const std::vector<Column>& columns, const std::vector<std::vector<Cell>>& rows);

  /// Draws everything; `decorate` is called for each page first, counted from 1.
  void finish(const Decoration& decorate);

 private:
  struct Placed {
    double y;
    Draw draw;
  };
  void next_page();
  double row_height(const std::vector<Column>& columns, const std::vector<Cell>& row);
  void draw_row(const std::vector<Column>& columns, const std::vector<Cell>& row, double y, double height);
  double head_height(const std::vector<Column>& columns);
  void draw_head(const std::vector<Column>& columns, double y, double height);

  Canvas& canvas_;
  double next_top_;
  double bottom_;
  double y_;
  std::vector<std::vector<Placed>> pages_{1};
  std::function<void()> repeat_;  ///< puts the table's head on a new page
};

}  // namespace demat::papers
