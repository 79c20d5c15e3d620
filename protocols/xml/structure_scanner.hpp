#pragma once

#include <cstdint>
#include <vector>

#include "protocols/xml/markup_scanner.hpp"
#include "protocols/xml/node.hpp"
#include "protocols/xml/tag_scanner.hpp"

namespace demat::xml::detail {

/// The guard, which also notes where the outer elements lie in the bytes (so that signing needs no scan of
/// its own) and which long texts might be left out of a tree.
class StructureScanner final : public MarkupScanner {
 public:
  struct Placed {
    std::uint32_t ordinal = 0;  ///< of the element, in document order
    ElementSpan span;
  };
  static constexpr std::size_t placed_depth = 3;

  /// Texts of at least `long_text` bytes are noted; 0: none.
  explicit StructureScanner(const ParseLimits& limits, std::size_t long_text = 0)
      : MarkupScanner(limits), long_text_(long_text) {}

  /// In document order.
  [[nodiscard]] std::vector<Placed> take_placed() { return std::move(placed_); }
  [[nodiscard]] std::vector<Hole> take_long_texts() { return std::move(long_texts_); }
  [[nodiscard]] std::size_t elements() const { return elements_; }

 private:
  void start_tag(std::string_view name, std::size_t begin, std::size_t end, std::size_t depth,
                 bool self_closing) override;
  void end_tag(std::size_t begin, std::size_t end, std::size_t depth) override;
  void other_markup() override { text_begin_ = 0; }

  std::size_t long_text_;
  std::uint32_t elements_ = 0;
  std::size_t text_begin_ = 0;           ///< one past a start tag when nothing else came since; else 0
  std::size_t open_[placed_depth] = {};  ///< index in `placed_` by depth
  std::vector<Placed> placed_;
  std::vector<Hole> long_texts_;
};

}  // namespace demat::xml::detail
