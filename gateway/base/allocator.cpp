#include "gateway/base/allocator.hpp"

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace demat {

void tune_allocator() {
#ifdef __GLIBC__
  constexpr int kept_at_the_top = 33'554'432;  // free bytes of an arena before it shrinks
  constexpr int taken_at_once = 1'048'576;
  constexpr int mapped_alone = 1'048'576;  // larger blocks go back to the system when freed
  constexpr int arenas = 4;                // of which each keeps its own free bytes
  mallopt(M_TRIM_THRESHOLD, kept_at_the_top);
  mallopt(M_TOP_PAD, taken_at_once);
  mallopt(M_MMAP_THRESHOLD, mapped_alone);
  mallopt(M_ARENA_MAX, arenas);
#endif
}

}  // namespace demat
