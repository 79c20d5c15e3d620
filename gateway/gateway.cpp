#include "gateway/gateway.hpp"

#include "gateway/api/routes.hpp"
#include "gateway/http/plain_server.hpp"
#include "gateway/http/server.hpp"
#include "gateway/pipeline/pipeline.hpp"
#include "gateway/pipeline/verbs.hpp"
#include "gateway/port_file.hpp"
#include "gateway/wire_http.hpp"
#include "gateway/wiring.hpp"

namespace demat {

/// Members are destroyed in reverse order: doors first, store last.
struct Gateway::Parts {
  explicit Parts(const config::Settings& given) : settings(given) {}

  config::Settings settings;
  SystemClock clock;
  std::unique_ptr<observe::Logger> logger;
  observe::Metrics metrics;
  std::unique_ptr<pipeline::Recorder> recorder;
  signing::KeyRing keys;
  std::shared_ptr<const pipeline::InspectionContext> inspection;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<pipeline::Pipeline> pipeline;
  std::unique_ptr<pipeline::Verbs> verbs;
  std::unique_ptr<intake::Intake> intake;
  std::unique_ptr<api::Services> services;
  std::unique_ptr<http::Server> server;
  std::unique_ptr<http::PlainServer> plain;

  Status open();
  Status recover();
  void start_pipeline();
  Status open_doors();
};

Status Gateway::Parts::open() {
  logger = wiring::make_logger(settings);
  recorder = std::make_unique<pipeline::Recorder>(*logger, metrics);
  auto ring = wiring::load_keys(settings);
  if (!ring) return failure(ring.error());
  keys = std::move(*ring);
  auto context = wiring::load_inspection(settings);
  if (!context) return failure(context.error());
  inspection = std::move(*context);
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
                                   {"leases", report->leases_cleared},
                                   {"orphan_blobs", report->orphan_blobs},
                                   {"missing_blobs", report->missing_blobs.size()}});
  for (const auto& missing : report->missing_blobs)
    recorder->alarm("store.blob_missing", missing.str(), "a stored payload is gone");
  return {};
}

void Gateway::Parts::start_pipeline() {
  pipeline = std::make_unique<pipeline::Pipeline>(pipeline::Dependencies{
      *store, clock, *recorder, settings, keys, [this] { return inspection; }, wiring::make_scanner(settings),
      [](const config::Destination& destination) { return transport::make_peer(destination); }});
  const auto wake = [this] { pipeline->wake(); };
  verbs = std::make_unique<pipeline::Verbs>(*store, wake);
  intake = std::make_unique<intake::Intake>(*store, clock, settings.environment, wake);
  wiring::add_gauges(metrics, *store, clock);
  pipeline->start();
}

Status Gateway::Parts::open_doors() {
  services = wiring::make_services(
      {settings, *store, *intake, *verbs, *logger, metrics, clock, keys, [this] { return inspection; }});
  auto started =
      http::Server::start(wiring::server_options(settings, *logger, metrics), api::make_routes(*services));
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

Result<std::unique_ptr<Gateway>> Gateway::start(const config::Settings& settings) {
  std::unique_ptr<Gateway> gateway(new Gateway(std::make_unique<Parts>(settings)));
  Parts& parts = *gateway->parts_;
  if (auto status = parts.open(); !status) return failure(status.error());
  if (auto status = parts.recover(); !status) return failure(status.error());
  parts.start_pipeline();
  if (auto status = parts.open_doors(); !status) return failure(status.error());
  parts.logger->info(
      "gateway.started",
      {{"environment", settings.environment}, {"version", DEMATD_VERSION}, {"port", parts.server->port()}});
  return gateway;
}

void Gateway::reload() {
  parts_->logger->reopen();
  if (auto status = parts_->server->reload_certificates(); !status)
    parts_->logger->error("gateway.reload_failed", {{"because", status.error().code}});
  else
    parts_->logger->info("gateway.reloaded");
}

void Gateway::stop() {
  if (!parts_->logger) return;
  if (parts_->server) parts_->server->stop();
  if (parts_->plain) parts_->plain->stop();
  if (parts_->pipeline) parts_->pipeline->stop();
  parts_->logger->info("gateway.stopped");
  parts_->logger->flush();
  parts_->logger.reset();
}

}  // namespace demat
