#pragma once

#include <optional>
#include <vector>

#include "protocols/marche/leaf.hpp"

/// PES Marché as its people think of it (helios 9.2; pes530 9): contracts with their parties, sharings and
/// modifications. Elements of both packs, 5.17 and 5.30. Plain values: what a document lacks is an absent
/// leaf, an empty list or an empty optional.
namespace demat::marche {

struct Identifiant : Block {
  Leaf id_contrat, numero_ordre, sequence, correctif;
};

/// The buyer's own authority (PA) or one of the buyers.
struct Acheteur : Block {
  Leaf id, nom, montant_ht_estime;
};

struct Lieu : Block {
  Leaf code, type, nom;
};

struct Adresse : Block {
  Leaf adr1, adr2, adr3, cp, ville, cod_res, cod_pays;
};

struct Compte : Block {
  Leaf id_pay_int, id_banc_int, code_etab, code_guic, id_cpte, cle_rib;
  Leaf bic, iban, code_pays, numero_etranger, titulaire;
};

struct Garantie : Block {
  Leaf type, taux, montant, date_reception;
};

struct Indice : Block {
  Leaf nom, mois_annee, valeur, formule;
};

/// Conditions of execution for a titulaire, or for a sub-contractor of a titulaire.
struct Conditions : Block {
  Leaf nature_prestations, autoliquidation;
  Leaf regime_avance, montant_avance, type_garantie_avance, montant_garantie_avance;
  Leaf date_garantie_avance, pourcentage_avance;
  Leaf forme_prix, variation_prix;
  std::optional<Garantie> garantie;
  std::vector<Indice> indices;
};

/// An economic operator: titulaire, co-traitant, sub-contractor paid directly, concessionnaire, or the short
/// form of one in a modification.
struct Operateur : Block {
  Leaf type;         ///< TypeTitulaireMarche
  Leaf numero_acte;  ///< NumeroActeSousTraitance
  Leaf nature_id, id, denomination, compl_nom, prenom, ref_tiers, cat_tiers, nat_jur, civilite;
  Leaf montant_ht_notifie;  ///< in a modification
  std::optional<Adresse> adresse;
  std::optional<Compte> compte;
  std::optional<Conditions> conditions;
};

struct Operateurs : Block {
  std::vector<Operateur> titulaires, sous_traitants;
};

/// ConditionsExecution of the contract itself.
struct ConditionsMarche : Block {
  Leaf id_accord_cadre, siret_pa_accord_cadre, modalite, multi_budget;
  Leaf propositions_recues, propositions_demat, carte_achat, clause_sociale, clause_environnementale;
  Leaf type_groupement, nb_entreprises, ccag;
  Leaf marche_innovant, sous_traitance_declaree, attribution_avance, taux_avance, origine_ue, origine_france;
  std::vector<Leaf> cpv_secondaires, techniques, considerations_sociales, considerations_environnementales;
};

struct PjRef : Block {
  Leaf support, id_unique, type, nom;
};

struct Periode : Block {
  Leaf numero, debut, fin, montant_ht, montant_tva;
};

struct Tranche : Block {
  Leaf numero, type, debut, fin, montant_ht, montant_tva;
};

/// What somebody has of the contract's amount. A sub-contractor's part is not within his titulaire's.
struct Part : Block {
  Leaf nature_id;  ///< absent for a buyer
  Leaf id;
  Leaf ht, estimatif, tva, ht_actualise, tva_actualise;
};

struct PartSousTraitant : Part {
  Leaf duree;
  std::optional<Conditions> conditions;
};

struct PartTitulaire : Part {
  std::vector<PartSousTraitant> sous_traitants;
};

struct PartAcheteur : Part {
  std::vector<PartTitulaire> titulaires;
  std::vector<Periode> periodes;
  std::vector<Tranche> tranches;
};

/// A modification of any kind; `element` says which.
struct Modification : Block {
  Leaf objet, numero_acte, numero_acte_sous_traitance, date_signature, date_publication;
  Leaf duree, delta_duree, montant_ht, delta_montant_ht, montant_estime, delta_montant_estime;
  Leaf type_groupement, nb_entreprises, variation_prix, valeur_globale;
  std::vector<Operateur> titulaires;
  std::optional<Operateur> sous_traitant;
};

/// What contracts of both kinds have.
struct Contrat : Block {
  Identifiant identifiant;
  Leaf url_profil, nature, objet, procedure, duree;
  Leaf date_signature, date_debut_execution, date_publication;
  std::optional<Lieu> lieu;
  std::vector<Modification> modifications;
  std::size_t dropped = 0;  ///< parts beyond the reader's limits
};

struct Marche : Contrat {
  std::optional<Acheteur> pa;
  std::vector<Acheteur> acheteurs;
  Leaf cpv, duree_maximum;
  Leaf montant_ht, estimatif, montant_tva, montant_estime, montant_ht_actualise, montant_tva_actualise;
  Leaf nom_signataire, ref_delegation, date_debut, reconductibilite, penalite, delai_garantie,
      date_notification;
  std::optional<Operateurs> operateurs;
  std::optional<ConditionsMarche> conditions;
  std::vector<PjRef> pj;
  std::vector<PartAcheteur> parts;
};

struct Tarif : Block {
  Leaf intitule, montant;
};

struct DonneeAnnuelle : Block {
  Leaf date_publication, depenses;
  std::vector<Tarif> tarifs;
};

struct Concession : Contrat {
  std::vector<Operateur> concessionnaires;
  Leaf valeur_globale, subvention;
  std::vector<DonneeAnnuelle> donnees_annuelles;
};

}  // namespace demat::marche
