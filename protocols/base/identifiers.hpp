#pragma once

#include <string_view>

#include "protocols/base/strong.hpp"

namespace demat {

using Siren = Strong<struct SirenTag>;    ///< 9 digits
using Siret = Strong<struct SiretTag>;    ///< 14 digits: SIREN + 5
using NomFic = Strong<struct NomFicTag>;  ///< name a PES carries of itself (helios 3.1), not a file name
using Sha256 = Strong<struct Sha256Tag>;  ///< 64 lower-case hexadecimal digits
using Sha1 = Strong<struct Sha1Tag>;      ///< 40 lower-case hexadecimal digits, for the trace register (R-09)

/// Nine digits with a right Luhn key; La Poste's SIREN is no exception at this length.
[[nodiscard]] bool is_siren(std::string_view text);

/// Fourteen digits beginning with a SIREN; the Luhn key of the whole is checked except for La Poste
/// (356000000).
[[nodiscard]] bool is_siret(std::string_view text);

/// The SIREN of a SIRET: its first nine digits. Empty when `siret` is shorter.
[[nodiscard]] Siren siren_of(const Siret& siret);

}  // namespace demat
