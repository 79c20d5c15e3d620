// The reader of the PES header: by itself, and as a guest of somebody else's pass.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "protocols/pes/header.hpp"
#include "protocols/xml/parser.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using demat::fuzz::require;
  const demat::MemorySource source({reinterpret_cast<const char*>(data), size});
  const auto header = demat::pes::read_header(source);
  if (header) {
    require(header->kind != demat::pes::Kind::unknown, "a header of an unknown kind of document");
    require(!header->root.empty(), "a header without root");
    const auto key = demat::pes::business_key(*header);
    require(std::count(key.begin(), key.end(), '\x1f') == 3, "a business key that is not four values");
  }
  demat::pes::HeaderVisitor visitor;
  const auto whole = demat::xml::stream(source, visitor);
  if (whole && visitor.whole()) {
    require(header.has_value(), "one road reads a header that the other refuses");
    require(demat::pes::business_key(visitor.collected()) == demat::pes::business_key(*header),
            "two roads, two keys");
    require(visitor.collected().id_coll == header->id_coll, "two roads, two owners");
  }
  return 0;
}
