#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "protocols/archive/limits.hpp"
#include "protocols/base/byte_source.hpp"
#include "protocols/base/result.hpp"

namespace demat::archive::detail {

/// The contents of one gzip member, piece by piece. Stricter than gzip: one member, nothing after it,
/// checksum and length verified, bounded in size and in ratio. Not thread-safe; `source` and `limits` outlive
/// it.
class Gunzip {
 public:
  Gunzip(const ByteSource& source, const Limits& limits);
  ~Gunzip();
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;

  /// The next bytes, valid until the next call; empty once everything was read and found right.
  [[nodiscard]] Result<std::string_view> next();
  /// Bytes given so far.
  [[nodiscard]] std::size_t total() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace demat::archive::detail
