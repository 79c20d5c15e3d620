#pragma once

#include <cstdio>
#include <cstdlib>

namespace demat::fuzz {

/// A property that holds for every input; libFuzzer keeps the input for which it does not.
inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "property broken: %s\n", what);
  std::abort();
}

}  // namespace demat::fuzz
