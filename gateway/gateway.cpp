#include "gateway/gateway.hpp"

#include <algorithm>
#include <stop_token>
#include <thread>

#include "gateway/care_tasks.hpp"
#include "gateway/observed_peer.hpp"
#include "gateway/parts.hpp"
#include "gateway/port_file.hpp"

namespace demat {

Status Gateway::Parts::open(const config::Settings& settings) {
  logger = wiring::make_logger(settings);
  recorder = std::make_unique<pipeline::Recorder>(*logger, metrics);
  auto generation = make_generation(settings, fingerprint_of(source.file), clock.now());
  if (!generation) return failure(generation.error());
  current.set(std::move(*generation));
  auto opened = store::open_sqlite_store(wiring::store_options(settings), clock);
  if (!opened) return failure(opened.error());
  store = std::move(*opened);
  return {};
}

Status Gateway::Parts::recover() {
  const auto report = store->recover(clock.now());
  if (!report) return failure(report.error());
  logger->info("store.recovered", {{"temporary_files", report->temporary_files_swept},
                                   {"interrupted_sends", report->interrupted_sends},
                                   {"leases", report->leases_cleared}});
  return {};
}

/// Long with many large payloads: beside the work, so that the doors open at once (decisions, Durability).
void Gateway::Parts::reconcile(const std::stop_token& stop) {
  const auto report = store->reconcile([&stop] { return !stop.stop_requested(); });
  if (!report) return recorder->alarm("store.not_reconciled", "store", report.error().detail);
  logger->info("store.reconciled",
               {{"orphan_blobs", report->orphan_blobs}, {"missing_blobs", report->missing_blobs.size()}});
  for (const auto& missing : report->missing_blobs)
    recorder->alarm("store.blob_missing", missing.str(), "a stored payload is gone");
}

void Gateway::Parts::start_pipeline() {
  actes = std::make_unique<wiring::ActesParts>(*store, clock, *recorder, current,
                                               [this] { engine->wake_check(); });
  engine = std::make_unique<Engine>([this, sends = std::make_shared<pipeline::InHand>()](
                                        const Generation& generation) {
    auto own_gate = std::make_shared<steering::Gate>(generation.settings, *store, clock, *logger);
    gate.set(own_gate);
    return std::make_unique<pipeline::Pipeline>(pipeline::Dependencies{
        *store, clock, *recorder, generation.settings, generation.keys,
        [inspection = generation.inspection] { return inspection; },
        wiring::make_scanner(generation.settings, *recorder),
        [this](const config::Destination& destination) { return make_observed_peer(destination, *recorder); },
        std::move(own_gate), actes->roads(generation), sends});
  });
  const auto wake = [this] { engine->wake(); };
  verbs = std::make_unique<pipeline::Verbs>(*store, wake);
  agents = std::make_unique<pipeline::AgentSignatures>(
      wiring::agent_parts(current, *store, clock, *recorder, wake));
  orphans = std::make_unique<pipeline::Orphans>(*store, *recorder, actes->roads(*current.get()));
  intake = std::make_unique<intake::Intake>(*store, clock, current.get()->settings.environment,
                                            [this] { engine->wake_check(); });
  acquits = std::make_unique<pipeline::ReturnAcquits>(
      *store, clock, *recorder, current.get()->settings.environment, [this] { engine->wake_check(); });
  wiring::add_gauges(metrics, *store, clock);
  engine->run(current.get());
}

void Gateway::Parts::start_watching() {
  periodic = std::make_unique<Periodic>(clock, *recorder);
  health = std::make_unique<HealthSources>(
      HealthSources{source, current, *store, *recorder, *periodic, clock, clock.now()});
  wiring::add_health_gauges(metrics, *health);
  wiring::add_watch_tasks(*periodic, *health);
  wiring::add_trust_watch(*periodic, *health, *verbs);
  wiring::add_client_watch(*periodic, *health, clients);
  wiring::add_list_fetching(*periodic, metrics, *health, fetchers);
  wiring::add_care_gauges(metrics, *health);
  wiring::add_care_tasks(*periodic, *health, *logger);
  steering = std::make_unique<SteeringSources>(SteeringSources{current, *store, *recorder, gate, clock});
  wiring::add_steering(*periodic, metrics, *steering);
  actes_sources = std::make_unique<ActesSources>(ActesSources{current, *store, *recorder, clock});
  wiring::add_actes_watch(*periodic, metrics, *actes_sources, actes->intake());
  wiring::add_sweeping(*periodic, current, *store, clock);
  pushing = wiring::start_pushing(current, *store, clock, *recorder);
  wiring::add_mail_gauges(metrics, *store, clock);
}

Status Gateway::Parts::open_doors() {
  const auto now = current.get();
  const auto& settings = now->settings;
  services = wiring::make_services({current, *store, *intake, *verbs, *agents, *orphans, *actes, pushing,
                                    *logger, metrics, clock, *health, gate});
  services->acquits = acquits.get();
  services->list_places = [this] { return fetchers.states(); };
  services->fetch_lists = [this] {
    fetchers.all_now();
    periodic->hurry("lists");
  };
  auto started = http::Server::start(
      wiring::server_options(settings, *logger, metrics, wiring::make_client_judge(current, clock, clients)),
      api::make_routes(*services));
  if (!started) return failure(started.error());
  server = std::move(*started);
  if (!settings.http.metrics_listen.empty()) {
    auto listening =
        http::PlainServer::start(settings.http.metrics_listen, api::make_plain_routes(*services));
    if (!listening) return failure(listening.error());
    plain = std::move(*listening);
  }
  if (!settings.http.port_file.empty()) return write_port_file(settings.http.port_file, server->port());
  return {};
}

Gateway::Gateway(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Gateway::~Gateway() {
  stop();
}

Result<std::unique_ptr<Gateway>> Gateway::start(const ConfigSource& source, const config::Settings& settings,
                                                const ServiceManager& manager) {
  std::unique_ptr<Gateway> gateway(new Gateway(std::make_unique<Parts>(source, manager)));
  Parts& parts = *gateway->parts_;
  if (auto status = parts.open(settings); !status) return failure(status.error());
  if (auto status = parts.recover(); !status) return failure(status.error());
  parts.start_pipeline();
  parts.start_watching();
  parts.reconciler = std::jthread([&parts](const std::stop_token& stop) { parts.reconcile(stop); });
  if (auto status = parts.open_doors(); !status) return failure(status.error());
  parts.start_reloader();
  parts.logger->info(
      "gateway.started",
      {{"environment", settings.environment}, {"version", DEMATD_VERSION}, {"port", parts.server->port()}});
  return gateway;
}

std::string Gateway::hangs(std::chrono::milliseconds patience) const {
  if (!parts_->server->turns(patience)) return "http";
  std::string late;
  parts_->engine->visit([&late](const pipeline::Pipeline& pipeline) { late = pipeline.late_worker(); });
  return late;
}

std::chrono::milliseconds Gateway::drain_time() const {
  constexpr std::chrono::milliseconds requests{30'000};
  std::chrono::milliseconds longest{0};
  const auto generation = parts_->current.get();
  for (const auto& destination : generation->settings.destinations)
    longest = std::max(longest, destination.connect_timeout + destination.transfer_timeout);
  return requests + longest;
}

void Gateway::tell_hanging(std::string_view before, std::string_view now) {
  if (!before.empty()) parts_->recorder->resolved("gateway.hangs", before);
  if (!now.empty()) parts_->recorder->alarm("gateway.hangs", now, "it takes no turn any more");
}

void Gateway::tell_forced_end(std::string_view because) {
  parts_->logger->alarm("gateway.stop_forced", {{"because", because}});
  parts_->logger->flush();
}

/// The local door for metrics closes last, so that the end can be watched.
void Gateway::stop() {
  Parts& parts = *parts_;
  if (!parts.logger || parts.stopped.exchange(true)) return;
  parts.reloader.request_stop();
  if (parts.server) parts.server->stop();
  if (parts.engine) parts.engine->stop();
  if (parts.reloader.joinable()) parts.reloader.join();
  if (parts.periodic) parts.periodic->stop();
  if (parts.plain) parts.plain->stop();
  parts.reconciler = {};
  parts.logger->info("gateway.stopped");
  parts.logger->flush();
}

}  // namespace demat
