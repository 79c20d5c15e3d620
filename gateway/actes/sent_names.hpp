#pragma once

#include <string>
#include <vector>

#include "gateway/store/store.hpp"

namespace demat::actes_road {

/// Under which names the files of the `place`-th message of a flow left, the acte first: read in the envelope
/// that left, which is the only witness. Empty while there is none, or for a message without files. The
/// reading ends with the message and keeps no file in memory. Thread-safe.
[[nodiscard]] Result<std::vector<std::string>> sent_names(store::Store& store,
                                                          const std::vector<flow::Document>& documents);

}  // namespace demat::actes_road
