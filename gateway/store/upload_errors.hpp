#pragma once

#include <cstdint>

#include "protocols/base/error.hpp"

/// The codes of resumable uploads, each made in one place.
namespace demat::store {

[[nodiscard]] Error upload_unknown();                   ///< upload.unknown
[[nodiscard]] Error upload_busy();                      ///< upload.busy, waiting
[[nodiscard]] Error upload_offset(std::uint64_t ours);  ///< upload.offset, ours in the detail
[[nodiscard]] Error upload_too_many(std::size_t most);  ///< upload.too_many, waiting
[[nodiscard]] Error upload_too_long(std::uint64_t size);
[[nodiscard]] Error upload_incomplete();
[[nodiscard]] Error upload_digest();

}  // namespace demat::store
