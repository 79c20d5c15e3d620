#include "gateway/api/handlers.hpp"

namespace demat::api {

std::span<const Row> care_rows() {
  return {};
}

}  // namespace demat::api
