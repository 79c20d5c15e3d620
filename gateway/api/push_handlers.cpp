#include "gateway/api/handlers.hpp"

namespace demat::api {

std::span<const Row> push_rows() {
  return {};
}

}  // namespace demat::api
