#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "gateway/api/context.hpp"
#include "gateway/steering/gate.hpp"
#include "gateway/steering/overdue.hpp"
#include "gateway/store/steering.hpp"

/// Steering as the JSON of docs/openapi.yaml.
namespace demat::api {

/// Every destination of the configuration with pauses, breaker, window and queue.
[[nodiscard]] Result<boost::json::array> destinations_json(const Context& context);
[[nodiscard]] boost::json::object obstacle_json(const steering::Obstacle& obstacle);
[[nodiscard]] boost::json::object group_json(const store::ErrorGroup& group);
[[nodiscard]] boost::json::object overdue_json(const store::OverdueCount& kind);

}  // namespace demat::api
