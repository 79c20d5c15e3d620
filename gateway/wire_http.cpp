#include "gateway/wire_http.hpp"

#include <algorithm>
#include <mutex>
#include <optional>

#include "gateway/api/make_check.hpp"
#include "gateway/api/routes.hpp"
#include "gateway/certificates.hpp"
#include "gateway/transport/peer.hpp"
#include "protocols/xml/schema_pack.hpp"

namespace demat::wiring {
namespace {

std::string mode_name(config::LinkMode mode) {
  switch (mode) {
    case config::LinkMode::ftp_simulator:
      return "ftp_simulator";
    case config::LinkMode::gateway_ftp:
      return "gateway_ftp";
    case config::LinkMode::passtrans_ftps:
      return "passtrans_ftps";
    case config::LinkMode::prefecture:
      return "prefecture";
    case config::LinkMode::passtrans_sftp:
      break;
  }
  return "passtrans_sftp";
}

std::vector<api::DestinationInfo> destinations_of(const config::Settings& settings) {
  std::vector<api::DestinationInfo> out;
  for (const auto& destination : settings.destinations)
    out.push_back({destination.name, mode_name(destination.mode), destination.environment});
  return out;
}

/// A connection of its own, so that a probe never disturbs running transfers.
api::ProbeVerdict probe(const config::Settings& settings, const std::string& name) {
  const auto& all = settings.destinations;
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& d) { return d.name == name; });
  if (found == all.end())
    return {failure(permanent_error("destination.unknown", "Destination inconnue.", "Unknown destination.")),
            {}};
  transport::Transcript transcript;
  const auto peer = transport::make_peer(*found);
  auto status = peer->probe(transcript);
  return {std::move(status), transcript.text()};
}

/// The usual pack, and those of [[pack]] with whom and when they are for.
std::vector<api::SchemaInfo> schemas_of(const pipeline::InspectionContext& context) {
  const auto describe = [](const xml::PackInfo& info) {
    return api::SchemaInfo{info.protocol, info.version, info.title, {}, {}, {}};
  };
  std::vector<api::SchemaInfo> out{describe(context.pack->info())};
  if (!context.packs) return out;
  for (const auto& row : context.packs->rows()) {
    auto one = describe(row.pack->info());
    one.authorities = row.setting.authorities;
    one.from = row.setting.from;
    one.until = row.setting.until;
    out.push_back(std::move(one));
  }
  return out;
}

std::vector<api::CertificateInfo> certificates_of(const Generation& generation) {
  std::vector<api::CertificateInfo> out;
  for (auto& one : certificates_in_use(generation))
    out.push_back({std::move(one.role), std::move(one.name), one.not_after});
  return out;
}

/// Anybody may ask for health as often as they like; the look is taken once a second at most.
class HealthCache {
 public:
  api::Health look(const HealthSources& sources) {
    const std::lock_guard lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (!taken_ || now - *taken_ >= std::chrono::seconds(1)) {
      health_ = look_at_health(sources);
      taken_ = now;
    }
    return health_;
  }

 private:
  std::mutex mutex_;
  std::optional<std::chrono::steady_clock::time_point> taken_;
  api::Health health_;
};

/// Keeps the whole generation alive as long as the profile is used.
std::shared_ptr<const signing::SigningProfile> profile_of(const GenerationPtr& generation,
                                                          const std::string& name) {
  const auto* found = generation->keys.find(name);
  return found == nullptr ? nullptr : std::shared_ptr<const signing::SigningProfile>(generation, found);
}

/// Acts are a kind of their own among those that a key is for; all others are of PES.
bool takes(const signing::SigningProfile& profile, std::string_view protocol) {
  const bool acts = profile.domains.contains(signing::domain_actes);
  if (protocol == flow::actes_protocol) return acts;
  return protocol == "pes" && (profile.domains.empty() || profile.domains.size() > (acts ? 1U : 0U));
}

}  // namespace

pipeline::AgentSignatures::Parts agent_parts(const CurrentGeneration& current, store::Store& store,
                                             const Clock& clock, pipeline::Recorder& recorder,
                                             std::function<void()> wake) {
  return {store,
          clock,
          recorder,
          [&current] { return current.get()->inspection; },
          [&current](const std::string& name) { return profile_of(current.get(), name); },
          std::move(wake)};
}

