#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/result.hpp"
#include "protocols/pes/header.hpp"
#include "protocols/xml/source.hpp"

namespace demat::pes {

/// Pieces kept of one PES_Retour; those beyond are counted.
inline constexpr std::size_t max_retour_pieces = 10'000;

/// What became of one mandat or titre (helios 1.5).
struct RetourPiece {
  std::string domaine;  ///< "depense" or "recette"
  std::string exercice;
  std::string bordereau;
  std::string piece;
  std::string
      etat;  ///< EtatPce as it came: "01" en instance, "02" prise en charge, "04" rejeté, "05" soldé...
  std::string motif;        ///< ObsEtat of the piece, else of its first line that has one
  std::string commentaire;  ///< likewise
};

/// A PES_Retour, tolerantly decoded. Its owner is found by header.id_coll (SIRET; helios 8.2).
struct Retour {
  Header header;                      ///< typ_fic PES2R_DEP, PES2R_RCE...; nom_fic
  std::string typ_restit;             ///< 01 rejet, 02 périodique, 03 stock
  std::vector<std::string> domaines;  ///< names of the domains present, in order
  std::vector<RetourPiece> pieces;    ///< at most max_retour_pieces
  std::size_t pieces_total = 0;
  std::size_t clients = 0;                      ///< entries of PES_ClientRetour
  std::map<std::string, std::size_t> par_etat;  ///< pieces by EtatPce; unknown codes are kept
};

/// Decodes in one pass, in bounded memory, without schema. Errors: `retour.unreadable` when the document is
/// not XML or its root is not PES_Retour; a waiting error of the source as it is.
[[nodiscard]] Result<Retour> decode_retour(const xml::ByteSource& source);

/// French and English label of an EtatPce ("04" -> "rejetée"); empty when unknown.
[[nodiscard]] std::string_view etat_piece_label(std::string_view etat);
[[nodiscard]] std::string_view etat_piece_label_en(std::string_view etat);

}  // namespace demat::pes
