#pragma once

#include "gateway/store/access.hpp"
#include "gateway/store/outbox.hpp"

namespace demat::store {

class SqliteOutbox final : public Outbox {
 public:
  explicit SqliteOutbox(const Access& access) : access_(access) {}

 private:
  [[maybe_unused]] const Access& access_;
};

}  // namespace demat::store
