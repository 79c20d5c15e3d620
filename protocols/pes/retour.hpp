#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocols/base/result.hpp"
#include "protocols/pes/header.hpp"
#include "protocols/xml/source.hpp"

namespace demat::pes {

/// Pieces kept of one PES_Retour by decode_retour(); those beyond are counted.
inline constexpr std::size_t max_retour_pieces = 10'000;
/// Bytes kept of one value of a PES_Retour; the longest of the schema (Commentaire) has 400 characters.
inline constexpr std::size_t max_retour_value = 1'600;

/// A payment of a mandat's line, or a collection of a titre's (PaiementEmargement, EncaissementEmargement).
struct RetourPaiement {
  std::string origine;  ///< OrgEma
  std::string date;     ///< DtePay, DteReco
  std::string montant;  ///< MtPay, MtReco
};

/// A ligne de pièce; amounts and dates as they came, empty when absent.
struct RetourLigne {
  std::string ligne;        ///< IdLigne
  std::string etat;         ///< EtatLigPce
  std::string motif;        ///< ObsEtat: codes of reasons, "-" between several
  std::string commentaire;  ///< the accountant's words
  std::string mt_ht;
  std::string mt_tva;
  std::string nombre_paiements;  ///< NbrPay, NbrReco
  std::string total_paiements;   ///< MtPayTot, MtRecoTot
  std::string ref_tiers;         ///< RefTiers of the line's tiers
  std::string id_marche;
  std::string cession;            ///< CessOpp
  std::string suspension;         ///< CodeSuspPour
  std::string date_suspension;    ///< DteSuspPour
  std::string date_reprise;       ///< DteRepPour
  std::string etape;              ///< EtapePce of the pursuit
  std::string date_etape;         ///< DteEtapePce
  std::string contentieux;        ///< MtCtxTot
  std::string reste_principal;    ///< SldPrinc
  std::string reste_frais;        ///< SldFrais
  std::string echeances_restant;  ///< NbrePaiRest
  std::vector<RetourPaiement> paiements{};
  std::size_t paiements_total = 0;
};

/// What became of one mandat or titre (helios 1.5), or of a whole bordereau of ORMC (BordereauORMCGlobal,
/// `piece` empty).
struct RetourPiece {
  std::string domaine;  ///< "depense" or "recette"
  std::string exercice;
  std::string bordereau;
  std::string typ_bord;
  std::string piece;
  std::string typ_pce;
  std::string nat_pce;
  std::string objet;
  std::string etat;           ///< EtatPce as it came: "01" en instance, "02" prise en charge, "04" rejeté...
  std::string motif;          ///< ObsEtat of the piece, else of its first line that has one
  std::string commentaire;    ///< likewise
  std::string date_pec;       ///< DtePcePec
  std::string date_rejet;     ///< DtePceRej
  std::string date_instance;  ///< DtePceInst
  std::string numero_dette;   ///< InfoORMC/NumDette
  std::string mt_ttc;         ///< of BordereauORMCGlobal
  bool global = false;        ///< a whole bordereau of ORMC
  std::vector<RetourLigne> lignes{};
  std::size_t lignes_total = 0;
};

/// What a tiers still owes, by local product.
struct RetourClient {
  struct Reste {
    std::string produit;  ///< CodProdLoc
    std::string rar;      ///< reste à recouvrer
    std::string frais;    ///< RarFrais
  };
  std::string ref_tiers;
  std::vector<Reste> restes{};
  std::size_t restes_total = 0;
};

/// What became of an avis des sommes à payer (pes530 10).
struct RetourAsap {
  std::string id_unique;      ///< IdUniquePJASAP
  std::string id_complement;  ///< IdUniquePJCplt
  std::string exercice;
  std::string bordereau;
  std::string typ_bord;
  std::string piece;
  std::string typ_pce;
  std::string etat_complement;     ///< EtatPJComplt
  std::string date_postalisation;  ///< posted
  std::string date_notification;   ///< told by mail
  std::string date_lecture;        ///< Date1ereLecture
  std::string date_rejet;
  std::string motif_postal;  ///< MotifRejetPostalisation
  std::string motif_mail;    ///< MotifRejetNotificationParMail
  std::string relance;       ///< IndicRelanceAsap
};

/// Takes a return piece by piece.
class RetourSink {
 public:
  virtual ~RetourSink() = default;
  virtual void piece(RetourPiece /*piece*/) {}
  virtual void client(RetourClient /*client*/) {}
  virtual void asap(RetourAsap /*asap*/) {}
  /// False ends the reading early, successfully.
  [[nodiscard]] virtual bool wants_more() const { return true; }
};

/// How much of a piece is kept; what is beyond is counted.
struct RetourBounds {
  std::size_t first_ligne = 0;  ///< lines of each piece passed over
  std::size_t lignes = 200;
  std::size_t paiements = 100;  ///< of a line; and products of a client
};

/// A PES_Retour, tolerantly decoded. Its owner is found by header.id_coll (SIRET; helios 8.2).
struct Retour {
  using Etat = std::pair<std::string, std::string>;  ///< domaine, EtatPce

  Header header;                                    ///< typ_fic PES2R_DEP, PES2R_RCE...; nom_fic
  std::string recepteur_sigle;                      ///< of the Enveloppe; empty when absent
  std::string recepteur_adresse;                    ///< likewise
  std::string typ_restit;                           ///< the first: 01 rejet, 02 périodique, 03 stock
  std::vector<std::string> domaines;                ///< names of the domains present, in order
  std::map<std::string, std::string> restitutions;  ///< TypRestit by name of domain
  std::vector<RetourPiece> pieces;                  ///< at most max_retour_pieces, without their lines
  std::size_t pieces_total = 0;
  std::size_t lignes_total = 0;
  std::size_t clients = 0;                      ///< entries of PES_ClientRetour
  std::size_t asaps = 0;                        ///< entries of PES_AsapRetour
  std::map<std::string, std::size_t> par_etat;  ///< pieces by EtatPce; unknown codes are kept
  std::map<Etat, std::size_t> par_domaine_et_etat;
};

/// Decodes in one pass, in bounded memory, without schema. Errors: `retour.unreadable` when the document is
/// not XML or its root is not PES_Retour; a waiting error of the source as it is.
[[nodiscard]] Result<Retour> decode_retour(const xml::ByteSource& source);

/// The same pass, its pieces given to `sink` one after the other with their lines; `pieces` stays empty.
[[nodiscard]] Result<Retour> read_retour(const xml::ByteSource& source, RetourSink& sink,
                                         const RetourBounds& bounds = {});

/// "depense", "recette", "client", "asap" for the name of a domain ("PES_DepenseRetour"); the name itself
/// when it is another.
[[nodiscard]] std::string_view domaine_of(std::string_view name);

/// French and English label of an EtatPce of a mandat ("04" -> "rejetée"); empty when unknown. Every other
/// code: retour_codes.hpp.
[[nodiscard]] std::string_view etat_piece_label(std::string_view etat);
[[nodiscard]] std::string_view etat_piece_label_en(std::string_view etat);

}  // namespace demat::pes
