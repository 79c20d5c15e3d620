#include "gateway/store_commands.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "gateway/store/sqlite_store.hpp"
#include "gateway/wiring.hpp"

namespace demat {
namespace {

void say(const std::string& text) {
  std::fputs((text + "\n").c_str(), stdout);
}

/// The exclusive lock is taken: with a daemon running this is refused (`store.locked`).
Result<std::unique_ptr<store::Store>> open_store(const config::Settings& settings, const Clock& clock) {
  return store::open_sqlite_store(wiring::store_options(settings), clock);
}

store::Chore wait_for_end(store::Care& care) {
  for (;;) {
    auto chore = care.chore();
    if (!chore.running) return chore;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

int failed(const Error& error) {
  print_error(error);
  if (error.code == "store.corrupt")
    say("Restaurez une sauvegarde dans un autre dossier : dematd restore --from … --to …\n"
        "Restore a backup into another folder: dematd restore --from … --to …");
  return error.code == "store.corrupt" ? exit_damaged : EXIT_FAILURE;
}

}  // namespace

void print_error(const Error& error) {
  std::fprintf(stderr, "dematd: [%s] %s\n        %s\n", error.code.c_str(), error.fr.c_str(),
               error.en.c_str());
  if (error.place.line > 0) std::fprintf(stderr, "        ligne %zu\n", error.place.line);
  if (!error.detail.empty()) std::fprintf(stderr, "        (%s)\n", error.detail.c_str());
}

int run_restore(const store::RestoreOptions& options) {
  const SystemClock clock;
  const auto report = store::restore_backup(options, clock);
  if (!report) return failed(report.error());
  say(fmt::format("sauvegarde du / backup of {}", to_iso8601(report->backup.taken_at)));
  say(fmt::format("époque / epoch {}", report->epoch));
  say(fmt::format("flux à rapprocher (uncertain) / flows to reconcile: {}", report->uncertain));
  for (const auto& name : report->missing)
    say("contenu perdu avant la sauvegarde / content lost before the backup: " + name.str());
  say("L'envoi est suspendu : rapprochez les flux, puis reprenez (dematctl queue resume '*').\n"
      "Sending is paused: reconcile the flows, then resume (dematctl queue resume '*').");
  return EXIT_SUCCESS;
}

int run_backup(const config::Settings& settings, const store::BackupOptions& options) {
  const SystemClock clock;
  auto opened = open_store(settings, clock);
  if (!opened) return failed(opened.error());
  auto& care = (*opened)->care();
  if (auto started = care.start_backup(options); !started) return failed(started.error());
  const auto chore = wait_for_end(care);
  if (chore.error) return failed(*chore.error);
  say("sauvegarde / backup " + options.folder.string());
  return EXIT_SUCCESS;
}

int run_verify(const config::Settings& settings, store::Depth depth) {
  const SystemClock clock;
  auto opened = open_store(settings, clock);
  if (!opened) return failed(opened.error());
  auto& care = (*opened)->care();
  if (auto started = care.start_verify(depth, 0, "dematd verify-store"); !started)
    return failed(started.error());
  const auto chore = wait_for_end(care);
  if (chore.error) return failed(*chore.error);
  const auto report = care.last_verify();
  if (!report) return EXIT_FAILURE;
  say(fmt::format("payloads {}, octets / bytes {}, événements / events {}, orphelins / orphans {}",
                  report->payloads, report->bytes, report->events, report->orphans));
  for (const auto& one : report->troubles)
    say(one.code + "  " + one.detail);
  if (report->sound()) {
    say("Le magasin est sain. / The store is sound.");
    return EXIT_SUCCESS;
  }
  say(fmt::format("LE MAGASIN EST ABÎMÉ : {0} anomalies. / THE STORE IS DAMAGED: {0} troubles.",
                  report->trouble_count));
  return exit_damaged;
}

}  // namespace demat
