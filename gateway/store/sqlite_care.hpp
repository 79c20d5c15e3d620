#pragma once

#include "gateway/store/access.hpp"
#include "gateway/store/care.hpp"

namespace demat::store {

class SqliteCare final : public Care {
 public:
  explicit SqliteCare(const Access& access) : access_(access) {}

 private:
  [[maybe_unused]] const Access& access_;
};

}  // namespace demat::store
