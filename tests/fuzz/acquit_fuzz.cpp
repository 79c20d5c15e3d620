// PES_ACQUIT and PES_NonAcquit, decoded tolerantly.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "protocols/pes/acquit.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using demat::fuzz::require;
  const demat::MemorySource source({reinterpret_cast<const char*>(data), size});
  const auto acquit = demat::pes::decode_acquit(source);
  if (!acquit) {
    require(!acquit.error().code.empty() && !acquit.error().fr.empty(), "an error without words");
    return 0;
  }
  require(demat::pes::to_string(acquit->verdict) != nullptr, "a verdict without name");
  const auto again = demat::pes::decode_acquit(source);
  require(again && again->verdict == acquit->verdict && again->elements.size() == acquit->elements.size(),
          "the same bytes, another acquit");
  return 0;
}
