#include "protocols/xml/structure_scanner.hpp"

namespace demat::xml::detail {

void StructureScanner::start_tag(std::string_view /*name*/, std::size_t begin, std::size_t end,
                                 std::size_t depth, bool self_closing) {
  text_begin_ = self_closing ? 0 : end;
  if (depth <= placed_depth) {
    open_[depth - 1] = placed_.size();
    placed_.push_back({elements_, {begin, end, end, end, self_closing}});
  }
  ++elements_;
}

void StructureScanner::end_tag(std::size_t begin, std::size_t end, std::size_t depth) {
  if (text_begin_ != 0 && long_text_ != 0 && begin - text_begin_ >= long_text_)
    long_texts_.push_back({text_begin_, begin, 0, elements_ - 1});
  text_begin_ = 0;
  if (depth == 0 || depth > placed_depth) return;
  auto& span = placed_[open_[depth - 1]].span;
  span.end_begin = begin;
  span.end = end;
}

}  // namespace demat::xml::detail
