#pragma once

// Inner header: pages drawn as PDF; Cairo and Pango stay behind it.

#include <memory>
#include <string>
#include <string_view>

#include "gateway/base/clock.hpp"
#include "protocols/base/result.hpp"

namespace demat::papers {

struct Colour {
  double red = 0, green = 0, blue = 0;
};

inline constexpr Colour ink{0.09, 0.09, 0.12};
inline constexpr Colour quiet{0.38, 0.40, 0.44};
inline constexpr Colour blue{0.0, 0.0, 0.57};
inline constexpr Colour pale{0.94, 0.95, 0.98};
inline constexpr Colour hairline{0.78, 0.80, 0.86};
inline constexpr Colour red{0.78, 0.05, 0.08};
inline constexpr Colour white{1, 1, 1};

struct TextStyle {
  double size = 9;  ///< points
  bool bold = false;
  Colour colour = ink;
  bool narrow = false;  ///< letters at 88 % of their width, for tables
  bool mono = false;    ///< for digests
  enum class Align { left, right, centre } align = Align::left;
  bool break_anywhere = false;  ///< for names without blanks, too long for their column
};

struct Extent {
  double width = 0, height = 0;
};

struct Box {
  double x = 0, y = 0, width = 0, height = 0;
};

struct PaperFacts {
  std::string title;
  std::string author;
  std::string subject;
  Instant made_at{};  ///< its creation date: the same input gives the same bytes
};

/// PDF pages drawn from the top left, in points. Texts are UTF-8, laid out in DejaVu Sans with French rules;
/// fonts are embedded. Throws nothing; what went wrong is said by `finish`. For one thread:
/// the one that made it.
class Canvas {
 public:
  explicit Canvas(const PaperFacts& facts);
  ~Canvas();
  Canvas(Canvas&&) noexcept;

  void start_page(double width, double height);
  /// Wraps at `width` unless it is 0. May be called before the first page.
  [[nodiscard]] Extent measure(std::string_view text, const TextStyle& style, double width = 0);
  /// Draws with the top left corner of the first line at (x, y); `width` also serves the alignment.
  void text(double x, double y, std::string_view text, const TextStyle& style, double width = 0);
  void fill(const Box& box, Colour colour, double opacity = 1, double radius = 0);
  void outline(const Box& box, Colour colour, double thickness, double radius = 0);
  void line(double x1, double y1, double x2, double y2, Colour colour, double thickness);

  /// The PDF. Errors: `papers.font_missing`, `papers.drawing` (both waiting: the installation is at fault).
  [[nodiscard]] Result<std::string> finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace demat::papers
