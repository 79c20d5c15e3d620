#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/store/connection.hpp"

namespace demat::store {

/// The last row of a page: where the next one starts (keyset pagination, newest first).
struct PagePlace {
  Instant at{};
  std::string id;
};

/// Opaque to callers: base64url.
[[nodiscard]] std::string to_cursor(const PagePlace& place);
/// Throws Refusal `store.bad_cursor`; nothing for an empty text.
[[nodiscard]] std::optional<PagePlace> from_cursor(const std::string& cursor);

/// "(?,?,?)"
[[nodiscard]] std::string question_marks(std::size_t count);

}  // namespace demat::store
