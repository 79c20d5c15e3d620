#include "protocols/preflight/families.hpp"

namespace demat::preflight {

std::span<const FamilyEntry> families() {
  return {};
}

}  // namespace demat::preflight
