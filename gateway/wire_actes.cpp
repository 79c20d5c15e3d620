#include "gateway/wire_actes.hpp"

#include "gateway/actes/road.hpp"
#include "gateway/wiring.hpp"

namespace demat::wiring {

ActesParts::ActesParts(store::Store& store, const Clock& clock, pipeline::Recorder& recorder,
                       const CurrentGeneration& current, std::function<void()> wake)
    : store_(store),
      clock_(clock),
      recorder_(recorder),
      current_(current),
      wake_(std::move(wake)),
      classifications_(store.actes()),
      intake_(store, classifications_, clock, wake_),
      papers_(store, classifications_, clock, current.get()->settings.environment,
              current.get()->settings.operator_name) {}

pipeline::Roads ActesParts::roads(const Generation& generation) {
  auto road = std::make_shared<actes_road::ActesRoad>(actes_road::RoadDependencies{
      store_, clock_, recorder_,
      [this] {
        auto now = current_.get();
        return std::shared_ptr<const config::Settings>(now, &now->settings);
      },
      make_scanner(generation.settings, recorder_), classifications_, intake_, wake_});
  return {{std::string(flow::actes_protocol), std::move(road)}};
}

}  // namespace demat::wiring
