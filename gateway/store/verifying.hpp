#pragma once

#include <functional>

#include "gateway/store/access.hpp"
#include "gateway/store/backup.hpp"

namespace demat::store {

/// Told after each piece: the report so far.
using Told = std::function<void(const VerifyReport&)>;

/// Reads the store and compares: database, rows with files both ways, digests (Depth::full), journal, counts.
/// Reads only; writers go on. Throws Refusal when it is ended or cannot read.
[[nodiscard]] VerifyReport verify_everything(const Access& access, Depth depth,
                                             std::uint64_t bytes_per_second, const Progress& progress,
                                             const Told& told);

}  // namespace demat::store
