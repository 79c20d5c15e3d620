#include "gateway/base/crash_point.hpp"

#ifdef DEMAT_CRASH_POINTS

#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdlib>

namespace demat {

void crash_point(std::string_view name) {
  // Read at each passage, so that a forked test child can name its point after the parent went through some.
  const char* const wanted = std::getenv("DEMAT_CRASH_AT");
  if (wanted == nullptr) return;
  std::string_view point(wanted);
  unsigned passage = 1;
  if (const auto colon = point.find(':'); colon != std::string_view::npos) {
    const auto digits = point.substr(colon + 1);
    std::from_chars(digits.data(), digits.data() + digits.size(), passage);
    point = point.substr(0, colon);
  }
  if (point != name) return;
  static std::atomic<unsigned> passages{0};
  if (++passages == passage) std::raise(SIGKILL);
}

}  // namespace demat

#endif
