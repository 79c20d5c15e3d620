#include "protocols/preflight/families.hpp"

#include <array>

#include "protocols/preflight/adresse.hpp"
#include "protocols/preflight/banque.hpp"
#include "protocols/preflight/depense.hpp"
#include "protocols/preflight/edition.hpp"
#include "protocols/preflight/facture.hpp"
#include "protocols/preflight/flux.hpp"
#include "protocols/preflight/pj.hpp"
#include "protocols/preflight/rattachement.hpp"
#include "protocols/preflight/recette.hpp"
#include "protocols/preflight/texte.hpp"
#include "protocols/preflight/tiers.hpp"

namespace demat::preflight {

std::span<const FamilyEntry> families() {
  static constexpr std::array all{
      FamilyEntry{flux_rules, flux_family},       FamilyEntry{rattachement_rules, rattachement_family},
      FamilyEntry{depense_rules, depense_family}, FamilyEntry{recette_rules, recette_family},
      FamilyEntry{edition_rules, edition_family}, FamilyEntry{tiers_rules, tiers_family},
      FamilyEntry{banque_rules, banque_family},   FamilyEntry{adresse_rules, adresse_family},
      FamilyEntry{pj_rules, pj_family},           FamilyEntry{facture_rules, facture_family},
      FamilyEntry{texte_rules, texte_family}};
  return all;
}

}  // namespace demat::preflight
