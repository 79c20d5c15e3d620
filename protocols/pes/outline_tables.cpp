#include "protocols/pes/outline_tables.hpp"

#include <algorithm>
#include <array>

namespace demat::pes::detail {
namespace {

using K = PartKind;

struct Opening {
  PartKind inside;
  std::string_view element;
  PartKind opens;
};

constexpr std::array openings{
    Opening{K::domaine, "Bordereau", K::bordereau},
    Opening{K::bordereau, "Piece", K::piece},
    Opening{K::piece, "LigneDePiece", K::ligne},
    Opening{K::piece, "PJRef", K::pj_ref},
    Opening{K::ligne, "PJRef", K::pj_ref},
    Opening{K::ligne, "PaiementEmargement", K::paiement},
    Opening{K::ligne, "EncaissementEmargement", K::paiement},
    Opening{K::domaine, "PJ", K::pj},
    Opening{K::pj, "RefCompta", K::ref_compta},
    Opening{K::domaine, "FactureIndiv", K::facture},
    Opening{K::domaine, "Marche", K::marche},
    Opening{K::domaine, "Concession", K::marche},
    Opening{K::domaine, "Client", K::client},
    Opening{K::client, "ResteARecouvrer", K::reste},
    Opening{K::domaine, "Asap", K::asap},
    Opening{K::domaine, "ElementACQUIT_RETOUR", K::retour},
};

struct Leaf {
  PartKind kind;
  std::string_view parent;  ///< empty: any
  std::string_view element;
  std::string_view key;
};

// The first value of a key counts, so that a Nom of the second tiers does not replace the first.
constexpr std::array leaves{
    Leaf{K::document, "Parametres", "Version", "version"},
    Leaf{K::document, "Parametres", "TypFic", "typ_fic"},
    Leaf{K::document, "Parametres", "NomFic", "nom_fic"},
    Leaf{K::document, "Emetteur", "Sigle", "emetteur"},
    Leaf{K::document, "Emetteur", "Adresse", "application"},
    Leaf{K::document, "EnTetePES", "DteStr", "date"},
    Leaf{K::document, "EnTetePES", "IdPost", "id_post"},
    Leaf{K::document, "EnTetePES", "LibellePoste", "poste"},
    Leaf{K::document, "EnTetePES", "IdColl", "id_coll"},
    Leaf{K::document, "EnTetePES", "FinJur", "fin_jur"},
    Leaf{K::document, "EnTetePES", "CodCol", "cod_col"},
    Leaf{K::document, "EnTetePES", "CodColl", "cod_col"},
    Leaf{K::document, "EnTetePES", "CodBud", "cod_bud"},
    Leaf{K::document, "EnTetePES", "LibelleColBud", "libelle"},
    Leaf{K::domaine, "", "IdVer", "id_ver"},
    Leaf{K::domaine, "", "InfoDematerialisee", "dematerialisee"},
    Leaf{K::domaine, "", "TypRestit", "typ_restit"},
    Leaf{K::domaine, "", "DateCalcul", "date"},
    Leaf{K::domaine, "PES_Facture", "Annee", "annee"},
    Leaf{K::domaine, "PES_Facture", "TypeFact", "type"},
    Leaf{K::domaine, "PES_Facture", "NatFacture", "intitule"},
    Leaf{K::domaine, "PES_Facture", "Date", "date"},
    Leaf{K::bordereau, "", "Exer", "exercice"},
    Leaf{K::bordereau, "", "IdBord", "numero"},
    Leaf{K::bordereau, "BlocBordereau", "TypBord", "type"},
    Leaf{K::bordereau, "BlocBordereau", "DteBordEm", "date"},
    Leaf{K::bordereau, "BlocBordereau", "NbrPce", "nbr_pce"},
    Leaf{K::bordereau, "BlocBordereau", "MtBordHT", "ht"},
    Leaf{K::bordereau, "BlocBordereau", "MtBordHt", "ht"},
    Leaf{K::bordereau, "BlocBordereau", "MtBordTVA", "tva"},
    Leaf{K::bordereau, "BlocBordereau", "MtCumulAnnuel", "cumul_annuel"},
    Leaf{K::bordereau, "BlocBordereau", "Objet", "objet"},
    Leaf{K::bordereau, "BordereauORMCGlobal", "MtTTC", "ttc"},
    Leaf{K::bordereau, "BordereauORMCGlobal", "DtePec", "prise_en_charge"},
    Leaf{K::bordereau, "BordereauORMCGlobal", "DteRej", "rejet"},
    Leaf{K::bordereau, "BordereauORMCGlobal", "DteInst", "mise_en_instance"},
    Leaf{K::piece, "", "IdPce", "numero"},
    Leaf{K::piece, "", "TypPce", "type"},
    Leaf{K::piece, "", "NatPce", "nature"},
    Leaf{K::piece, "", "Obj", "objet"},
    Leaf{K::piece, "", "ObjPce", "objet"},
    Leaf{K::piece, "", "DteEch", "echeance"},
    Leaf{K::piece, "", "Edition", "edition"},
    Leaf{K::piece, "", "DteAsp", "date_asp"},
    Leaf{K::piece, "", "IdRol", "role"},
    Leaf{K::piece, "", "NumeroFacture", "facture"},
    Leaf{K::piece, "", "EtatPce", "etat"},
    Leaf{K::piece, "", "ObsEtat", "motif"},
    Leaf{K::piece, "", "Commentaire", "commentaire"},
    Leaf{K::piece, "", "DtePcePec", "prise_en_charge"},
    Leaf{K::piece, "", "DtePceRej", "rejet"},
    Leaf{K::piece, "", "DtePceInst", "mise_en_instance"},
    Leaf{K::ligne, "", "IdLigne", "numero"},
    Leaf{K::ligne, "", "Nature", "compte"},
    Leaf{K::ligne, "", "Fonction", "fonction"},
    Leaf{K::ligne, "", "Operation", "operation"},
    Leaf{K::ligne, "", "CodProdLoc", "produit"},
    Leaf{K::ligne, "", "Facture", "facture"},
    Leaf{K::ligne, "", "LibVir1", "libelle"},
    Leaf{K::ligne, "InfoLignePce", "ModRegl", "mode_reglement"},
    Leaf{K::ligne, "Recouvrement", "ModRegl", "mode_reglement"},
    Leaf{K::ligne, "", "MtHT", "ht"},
    Leaf{K::ligne, "", "MtTVA", "tva"},
    Leaf{K::ligne, "LiensIdent", "IdMarche", "marche"},
    Leaf{K::ligne, "VentilationMarche", "IdMarche", "marche"},
    Leaf{K::ligne, "RattachPiece", "NatPceOrig", "origine_nature"},
    Leaf{K::ligne, "RattachPiece", "ExerRat", "origine_exercice"},
    Leaf{K::ligne, "RattachPiece", "IdPceOrig", "origine_piece"},
    Leaf{K::ligne, "InfoTiers", "IdTiers", "id_tiers"},
    Leaf{K::ligne, "InfoTiers", "NatIdTiers", "nature_id_tiers"},
    Leaf{K::ligne, "InfoTiers", "CatTiers", "categorie_tiers"},
    Leaf{K::ligne, "InfoTiers", "Nom", "nom"},
    Leaf{K::ligne, "InfoTiers", "Prenom", "prenom"},
    Leaf{K::ligne, "", "EtatLigPce", "etat"},
    Leaf{K::ligne, "", "ObsEtat", "motif"},
    Leaf{K::ligne, "", "Commentaire", "commentaire"},
    Leaf{K::ligne, "", "CessOpp", "cession"},
    Leaf{K::ligne, "InfoPaiement", "NbrPay", "nombre_paiements"},
    Leaf{K::ligne, "InfoPaiement", "MtPayTot", "paye"},
    Leaf{K::ligne, "InfoRecouvrement", "NbrReco", "nombre_paiements"},
    Leaf{K::ligne, "InfoRecouvrement", "MtRecoTot", "paye"},
    Leaf{K::paiement, "", "OrgEma", "origine"},
    Leaf{K::paiement, "", "DtePay", "date"},
    Leaf{K::paiement, "", "DteReco", "date"},
    Leaf{K::paiement, "", "MtPay", "montant"},
    Leaf{K::paiement, "", "MtReco", "montant"},
    Leaf{K::pj_ref, "", "Support", "support"},
    Leaf{K::pj_ref, "", "IdUnique", "id_unique"},
    Leaf{K::pj_ref, "", "NomPJ", "nom"},
    Leaf{K::pj_ref, "", "TypePJ", "type"},
    Leaf{K::pj, "PJ", "IdUnique", "id_unique"},
    Leaf{K::pj, "PJ", "NomPJ", "nom"},
    Leaf{K::pj, "PJ", "TypePJ", "type"},
    Leaf{K::pj, "PJ", "Description", "description"},
    Leaf{K::ref_compta, "", "Domaine", "domaine"},
    Leaf{K::ref_compta, "", "Exercice", "exercice"},
    Leaf{K::ref_compta, "", "TypeObjet", "type_objet"},
    Leaf{K::ref_compta, "", "Identifiant", "identifiant"},
    Leaf{K::ref_compta, "", "ComplementIdentifiant", "complement"},
    Leaf{K::facture, "FactureIndiv", "NumeroFacture", "numero"},
    Leaf{K::facture, "FactureIndiv", "Objet", "objet"},
    Leaf{K::facture, "FactureIndiv", "DateEmission", "date"},
    Leaf{K::facture, "InfoTiers", "Nom", "nom"},
    Leaf{K::facture, "InfoTiers", "Prenom", "prenom"},
    Leaf{K::facture, "RefTitre", "Exercice", "exercice"},
    Leaf{K::facture, "RefTitre", "NumBordereau", "bordereau"},
    Leaf{K::facture, "RefTitre", "NumTitre", "titre"},
    Leaf{K::facture, "RefORMC", "Exercice", "exercice"},
    Leaf{K::facture, "RefORMC", "NumRole", "role"},
    Leaf{K::facture, "RefORMC", "NumArticle", "article"},
    Leaf{K::facture, "TotalAPayer", "MtTotalHT", "ht"},
    Leaf{K::facture, "TotalAPayer", "MtTotalTVA", "tva"},
    Leaf{K::facture, "TotalAPayer", "MtTotalTTC", "ttc"},
    Leaf{K::marche, "", "IdContrat", "id_contrat"},
    Leaf{K::marche, "", "NumeroOrdreModification", "modification"},
    Leaf{K::marche, "", "SequenceEnvoi", "sequence"},
    Leaf{K::marche, "", "CaractereCorrectifEnregistrement", "correctif"},
    Leaf{K::marche, "Marche", "NatureMarche", "nature"},
    Leaf{K::marche, "Concession", "NatureConcession", "nature"},
    Leaf{K::marche, "", "Objet", "objet"},
    Leaf{K::marche, "Marche", "MontantHTNotifie", "ht"},
    Leaf{K::marche, "Concession", "ValeurGlobale", "ht"},
    Leaf{K::marche, "Marche", "DateNotification", "date"},
    Leaf{K::marche, "Concession", "DateSignature", "date"},
    Leaf{K::marche, "Titulaire", "DenominationSociale", "titulaire"},
    Leaf{K::marche, "Concessionnaire", "DenominationSociale", "titulaire"},
    Leaf{K::client, "Client", "RefTiers", "tiers"},
    Leaf{K::reste, "", "CodProdLoc", "produit"},
    Leaf{K::reste, "", "Rar", "reste"},
    Leaf{K::reste, "", "RarFrais", "frais"},
    Leaf{K::asap, "", "IdUniquePJASAP", "id_unique"},
    Leaf{K::asap, "", "IdUniquePJCplt", "id_unique_complement"},
    Leaf{K::asap, "", "Exer", "exercice"},
    Leaf{K::asap, "", "IdBord", "bordereau"},
    Leaf{K::asap, "", "TypBord", "type_bordereau"},
    Leaf{K::asap, "", "IdPce", "piece"},
    Leaf{K::asap, "", "TypPce", "type"},
    Leaf{K::asap, "", "EtatPJComplt", "etat_complement"},
    Leaf{K::asap, "", "DatePostalisation", "postalisation"},
    Leaf{K::asap, "", "DateNotification", "notification"},
    Leaf{K::asap, "", "Date1ereLecture", "lecture"},
    Leaf{K::asap, "", "DateRejet", "rejet"},
    Leaf{K::asap, "", "MotifRejetPostalisation", "motif_courrier"},
    Leaf{K::asap, "", "MotifRejetNotificationParMail", "motif_mail"},
    Leaf{K::asap, "", "IndicRelanceAsap", "relance"},
    Leaf{K::retour, "", "DomaineAckRetour", "domaine"},
    Leaf{K::retour, "", "NomFichierRetour", "nom_fic"},
    Leaf{K::retour, "", "TypRestit", "typ_restit"},
    Leaf{K::retour, "", "DateAcquit", "date"},
};

/// Where the leaves of a kind stand in the table: every element of a document asks.
struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
};
constexpr std::size_t kinds = static_cast<std::size_t>(K::reste) + 1;
constexpr std::array<Range, kinds> ranges = [] {
  std::array<Range, kinds> out{};
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    Range& range = out[static_cast<std::size_t>(leaves[i].kind)];
    if (range.end == 0) range.begin = i;
    range.end = i + 1;
  }
  return out;
}();
constexpr bool grouped = [] {
  for (std::size_t k = 0; k < kinds; ++k)
    for (std::size_t i = ranges[k].begin; i < ranges[k].end; ++i)
      if (static_cast<std::size_t>(leaves[i].kind) != k) return false;
  return true;
}();
static_assert(grouped, "the leaves of a kind stand together");

