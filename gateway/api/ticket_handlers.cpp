#include "gateway/api/handlers.hpp"

namespace demat::api {

std::span<const Row> ticket_rows() {
  return {};
}

}  // namespace demat::api
