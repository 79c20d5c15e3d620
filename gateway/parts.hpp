#pragma once

#include <atomic>
#include <memory>
#include <thread>

#include "gateway/api/routes.hpp"
#include "gateway/engine.hpp"
#include "gateway/gateway.hpp"
#include "gateway/health.hpp"
#include "gateway/http/plain_server.hpp"
#include "gateway/http/server.hpp"
#include "gateway/periodic.hpp"
#include "gateway/pipeline/agent_signatures.hpp"
#include "gateway/pipeline/orphans.hpp"
#include "gateway/pipeline/return_acquits.hpp"
#include "gateway/pipeline/verbs.hpp"
#include "gateway/steering_watch.hpp"
#include "gateway/wire_actes.hpp"
#include "gateway/wire_clients.hpp"
#include "gateway/wire_http.hpp"
#include "gateway/wire_lists.hpp"
#include "gateway/wire_push.hpp"
#include "gateway/wiring.hpp"

namespace demat {

/// Members are destroyed in reverse order: doors first, store last.
struct Gateway::Parts {
  Parts(ConfigSource from, const ServiceManager& told) : source(std::move(from)), manager(told) {}

  ConfigSource source;
  const ServiceManager& manager;
  SystemClock clock;
  CurrentGeneration current;
  std::unique_ptr<observe::Logger> logger;
  observe::Metrics metrics;
  std::unique_ptr<pipeline::Recorder> recorder;
  std::unique_ptr<store::Store> store;
  steering::CurrentGate gate;
  trust_desk::ClientGate clients;
  wiring::Fetchers fetchers;
  std::unique_ptr<wiring::ActesParts> actes;
  std::unique_ptr<Engine> engine;
  std::unique_ptr<pipeline::Verbs> verbs;
  std::unique_ptr<pipeline::AgentSignatures> agents;
  std::unique_ptr<pipeline::Orphans> orphans;
  std::unique_ptr<pipeline::ReturnAcquits> acquits;
  wiring::Pushing pushing;
  std::unique_ptr<intake::Intake> intake;
  std::unique_ptr<Periodic> periodic;
  std::unique_ptr<HealthSources> health;
  std::unique_ptr<SteeringSources> steering;
  std::unique_ptr<ActesSources> actes_sources;
  std::unique_ptr<api::Services> services;
  std::unique_ptr<http::Server> server;
  std::unique_ptr<http::PlainServer> plain;
  std::jthread reconciler;  ///< ends by itself, or early when asked to stop
  pipeline::Signal reload_wanted;
  std::uint64_t reloads_done = 0;  ///< of the reloader thread
  std::jthread reloader;
  std::atomic<bool> stopped = false;

  Status open(const config::Settings& settings);
  Status recover();
  void reconcile(const std::stop_token& stop);
  void start_pipeline();
  void start_watching();
  Status open_doors();
  void start_reloader();

  // reload.cpp
  void reload();
  void tell_refused(const std::vector<Error>& errors);
};

}  // namespace demat
