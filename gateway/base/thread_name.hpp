#pragma once

#include <pthread.h>

namespace demat {

/// Names the calling thread, for `top -H`, debuggers and profilers. `name`: 15 characters at most.
inline void name_this_thread(const char* name) {
  // A name that does not fit leaves the old one: nothing depends on it.
  static_cast<void>(pthread_setname_np(pthread_self(), name));
}

}  // namespace demat
