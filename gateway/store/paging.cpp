#include "gateway/store/paging.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "gateway/store/errors.hpp"
#include "protocols/base/digest.hpp"

namespace demat::store {

std::string to_cursor(const PagePlace& place) {
  std::string text = base64(as_bytes(fmt::format("{}:{}", place.at.time_since_epoch().count(), place.id)));
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  text.erase(text.find_last_not_of('=') + 1);
  return text;
}

std::optional<PagePlace> from_cursor(const std::string& cursor) {
  if (cursor.empty()) return std::nullopt;
  std::string text = cursor;
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  const auto decoded = decode_base64(text);
  const auto plain = as_text(decoded.bytes);
  const auto colon = plain.find(':');
  if (!decoded.ok || colon == std::string_view::npos || colon + 1 == plain.size())
    throw Refusal(bad_cursor());
  std::int64_t at = 0;
  const auto [end, error] = std::from_chars(plain.data(), plain.data() + colon, at);
  if (error != std::errc() || end != plain.data() + colon) throw Refusal(bad_cursor());
  return PagePlace{Instant(Duration(at)), std::string(plain.substr(colon + 1))};
}

std::string question_marks(std::size_t count) {
  std::string out = "(";
  for (std::size_t i = 0; i < count; ++i)
    out += i == 0 ? "?" : ",?";
  return out + ")";
}

}  // namespace demat::store
