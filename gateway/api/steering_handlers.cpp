#include "gateway/api/handlers.hpp"

namespace demat::api {

std::span<const Row> steering_rows() {
  return {};
}

}  // namespace demat::api
