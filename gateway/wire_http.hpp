#pragma once

#include <functional>
#include <memory>

#include "gateway/api/services.hpp"
#include "gateway/config/settings.hpp"
#include "gateway/health.hpp"
#include "gateway/http/server.hpp"
#include "gateway/intake/intake.hpp"
#include "gateway/observe/log.hpp"
#include "gateway/observe/metrics.hpp"
#include "gateway/pipeline/agent_signatures.hpp"
#include "gateway/pipeline/orphans.hpp"
#include "gateway/pipeline/verbs.hpp"
#include "gateway/steering/gate.hpp"
#include "gateway/store/store.hpp"
#include "gateway/wire_actes.hpp"
#include "gateway/wire_push.hpp"

namespace demat::wiring {

/// What the doors work with; all references outlive them.
struct DoorParts {
  const CurrentGeneration& current;
  store::Store& store;
  intake::Intake& intake;
  pipeline::Verbs& verbs;
  pipeline::AgentSignatures& agents;
  pipeline::Orphans& orphans;
  ActesParts& actes;
  const Pushing& pushing;
  observe::Logger& logger;
  observe::Metrics& metrics;
  const Clock& clock;
  const HealthSources& health;
  const steering::CurrentGate& gate;
};

/// What signatures by agents' cards work with: the generation in force at each call.
[[nodiscard]] pipeline::AgentSignatures::Parts agent_parts(const CurrentGeneration& current,
                                                           store::Store& store, const Clock& clock,
                                                           pipeline::Recorder& recorder,
                                                           std::function<void()> wake);

[[nodiscard]] std::unique_ptr<api::Services> make_services(const DoorParts& parts);

/// The server's own options: the environment in every answer, each request in log and metrics. `judge`: of
/// client certificates, used with http.client_trust.
[[nodiscard]] http::ServerOptions server_options(const config::Settings& settings, observe::Logger& logger,
                                                 observe::Metrics& metrics, http::PeerJudge judge);

}  // namespace demat::wiring
