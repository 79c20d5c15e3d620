#pragma once

#include <string>
#include <utility>

#include "gateway/actes/papers.hpp"

namespace demat::actes_road {

/// Staged bytes that live as long as somebody reads them.
class StagedSource final : public ByteSource {
 public:
  explicit StagedSource(store::StagedPayload payload) : payload_(std::move(payload)) {}
  Result<std::size_t> read(std::size_t offset, std::span<char> buffer) const override {
    return payload_.bytes().read(offset, buffer);
  }
  std::size_t size() const override { return payload_.bytes().size(); }
  std::string_view view() const override { return payload_.bytes().view(); }

 private:
  store::StagedPayload payload_;
};

/// What was staged, to hand out.
[[nodiscard]] inline Paper paper_of(store::StagedPayload payload, std::string name, std::string media_type) {
  Paper out;
  out.sha256 = payload.sha256();
  out.bytes = std::make_shared<StagedSource>(std::move(payload));
  out.name = std::move(name);
  out.media_type = std::move(media_type);
  return out;
}

}  // namespace demat::actes_road
