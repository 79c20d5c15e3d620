#include "protocols/marche/binding.hpp"

namespace demat::marche {
namespace {

template <class Owner, auto Member>
constexpr Binding leaf(std::string_view element) {
  return {element, [](void* object) -> Leaf* { return &(static_cast<Owner*>(object)->*Member); }};
}

/// A leaf that may be repeated.
template <class Owner, auto Member>
constexpr Binding leaves(std::string_view element) {
  return {element,
          [](void* object) -> Leaf* { return &(static_cast<Owner*>(object)->*Member).emplace_back(); },
          nullptr,
          {},
          true};
}

/// A block that is always there.
template <class Owner, auto Member>
constexpr Binding part(std::string_view element, std::span<const Binding> inside) {
  return {element, nullptr,
          [](void* object) -> Opened {
            auto* opened = &(static_cast<Owner*>(object)->*Member);
            return {opened, opened};
          },
          inside};
}

/// A block that may be absent.
template <class Owner, auto Member>
constexpr Binding maybe(std::string_view element, std::span<const Binding> inside) {
  return {element, nullptr,
          [](void* object) -> Opened {
            auto& slot = static_cast<Owner*>(object)->*Member;
            auto* opened = slot ? &*slot : &slot.emplace();
            return {opened, opened};
          },
          inside};
}

/// A block that may be repeated.
template <class Owner, auto Member>
constexpr Binding many(std::string_view element, std::span<const Binding> inside) {
  return {element, nullptr,
          [](void* object) -> Opened {
            auto* opened = &(static_cast<Owner*>(object)->*Member).emplace_back();
            return {opened, opened};
          },
          inside};
}

/// An element that only holds others of its parent's.
constexpr Binding wrapper(std::string_view element, std::span<const Binding> inside) {
  return {element, nullptr, nullptr, inside};
}

constexpr Binding identifiant[]{
    leaf<Identifiant, &Identifiant::id_contrat>("IdContrat"),
    leaf<Identifiant, &Identifiant::numero_ordre>("NumeroOrdreModification"),
    leaf<Identifiant, &Identifiant::sequence>("SequenceEnvoi"),
    leaf<Identifiant, &Identifiant::correctif>("CaractereCorrectifEnregistrement"),
};

constexpr Binding pa[]{
    leaf<Acheteur, &Acheteur::id>("IdPA"),
    leaf<Acheteur, &Acheteur::nom>("NomPA"),
};

constexpr Binding acheteur[]{
    leaf<Acheteur, &Acheteur::id>("IdAcheteur"),
    leaf<Acheteur, &Acheteur::nom>("NomAcheteur"),
    leaf<Acheteur, &Acheteur::montant_ht_estime>("MontantHTEstime"),
};

constexpr Binding lieu[]{
    leaf<Lieu, &Lieu::code>("CodeLieuExecution"),
    leaf<Lieu, &Lieu::type>("TypeCode"),
    leaf<Lieu, &Lieu::nom>("NomLieuExecution"),
};

constexpr Binding adresse[]{
    leaf<Adresse, &Adresse::adr1>("Adr1"),        leaf<Adresse, &Adresse::adr2>("Adr2"),
    leaf<Adresse, &Adresse::adr3>("Adr3"),        leaf<Adresse, &Adresse::cp>("CP"),
    leaf<Adresse, &Adresse::ville>("Ville"),      leaf<Adresse, &Adresse::cod_res>("CodRes"),
    leaf<Adresse, &Adresse::cod_pays>("CodPays"),
};

constexpr Binding compte[]{
    leaf<Compte, &Compte::id_pay_int>("IdPayInt"),
    leaf<Compte, &Compte::id_banc_int>("IdBancInt"),
    leaf<Compte, &Compte::code_etab>("CodeEtab"),
    leaf<Compte, &Compte::code_guic>("CodeGuic"),
    leaf<Compte, &Compte::id_cpte>("IdCpte"),
    leaf<Compte, &Compte::cle_rib>("CleRib"),
    leaf<Compte, &Compte::bic>("BIC"),
    leaf<Compte, &Compte::iban>("IBAN"),
    leaf<Compte, &Compte::code_pays>("CodePays"),
    leaf<Compte, &Compte::numero_etranger>("NumeroCompteEtranger"),
    leaf<Compte, &Compte::titulaire>("TitCpte"),
};

constexpr Binding garantie[]{
    leaf<Garantie, &Garantie::type>("TypeGarantie"),
    leaf<Garantie, &Garantie::taux>("TauxGarantie"),
    leaf<Garantie, &Garantie::montant>("MontantGarantie"),
    leaf<Garantie, &Garantie::date_reception>("DateReceptionGarantie"),
};

constexpr Binding indice[]{
    leaf<Indice, &Indice::nom>("Indice"),
    leaf<Indice, &Indice::mois_annee>("MoisAnnee"),
    leaf<Indice, &Indice::valeur>("Valeur"),
    leaf<Indice, &Indice::formule>("FormuleRevPrix"),
};

constexpr Binding indices[]{many<Conditions, &Conditions::indices>("IndiceReference", indice)};

constexpr Binding conditions[]{
    leaf<Conditions, &Conditions::nature_prestations>("NaturePrestations"),
    leaf<Conditions, &Conditions::autoliquidation>("AutoliquidationTVA"),
    leaf<Conditions, &Conditions::regime_avance>("RegimeAvance"),
    leaf<Conditions, &Conditions::montant_avance>("MontantAvance"),
    leaf<Conditions, &Conditions::type_garantie_avance>("TypeGarantieAvance"),
    leaf<Conditions, &Conditions::montant_garantie_avance>("MontantGarantieAvance"),
    leaf<Conditions, &Conditions::date_garantie_avance>("DateReceptionGarantieAvance"),
    leaf<Conditions, &Conditions::pourcentage_avance>("PourcentageAvance"),
    leaf<Conditions, &Conditions::forme_prix>("FormePrix"),
    leaf<Conditions, &Conditions::variation_prix>("VariationPrix"),
    maybe<Conditions, &Conditions::garantie>("Garantie", garantie),
    wrapper("IndicesReference", indices),
};

constexpr Binding operateur[]{
    leaf<Operateur, &Operateur::type>("TypeTitulaireMarche"),
    leaf<Operateur, &Operateur::numero_acte>("NumeroActeSousTraitance"),
    leaf<Operateur, &Operateur::nature_id>("NatIdTitulaire"),
    leaf<Operateur, &Operateur::nature_id>("NatIdSousTraitant"),
    leaf<Operateur, &Operateur::nature_id>("NatIdConcessionnaire"),
    leaf<Operateur, &Operateur::nature_id>("NatId"),
    leaf<Operateur, &Operateur::id>("IdTitulaire"),
    leaf<Operateur, &Operateur::id>("IdSousTraitant"),
    leaf<Operateur, &Operateur::id>("IdConcessionnaire"),
    leaf<Operateur, &Operateur::id>("Id"),
    leaf<Operateur, &Operateur::denomination>("DenominationSociale"),
    leaf<Operateur, &Operateur::compl_nom>("ComplNom"),
    leaf<Operateur, &Operateur::prenom>("Prenom"),
    leaf<Operateur, &Operateur::ref_tiers>("RefTiers"),
    leaf<Operateur, &Operateur::cat_tiers>("CatTiers"),
    leaf<Operateur, &Operateur::nat_jur>("NatJur"),
    leaf<Operateur, &Operateur::civilite>("Civilite"),
    leaf<Operateur, &Operateur::montant_ht_notifie>("MontantHTNotifie"),
    maybe<Operateur, &Operateur::adresse>("Adresse", adresse),
    maybe<Operateur, &Operateur::compte>("CpteBancaire", compte),
    maybe<Operateur, &Operateur::conditions>("ConditionsExecutionTitulaire", conditions),
};

constexpr Binding operateurs[]{
    many<Operateurs, &Operateurs::titulaires>("Titulaire", operateur),
    many<Operateurs, &Operateurs::sous_traitants>("SousTraitantPaiementDirect", operateur),
};

using Cm = ConditionsMarche;
constexpr Binding cpv_secondaires[]{leaves<Cm, &Cm::cpv_secondaires>("CodeCPVSec")};
constexpr Binding techniques[]{leaves<Cm, &Cm::techniques>("TechniqueAchat")};
constexpr Binding sociales[]{leaves<Cm, &Cm::considerations_sociales>("ConsiderationSociale")};
constexpr Binding environnementales[]{
    leaves<Cm, &Cm::considerations_environnementales>("ConsiderationEnvironnementale")};

constexpr Binding conditions_marche[]{
    leaf<Cm, &Cm::id_accord_cadre>("IdAccordCadre"),
    leaf<Cm, &Cm::siret_pa_accord_cadre>("SiretPAAccordCadre"),
    leaf<Cm, &Cm::modalite>("ModaliteExecution"),
    leaf<Cm, &Cm::multi_budget>("MultiBudget"),
    wrapper("CodesCPVSec", cpv_secondaires),
    leaf<Cm, &Cm::propositions_recues>("NbTotalPropositionsRecu"),
    leaf<Cm, &Cm::propositions_demat>("NbTotalPropositionsDemat"),
    leaf<Cm, &Cm::carte_achat>("CarteAchat"),
    leaf<Cm, &Cm::clause_sociale>("ClauseSociale"),
    leaf<Cm, &Cm::clause_environnementale>("ClauseEnvironnementale"),
    leaf<Cm, &Cm::type_groupement>("TypeGroupement"),
    leaf<Cm, &Cm::nb_entreprises>("NbEntreprisesGroupees"),
    leaf<Cm, &Cm::ccag>("CCAGReference"),
    wrapper("TechniquesAchat", techniques),
    wrapper("ConsiderationsSociales", sociales),
    wrapper("ConsiderationsEnvironnementales", environnementales),
    leaf<Cm, &Cm::marche_innovant>("MarcheInnovant"),
    leaf<Cm, &Cm::sous_traitance_declaree>("SousTraitanceDeclaree"),
    leaf<Cm, &Cm::attribution_avance>("AttributionAvance"),
    leaf<Cm, &Cm::taux_avance>("TauxAvance"),
    leaf<Cm, &Cm::origine_ue>("OrigineUE"),
    leaf<Cm, &Cm::origine_france>("OrigineFrance"),
};

constexpr Binding pj_ref[]{
    leaf<PjRef, &PjRef::support>("Support"),
    leaf<PjRef, &PjRef::id_unique>("IdUnique"),
    leaf<PjRef, &PjRef::type>("TypePJ"),
    leaf<PjRef, &PjRef::nom>("NomPJ"),
};

constexpr Binding periode[]{
    leaf<Periode, &Periode::numero>("NumPeriode"),
    leaf<Periode, &Periode::debut>("DebutPeriode"),
    leaf<Periode, &Periode::fin>("FinPeriode"),
    leaf<Periode, &Periode::montant_ht>("MontantHTPeriode"),
    leaf<Periode, &Periode::montant_tva>("MontantTVAPeriode"),
};

constexpr Binding tranche[]{
    leaf<Tranche, &Tranche::numero>("NumTranche"),
    leaf<Tranche, &Tranche::type>("TypeTranche"),
    leaf<Tranche, &Tranche::debut>("DebutTranche"),
    leaf<Tranche, &Tranche::fin>("FinTranche"),
    leaf<Tranche, &Tranche::montant_ht>("MontantHTTranche"),
    leaf<Tranche, &Tranche::montant_tva>("MontantTVATranche"),
};

constexpr Binding part_sous_traitant[]{
    leaf<PartSousTraitant, &PartSousTraitant::nature_id>("NatIdSousTraitant"),
    leaf<PartSousTraitant, &PartSousTraitant::id>("IdSousTraitant"),
    leaf<PartSousTraitant, &PartSousTraitant::ht>("MontantHTNotifie"),
    leaf<PartSousTraitant, &PartSousTraitant::estimatif>("CaractereEstimatifMontantNotifie"),
    leaf<PartSousTraitant, &PartSousTraitant::tva>("MontantTVANotifie"),
    leaf<PartSousTraitant, &PartSousTraitant::ht_actualise>("MontantHTActualise"),
    leaf<PartSousTraitant, &PartSousTraitant::tva_actualise>("MontantTVAActualise"),
    leaf<PartSousTraitant, &PartSousTraitant::duree>("DureeEnMois"),
    maybe<PartSousTraitant, &PartSousTraitant::conditions>("ConditionsExecutionSousTraitantPaiementDirect",
                                                           conditions),
};

constexpr Binding parts_sous_traitant[]{many<PartTitulaire, &PartTitulaire::sous_traitants>(
    "VentilationSousTraitantPaiementDirect", part_sous_traitant)};

constexpr Binding part_titulaire[]{
    leaf<PartTitulaire, &PartTitulaire::nature_id>("NatIdTitulaire"),
    leaf<PartTitulaire, &PartTitulaire::id>("IdTitulaire"),
    leaf<PartTitulaire, &PartTitulaire::ht>("MontantHTNotifie"),
    leaf<PartTitulaire, &PartTitulaire::estimatif>("CaractereEstimatifMontantNotifie"),
    leaf<PartTitulaire, &PartTitulaire::tva>("MontantTVANotifie"),
    leaf<PartTitulaire, &PartTitulaire::ht_actualise>("MontantHTActualise"),
    leaf<PartTitulaire, &PartTitulaire::tva_actualise>("MontantTVAActualise"),
    wrapper("VentilationsSousTraitantPaiementDirect", parts_sous_traitant),
};

constexpr Binding parts_titulaire[]{
    many<PartAcheteur, &PartAcheteur::titulaires>("VentilationTitulaire", part_titulaire)};
constexpr Binding periodes[]{many<PartAcheteur, &PartAcheteur::periodes>("PeriodeReconduction", periode)};
constexpr Binding tranches[]{many<PartAcheteur, &PartAcheteur::tranches>("Tranche", tranche)};

constexpr Binding part_acheteur[]{
    leaf<PartAcheteur, &PartAcheteur::id>("IdAcheteur"),
    leaf<PartAcheteur, &PartAcheteur::ht>("MontantHTNotifie"),
    leaf<PartAcheteur, &PartAcheteur::estimatif>("CaractereEstimatifMontantNotifie"),
    leaf<PartAcheteur, &PartAcheteur::tva>("MontantTVANotifie"),
    leaf<PartAcheteur, &PartAcheteur::ht_actualise>("MontantHTActualise"),
    leaf<PartAcheteur, &PartAcheteur::tva_actualise>("MontantTVAActualise"),
    wrapper("VentilationsTitulaire", parts_titulaire),
    wrapper("PeriodesReconduction", periodes),
    wrapper("Tranches", tranches),
};

constexpr Binding nouveaux_titulaires[]{
    many<Modification, &Modification::titulaires>("Titulaire", operateur)};

constexpr Binding modification[]{
    leaf<Modification, &Modification::objet>("ObjetModification"),
    leaf<Modification, &Modification::numero_acte>("NumeroActe"),
    leaf<Modification, &Modification::numero_acte_sous_traitance>("NumeroActeSousTraitance"),
    leaf<Modification, &Modification::date_signature>("DateSignatureModification"),
    leaf<Modification, &Modification::date_publication>("DatePublicationDonneesModification"),
    leaf<Modification, &Modification::duree>("DureeEnMois"),
    leaf<Modification, &Modification::duree>("DureeMois"),
    leaf<Modification, &Modification::delta_duree>("DeltaDureeEnMois"),
    leaf<Modification, &Modification::montant_ht>("MontantHTNotifie"),
    leaf<Modification, &Modification::delta_montant_ht>("DeltaMontantHTNotifie"),
    leaf<Modification, &Modification::montant_estime>("MontantHTEstime"),
    leaf<Modification, &Modification::delta_montant_estime>("DeltaMontantHTEstime"),
    leaf<Modification, &Modification::type_groupement>("TypeGroupement"),
    leaf<Modification, &Modification::nb_entreprises>("NbEntreprisesGroupees"),
    leaf<Modification, &Modification::variation_prix>("VariationPrix"),
    leaf<Modification, &Modification::valeur_globale>("ValeurGlobale"),
    wrapper("Titulaires", nouveaux_titulaires),
    maybe<Modification, &Modification::sous_traitant>("SousTraitantPaiementDirect", operateur),
};

constexpr Binding modifications_marche[]{
    many<Marche, &Marche::modifications>("ModificationMontantDuree", modification),
    many<Marche, &Marche::modifications>("ModificationTitulaire", modification),
    many<Marche, &Marche::modifications>("DeclarationSousTraitancePaiementDirect", modification),
    many<Marche, &Marche::modifications>("ModificationSousTraitancePaiementDirect", modification),
};

constexpr Binding acheteurs[]{many<Marche, &Marche::acheteurs>("Acheteur", acheteur)};
constexpr Binding pj_refs[]{many<Marche, &Marche::pj>("PJRef", pj_ref)};
constexpr Binding parts[]{many<Marche, &Marche::parts>("VentilationAcheteur", part_acheteur)};

constexpr Binding marche[]{
    part<Marche, &Marche::identifiant>("IdentifiantMarche", identifiant),
    leaf<Marche, &Marche::url_profil>("URLProfilAcheteur"),
    maybe<Marche, &Marche::pa>("PA", pa),
    wrapper("Acheteurs", acheteurs),
    leaf<Marche, &Marche::nature>("NatureMarche"),
    leaf<Marche, &Marche::objet>("Objet"),
    leaf<Marche, &Marche::cpv>("CodeCPV"),
    leaf<Marche, &Marche::procedure>("ProcedureMarche"),
    maybe<Marche, &Marche::lieu>("LieuExecution", lieu),
    leaf<Marche, &Marche::duree>("DureeEnMois"),
    leaf<Marche, &Marche::duree_maximum>("DureeEnMoisMaximumPossible"),
    leaf<Marche, &Marche::date_debut_execution>("DateDebutExecution"),
    leaf<Marche, &Marche::montant_ht>("MontantHTNotifie"),
    leaf<Marche, &Marche::estimatif>("CaractereEstimatifMontantNotifie"),
    leaf<Marche, &Marche::montant_tva>("MontantTVANotifie"),
    leaf<Marche, &Marche::montant_estime>("MontantHTEstime"),
    leaf<Marche, &Marche::montant_ht_actualise>("MontantHTActualise"),
    leaf<Marche, &Marche::montant_tva_actualise>("MontantTVAActualise"),
    leaf<Marche, &Marche::date_signature>("DateSignature"),
    leaf<Marche, &Marche::nom_signataire>("NomSignataireAcheteur"),
    leaf<Marche, &Marche::ref_delegation>("RefActeDelegationSignature"),
    leaf<Marche, &Marche::date_debut>("DateDebutMarche"),
    leaf<Marche, &Marche::reconductibilite>("Reconductibilite"),
    leaf<Marche, &Marche::penalite>("Penalite"),
    leaf<Marche, &Marche::delai_garantie>("DelaiGarantie"),
    leaf<Marche, &Marche::date_notification>("DateNotification"),
    leaf<Marche, &Marche::date_publication>("DatePublicationDonnees"),
    maybe<Marche, &Marche::operateurs>("Operateurs", operateurs),
    maybe<Marche, &Marche::conditions>("ConditionsExecution", conditions_marche),
    wrapper("PJRefs", pj_refs),
    wrapper("VentilationsAcheteurs", parts),
    wrapper("ModificationsMarche", modifications_marche),
};

constexpr Binding concessionnaires[]{
    many<Concession, &Concession::concessionnaires>("Concessionnaire", operateur)};

constexpr Binding tarif[]{
    leaf<Tarif, &Tarif::intitule>("IntituleTarif"),
    leaf<Tarif, &Tarif::montant>("MontantTarif"),
};
constexpr Binding tarifs[]{many<DonneeAnnuelle, &DonneeAnnuelle::tarifs>("Tarif", tarif)};

constexpr Binding donnee_annuelle[]{
    leaf<DonneeAnnuelle, &DonneeAnnuelle::date_publication>("DatePublicationDonneesExecution"),
    leaf<DonneeAnnuelle, &DonneeAnnuelle::depenses>("DepensesInvestissement"),
    wrapper("Tarifs", tarifs),
};
constexpr Binding donnees[]{
    many<Concession, &Concession::donnees_annuelles>("DonneeAnnuelle", donnee_annuelle)};
constexpr Binding modifications_concession[]{
    many<Concession, &Concession::modifications>("ModificationConcession", modification)};

constexpr Binding concession[]{
    part<Concession, &Concession::identifiant>("IdentifiantConcession", identifiant),
    leaf<Concession, &Concession::url_profil>("URLProfilAcheteur"),
    wrapper("Concessionnaires", concessionnaires),
    leaf<Concession, &Concession::nature>("NatureConcession"),
    leaf<Concession, &Concession::objet>("Objet"),
    leaf<Concession, &Concession::procedure>("ProcedureConcession"),
    maybe<Concession, &Concession::lieu>("LieuExecution", lieu),
    leaf<Concession, &Concession::duree>("DureeMoisInitiale"),
    leaf<Concession, &Concession::valeur_globale>("ValeurGlobale"),
    leaf<Concession, &Concession::subvention>("MontantSubventionPublique"),
    leaf<Concession, &Concession::date_signature>("DateSignature"),
    leaf<Concession, &Concession::date_publication>("DatePublicationDonnees"),
    leaf<Concession, &Concession::date_debut_execution>("DateDebutExecution"),
    wrapper("DonneesExecution", donnees),
    wrapper("ModificationsConcession", modifications_concession),
};

}  // namespace

std::span<const Binding> marche_bindings() {
  return marche;
}

std::span<const Binding> concession_bindings() {
  return concession;
}

}  // namespace demat::marche
