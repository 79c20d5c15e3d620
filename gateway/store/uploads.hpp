#pragma once

#include "gateway/flow/ids.hpp"
#include "protocols/base/result.hpp"

namespace demat::store {

/// Uploads that may be resumed: their rows and how far they got. A part of Store: same durability,
/// thread-safety and errors.
class Uploads {
 public:
  virtual ~Uploads() = default;
};

}  // namespace demat::store
