#pragma once

#include "gateway/store/access.hpp"
#include "gateway/store/steering.hpp"

namespace demat::store {

class SqliteSteering final : public Steering {
 public:
  explicit SqliteSteering(const Access& access) : access_(access) {}

 private:
  [[maybe_unused]] const Access& access_;
};

}  // namespace demat::store
