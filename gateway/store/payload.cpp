#include "gateway/store/payload.hpp"

namespace demat::store {

StagedPayload::StagedPayload(Sha256 sha256, Sha1 sha1, std::uint64_t size, std::unique_ptr<Backing> backing)
    : sha256_(std::move(sha256)), sha1_(std::move(sha1)), size_(size), backing_(std::move(backing)) {}
StagedPayload::~StagedPayload() = default;
StagedPayload::StagedPayload(StagedPayload&&) noexcept = default;
StagedPayload& StagedPayload::operator=(StagedPayload&&) noexcept = default;

}  // namespace demat::store
