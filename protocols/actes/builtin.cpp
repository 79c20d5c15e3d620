#include <array>
#include <span>

#include "protocols/actes/classification.hpp"

/// The published lists (actes 3.6): natures and typologies as in the classifications distributed since 2019,
/// matières of the first two levels, natures of authorities.
namespace demat::actes {
namespace {

struct Label {
  std::string_view code;
  std::string_view text;
};

constexpr Label deliberation_types[] = {
    {"99_DE", "Délibération"},
    {"99_SE", "Fichier de signature électronique"},
    {"21_DA", "Décision arrêtant le projet"},
    {"21_DB", "Débat d'orientation du plan d'aménagement et de développement durable"},
    {"21_DE", "Délibération de prescription"},
    {"21_DO", "Document d'orientation et d'objectif"},
    {"21_EP", "Enquête publique"},
    {"21_PA", "Projet d'aménagement et de développement durable"},
    {"21_RP", "Rapport de présentation"},
    {"23_DE", "Délibération autorisant la mise en oeuvre du droit de préemption"},
    {"23_IA", "Déclaration d'intention d'aliéner"},
    {"31_DE", "Délibération autorisant l'acquisition"},
    {"31_DP", "Documents pré-contractuels"},
    {"41_RA", "Rapport biennal des avancements d'échelons"},
    {"42_AC", "Avenant au contrat"},
    {"42_DE", "Délibération"},
    {"43_AC", "Avenant au contrat"},
    {"70_DE", "Délibération"},
};
constexpr Label regulation_types[] = {
    {"99_AR", "Acte réglementaire"},
    {"99_SE", "Fichier de signature électronique"},
    {"21_DA", "Décision arrêtant le projet"},
    {"21_DB", "Débat d'orientation du plan d'aménagement et de développement durable"},
    {"21_DE", "Délibération de prescription"},
    {"21_DO", "Document d'orientation et d'objectif"},
    {"21_EP", "Enquête publique"},
    {"21_PA", "Projet d'aménagement et de développement durable"},
    {"21_RP", "Rapport de présentation"},
};
constexpr Label individual_types[] = {
    {"99_AI", "Acte individuel"},
    {"99_SE", "Fichier de signature électronique"},
    {"22_AC", "Accord d'une autorité administrative"},
    {"22_AG", "Agrément ou certificat"},
    {"22_AR", "Accusé de réception"},
    {"22_AT", "Attestation"},
    {"22_AV", "Avis"},
    {"22_CO", "Convention"},
    {"22_DD", "Demande"},
    {"22_DN", "Décision"},
    {"22_DP", "Document photographique"},
    {"22_LE", "Lettre"},
    {"22_NE", "Notice explicative"},
    {"22_PE", "Présentation des états initiaux et futurs"},
    {"22_PN", "Plans"},
    {"22_RE", "Rapport d'étude"},
    {"22_TA", "Tableau"},
    {"23_PR", "Décision de préempter"},
    {"41_AT", "Attestation"},
    {"41_AV", "Avis de vacance d'emploi"},
    {"41_CA", "Avis de commission administrative paritaire"},
    {"41_CM", "Avis de la commission mixte paritaire"},
    {"41_DA", "Demande de l'agent"},
    {"41_DE", "Délibération établissant la liste de postes à pourvoir"},
    {"41_IC", "Information du centre de gestion"},
    {"41_IN", "Inscription sur liste d'aptitude"},
    {"41_NC", "Notification de création ou de vacance de poste"},
    {"42_AT", "Attestation"},
    {"43_AC", "Avenant au contrat"},
    {"43_AV", "Avis de vacance d'emploi"},
    {"43_CA", "Avis de commission administrative paritaire"},
    {"43_CM", "Avis de la commission mixte paritaire"},
    {"43_DA", "Demande de l'agent"},
    {"43_IN", "Inscription sur liste d'aptitude"},
    {"43_LI", "Liste de postes à pourvoir"},
    {"43_NC", "Notification de création ou de vacance de poste"},
};
constexpr Label contract_types[] = {
    {"99_DC", "Document contractuel"},
    {"99_SE", "Fichier de signature électronique"},
    {"10_AV", "Avenant"},
    {"10_DE", "Délibération"},
    {"11_AC", "Avis de la commission"},
    {"11_AE", "Acte d'engagement"},
    {"11_AP", "Cahier des clauses administratives particulières"},
    {"11_AT", "Attestations et justificatifs de l'attributaire"},
    {"11_AV", "Avis de marché"},
    {"11_IN", "Invitation des candidats à soumissionner"},
    {"11_JU", "Rapport justifiant le choix du marché"},
    {"11_PV", "Procès-verbal de la commission d'appel d'offres"},
    {"11_RA", "Rapport de la commission d'appel d'offres"},
    {"11_RC", "Règlement de consultation"},
    {"11_RP", "Rapport de présentation de l'acheteur"},
    {"11_TP", "Cahier des clauses techniques particulières"},
    {"12_AD", "Avis de délégation"},
    {"12_CC", "Cahier des charges"},
    {"12_CD", "Contrat de délégation"},
    {"12_CR", "Courriers de rejet des offres incomplètes ou irrecevables"},
    {"12_DA", "Déclarations et justificatifs de l'attributaire"},
    {"12_DC", "Documents de consultation"},
    {"12_IP", "Invitation à présenter une offre"},
    {"12_NR", "Notification du rejet des offres"},
    {"12_RS", "Rapport de sélection du délégataire"},
    {"12_ST", "Spécifications techniques et fonctionnelles"},
    {"15_JU", "Copie du jugement d'homologation de la transaction"},
    {"17_CE", "Demande de cautionnement"},
    {"17_GA", "Garantie d'emprunt"},
    {"17_RC", "Règlement de concours"},
    {"31_AA", "Avis de l'autorité compétente de l'État"},
    {"31_CO", "Contrat"},
    {"31_DE", "Délibération autorisant l'acquisition"},
    {"31_DP", "Documents pré-contractuels"},
    {"32_AA", "Avis de l'autorité compétente de l'État"},
    {"32_CV", "Contrat de vente"},
    {"32_DC", "Délibération constatant la désaffectation"},
    {"32_DE", "Délibération de déclassement"},
    {"32_DP", "Documents pré-contractuels"},
    {"33_AC", "Avis de l'autorité compétente de l'État"},
    {"33_AO", "Autorisation d'occupation du domaine public"},
    {"33_CC", "Contrat de concession"},
    {"42_AC", "Avenant au contrat"},
    {"42_AT", "Attestation"},
    {"42_AV", "Avis de vacance d'emploi"},
    {"42_DE", "Délibération"},
    {"43_AC", "Avenant au contrat"},
};
constexpr Label budget_types[] = {
    {"99_BU", "Document budgétaire"},
    {"99_SE", "Fichier de signature électronique"},
    {"70_DE", "Délibération"},
};
constexpr Label other_types[] = {
    {"99_AU", "Autre document"},
    {"99_SE", "Fichier de signature électronique"},
};

struct NatureRow {
  int code;
  std::string_view label;
  std::string_view abbreviation;
  std::span<const Label> types;
};
constexpr NatureRow natures[] = {
    {1, "Délibérations", "DE", deliberation_types},
    {2, "Actes réglementaires", "AR", regulation_types},
    {3, "Actes individuels", "AI", individual_types},
    {4, "Contrats, conventions et avenants", "CC", contract_types},
    {5, "Documents budgétaires et financiers", "BF", budget_types},
    {6, "Autres", "AU", other_types},
};

constexpr std::string_view procurement[] = {"Marchés publics",
                                            "Délégation de service public",
                                            "Conventions de mandat",
                                            "Autres types de contrats",
                                            "Transactions, protocole d'accord transactionnel",
                                            "Actes relatifs à la maîtrise d'oeuvre",
                                            "Actes spéciaux et divers"};
constexpr std::string_view planning[] = {"Documents d'urbanisme",
                                         "Actes relatifs au droit d'occupation ou d'utilisation des sols",
                                         "Droit de préemption urbain"};
constexpr std::string_view property[] = {"Acquisitions",
                                         "Aliénations",
                                         "Locations",
                                         "Limites territoriales",
                                         "Autres actes de gestion du domaine public",
                                         "Autres actes de gestion du domaine privé"};
constexpr std::string_view staff[] = {"Personnels titulaires et stagiaires de la F.P.T.",
                                      "Personnels contractuels", "Fonction publique hospitalière",
                                      "Autres catégories de personnels", "Régime indemnitaire"};
constexpr std::string_view institutions[] = {
    "Élection de l'exécutif",  "Fonctionnement des assemblées", "Désignation de représentants",
    "Délégation de fonctions", "Délégation de signature",       "Exercice des mandats locaux",
    "Intercommunalité",        "Décision d'ester en justice"};
constexpr std::string_view police[] = {"Police municipale", "Pouvoirs du président du conseil général",
                                       "Pouvoirs du président du conseil régional",
                                       "Autres actes réglementaires",
                                       "Actes pris au nom de l'État et soumis au contrôle hiérarchique"};
constexpr std::string_view finance[] = {
    "Décisions budgétaires",     "Fiscalité", "Emprunts",          "Interventions économiques", "Subventions",
    "Contributions budgétaires", "Avances",   "Fonds de concours", "Prises de participation",   "Divers"};
constexpr std::string_view themes[] = {"Enseignement",
                                       "Aide sociale",
                                       "Voirie",
                                       "Aménagement du territoire",
                                       "Politique de la ville, habitat, logement",
                                       "Emploi, formation professionnelle",
                                       "Transports",
                                       "Environnement",
                                       "Culture"};
constexpr std::string_view others[] = {"Autres domaines de compétences des communes",
                                       "Autres domaines de compétences des départements",
                                       "Autres domaines de compétences des régions", "Voeux et motions"};

struct MatiereRow {
  std::string_view label;
  std::span<const std::string_view> children;  ///< 1, 2, …
};
constexpr MatiereRow matieres[] = {
    {"Commande publique", procurement},
    {"Urbanisme", planning},
    {"Domaine et patrimoine", property},
    {"Fonction publique", staff},
    {"Institutions et vie politique", institutions},
    {"Libertés publiques et pouvoirs de police", police},
    {"Finances locales", finance},
    {"Domaines de compétences par thèmes", themes},
    {"Autres domaines de compétences", others},
};

constexpr Label authority_natures[] = {
    {"11", "conseil régional"},
    {"12", "EPLE de la région"},
    {"13", "autre établissement public régional"},
    {"14", "SEM régionale"},
    {"21", "conseil départemental"},
    {"22", "établissement public de santé du département"},
    {"23", "EPLE du département"},
    {"24", "autre établissement public du département"},
    {"25", "SEM départementale"},
    {"31", "commune"},
    {"32", "établissement public de santé communal"},
    {"33", "autre établissement public communal"},
    {"34", "SEM communale"},
    {"41", "syndicat de communes ou syndicat mixte fermé"},
    {"42", "syndicat mixte ouvert"},
    {"43", "syndicat d'agglomération nouvelle"},
    {"44", "communauté de communes"},
    {"45", "communauté urbaine"},
    {"46", "communauté d'agglomération"},
    {"47", "SEM intercommunale"},
    {"51", "SDIS"},
    {"52", "entente interdépartementale"},
    {"53", "entente interrégionale"},
    {"54", "autre SEM"},
    {"55", "autre"},
};

Classification build() {
  Classification out;
  for (const auto& row : natures) {
    auto& nature = out.natures.emplace_back();
    nature.code = row.code;
    nature.label = row.label;
    nature.abbreviation = row.abbreviation;
    for (const auto& type : row.types)
      nature.types.push_back({std::string{type.code}, std::string{type.text}});
  }
  for (const auto& row : matieres) {
    auto& matiere = out.matieres.emplace_back();
    matiere.code = static_cast<int>(out.matieres.size());
    matiere.label = row.label;
    for (const auto label : row.children)
      matiere.children.push_back({static_cast<int>(matiere.children.size()) + 1, std::string{label}, {}});
  }
  return out;
}

}  // namespace

const Classification& builtin_classification() {
  static const Classification classification = build();
  return classification;
}

std::string_view authority_nature_label(std::string_view code) {
  for (const auto& row : authority_natures)
    if (row.code == code) return row.text;
  return {};
}

}  // namespace demat::actes
