#include <dirent.h>
#include <unistd.h>

#include <fstream>

#include "gateway/certificates.hpp"
#include "gateway/observed_peer.hpp"
#include "gateway/signers.hpp"
#include "gateway/store/care.hpp"
#include "gateway/watcher.hpp"
#include "gateway/wire_push.hpp"
#include "gateway/wiring.hpp"

namespace demat::wiring {
namespace {

using observe::Sample;
using Samples = std::vector<Sample>;
using std::chrono::milliseconds;

double unix_seconds(Instant instant) {
  return std::chrono::duration<double>(instant.time_since_epoch()).count();
}

void add_alarms(const HealthSources& sources, Samples& into) {
  for (const auto& [code, count] : sources.recorder.alarms().counts())
    into.push_back({"demat_alarms", "Alarms that stand", {{"code", code}}, static_cast<double>(count)});
}

/// 1 well, 0 in trouble; nothing before the first use.
void add_up(const char* name, const char* help,
            const std::vector<std::pair<std::string, std::string>>& labels, const observe::Vital& vital,
            Samples& into) {
  if (vital.last_success || vital.last_failure)
    into.push_back({name, help, labels, vital.well() ? 1.0 : 0.0});
}

void add_links(const HealthSources& sources, const config::Settings& settings, Samples& into) {
  const auto& vitals = sources.recorder.vitals();
  for (const auto& destination : settings.destinations) {
    add_up("demat_destination_up", "Whether the last use of a destination went well",
           {{"destination", destination.name}, {"what", "send"}}, vitals.of(send_part(destination.name)),
           into);
    add_up("demat_destination_up", "Whether the last use of a destination went well",
           {{"destination", destination.name}, {"what", "poll"}}, vitals.of(poll_part(destination.name)),
           into);
  }
  if (settings.antivirus.enabled)
    add_up("demat_antivirus_up", "Whether clamd answers", {}, vitals.of("antivirus"), into);
  if (!settings.mail.url.empty())
    add_up("demat_mail_up", "Whether the mail server takes mails", {}, vitals.of(mail_part), into);
}

void add_certificates(const HealthSources& sources, const Generation& generation, Samples& into) {
  for (const auto& certificate : certificates_in_use(generation)) {
    const std::vector<std::pair<std::string, std::string>> labels{{"role", certificate.role},
                                                                  {"name", certificate.name}};
    const std::chrono::duration<double> left = certificate.not_after - sources.clock.now();
    into.push_back(
        {"demat_certificate_expiry_seconds", "Time until a certificate in use ends", labels, left.count()});
    into.push_back({"demat_certificate_days_left", "The same in days, negative when it is over", labels,
                    static_cast<double>(std::chrono::floor<std::chrono::days>(left).count())});
  }
}

void add_tasks(const HealthSources& sources, Samples& into) {
  for (const auto& task : sources.periodic.states()) {
    if (!task.last_success) continue;
    into.push_back({"demat_task_last_success_timestamp_seconds",
                    "When a periodic task last went well",
                    {{"task", task.name}},
                    unix_seconds(*task.last_success)});
  }
}

double folder_bytes(const std::filesystem::path& folder) {
  std::error_code error;
  double total = 0;
  for (const auto* name : {"dematd.db", "dematd.db-wal"}) {
    const auto size = std::filesystem::file_size(folder / name, error);
    if (!error) total += static_cast<double>(size);
  }
  return total;
}

double open_descriptors() {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir("/proc/self/fd"), closedir);
  if (!folder) return 0;
  double count = 0;
  while (readdir(folder.get()) != nullptr)  // NOLINT(concurrency-mt-unsafe): a stream of its own
    ++count;
  return count - 3;  // ".", "..", and this one
}

double resident_bytes() {
  std::ifstream in("/proc/self/statm");
  double all = 0;
  double resident = 0;
  in >> all >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

void add_machine(const HealthSources& sources, const config::Settings& settings, Samples& into) {
  if (const auto free = sources.store.care().free_disk())
    into.push_back(
        {"demat_disk_free_bytes", "Free space at the data folder", {}, static_cast<double>(*free)});
  into.push_back(
      {"demat_store_bytes", "Size of the database and its log", {}, folder_bytes(settings.data_folder)});
  into.push_back({"demat_open_descriptors", "Open file descriptors of the daemon", {}, open_descriptors()});
  into.push_back({"demat_resident_bytes", "Memory of the daemon in RAM", {}, resident_bytes()});
}

void add_identity(const HealthSources& sources, const Generation& generation, Samples& into) {
  into.push_back({"demat_build_info",
                  "1, with the version as label",
                  {{"version", DEMATD_VERSION}, {"environment", generation.settings.environment}},
                  1});
  into.push_back({"demat_config_loaded_timestamp_seconds",
                  "When the configuration in force was read",
                  {},
                  unix_seconds(generation.loaded_at)});
  into.push_back(
      {"demat_start_timestamp_seconds", "When the daemon started", {}, unix_seconds(sources.started_at)});
}

}  // namespace

void add_health_gauges(observe::Metrics& metrics, const HealthSources& sources) {
  metrics.add_collector([&sources] {
    const auto generation = sources.current.get();
    Samples samples;
    add_alarms(sources, samples);
    add_links(sources, generation->settings, samples);
    add_certificates(sources, *generation, samples);
    add_tasks(sources, samples);
    add_machine(sources, generation->settings, samples);
    add_identity(sources, *generation, samples);
    return samples;
  });
}

void add_watch_tasks(Periodic& periodic, const HealthSources& sources) {
  const auto watcher = std::make_shared<Watcher>(sources);
  periodic.add({"watch", milliseconds(15'000),
                [watcher](const std::stop_token& stop) { return watcher->turn(stop); }});
  periodic.add({"antivirus", milliseconds(60'000), [&sources](const std::stop_token&) {
                  return ping_antivirus(*sources.current.get(), sources.clock, sources.recorder);
                }});
  periodic.add({"certificates", milliseconds(3'600'000), [&sources](const std::stop_token&) {
                  const auto generation = sources.current.get();
                  watch_certificates(certificates_in_use(*generation), sources.clock.now(),
                                     generation->settings.guards.expiry_days, sources.recorder);
                  return Status();
                }});
  periodic.add({"signers", milliseconds(15'000), [&sources](const std::stop_token&) {
                  watch_signers(*sources.current.get(), sources.recorder);
                  return Status();
                }});
}

}  // namespace demat::wiring
