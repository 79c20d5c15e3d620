#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace demat::xml::detail {

/// The path of the current element, kept up to date at a cost that does not depend on the number of siblings.
/// The first element of a name under a parent carries no index, the following ones [2], [3]... (which is what
/// can be known while streaming); Element::path() uses the same convention.
class PathTracker {
 public:
  /// `interned`: the name's pointer in the parser's dictionary, so that equal names are equal pointers.
  void enter(const unsigned char* interned, std::string_view name);
  void leave();

  [[nodiscard]] std::string_view path() const { return path_; }
  [[nodiscard]] std::size_t depth() const { return depth_; }

 private:
  struct Frame {
    std::size_t length = 0;  ///< of the parent's path
    std::vector<std::pair<const unsigned char*, std::size_t>> few;
    std::unordered_map<const unsigned char*, std::size_t> many;  ///< used once `few` is full
  };
  [[nodiscard]] static std::size_t count(Frame& frame, const unsigned char* interned);

  std::string path_;
  std::vector<Frame> frames_ = std::vector<Frame>(1);  ///< [0] is the document; kept beyond depth_ for reuse
  std::size_t depth_ = 0;
};

}  // namespace demat::xml::detail
