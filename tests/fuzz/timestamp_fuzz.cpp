// What an authority for time stamps answers, and the tokens of documents: only the seed passes.
// links: demat_base demat_timestamp

#include <cstddef>
#include <cstdint>

#include "protocols/timestamp/timestamp.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace demat;
  using fuzz::require;
  const std::span<const std::uint8_t> input(data, size);
  timestamp::Ask ask;
  ask.imprint = Bytes(32, 7);
  ask.nonce = Bytes(8, 9);
  const auto response = timestamp::read_response(input, ask);
  require(!response, "an answer to a question that nobody asked");
  require(response.error().outlook == Outlook::waiting, "an authority's fault is for ever");
  const auto stamp = timestamp::verify_token(input, "what is stamped");
  if (!stamp) require(stamp.error().outlook == Outlook::permanent, "a token may become better");
  if (stamp) require(!stamp->certificate_der.empty() && !stamp->imprint.empty(), "a stamp by nobody");
  return 0;
}
