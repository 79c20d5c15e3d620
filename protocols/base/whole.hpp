#pragma once

#include <span>
#include <string>

#include "protocols/base/byte_source.hpp"

namespace demat {

/// All bytes of something that is known to be small.
[[nodiscard]] inline Result<std::string> whole(const ByteSource& bytes) {
  std::string out(bytes.size(), '\0');
  std::size_t offset = 0;
  while (offset < out.size()) {
    const auto got = bytes.read(offset, std::span(out).subspan(offset));
    if (!got) return failure(got.error());
    if (*got == 0) break;
    offset += *got;
  }
  out.resize(offset);
  return out;
}

}  // namespace demat
