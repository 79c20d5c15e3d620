#pragma once

#include <string>
#include <string_view>
#include <unordered_set>

#include "protocols/base/result.hpp"

namespace demat::archive {

/// The name of a file of a flat archive, as UTF-8: `raw` is UTF-8 or else ISO-8859-1. Refuses paths, "." and
/// "..", controls (C0, C1, invisible and bidirectional ones) and names over `max_bytes`. Codes archive.*.
[[nodiscard]] Result<std::string> entry_name(std::string_view raw, std::size_t max_bytes);

/// What two names must not share: `name` (UTF-8) without case, accents and ligatures, composed or not (actes
/// 8-23). Latin letters are folded; of others, only what differs by bytes differs. Thread-safe.
[[nodiscard]] std::string folded_name(std::string_view name);

/// The names of one archive. Not thread-safe.
class NameSet {
 public:
  /// archive.duplicate when a name that folds alike is there already.
  [[nodiscard]] Status add(std::string_view name);

 private:
  std::unordered_set<std::string> folded_;
};

}  // namespace demat::archive
