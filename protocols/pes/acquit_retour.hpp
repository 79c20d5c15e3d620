#pragma once

#include <string>
#include <string_view>

#include "protocols/base/result.hpp"
#include "protocols/pes/retour.hpp"

namespace demat::pes {

/// What an acquit of a return says beside what the return says (helios 1.6).
struct AcquitRetourParts {
  std::string nom_fic;   ///< of the acquit itself
  std::string day;       ///< YYYY-MM-DD: DteStr and DateAcquit
  std::string emetteur;  ///< Sigle of the authority; UTF-8, shortened to what the element takes
  std::string adresse;   ///< Adresse of the authority; likewise
  std::string retour;    ///< NomFic of the return, or the name it came under
};

/// Whether Hélios takes an acquit of this return at all: one for dépense or recette (DomaineAckRetour 13,
/// 14); clients and ASAP have none.
[[nodiscard]] bool has_acquit(const Retour& retour);

/// PES_ACQUIT_RETOUR of a return, ISO-8859-1, one ElementACQUIT_RETOUR per domain. The header is the
/// return's, CodColl as CodCol. Errors, permanent: `return.no_acquit` (see has_acquit()),
/// `return.acquit_impossible` when a value of the return is none that the schema of the acquit takes, the
/// element in the detail. Pure.
[[nodiscard]] Result<std::string> write_acquit_retour(const Retour& retour, const AcquitRetourParts& parts);

}  // namespace demat::pes
