#include "gateway/wiring.hpp"

namespace demat::wiring {

void add_steering(Periodic& periodic, observe::Metrics& metrics, const SteeringSources& sources) {
  metrics.add_collector([&sources] { return steering_samples(sources); });
  periodic.add({"steering", std::chrono::milliseconds(15'000),
                [&sources](const std::stop_token&) { return watch_steering(sources); }});
}

}  // namespace demat::wiring
