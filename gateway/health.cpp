#include "gateway/health.hpp"

#include <algorithm>

#include "gateway/certificates.hpp"
#include "gateway/observed_peer.hpp"
#include "gateway/store/care.hpp"
#include "gateway/wire_push.hpp"

namespace demat {
namespace {

using api::Health;
using api::HealthPart;

HealthPart store_part(const HealthSources& sources, Instant now) {
  HealthPart part{"store", "ok", {}, {}, now};
  if (const auto writable = sources.store.writable(); !writable)
    part = {"store", "failed", writable.error().code, writable.error().detail, {}};
  return part;
}

HealthPart disk_part(const HealthSources& sources, const config::Settings& settings, Instant now) {
  const auto free = sources.store.care().free_disk();
  if (!free) return {"disk", "failed", "store.io", "free space cannot be read", {}};
  const std::string detail = std::to_string(*free) + " bytes free";
  if (*free < settings.guards.min_free_disk) return {"disk", "failed", "store.disk_low", detail, now};
  return {"disk", "ok", {}, detail, now};
}

/// A dependency that is judged by its last use.
HealthPart used_part(const std::string& name, const observe::Vital& vital) {
  HealthPart part{name, "unknown", {}, {}, vital.last_success};
  if (vital.last_success) part.state = "ok";
  if (!vital.well()) {
    part.state = "degraded";
    part.code = vital.failure;
  }
  return part;
}

HealthPart antivirus_part(const HealthSources& sources, const config::Settings& settings) {
  if (!settings.antivirus.enabled) return {"antivirus", "off", {}, {}, {}};
  return used_part("antivirus", sources.recorder.vitals().of("antivirus"));
}

HealthPart mail_health(const HealthSources& sources, const config::Settings& settings) {
  const std::string name(wiring::mail_part);
  if (settings.mail.url.empty()) return {name, "off", {}, {}, {}};
  return used_part(name, sources.recorder.vitals().of(name));
}

HealthPart certificate_part(const CertificateInUse& certificate, Instant now) {
  std::string name = "certificate/" + certificate.role;
  if (!certificate.name.empty()) name += "/" + certificate.name;
  HealthPart part{std::move(name), "ok", {}, "not after " + to_iso8601(certificate.not_after), now};
  if (expiry_presses(certificate.not_after, now)) {
    part.state = "degraded";
    part.code = "certificate.expires";
  }
  return part;
}

HealthPart task_part(const PeriodicState& task) {
  HealthPart part{"task/" + task.name, "unknown", task.last_error, {}, task.last_success};
  if (task.last_success) part.state = "ok";
  if (task.late) part.code = "task.late";
  if (!part.code.empty()) part.state = "degraded";
  return part;
}

HealthPart config_part(const Health& health) {
  HealthPart part{"config", "ok", {}, "sha256 " + health.config_sha256, health.config_loaded_at};
  if (health.config_changed) part.detail += "; the file has changed since: SIGHUP, or correct it";
  return part;
}

/// Journal and payloads, as the last reading of everything found them.
HealthPart integrity_part(const HealthSources& sources) {
  auto& care = sources.store.care();
  const auto last = care.last_scrub();
  HealthPart part{"integrity", "unknown", {}, {}, last ? *last : std::nullopt};
  if (part.last_success) part.state = "ok";
  const auto report = care.last_verify();
  if (report && !report->sound()) {
    part.state = "degraded";
    part.code = "store.damaged";
    part.detail = report->troubles.front().detail;
  }
  return part;
}

/// Its age is for the operator to judge: who copies the data folder by other means has no backup here.
HealthPart backup_part(const config::Settings& settings) {
  if (settings.backup_folder.empty()) return {"backup", "off", {}, {}, {}};
  HealthPart part{"backup", "unknown", {}, {}, {}};
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(settings.backup_folder, error)) {
    const auto written = entry.last_write_time(error);
    if (error || !entry.is_directory(error)) continue;
    const Instant at = std::chrono::floor<Instant::duration>(std::chrono::file_clock::to_sys(written));
    if (!part.last_success || at > *part.last_success) part.last_success = at;
  }
  if (part.last_success) part.state = "ok";
  return part;
}

/// A certificate that ends is a part of its own, which is degraded when that presses; before, a reminder does
/// not make the gateway unwell.
HealthPart alarms_part(const std::vector<observe::Alarm>& standing, Instant now) {
  const auto pressing =
      std::ranges::count_if(standing, [](const auto& alarm) { return alarm.code != "certificate.expires"; });
  if (pressing == 0) return {"alarms", "ok", {}, {}, now};
  return {"alarms", "degraded", "alarms.standing", std::to_string(pressing) + " to look at", {}};
}

void add_dependencies(const HealthSources& sources, const Generation& generation, Health& health) {
  auto& parts = health.parts;
  const auto& settings = generation.settings;
  parts.push_back(store_part(sources, health.now));
  parts.push_back(disk_part(sources, settings, health.now));
  parts.push_back(integrity_part(sources));
  parts.push_back(backup_part(settings));
  parts.push_back(config_part(health));
  parts.push_back(antivirus_part(sources, settings));
  parts.push_back(mail_health(sources, settings));
  for (const auto& destination : settings.destinations) {
    const auto& vitals = sources.recorder.vitals();
    for (const auto& part : {send_part(destination.name), poll_part(destination.name)})
      parts.push_back(used_part("destination/" + part, vitals.of(part)));
  }
  for (const auto& certificate : certificates_in_use(generation))
    parts.push_back(certificate_part(certificate, health.now));
  const auto& pack = generation.inspection->pack->info();
  parts.push_back({"schemas/" + pack.protocol, "ok", {}, pack.version, generation.loaded_at});
  for (const auto& task : sources.periodic.states())
    parts.push_back(task_part(task));
}

std::string overall(const Health& health) {
  const auto has = [&health](std::string_view state) {
    return std::ranges::any_of(health.parts, [state](const auto& part) { return part.state == state; });
  };
  if (has("failed")) return "failed";
  return has("degraded") ? "degraded" : "ok";
}

}  // namespace

Health look_at_health(const HealthSources& sources) {
  const auto generation = sources.current.get();
  Health health;
  health.now = sources.clock.now();
  health.started_at = sources.started_at;
  health.generation = generation->number;
  health.config_loaded_at = generation->loaded_at;
  health.config_sha256 = generation->sha256;
  health.config_changed = fingerprint_of(sources.source.file) != generation->sha256;
  const auto standing = sources.recorder.alarms().standing();
  health.alarms = standing.size();
  add_dependencies(sources, *generation, health);
  health.parts.push_back(alarms_part(standing, health.now));
  health.state = overall(health);
  return health;
}

}  // namespace demat
