#include "gateway/trust/fetcher.hpp"

#include <algorithm>
#include <sstream>

#include "gateway/base/hosts.hpp"
#include "gateway/trust/keeping.hpp"
#include "gateway/trust/pace.hpp"
#include "protocols/trust/decoding.hpp"
#include "protocols/trust/places.hpp"

namespace demat::trust_desk {
namespace {

using trust::Instant;

constexpr const char* places_file = "places";
constexpr std::size_t most_examined = 10'000;
/// Of a file whose server gave it no time: ours would say nothing to that server.
constexpr std::chrono::sys_seconds no_time{};

/// Readable, and another one for each address.
std::filesystem::path file_of(const std::filesystem::path& fetched, const std::string& url) {
  const auto host = web_host(url);
  std::string name = host ? *host : "place";
  std::ranges::replace_if(
      name,
      [](char c) { return !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-'); },
      '_');
  return fetched / "crls" / ("at-" + name + "-" + sha256(url).str().substr(0, 16) + ".crl");
}

/// The one list of a file; nothing when it holds none or several.
std::optional<Bytes> only_list(std::string_view file) {
  auto lists = trust::read_crls(file);
  if (!lists || lists->size() != 1) return std::nullopt;
  return std::move(lists->front());
}

std::string_view text_of(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

void note_outcome(PlaceState& state, const config::Trust& settings, const Status& outcome, Instant now,
                  double chance) {
  state.last_try = now;
  state.error = outcome ? std::string() : outcome.error().code;
  state.detail = outcome ? std::string() : outcome.error().detail;
  state.failures = outcome ? 0 : state.failures + 1;
  if (outcome) state.last_success = now;
  const auto every = std::chrono::duration_cast<std::chrono::seconds>(settings.fetch_every);
  state.next_try = next_look({every, state.failures, state.next_update}, now, chance);
}

void ListFetcher::add(const std::string& profile, const std::string& url) {
  const std::lock_guard lock(mutex_);
  const Key key{profile, url};
  if (places_.contains(key)) return;
  const auto mine =
      std::ranges::count_if(places_, [&](const auto& one) { return one.first.profile == profile; });
  if (mine >= static_cast<std::ptrdiff_t>(most_places)) return;
  auto& state = places_[key].state;
  state.profile = profile;
  state.url = url;
}

/// Where its certificates say, where those it judged say, and where it knew of in former runs.
void ListFetcher::learn(const TrustDesk& desk, const trust::TrustProfile& profile,
                        const TrustDesk::Place& place) {
  const auto& name = profile.name();
  for (const auto& url : trust::list_places(profile))
    add(name, url);
  if (remembered_.insert(name).second) {
    std::istringstream lines(bytes_of_file(place.fetched / places_file));
    for (std::string url; std::getline(lines, url);)
      if (!url.empty()) add(name, url);
  }
  for (const auto& der : desk.seen(name)) {
    if (!examined_.insert(name + sha256(text_of(der)).str()).second) continue;
    if (!trust::issuer_within(profile, der)) continue;
    for (const auto& url : trust::list_places(der))
      add(name, url);
  }
  if (examined_.size() > most_examined) examined_.clear();
}

/// A place that may not be asked is shown with the reason, and never due.
std::vector<ListFetcher::Key> ListFetcher::due(const TrustDesk::Place& place, Instant now) {
  const std::lock_guard lock(mutex_);
  std::vector<Key> out;
  for (auto& [key, known] : places_) {
    if (key.profile != place.settings.name) continue;
    const auto host = web_host(key.url);
    const bool listed = host && host_listed(*host, place.settings.fetch_hosts);
    if (!listed) {
      known.state.error = "trust.fetch_host";
      known.state.detail = host.value_or(key.url);
    } else if (known.state.next_try <= now) {
      out.push_back(key);
    }
  }
  return out;
}

/// True when a new list lies in its place.
Result<bool> ListFetcher::fetch(const Key& key, const trust::TrustProfile& profile,
                                const TrustDesk::Place& place, Instant now, const std::stop_token& stop) {
  const auto file = file_of(place.fetched, key.url);
  const auto former = only_list(bytes_of_file(file));
  Having having;
  if (former) {
    const std::lock_guard lock(mutex_);
    having = {places_[key].etag, time_of_file(file)};
    if (having.modified == no_time) having.modified.reset();
  }
  const DownloadRules rules{place.settings.fetch_hosts, place.settings.fetch_timeout,
                            place.settings.fetch_max};
  auto got = download(key.url, rules, having, stop);
  if (!got) return failure(std::move(got.error()));
  const auto list = got->unchanged ? former : only_list(text_of(got->bytes));
  const auto facts = trust::check_list(profile, list.value_or(Bytes{}), former.value_or(Bytes{}), now);
  if (!facts) return failure(facts.error());
  const bool fresh = !got->unchanged && list != former;
  if (fresh)
    if (auto kept = keep_file(file, text_of(*list), got->modified.value_or(no_time)); !kept)
      return failure(std::move(kept.error()));
  const std::lock_guard lock(mutex_);
  auto& known = places_[key];
  if (!got->unchanged) known.etag = got->etag;
  known.state.number = facts->number;
  known.state.this_update = facts->this_update;
  known.state.next_update = facts->next_update;
  return fresh;
}

void ListFetcher::note(const Key& key, const config::Trust& settings, const Status& outcome, Instant now) {
  const std::lock_guard lock(mutex_);
  note_outcome(places_[key].state, settings, outcome, now, chance_());
}

ListFetcher::Turn ListFetcher::turn(TrustDesk& desk, const std::function<Instant()>& clock,
                                    const std::stop_token& stop) {
  Turn out;
  const auto began = std::chrono::steady_clock::now();
  std::set<std::string> wanted;
  for (const auto& profile : desk.all()) {
    const auto place = desk.place_of(profile.name());
    if (!place || !place->settings.fetch) continue;
    wanted.insert(profile.name());
    const auto known_before = states().size();
    learn(desk, profile, *place);
    if (states().size() != known_before) out.kept = remember(profile.name(), *place);
    for (const auto& key : due(*place, clock())) {
      if (stop.stop_requested() || std::chrono::steady_clock::now() - began > longest_turn) return out;
      const auto outcome = fetch(key, profile, *place, clock(), stop);
      if (stop.stop_requested()) return out;
      note(key, place->settings, outcome ? Status() : failure(outcome.error()), clock());
      out.fresh = out.fresh || (outcome && *outcome);
    }
  }
  const std::lock_guard lock(mutex_);
  std::erase_if(places_, [&](const auto& one) { return !wanted.contains(one.first.profile); });
  return out;
}

Status ListFetcher::remember(const std::string& profile, const TrustDesk::Place& place) const {
  std::string lines;
  for (const auto& state : states())
    if (state.profile == profile) lines += state.url + "\n";
  return keep_file(place.fetched / places_file, lines);
}

void ListFetcher::all_now() {
  const std::lock_guard lock(mutex_);
  for (auto& [key, place] : places_)
    place.state.next_try = {};
}

std::vector<PlaceState> ListFetcher::states() const {
  const std::lock_guard lock(mutex_);
  std::vector<PlaceState> out;
  for (const auto& [key, place] : places_)
    out.push_back(place.state);
  return out;
}

}  // namespace demat::trust_desk
