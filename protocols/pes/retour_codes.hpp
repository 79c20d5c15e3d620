#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocols/base/finding.hpp"

namespace demat::pes {

/// The lists of codes that a PES_Retour speaks in.
enum class RetourTable {
  typ_restit,       ///< TypRestit, of every domain
  etat_piece,       ///< EtatPce
  etat_ligne,       ///< EtatLigPce
  motif,            ///< one code of ObsEtat
  origine,          ///< OrgEma: what settled a line
  cession,          ///< CessOpp
  suspension,       ///< CodeSuspPour
  etape,            ///< EtapePce: how far a pursuit is
  etat_complement,  ///< EtatPJComplt of an ASAP
  motif_postal,     ///< MotifRejetPostalisation
  motif_mail,       ///< MotifRejetNotificationParMail
};

/// What a code means, in French and English, in our own words. The same code may mean another thing for
/// "depense" and "recette". Both empty when it is unknown: unknown codes of the State are shown as they came.
[[nodiscard]] Words retour_words(RetourTable table, std::string_view domaine, std::string_view code);

/// An ObsEtat taken apart: it is free text that begins with one or several codes of two digits.
struct Motif {
  std::vector<std::string> codes;
  std::string text;  ///< what follows them
};
[[nodiscard]] Motif motif_of(std::string_view obs_etat);

/// The reasons in words, "; " between them; a code that is unknown stands as it came.
[[nodiscard]] Words motif_words(std::string_view domaine, std::string_view obs_etat);

}  // namespace demat::pes