struct Coded {
  PartKind kind;
  std::string_view key;
  std::optional<CodeList> any;      ///< whatever the domain
  std::optional<CodeList> depense;  ///< else by domain; those of the returns share them
  std::optional<CodeList> recette;
};
constexpr std::optional<CodeList> none{};

constexpr std::array coded{
    Coded{K::domaine, "typ_restit", CodeList::typ_restit, none, none},
    Coded{K::domaine, "type", CodeList::type_fact, none, none},
    Coded{K::bordereau, "type", none, CodeList::typ_bord_depense, CodeList::typ_bord_recette},
    Coded{K::piece, "type", none, CodeList::typ_pce_depense, CodeList::typ_pce_recette},
    Coded{K::piece, "nature", none, CodeList::nat_pce_depense, CodeList::nat_pce_recette},
    Coded{K::piece, "edition", CodeList::edition, none, none},
    Coded{K::piece, "etat", none, CodeList::etat_piece_depense, CodeList::etat_piece_recette},
    Coded{K::piece, "motif", none, CodeList::motif_depense, CodeList::motif_recette},
    Coded{K::ligne, "mode_reglement", none, CodeList::mod_regl_depense, CodeList::mod_regl_recette},
    Coded{K::ligne, "origine_nature", none, CodeList::nat_pce_orig_depense, CodeList::nat_pce_orig_recette},
    Coded{K::ligne, "nature_id_tiers", CodeList::nat_id_tiers, none, none},
    Coded{K::ligne, "etat", none, CodeList::etat_ligne_depense, CodeList::etat_ligne_recette},
    Coded{K::ligne, "motif", none, CodeList::motif_depense, CodeList::motif_recette},
    Coded{K::ligne, "cession", CodeList::cession_opposition, none, none},
    Coded{K::paiement, "origine", none, CodeList::emargement_depense, CodeList::emargement_recette},
    Coded{K::pj_ref, "support", CodeList::support_pj, none, none},
    Coded{K::pj_ref, "type", CodeList::type_pj, none, none},
    Coded{K::pj, "type", CodeList::type_pj, none, none},
    Coded{K::ref_compta, "domaine", CodeList::domaine_pj, none, none},
    Coded{K::asap, "type_bordereau", CodeList::typ_bord_recette, none, none},
    Coded{K::asap, "type", CodeList::typ_pce_recette, none, none},
    Coded{K::asap, "etat_complement", CodeList::etat_pj_asap, none, none},
    Coded{K::asap, "motif_courrier", CodeList::rejet_asap_courrier, none, none},
    Coded{K::asap, "motif_mail", CodeList::rejet_asap_mail, none, none},
    Coded{K::retour, "domaine", CodeList::domaine_ack_retour, none, none},
    Coded{K::retour, "typ_restit", CodeList::typ_restit, none, none},
};

