#include "protocols/marche/labels.hpp"

#include <algorithm>
#include <array>

namespace demat::marche {
namespace {

constexpr std::array procedure_marche_rows{
    Label{"01", "procédure adaptée", "adapted procedure"},
    Label{"02", "appel d'offres ouvert", "open call for tenders"},
    Label{"03", "appel d'offres restreint", "restricted call for tenders"},
    Label{"04", "procédure concurrentielle avec négociation", "competitive procedure with negotiation"},
    Label{"05", "procédure négociée avec mise en concurrence préalable",
          "negotiated procedure with prior competition"},
    Label{"06", "marché négocié sans publicité ni mise en concurrence",
          "negotiated without publication or competition"},
    Label{"07", "dialogue compétitif", "competitive dialogue"},
    Label{"08", "concours", "design contest"},
    Label{"09", "système d'acquisition dynamique", "dynamic purchasing system"},
    Label{"10", "autre", "other"},
};
constexpr std::array procedure_concession_rows{
    Label{"01", "procédure négociée ouverte", "open negotiated procedure"},
    Label{"02", "procédure non négociée ouverte", "open procedure without negotiation"},
    Label{"03", "procédure négociée restreinte", "restricted negotiated procedure"},
    Label{"04", "procédure non négociée restreinte", "restricted procedure without negotiation"},
};
constexpr std::array type_lieu_rows{
    Label{"01", "code postal", "post code"},
    Label{"02", "code commune", "commune"},
    Label{"03", "code canton", "canton"},
    Label{"04", "code arrondissement", "arrondissement"},
    Label{"05", "code département", "département"},
    Label{"06", "code région", "région"},
    Label{"07", "code pays", "country"},
};
constexpr std::array forme_prix_rows{
    Label{"01", "unitaire", "unit price"},
    Label{"02", "forfaitaire", "lump sum"},
    Label{"03", "mixte", "mixed"},
};
constexpr std::array variation_prix_rows{
    Label{"01", "ferme", "fixed"},
    Label{"02", "ferme et actualisable", "fixed, may be updated"},
    Label{"03", "révisable", "revisable"},
    Label{"04", "provisoire", "provisional"},
};
constexpr std::array type_titulaire_rows{
    Label{"01", "titulaire", "titulaire"},
    Label{"02", "co-traitant", "co-contractor"},
};
constexpr std::array type_groupement_rows{
    Label{"01", "aucun groupement", "no grouping"},
    Label{"02", "groupement solidaire", "joint and several grouping"},
    Label{"03", "groupement conjoint", "joint grouping"},
};
constexpr std::array modalite_rows{
    Label{"01", "ordinaire", "ordinary"},
    Label{"02", "à bons de commande", "by purchase orders"},
    Label{"03", "à tranches", "in tranches"},
    Label{"04", "à tranches et bons de commande", "in tranches and by purchase orders"},
    Label{"05", "autre", "other"},
    Label{"06", "à phases", "in phases"},
};
constexpr std::array ccag_rows{
    Label{"01", "travaux", "works"},
    Label{"02", "fournitures courantes et services", "supplies and services"},
    Label{"03", "marchés industriels", "industrial contracts"},
    Label{"04", "prestations intellectuelles", "intellectual services"},
    Label{"05", "techniques de l'information et de la communication",
          "information and communication technology"},
    Label{"06", "aucun CCAG", "no CCAG"},
    Label{"07", "maîtrise d'œuvre", "architects and engineers"},
};
constexpr std::array regime_avance_rows{
    Label{"01", "aucune", "none"},
    Label{"02", "obligatoire", "obligatory"},
    Label{"03", "facultative", "optional"},
    Label{"04", "à chaque bon de commande", "with each purchase order"},
    Label{"05", "refusée", "refused"},
};
constexpr std::array type_garantie_rows{
    Label{"01", "aucune", "none"},
    Label{"02", "retenue de garantie", "retention"},
    Label{"03", "garantie à première demande", "guarantee at first demand"},
    Label{"04", "caution personnelle et solidaire", "joint surety"},
    Label{"05", "autre", "other"},
};
constexpr std::array type_garantie_avance_rows{
    Label{"01", "aucune", "none"},
    Label{"02", "garantie à première demande", "guarantee at first demand"},
    Label{"03", "caution personnelle et solidaire", "joint surety"},
    Label{"04", "autre", "other"},
};
constexpr std::array reconductibilite_rows{
    Label{"01", "non reconductible", "not renewable"},
    Label{"02", "reconduction tacite", "tacit renewal"},
    Label{"03", "reconduction expresse", "express renewal"},
};
constexpr std::array technique_rows{
    Label{"01", "accord-cadre", "framework agreement"},
    Label{"02", "concours", "design contest"},
    Label{"03", "système de qualification", "qualification system"},
    Label{"04", "système d'acquisition dynamique", "dynamic purchasing system"},
    Label{"05", "catalogue électronique", "electronic catalogue"},
    Label{"06", "enchère électronique", "electronic auction"},
};
constexpr std::array sociale_rows{
    Label{"01", "clause sociale", "social clause"},
    Label{"02", "critère social", "social criterion"},
    Label{"03", "marché réservé", "reserved contract"},
};
constexpr std::array environnementale_rows{
    Label{"01", "clause environnementale", "environmental clause"},
    Label{"02", "critère environnemental", "environmental criterion"},
};
constexpr std::array tranche_rows{
    Label{"01", "affermie", "confirmed"},
    Label{"02", "ferme", "firm"},
    Label{"03", "optionnelle", "optional"},
};

}  // namespace

std::span<const Label> labels(CodeList list) {
  switch (list) {
    case CodeList::procedure_marche:
      return procedure_marche_rows;
    case CodeList::procedure_concession:
      return procedure_concession_rows;
    case CodeList::type_lieu:
      return type_lieu_rows;
    case CodeList::forme_prix:
      return forme_prix_rows;
    case CodeList::variation_prix:
      return variation_prix_rows;
    case CodeList::type_titulaire:
      return type_titulaire_rows;
    case CodeList::type_groupement:
      return type_groupement_rows;
    case CodeList::modalite_execution:
      return modalite_rows;
    case CodeList::ccag:
      return ccag_rows;
    case CodeList::regime_avance:
      return regime_avance_rows;
    case CodeList::type_garantie:
      return type_garantie_rows;
    case CodeList::type_garantie_avance:
      return type_garantie_avance_rows;
    case CodeList::reconductibilite:
      return reconductibilite_rows;
    case CodeList::technique_achat:
      return technique_rows;
    case CodeList::consideration_sociale:
      return sociale_rows;
    case CodeList::consideration_environnementale:
      return environnementale_rows;
    case CodeList::type_tranche:
      return tranche_rows;
  }
  return {};
}

std::string labelled(CodeList list, std::string_view code) {
  const auto rows = labels(list);
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const Label& row) { return row.code == code; });
  return std::string(found == rows.end() ? code : found->fr);
}

}  // namespace demat::marche
