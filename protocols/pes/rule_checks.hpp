#pragma once

#include "protocols/pes/observed.hpp"

/// What each structural rule looks at; rule_table.cpp says what it is. Internal to this folder.
namespace demat::pes::checks {

[[nodiscard]] Hits kind(const Observed& seen);
[[nodiscard]] Hits encoding(const Observed& seen);
[[nodiscard]] Hits nom_fic_missing(const Observed& seen);
[[nodiscard]] Hits nom_fic_too_long(const Observed& seen);
[[nodiscard]] Hits cod_col(const Observed& seen);
[[nodiscard]] Hits id_post(const Observed& seen);
[[nodiscard]] Hits cod_bud(const Observed& seen);
[[nodiscard]] Hits id_coll_missing(const Observed& seen);
[[nodiscard]] Hits id_coll(const Observed& seen);
[[nodiscard]] Hits version(const Observed& seen);
[[nodiscard]] Hits id_ver(const Observed& seen);
[[nodiscard]] Hits pj_id_ver(const Observed& seen);
[[nodiscard]] Hits no_content(const Observed& seen);
[[nodiscard]] Hits uncovered(const Observed& seen);
[[nodiscard]] Hits signed_on_paper(const Observed& seen);
[[nodiscard]] Hits would_sign_paper(const Observed& seen);
[[nodiscard]] Hits nothing_to_sign(const Observed& seen);
[[nodiscard]] Hits misplaced(const Observed& seen);
[[nodiscard]] Hits repeated(const Observed& seen);
[[nodiscard]] Hits too_many(const Observed& seen);
[[nodiscard]] Hits piece_count(const Observed& seen);

}  // namespace demat::pes::checks
