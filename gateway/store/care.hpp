#pragma once

#include "gateway/flow/ids.hpp"
#include "protocols/base/result.hpp"

namespace demat::store {

/// Looking after the store: trace register, retention and purge, journal export, backup, verification. A part
/// of Store: same durability, thread-safety and errors.
class Care {
 public:
  virtual ~Care() = default;
};

}  // namespace demat::store
