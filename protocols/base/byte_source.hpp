#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "protocols/base/result.hpp"

namespace demat {

/// Where a document's bytes come from: memory, or chunks of something larger (a blob file). Readers take
/// streams, not whole files (decisions, Durability). Const use from several threads is safe.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Fills `buffer` from `offset`; returns the number of bytes read, 0 at the end. May be called in any
  /// order.
  [[nodiscard]] virtual Result<std::size_t> read(std::size_t offset, std::span<char> buffer) const = 0;
  [[nodiscard]] virtual std::size_t size() const = 0;
  /// The whole document when it can be seen in memory (small, or mapped), else empty.
  [[nodiscard]] virtual std::string_view view() const { return {}; }
};

/// A ByteSource over memory that the caller keeps alive.
class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(std::string_view bytes) : bytes_(bytes) {}
  [[nodiscard]] Result<std::size_t> read(std::size_t offset, std::span<char> buffer) const override;
  [[nodiscard]] std::size_t size() const override { return bytes_.size(); }
  [[nodiscard]] std::string_view view() const override { return bytes_; }

 private:
  std::string_view bytes_;
};

}  // namespace demat
