// PES_Retour, decoded tolerantly.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "protocols/pes/retour.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using demat::fuzz::require;
  const demat::MemorySource source({reinterpret_cast<const char*>(data), size});
  const auto retour = demat::pes::decode_retour(source);
  if (!retour) {
    require(!retour.error().code.empty() && !retour.error().fr.empty(), "an error without words");
    return 0;
  }
  const auto again = demat::pes::decode_retour(source);
  require(again && again->pieces.size() == retour->pieces.size(), "the same bytes, another return");
  return 0;
}
