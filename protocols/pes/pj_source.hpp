#pragma once

#include <memory>
#include <string_view>

#include "protocols/base/byte_source.hpp"

namespace demat::pes {

/// The document of one attachment, unpacked again from its gzip (PjContent::PackedSink), for readers that
/// want to pull: its size costs no memory. Going forward is cheap, going back unpacks from the start. Unlike
/// other sources, not thread-safe. Errors: pj.damaged, for a gzip that PjContent did not find whole.
class PjSource final : public ByteSource {
 public:
  /// `gzip` must outlive it; `size` is PjSizes::content.
  PjSource(std::string_view gzip, std::size_t size);
  ~PjSource() override;
  PjSource(const PjSource&) = delete;
  PjSource& operator=(const PjSource&) = delete;

  [[nodiscard]] Result<std::size_t> read(std::size_t offset, std::span<char> buffer) const override;
  [[nodiscard]] std::size_t size() const override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace demat::pes
