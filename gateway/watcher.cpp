#include "gateway/watcher.hpp"

#include "gateway/observed_peer.hpp"
#include "gateway/store/care.hpp"
#include "gateway/store/mails.hpp"
#include "gateway/transport/clamd.hpp"
#include "gateway/wire_push.hpp"

namespace demat {
namespace {

constexpr std::string_view all_data = "data_folder";

}  // namespace

Status Watcher::turn(const std::stop_token& stop) {
  const auto now = sources_.clock.now();
  watch_links(now);
  watch_disk();
  watch_tasks();
  sources_.recorder.resolved(sources_.recorder.alarms().forget(now));
  if (auto status = watch_mails(now); !status) return status;
  return watch_uncertain(stop);
}

void Watcher::watch_used(const std::string& part, const std::string& code, const std::string& subject,
                         Instant now) {
  const auto vital = sources_.recorder.vitals().of(part);
  if (vital.well()) {
    ill_since_.erase(part);
    sources_.recorder.resolved(code, subject);
    return;
  }
  const auto [since, is_new] = ill_since_.try_emplace(part, now);
  if (now - since->second >= patience) sources_.recorder.alarm(code, subject, vital.failure);
}

void Watcher::watch_links(Instant now) {
  const auto generation = sources_.current.get();
  for (const auto& destination : generation->settings.destinations)
    for (const auto& part : {send_part(destination.name), poll_part(destination.name)})
      watch_used(part, "destination.down", part, now);
  if (generation->settings.antivirus.enabled)
    watch_used("antivirus", "antivirus.down", "antivirus", now);
  else
    sources_.recorder.resolved("antivirus.down", "antivirus");
}

void Watcher::watch_disk() {
  const auto generation = sources_.current.get();
  const auto& settings = generation->settings;
  const auto free = sources_.store.care().free_disk();
  if (!free) return;
  if (*free < settings.guards.min_free_disk)
    sources_.recorder.alarm("store.disk_low", all_data, std::to_string(*free) + " bytes free");
  else
    sources_.recorder.resolved("store.disk_low", all_data);
}

void Watcher::watch_tasks() {
  for (const auto& task : sources_.periodic.states()) {
    if (task.late)
      sources_.recorder.alarm("task.late", task.name, "its turn takes too long");
    else
      sources_.recorder.resolved("task.late", task.name);
  }
}

/// Whoever waits for a mail does not know that it waits: told also when mails were turned off with some left.
Status Watcher::watch_mails(Instant now) {
  const auto generation = sources_.current.get();
  const auto& mail = generation->settings.mail;
  const std::string part(wiring::mail_part);
  if (mail.url.empty())
    sources_.recorder.resolved("mail.down", part);
  else
    watch_used(part, "mail.down", part, now);
  const auto counts = sources_.store.mails().counts();
  if (!counts) return failure(counts.error());
  for (const auto& line : *counts) {
    if (line.state != store::MailState::waiting) continue;
    if (line.oldest && now - *line.oldest >= mail.alarm_after)
      sources_.recorder.alarm("mail.waiting", part,
                              std::to_string(line.count) + " wait, since " + to_iso8601(*line.oldest));
    else
      sources_.recorder.resolved("mail.waiting", part);
  }
  return {};
}

/// The alarm is in memory; the flows are in the store.
Status Watcher::watch_uncertain(const std::stop_token& stop) {
  store::FlowFilter filter;
  filter.states = {flow::State::uncertain};
  std::vector<std::string> still;
  std::string cursor;
  do {
    const auto page = sources_.store.list(filter, cursor, limits::max_page);
    if (!page) return failure(page.error());
    for (const auto& flow : page->items) {
      still.push_back(flow.id.str());
      sources_.recorder.alarm("send.uncertain", flow, "awaits a look or a person");
    }
    cursor = page->next;
  } while (!cursor.empty() && !stop.stop_requested());
  if (cursor.empty()) sources_.recorder.resolved_others("send.uncertain", still);
  return {};
}

Status ping_antivirus(const Generation& generation, const Clock& clock, pipeline::Recorder& recorder) {
  if (!generation.settings.antivirus.enabled) return {};
  const auto answered = transport::ping(generation.settings.antivirus);
  if (answered)
    recorder.vitals().well("antivirus", clock.now());
  else
    recorder.vitals().ill("antivirus", answered.error().code, clock.now());
  return {};
}

}  // namespace demat
