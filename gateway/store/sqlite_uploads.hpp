#pragma once

#include "gateway/store/access.hpp"
#include "gateway/store/uploads.hpp"

namespace demat::store {

class SqliteUploads final : public Uploads {
 public:
  explicit SqliteUploads(const Access& access) : access_(access) {}

 private:
  [[maybe_unused]] const Access& access_;
};

}  // namespace demat::store
