#pragma once

#include <string_view>

namespace demat {

#ifdef DEMAT_CRASH_POINTS
inline constexpr bool crash_points_compiled_in = true;
/// A named place where the crash tests may end the process as a power cut would (stack rule 27). With
/// DEMAT_CRASH_AT="name" or "name:n" in the environment, the n-th passage (from 1) sends SIGKILL to this
/// process. Compiled out unless DEMAT_CRASH_POINTS is set. Thread-safe.
void crash_point(std::string_view name);
#else
inline constexpr bool crash_points_compiled_in = false;
inline void crash_point(std::string_view) {}
#endif

}  // namespace demat
