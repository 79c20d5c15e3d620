#pragma once

#include "gateway/flow/ids.hpp"
#include "protocols/base/result.hpp"

namespace demat::store {

/// What operators steer, kept over restarts: pauses of destinations, bytes used per window slot. A part of
/// Store: same durability, thread-safety and errors.
class Steering {
 public:
  virtual ~Steering() = default;
};

}  // namespace demat::store
