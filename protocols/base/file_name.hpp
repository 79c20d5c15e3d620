#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace demat {

/// Bytes of a safe file name, with its extension.
inline constexpr std::size_t max_safe_name = 150;

/// A file name made of one that nobody vouches for, to show, to offer for download and to save: the last part
/// of any path, no control or invisible character, nothing that a shell or another system reads as something
/// else, at most max_safe_name bytes with its extension kept. `otherwise` names what has no usable character
/// at all. UTF-8 in and out. Thread-safe.
[[nodiscard]] std::string safe_file_name(std::string_view raw, std::string_view otherwise);

/// A name and its extension, with its point; a long one, or one that begins with it, has none.
struct FileNameParts {
  std::string_view stem;
  std::string_view extension;
};
[[nodiscard]] FileNameParts file_name_parts(std::string_view name);

}  // namespace demat
