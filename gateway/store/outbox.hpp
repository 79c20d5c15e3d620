#pragma once

#include "gateway/flow/ids.hpp"
#include "protocols/base/result.hpp"

namespace demat::store {

/// Webhook subscriptions and what is to be delivered to each of them. A part of Store: same durability,
/// thread-safety and errors.
class Outbox {
 public:
  virtual ~Outbox() = default;
};

}  // namespace demat::store