bool of_depense(Domaine domaine) {
  return domaine == Domaine::depense || domaine == Domaine::depense_retour;
}

bool of_recette(Domaine domaine) {
  return domaine == Domaine::recette || domaine == Domaine::recette_retour;
}

}  // namespace

Domaine domaine_of(std::string_view element) {
  if (element == "PES_DepenseAller") return Domaine::depense;
  if (element == "PES_RecetteAller") return Domaine::recette;
  if (element == "PES_DepenseRetour") return Domaine::depense_retour;
  if (element == "PES_RecetteRetour") return Domaine::recette_retour;
  return element == "PES_Facture" ? Domaine::facture : Domaine::other;
}

std::optional<PartKind> opened_by(PartKind inside, std::string_view element) {
  const auto* at = std::find_if(openings.begin(), openings.end(), [&](const Opening& one) {
    return one.inside == inside && one.element == element;
  });
  if (at == openings.end()) return {};
  return at->opens;
}

bool is_inner(PartKind kind) {
  return kind == K::pj_ref || kind == K::ref_compta || kind == K::paiement || kind == K::reste;
}

std::string_view key_of(PartKind kind, std::string_view parent, std::string_view element) {
  const auto& range = ranges[static_cast<std::size_t>(kind)];
  const auto* const end = leaves.data() + range.end;
  const auto* at = std::find_if(leaves.data() + range.begin, end, [&](const Leaf& one) {
    return one.element == element && (one.parent.empty() || one.parent == parent);
  });
  return at == end ? std::string_view{} : at->key;
}

std::optional<CodeList> list_of(PartKind kind, Domaine domaine, std::string_view key) {
  const auto* at = std::find_if(coded.begin(), coded.end(),
                                [&](const Coded& one) { return one.kind == kind && one.key == key; });
  if (at == coded.end()) return {};
  if (at->any) return at->any;
  if (of_depense(domaine)) return at->depense;
  return of_recette(domaine) ? at->recette : none;
}

}  // namespace demat::pes::detail
