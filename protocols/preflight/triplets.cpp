#include "protocols/preflight/triplets.hpp"

#include <algorithm>
#include <array>

namespace demat::preflight {
namespace {

/// Natures that a type of pièce may have in a type of bordereau, two digits each, separated by spaces.
struct Allowed {
  std::string_view bord, pce, natures;
};

constexpr std::array depense{
    Allowed{"01", "01", "01 02 03 04 05 07 08 11 12 18"},  // ordinaire
    Allowed{"01", "02", "07 08 09"},                       // correctif: annulant un titre
    Allowed{"01", "03", "01 02 03 04 18"},                 // d'ordre budgétaire
    Allowed{"01", "04", "01 02 03 04 18"},                 // d'ordre mixte
    Allowed{"01", "05", "01 02 03 04 05 11 12"},           // émis après paiement
    Allowed{"01", "06", "01 02"},                          // global
    Allowed{"01", "07", "01"},                             // admission en non valeurs
    Allowed{"01", "08", "01 02 05 11"},                    // collectif
    Allowed{"01", "09", "01 02 03 12 13 14"},              // sur marché
    Allowed{"01", "10", "01 02"},                          // de rattachement
    Allowed{"01", "13", "01"},                             // charges constatées d'avance
    Allowed{"02", "02", "06 10"},                          // correctif: annulation, réduction
    Allowed{"03", "11", "01 02 03 04 05 11 12 13 14"},     // ordre de paiement
};

constexpr std::array recette{
    Allowed{"01", "01", "01 02 03 04 05 07 08 11 18"},  // ordinaire
    Allowed{"01", "02", "07 08 09"},                    // correctif: annulant un mandat
    Allowed{"01", "03", "01 02 03 04 18"},              // d'ordre budgétaire
    Allowed{"01", "04", "01 02 03 04 18"},              // d'ordre mixte
    Allowed{"01", "05", "01 02 03 04 05 11"},           // émis après encaissement
    Allowed{"01", "06", "01 02"},                       // récapitulatif avec rôle
    Allowed{"01", "07", "01 02"},                       // récapitulatif sans rôle
    Allowed{"01", "09", "01"},                          // de majoration (gone with 5.30)
    Allowed{"01", "10", "01 02"},                       // en plusieurs années
    Allowed{"01", "11", "01 02"},                       // de rattachement
    Allowed{"01", "14", "01"},                          // produits constatés d'avance
    Allowed{"02", "02", "06 10"},                       // correctif: annulation, réduction
    Allowed{"03", "12", "01 02 03 04 05 11"},           // ordre de recette
    Allowed{"06", "15", "01 02"},                       // titre ORMC
};

template <std::size_t N>
bool known(const std::array<Allowed, N>& table, const Triplet& triplet) {
  return triplet.nat.size() == 2 && std::any_of(table.begin(), table.end(), [&](const Allowed& a) {
           return a.bord == triplet.bord && a.pce == triplet.pce &&
                  a.natures.find(triplet.nat) != std::string_view::npos;
         });
}

}  // namespace

bool known_triplet(bool of_recette, const Triplet& triplet) {
  return of_recette ? known(recette, triplet) : known(depense, triplet);
}

}  // namespace demat::preflight
