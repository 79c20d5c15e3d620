#pragma once

#include <tl/expected.hpp>
#include <utility>

#include "protocols/base/error.hpp"

namespace demat {

/// A value or an expected failure. Broken invariants throw instead (stack rule 8).
template <class T>
using Result = tl::expected<T, Error>;

/// Success without a value, or an expected failure.
using Status = Result<void>;

/// `return failure(error);` from any function that returns a Result.
[[nodiscard]] inline tl::unexpected<Error> failure(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace demat
