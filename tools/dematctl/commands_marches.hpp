#pragma once

#include "tools/dematctl/commands.hpp"

namespace demat::ctl {

struct MarchesListing {
  std::string contrat;  ///< empty: all
  std::size_t limit = 50;
};

/// The contracts of an authority with their records and what became of each (GET /v1/marches).
[[nodiscard]] Exit marches_list(Session& session, const MarchesListing& listing);

}  // namespace demat::ctl
