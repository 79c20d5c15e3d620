#include "gateway/papers/paper_flow.hpp"

#include <algorithm>

namespace demat::papers {

namespace {

constexpr double cell_padding = 4;
constexpr double label_width = 150;
constexpr TextStyle head_style{.size = 7.6, .bold = true, .colour = blue, .narrow = true};
constexpr TextStyle label_style{.size = 9, .colour = quiet};

double cell_height(Canvas& canvas, const Cell& cell, double width) {
  double height = 0;
  for (const CellPart& part : cell)
    if (!part.text.empty()) height += canvas.measure(part.text, part.style, width).height;
  return height;
}

}  // namespace

PaperFlow::PaperFlow(Canvas& canvas, double first_top, double next_top, double bottom)
    : canvas_(canvas), next_top_(next_top), bottom_(bottom), y_(first_top) {}

void PaperFlow::next_page() {
  pages_.emplace_back();
  y_ = next_top_;
  if (repeat_) repeat_();
}

void PaperFlow::add(double height, Draw draw, double with_next) {
  if (y_ + height + with_next > bottom_ && !pages_.back().empty()) next_page();
  pages_.back().push_back({y_, std::move(draw)});
  y_ += height;
}

void PaperFlow::heading(const std::string& text) {
  space(14);
  const TextStyle style{.size = 11.5, .bold = true, .colour = blue};
  const double height = canvas_.measure(text, style).height;
  add(
      height + 8,
      [this, text, style, height](double y) {
        canvas_.text(paper_left, y, text, style);
        canvas_.line(paper_left, y + height + 2.5, paper_right, y + height + 2.5, blue, 0.8);
      },
      60);
}

void PaperFlow::label_and_value(const std::string& label, const std::string& value, const TextStyle& style) {
  if (value.empty()) return;
  const double width = paper_right - paper_left - label_width;
  const double height = std::max(canvas_.measure(label, label_style, label_width - 8).height,
                                 canvas_.measure(value, style, width).height);
  add(height + 4.5, [=, this](double y) {
    canvas_.text(paper_left, y, label, label_style, label_width - 8);
    canvas_.text(paper_left + label_width, y, value, style, width);
  });
}

double PaperFlow::row_height(const std::vector<Column>& columns, const std::vector<Cell>& row) {
  double height = 0;
  for (std::size_t i = 0; i < columns.size() && i < row.size(); ++i)
    height = std::max(height, cell_height(canvas_, row[i], columns[i].width - 2 * cell_padding));
  return height + 2 * cell_padding;
}

void PaperFlow::draw_row(const std::vector<Column>& columns, const std::vector<Cell>& row, double y,
                         double height) {
  double x = paper_left;
  for (std::size_t i = 0; i < columns.size() && i < row.size(); ++i) {
    const double width = columns[i].width - 2 * cell_padding;
    double line = y + cell_padding;
    for (const CellPart& part : row[i]) {
      if (part.text.empty()) continue;
      TextStyle style = part.style;
      style.align = columns[i].align;
      canvas_.text(x + cell_padding, line, part.text, style, width);
      line += canvas_.measure(part.text, style, width).height;
    }
    x += columns[i].width;
  }
  canvas_.line(paper_left, y + height, paper_right, y + height, hairline, 0.5);
}

double PaperFlow::head_height(const std::vector<Column>& columns) {
  double height = 0;
  for (const Column& column : columns)
    height =
        std::max(height, canvas_.measure(column.title, head_style, column.width - 2 * cell_padding).height);
  return height + 2 * cell_padding;
}

void PaperFlow::draw_head(const std::vector<Column>& columns, double y, double height) {
  canvas_.fill({paper_left, y, paper_right - paper_left, height}, pale);
  double x = paper_left;
  for (const Column& column : columns) {
    TextStyle style = head_style;
    style.align = column.align;
    canvas_.text(x + cell_padding, y + cell_padding, column.title, style, column.width - 2 * cell_padding);
    x += column.width;
  }
}

void PaperFlow::table(const std::vector<Column>& columns, const std::vector<std::vector<Cell>>& rows) {
  const double head = head_height(columns);
  const auto put_head = [this, columns, head] {
    pages_.back().push_back({y_, [this, columns, head](double y) { draw_head(columns, y, head); }});
    y_ += head;
  };
  const double first = rows.empty() ? 0 : row_height(columns, rows.front());
  if (y_ + head + first > bottom_) next_page();
  put_head();
  repeat_ = put_head;
  for (const auto& row : rows) {
    const double height = row_height(columns, row);
    add(height, [this, columns, row, height](double y) { draw_row(columns, row, y, height); });
  }
  repeat_ = nullptr;
}

void PaperFlow::finish(const Decoration& decorate) {
  for (std::size_t i = 0; i < pages_.size(); ++i) {
    canvas_.start_page(a4_width, a4_height);
    decorate(i + 1, pages_.size());
    for (const Placed& placed : pages_[i])
      placed.draw(placed.y);
  }
}

}  // namespace demat::papers
