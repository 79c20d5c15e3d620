#pragma once

#include "protocols/preflight/comptable.hpp"

/// The combinations of TypBord, TypPce and NatPce (helios 2.3). The DGFiP's table is an annex that is not
/// public with the schemas: ours is made of the combinations that the annotations name and of those that the
/// labels of the codes allow. Internal to this folder.
namespace demat::preflight {

[[nodiscard]] bool known_triplet(bool recette, const Triplet& triplet);

}  // namespace demat::preflight
