// links: demat_http
// Request targets: splitting, decoding, routing.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/http/message.hpp"
#include "gateway/http/router.hpp"
#include "tests/fuzz/require.hpp"

namespace {

demat::http::Router make_router() {
  demat::http::Router router;
  const demat::http::Handler nothing = [](const demat::http::Request&, const std::string&) {
    return demat::http::Response{};
  };
  for (const char* pattern :
       {"/", "/v1/flows", "/v1/flows/{id}", "/v1/flows/{id}/documents/{n}", "/v1/{a}/{b}/{c}"})
    router.add({"GET", pattern, nothing});
  return router;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const demat::http::Router router = make_router();
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto target = demat::http::parse_target(text);
  if (target) {
    const std::string padded = target->path + "/";
    demat::fuzz::require(padded.starts_with('/'), "a path that is not absolute");
    demat::fuzz::require(padded.find("/../") == std::string::npos, "a path that climbs");
    demat::fuzz::require(target->path.find('\0') == std::string::npos, "NUL in a path");
    const auto match = router.match("GET", target->path);
    for (const auto& [name, value] : match.captures)
      demat::fuzz::require(!value.empty() && value.find('/') == std::string::npos,
                           "a capture over two segments");
  }
  const auto decoded = demat::http::percent_decode(text);
  if (decoded) {
    const auto again = demat::http::percent_decode(demat::http::percent_encode(*decoded));
    demat::fuzz::require(again && *again == *decoded, "encoding loses bytes");
  }
  return 0;
}