std::unique_ptr<api::Services> make_services(const DoorParts& parts) {
  const auto settings = parts.current.get()->settings;
  return std::make_unique<api::Services>(api::Services{
      .store = parts.store,
      .intake = parts.intake,
      .verbs = parts.verbs,
      .logger = parts.logger,
      .metrics = parts.metrics,
      .clock = parts.clock,
      .environment = settings.environment,
      .version = DEMATD_VERSION,
      .max_payload = settings.http.max_payload,
      .check = api::make_check(
          parts.store, parts.clock, [&current = parts.current] { return current.get()->inspection; },
          [&current = parts.current](const std::string& name) { return profile_of(current.get(), name); }),
      .destinations = [&current = parts.current] { return destinations_of(current.get()->settings); },
      .probe = [&current =
                    parts.current](const std::string& name) { return probe(current.get()->settings, name); },
      .has_signer = [&current = parts.current](
                        const std::string& name) { return current.get()->keys.find(name) != nullptr; },
      .signer_serves =
          [&current = parts.current](const std::string& name, const AuthorityId& authority) {
            const auto generation = current.get();
            const auto* profile = generation->keys.find(name);
            return profile != nullptr && profile->serves(authority.str());
          },
      .signer_takes =
          [&current = parts.current](const std::string& name, const std::string& protocol) {
            const auto generation = current.get();
            const auto* profile = generation->keys.find(name);
            return profile != nullptr && takes(*profile, protocol);
          },
      .schemas = [&current = parts.current] { return schemas_of(*current.get()->inspection); },
      .inspection = [&current = parts.current] { return current.get()->inspection; },
      .trust = [&current = parts.current] { return current.get()->inspection->trust; },
      .certificates = [&current = parts.current] { return certificates_of(*current.get()); },
      .health = [cache = std::make_shared<HealthCache>(),
                 &sources = parts.health] { return cache->look(sources); },
      .alarms = [&sources = parts.health] { return sources.recorder.alarms().standing(); },
      .gate = [&gate = parts.gate] { return gate.get(); },
      .deadlines = [&current = parts.current] { return current.get()->settings.deadlines; },
      .guards = [&current = parts.current] { return current.get()->settings.guards; },
      .retention = [&current = parts.current] { return current.get()->settings.retention; },
      .backup_folder = [&current = parts.current] { return current.get()->settings.backup_folder; },
      .orphans = &parts.orphans,
      .agents = &parts.agents,
      .events = parts.pushing.events.get(),
      .actes = &parts.actes.intake(),
      .classifications = &parts.actes.classifications(),
      .papers = &parts.actes.papers(),
      .push = [&current = parts.current] { return current.get()->settings.push; },
      .wake_push =
          [deliverer = parts.pushing.deliverer.get(), postman = parts.pushing.postman.get()] {
            deliverer->wake();
            postman->hurry();
          },
  });
}

http::ServerOptions server_options(const config::Settings& settings, observe::Logger& logger,
                                   observe::Metrics& metrics, http::PeerJudge judge) {
  http::ServerOptions options;
  options.judge = std::move(judge);
  options.http = settings.http;
  options.max_per_certificate = settings.guards.max_per_certificate;
  options.headers = {{"Demat-Environment", settings.environment}};
  options.observer.done = [&logger, &metrics](const http::Exchange& exchange) {
    metrics.http_request(exchange.route, exchange.method, exchange.status, exchange.seconds);
    logger.info("http.request", {{"route", exchange.route},
                                 {"method", exchange.method},
                                 {"status", exchange.status},
                                 {"seconds", exchange.seconds},
                                 {"bytes_in", exchange.bytes_in},
                                 {"request", exchange.request_id},
                                 {"certificate", exchange.certificate}});
  };
  options.observer.trouble = [&logger](std::string_view code, std::string_view detail) {
    logger.warning(code, {{"detail", detail}});
  };
  return options;
}

}  // namespace demat::wiring
