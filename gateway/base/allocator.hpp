#pragma once

namespace demat {

/// Sets glibc's allocator for a process that parses one document after the other (stack C9): what is freed is
/// kept for the next document instead of being given back and faulted in again, up to a bound. Call once,
/// before any thread starts. Does nothing elsewhere.
void tune_allocator();

}  // namespace demat
