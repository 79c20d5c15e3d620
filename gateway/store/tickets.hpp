#pragma once

#include "gateway/flow/ids.hpp"
#include "protocols/base/result.hpp"

namespace demat::store {

/// What callers hold on top of their certificate: bearer tokens (stored hashed) and idempotency keys. A part
/// of Store: same durability, thread-safety and errors.
class Tickets {
 public:
  virtual ~Tickets() = default;
};

}  // namespace demat::store
