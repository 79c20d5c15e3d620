// links: demat_http
// Multipart bodies in pieces of every size. The first byte chooses the sizes, the first line is the
// Content-Type.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/http/multipart.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using demat::Status;

/// What came out, in one string: the same whatever the pieces were.
struct Seen {
  std::string text;
  bool whole = false;
};

Seen read(std::string_view boundary, std::string_view body, std::size_t piece) {
  Seen seen;
  bool open = false;
  const demat::http::PartHandler handler{
      [&](const demat::http::Part& part) -> Status {
        demat::fuzz::require(!open, "a part begins inside another");
        demat::fuzz::require(
            part.file_name.find_first_of(std::string_view("/\\\0\r\n", 5)) == std::string::npos,
            "a file name with a path or a control character");
        open = true;
        seen.text += "[" + part.name + "|" + part.file_name + "|" + part.content_type + "]";
        return {};
      },
      [&](std::string_view bytes) -> Status {
        demat::fuzz::require(open, "data outside a part");
        seen.text += bytes;
        return {};
      },
      [&]() -> Status {
        demat::fuzz::require(open, "an end without a beginning");
        open = false;
        return {};
      }};
  demat::http::MultipartReader reader(boundary, handler);
  for (std::size_t at = 0; at < body.size(); at += piece) {
    if (!reader.feed(body.substr(at, piece))) return seen;
  }
  seen.whole = reader.finish().has_value();
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t end = std::min(text.find('\n'), text.size());
  const auto boundary = demat::http::multipart_boundary(text.substr(0, end));
  if (!boundary) return 0;
  const std::string_view body = text.substr(std::min(end + 1, text.size()));
  const Seen whole = read(*boundary, body, std::max<std::size_t>(body.size(), 1));
  const Seen pieces = read(*boundary, body, std::size_t{1} + data[0] % 64U);
  demat::fuzz::require(whole.whole == pieces.whole, "the verdict depends on the pieces");
  if (whole.whole) demat::fuzz::require(whole.text == pieces.text, "the parts depend on the pieces");
  return 0;
}
