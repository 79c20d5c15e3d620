#pragma once

#include <span>
#include <string>
#include <string_view>

namespace demat::pes {

/// What a code of a PES means, in both languages; texts live as long as the program.
struct Label {
  std::string_view code;
  std::string_view fr;
  std::string_view en;
};

/// Which list a code is of. Dépense and recette number alike things differently (pes530 §6, §7.3): there is
/// no list for both.
enum class CodeList {
  typ_bord_depense,
  typ_bord_recette,
  typ_pce_depense,
  typ_pce_recette,
  nat_pce_depense,
  nat_pce_recette,
  nat_pce_orig_depense,
  nat_pce_orig_recette,
  mod_regl_depense,
  mod_regl_recette,
  edition,            ///< of a titre
  cadre_facturation,  ///< of a titre, of an electronic invoice
  type_fact,          ///< PES_Facture
  type_pj,
  support_pj,  ///< PJRef/Support
  domaine_pj,  ///< RefCompta/Domaine
  nat_id_tiers,
  cat_tiers,         ///< labels changed after 5.17
  cat_tiers_retour,  ///< of PES_Retour, which has three
  nat_jur,
  typ_tiers,
  nature_marche,
  nature_concession,
  typ_restit,
  domaine_ack_retour,
  etat_piece_depense,  ///< PES_Retour
  etat_piece_recette,
  etat_ligne_depense,
  etat_ligne_recette,
  motif_depense,  ///< ObsEtat
  motif_recette,
  cession_opposition,
  emargement_depense,  ///< OrgEma
  emargement_recette,
  etat_pj_asap,
  rejet_asap_courrier,
  rejet_asap_mail,
};

/// All rows of a list, by code; `pack` ("5.17") names the schema version where labels have changed, empty is
/// the newest. Thread-safe, as all here.
[[nodiscard]] std::span<const Label> labels(CodeList list, std::string_view pack = {});
/// The row of a code; nullptr for one that is not in the list.
[[nodiscard]] const Label* label_of(CodeList list, std::string_view code, std::string_view pack = {});
/// "01 ordinaire" for people, in French; the bare code when it is not known.
[[nodiscard]] std::string labelled(CodeList list, std::string_view code, std::string_view pack = {});
/// The same in English.
[[nodiscard]] std::string labelled_en(CodeList list, std::string_view code, std::string_view pack = {});

namespace detail {
/// The lists of what comes back, apart for their length. Empty for the others.
[[nodiscard]] std::span<const Label> retour_labels(CodeList list);
/// Those that name people and papers: tiers, attachments, invoices, contracts. Empty for the others.
[[nodiscard]] std::span<const Label> party_labels(CodeList list, std::string_view pack);
}  // namespace detail

}  // namespace demat::pes
