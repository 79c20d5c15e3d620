#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "gateway/store/store.hpp"

namespace demat::actes_road {

/// A file that an acte carries.
struct Carried {
  std::uint32_t place = 1;  ///< of the acte within the flow
  std::string type;         ///< typologie; empty when it has none
};

/// By number of document: whose files the "acte" and "annexe" documents of a flow are. Of a deposit its
/// manifest says it, of a ready-made envelope its messages.
[[nodiscard]] Result<std::map<std::uint32_t, Carried>> carried_files(
    store::Store& store, const flow::Flow& flow, const std::vector<flow::Document>& documents);

}  // namespace demat::actes_road
