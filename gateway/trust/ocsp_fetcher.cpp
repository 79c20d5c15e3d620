#include "gateway/trust/ocsp_fetcher.hpp"

#include <algorithm>

#include "gateway/base/hosts.hpp"
#include "gateway/trust/keeping.hpp"
#include "protocols/trust/ocsp.hpp"
#include "protocols/trust/responders.hpp"

namespace demat::trust_desk {
namespace {

using trust::Instant;

constexpr std::size_t longest_answer = 100'000;

bool wants(const config::Trust& settings) {
  return settings.fetch && settings.revocation != config::RevocationRule::off &&
         settings.revocation_by != config::RevocationSource::crl;
}

std::string fingerprint_of(const Bytes& der) {
  return sha256(std::string_view(reinterpret_cast<const char*>(der.data()), der.size())).str();
}

bool is_listed(const std::string& url, const std::vector<std::string>& hosts) {
  const auto host = web_host(url);
  return host && host_listed(*host, hosts);
}

Bytes bytes_of(const std::string& text) {
  return {text.begin(), text.end()};
}

/// What both have met: the worse of it.
void join(PlaceState& into, const PlaceState& one) {
  into.last_try = std::max(into.last_try, one.last_try);
  into.last_success = std::max(into.last_success, one.last_success);
  into.next_try = std::min(into.next_try, one.next_try);
  if (one.error.empty()) return;
  into.failures = std::max(into.failures, one.failures);
  into.error = one.error;
  into.detail = one.detail;
}

}  // namespace

/// Of several responders the first that is listed; with none it is shown, and never asked. What the profile
/// has judged too long ago is forgotten.
void OcspFetcher::learn(const trust::TrustProfile& profile, const TrustDesk::Place& place,
                        const std::vector<Bytes>& seen) {
  std::map<Key, Entry> fresh;
  const std::lock_guard lock(mutex_);
  for (const auto& der : seen) {
    const Key key{profile.name(), fingerprint_of(der)};
    if (const auto at = entries_.find(key); at != entries_.end()) {
      fresh.insert(entries_.extract(at));
      continue;
    }
    Entry entry{{}, der, {}};
    entry.state.profile = profile.name();
    entry.state.next_try = Instant::max();
    if (auto question = trust::ocsp_question(profile, der)) {
      const auto& hosts = place.settings.fetch_hosts;
      const auto at =
          std::ranges::find_if(question->urls, [&](const auto& url) { return is_listed(url, hosts); });
      entry.state.url = at == question->urls.end() ? question->urls.front() : *at;
      entry.issuer = std::move(question->issuer_der);
      if (at == question->urls.end())
        entry.state.error = "trust.fetch_host";
      else
        entry.state.next_try = {};
    }
    fresh.emplace(key, std::move(entry));
  }
  std::erase_if(entries_, [&](const auto& one) { return one.first.profile == profile.name(); });
  entries_.merge(fresh);
}

std::vector<std::pair<OcspFetcher::Key, OcspFetcher::Entry>> OcspFetcher::due(const std::string& profile,
                                                                              Instant now) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::pair<Key, Entry>> out;
  for (const auto& one : entries_)
    if (one.first.profile == profile && one.second.state.next_try <= now) out.emplace_back(one);
  return out;
}

Result<bool> OcspFetcher::ask(const Entry& entry, const Key& key, const TrustDesk::Place& place, Instant now,
                              const std::stop_token& stop) {
  const auto request = trust::ocsp_request(entry.certificate, entry.issuer);
  if (!request) return failure(request.error());
  const DownloadRules rules{place.settings.fetch_hosts, place.settings.fetch_timeout, longest_answer};
  auto got = ask_web(entry.state.url, *request, "application/ocsp-request", rules, stop);
  if (!got) return failure(std::move(got.error()));
  const auto file = place.fetched / "ocsp" / ("of-" + key.sha256.substr(0, 32) + ".ocsp");
  const Bytes former = bytes_of(bytes_of_file(file));
  const auto facts = trust::check_answer(*got, former, entry.certificate, entry.issuer, now);
  if (!facts) return failure(facts.error());
  if (*got != former)
    if (auto kept = keep_file(file, {reinterpret_cast<const char*>(got->data()), got->size()}); !kept)
      return failure(std::move(kept.error()));
  const std::lock_guard lock(mutex_);
  if (const auto at = entries_.find(key); at != entries_.end()) {
    at->second.state.this_update = facts->this_update;
    at->second.state.next_update = facts->next_update;
  }
  return *got != former;
}

void OcspFetcher::note(const Key& key, const config::Trust& settings, const Status& outcome, Instant now) {
  const std::lock_guard lock(mutex_);
  const auto at = entries_.find(key);
  if (at == entries_.end()) return;
  note_outcome(at->second.state, settings, outcome, now, chance_());
}

bool OcspFetcher::turn(TrustDesk& desk, const std::function<Instant()>& clock, const std::stop_token& stop) {
  bool fresh = false;
  const auto began = std::chrono::steady_clock::now();
  for (const auto& profile : desk.all()) {
    const auto place = desk.place_of(profile.name());
    if (!place) continue;
    learn(profile, *place, wants(place->settings) ? desk.seen(profile.name()) : std::vector<Bytes>());
    for (const auto& [key, entry] : due(profile.name(), clock())) {
      if (stop.stop_requested() || std::chrono::steady_clock::now() - began > longest_turn) return fresh;
      const auto outcome = ask(entry, key, *place, clock(), stop);
      if (stop.stop_requested()) return fresh;
      note(key, place->settings, outcome ? Status() : failure(outcome.error()), clock());
      fresh = fresh || (outcome && *outcome);
    }
  }
  return fresh;
}

void OcspFetcher::all_now() {
  const std::lock_guard lock(mutex_);
  for (auto& [key, entry] : entries_)
    if (entry.state.next_try != Instant::max()) entry.state.next_try = {};
}

std::vector<PlaceState> OcspFetcher::states() const {
  const std::lock_guard lock(mutex_);
  std::map<std::pair<std::string, std::string>, PlaceState> by_place;
  for (const auto& [key, entry] : entries_) {
    if (entry.state.url.empty()) continue;
    PlaceState one = entry.state;
    one.this_update.reset();  // of one certificate among many
    one.next_update.reset();
    const auto [at, added] = by_place.try_emplace({one.profile, one.url}, one);
    if (!added) join(at->second, one);
  }
  std::vector<PlaceState> out;
  for (auto& [place, state] : by_place)
    out.push_back(std::move(state));
  return out;
}

}  // namespace demat::trust_desk
