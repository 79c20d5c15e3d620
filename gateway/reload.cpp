#include "gateway/parts.hpp"

namespace demat {
namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names)
    out += (out.empty() ? "" : " ") + name;
  return out;
}

}  // namespace

void Gateway::Parts::tell_refused(const std::vector<Error>& errors) {
  for (const auto& error : errors)
    logger->error("gateway.reload_refused", {{"because", error.code},
                                             {"key", error.place.path},
                                             {"line", error.place.line},
                                             {"detail", error.detail.empty() ? error.en : error.detail}});
}

/// Everything that can fail comes first and changes nothing; then all is swapped.
void Gateway::Parts::reload() {
  logger->reopen();
  const auto old = current.get();
  const std::string sha256 = fingerprint_of(source.file);
  auto settings = config::read(source.file, source.environment);
  if (!settings) return tell_refused(settings.error().errors);
  const auto kept = keep_until_restart(old->settings, *settings);
  auto fresh = make_generation(*settings, sha256, clock.now(), old);
  if (!fresh) return tell_refused({fresh.error()});
  if (auto status = server->reload((*fresh)->settings.http); !status) return tell_refused({status.error()});
  if (!kept.empty()) logger->warning("gateway.reload_needs_restart", {{"keys", joined(kept)}});
  logger->set_level(wiring::level_of((*fresh)->settings.log.level));
  current.set(*fresh);
  periodic->hurry("certificates");
  periodic->hurry("signers");
  periodic->hurry("trust");
  periodic->hurry("lists");
  engine->run(*fresh);
  pushing.postman->hurry();
  logger->info("gateway.reloaded", {{"generation", (*fresh)->number}, {"sha256", sha256}});
}

void Gateway::Parts::start_reloader() {
  reloader = std::jthread([this](const std::stop_token& stop) {
    std::uint64_t seen = 0;
    for (;;) {
      // Signals that came while a reload was running are one more reload.
      reload_wanted.wait(stop, std::chrono::hours(24), seen);
      if (stop.stop_requested()) return;
      if (seen == reloads_done) continue;
      reloads_done = seen;
      manager.reloading();
      try {
        reload();
      } catch (const std::exception& broken) {
        recorder->alarm("gateway.reload_broken", source.file.filename().string(), broken.what());
      }
      manager.ready("generation " + std::to_string(current.get()->number) + " of the configuration");
    }
  });
}

void Gateway::reload() {
  parts_->reload_wanted.raise();
}

}  // namespace demat
