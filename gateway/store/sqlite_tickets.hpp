#pragma once

#include "gateway/store/access.hpp"
#include "gateway/store/tickets.hpp"

namespace demat::store {

class SqliteTickets final : public Tickets {
 public:
  explicit SqliteTickets(const Access& access) : access_(access) {}

 private:
  [[maybe_unused]] const Access& access_;
};

}  // namespace demat::store
