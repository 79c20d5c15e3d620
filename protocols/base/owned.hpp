#pragma once

#include <memory>

namespace demat {

/// Releases an object of a C library by the function that the library names for it; for functions, not
/// macros.
template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

/// The owner of such an object.
template <class T, auto Free>
using Owned = std::unique_ptr<T, Freer<Free>>;

}  // namespace demat
