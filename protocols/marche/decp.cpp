#include "protocols/marche/decp.hpp"

#include <algorithm>
#include <array>

#include "protocols/marche/decp_writer.hpp"
#include "protocols/rules/identifiers.hpp"

namespace demat::marche {
namespace {

using Kind = DecpItem::Kind;

constexpr std::array<std::string_view, 3> natures{"Marché", "Marché de partenariat",
                                                  "Marché de défense ou de sécurité"};
constexpr std::array<std::string_view, 6> procedures{
    "Procédure adaptée",
    "Appel d'offres ouvert",
    "Appel d'offres restreint",
    "Procédure avec négociation",
    "Marché passé sans publicité ni mise en concurrence préalable",
    "Dialogue compétitif"};
constexpr std::array<std::string_view, 3> price_forms{"Unitaire", "Forfaitaire", "Mixte"};
constexpr std::array<std::string_view, 4> price_types{"Définitif ferme", "Définitif actualisable",
                                                      "Définitif révisable", "Provisoire"};
constexpr std::array<std::string_view, 5> sociales{"Clause sociale", "Critère social", "Marché réservé",
                                                   "Concession réservée", "Pas de considération sociale"};
constexpr std::array<std::string_view, 3> environnementales{
    "Clause environnementale", "Critère environnemental", "Pas de considération environnementale"};
constexpr std::array<std::string_view, 7> techniques{"Accord-cadre",
                                                     "Concours",
                                                     "Système de qualification",
                                                     "Système d'acquisition dynamique",
                                                     "Catalogue électronique",
                                                     "Enchère électronique",
                                                     "Sans objet"};
constexpr std::array<std::string_view, 4> modalites{"Tranches", "Bons de commande", "Marchés subséquents",
                                                    "Sans objet"};
constexpr std::array<std::string_view, 7> ccags{"Travaux",
                                                "Maitrise d'œuvre",
                                                "Fournitures courantes et services",
                                                "Marchés industriels",
                                                "Prestations intellectuelles",
                                                "Techniques de l'information et de la communication",
                                                "Pas de CCAG"};
constexpr std::array<std::string_view, 3> groupings{"Conjoint", "Solidaire", "Pas de groupement"};

constexpr DecpItem items[]{
    {"acheteur", Kind::siret, {}},
    {"autoriteConcedante", Kind::siret, {}},
    {"nature", Kind::choice, natures},
    {"procedure", Kind::choice, procedures},
    {"datePublicationDonnees", Kind::date, {}},
    {"datePublicationDonneesModification", Kind::date, {}},
    {"datePublicationDonneesSousTraitance", Kind::date, {}},
    {"datePublicationDonneesExecution", Kind::date, {}},
    {"formePrix", Kind::choice, price_forms},
    {"typesPrix", Kind::choices, price_types},
    {"considerationsSociales", Kind::choices, sociales},
    {"considerationsEnvironnementales", Kind::choices, environnementales},
    {"techniques", Kind::choices, techniques},
    {"modalitesExecution", Kind::choices, modalites},
    {"marcheInnovant", Kind::yes_no, {}},
    {"ccag", Kind::choice, ccags},
    {"offresRecues", Kind::count, {}},
    {"attributionAvance", Kind::yes_no, {}},
    {"typeGroupementOperateurs", Kind::choice, groupings},
    {"sousTraitanceDeclaree", Kind::yes_no, {}},
};

bool listed(std::span<const std::string_view> values, std::string_view value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

bool fits(const DecpItem& item, std::string_view value) {
  const Leaf leaf{std::string(value), item.name, 0};
  switch (item.kind) {
    case Kind::date:
      return value.size() == 10 && leaf.date().has_value();
    case Kind::count:
      return leaf.number().value_or(0) > 0;
    case Kind::yes_no:
      return value == "oui" || value == "non";
    case Kind::siret:
      return rules::siret_valid(value);
    case Kind::choice:
      return listed(item.values, value);
    case Kind::choices:
      break;
  }
  const auto several = split_values(value);
  return !several.empty() && std::all_of(several.begin(), several.end(),
                                         [&](const std::string& one) { return listed(item.values, one); });
}

std::string wanted(const DecpItem& item) {
  switch (item.kind) {
    case Kind::date:
      return "AAAA-MM-JJ";
    case Kind::count:
      return "1, 2, 3…";
    case Kind::yes_no:
      return "oui | non";
    case Kind::siret:
      return "SIRET";
    default:
      break;
  }
  std::string out;
  for (const auto value : item.values)
    out += (out.empty() ? "" : " | ") + std::string(value);
  return out;
}

}  // namespace

std::span<const DecpItem> decp_items() {
  return items;
}

Status check_given(std::string_view name, std::string_view value) {
  const auto* found = std::find_if(std::begin(items), std::end(items),
                                   [&](const DecpItem& item) { return item.name == name; });
  const std::string said(name);
  if (found == std::end(items)) {
    std::string names;
    for (const auto& item : items)
      names += (names.empty() ? "" : ", ") + std::string(item.name);
    return failure(permanent_error("decp.item",
                                   "Donnée « " + said + " » inconnue ; on peut donner : " + names + ".",
                                   "Unknown item \"" + said + "\"; these may be given: " + names + "."));
  }
  if (!fits(*found, value))
    return failure(permanent_error(
        "decp.item",
        "« " + std::string(value) + " » ne va pas pour " + said + " ; attendu : " + wanted(*found) + ".",
        "\"" + std::string(value) + "\" does not fit " + said + "; expected: " + wanted(*found) + "."));
  return {};
}

DecpBuilder::DecpBuilder(std::string id_coll, DecpGiven given)
    : id_coll_(std::move(id_coll)), given_(std::move(given)) {}

void DecpBuilder::marche(const Marche& contract) {
  out_.xml += decp_marche(contract, id_coll_, given_, out_);
  ++out_.contrats;
}

void DecpBuilder::concession(const Concession& contract) {
  out_.xml += decp_concession(contract, id_coll_, given_, out_);
  ++out_.contrats;
}

Decp DecpBuilder::take() {
  out_.xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<marches>\n" + out_.xml + "</marches>\n";
  return std::move(out_);
}

}  // namespace demat::marche
