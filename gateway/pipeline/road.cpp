#include "gateway/pipeline/road.hpp"

namespace demat::pipeline {

const Road* road_of(const Roads& roads, std::string_view protocol) {
  const auto found = roads.find(protocol);
  return found == roads.end() ? nullptr : found->second.get();
}

const Road* road_of_return(const Roads& roads, std::string_view kind) {
  return road_of(roads, kind.substr(0, kind.find('_')));
}

std::string_view kind_of_returns(config::LinkMode mode) {
  return mode == config::LinkMode::prefecture ? "actes_mail" : "unknown";
}

}  // namespace demat::pipeline
