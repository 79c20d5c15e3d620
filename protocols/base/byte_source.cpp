#include "protocols/base/byte_source.hpp"

#include <algorithm>

namespace demat {

Result<std::size_t> MemorySource::read(std::size_t offset, std::span<char> buffer) const {
  if (offset >= bytes_.size()) return std::size_t{0};
  const auto piece = bytes_.substr(offset, buffer.size());
  std::copy(piece.begin(), piece.end(), buffer.begin());
  return piece.size();
}

}  // namespace demat
