#pragma once

#include <span>
#include <string_view>

#include "protocols/marche/model.hpp"

/// Which element of the document fills which member of the model. Internal to this folder.
namespace demat::marche {

/// An object of the model that has just been opened.
struct Opened {
  void* object;
  Block* block;
};

/// One element within another: a leaf, a block with an object of its own, or a mere wrapper. `object` is
/// always exactly the one the enclosing binding opened.
struct Binding {
  std::string_view element;
  Leaf* (*leaf)(void* object) = nullptr;
  Opened (*open)(void* object) = nullptr;
  std::span<const Binding> inside{};
  bool repeated = false;  ///< a leaf that may stand several times
};

[[nodiscard]] std::span<const Binding> marche_bindings();
[[nodiscard]] std::span<const Binding> concession_bindings();

}  // namespace demat::marche
