#include "protocols/preflight/families.hpp"

#include <array>

#include "protocols/preflight/adresse.hpp"
#include "protocols/preflight/banque.hpp"
#include "protocols/preflight/tiers.hpp"

namespace demat::preflight {

std::span<const FamilyEntry> families() {
  static constexpr std::array all{FamilyEntry{tiers_rules, tiers_family},
                                  FamilyEntry{banque_rules, banque_family},
                                  FamilyEntry{adresse_rules, adresse_family}};
  return all;
}

}  // namespace demat::preflight
