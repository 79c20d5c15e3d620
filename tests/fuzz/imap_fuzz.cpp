// What an IMAP server may send: responses, literals, bodies.
// links: demat_transport

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "gateway/transport/errors.hpp"
#include "gateway/transport/imap_reader.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using namespace demat;
using namespace demat::transport;

/// Reads all responses in pieces of `piece`; what was seen, to be compared.
std::string read_all(std::string_view bytes, std::size_t piece) {
  std::string seen;
  std::size_t place = 0;
  std::uint64_t body = 0;
  ImapReader reader("fuzz", [&](std::span<char> buffer) -> Result<std::size_t> {
    const std::size_t size = std::min({piece, buffer.size(), bytes.size() - place});
    if (size == 0) return failure(make_error(Fault::interrupted, "fuzz", "end"));
    bytes.copy(buffer.data(), size, place);
    place += size;
    return size;
  });
  const Sink sink = [&](std::string_view part) {
    body += part.size();
    return Status();
  };
  const BodyTarget target{5, 10, &sink};
  for (;;) {
    body = 0;
    const auto response = reader.next(&target);
    if (!response) return seen + response.error().code;
    fuzz::require(body % target.size == 0 && body == response->streamed, "a body of another size");
    const auto item = parse_fetch(*response);
    seen += response->text + "|" + std::to_string(body) + (item && item->uid ? "u" : "-") + "\n";
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  demat::fuzz::require(read_all(bytes, 3) == read_all(bytes, 65'536), "pieces change what is read");
  return 0;
}
