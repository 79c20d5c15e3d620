#include "gateway/trust/desk.hpp"

#include <algorithm>

#include "gateway/trust/loading.hpp"

namespace demat::trust_desk {
namespace {

Error indeterminate(const std::string& detail) {
  return waiting_error(
      "trust.indeterminate",
      "On ne peut dire pour l'instant si la signature est valable (liste de révocation absente ou périmée, "
      "certificat suspendu) : le flux attend et sera contrôlé de nouveau.",
      "Whether the signature is valid cannot be told now (revocation list missing or stale, certificate on "
      "hold): the flow waits and will be checked again.",
      detail);
}

}  // namespace

Result<std::shared_ptr<TrustDesk>> TrustDesk::open(const config::Settings& settings) {
  auto desk = std::make_shared<TrustDesk>();
  for (const auto& trust : settings.trusts) {
    // Before loading: what changes meanwhile is seen at the next look.
    const auto fetched = fetched_folder(settings, trust.name);
    std::string look = look_of(trust, fetched);
    auto profile = load_profile(trust, fetched);
    if (!profile) return failure(std::move(profile.error()));
    desk->entries_.push_back({trust, fetched, std::move(look), false, std::move(*profile)});
  }
  for (const auto& destination : settings.destinations)
    desk->choices_[destination.name] = {destination.trust, destination.doubt_waits};
  return desk;
}

const TrustDesk::Entry* TrustDesk::entry_of(const std::string& profile) const {
  const auto at = std::find_if(entries_.begin(), entries_.end(),
                               [&](const Entry& one) { return one.settings.name == profile; });
  return at == entries_.end() ? nullptr : &*at;
}

std::optional<trust::TrustProfile> TrustDesk::find(const std::string& profile) const {
  const std::lock_guard lock(mutex_);
  const auto* const entry = entry_of(profile);
  return entry == nullptr ? std::nullopt : std::optional(entry->profile);
}

std::optional<TrustDesk::Place> TrustDesk::place_of(const std::string& profile) const {
  const std::lock_guard lock(mutex_);
  const auto* const entry = entry_of(profile);
  return entry == nullptr ? std::nullopt : std::optional(Place{entry->settings, entry->fetched});
}

void TrustDesk::saw(const std::string& profile, const Bytes& certificate_der) {
  const std::lock_guard lock(mutex_);
  for (auto& entry : entries_) {
    if (entry.settings.name != profile || !entry.settings.fetch) continue;
    if (std::ranges::find(entry.seen, certificate_der) != entry.seen.end()) return;
    entry.seen.push_back(certificate_der);
    if (entry.seen.size() > most_seen) entry.seen.pop_front();
  }
}

std::vector<Bytes> TrustDesk::seen(const std::string& profile) const {
  const std::lock_guard lock(mutex_);
  const auto* const entry = entry_of(profile);
  return entry == nullptr ? std::vector<Bytes>() : std::vector<Bytes>(entry->seen.begin(), entry->seen.end());
}

std::vector<trust::TrustProfile> TrustDesk::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<trust::TrustProfile> out;
  for (const auto& entry : entries_)
    out.push_back(entry.profile);
  return out;
}

Demand TrustDesk::demand_of(const std::string& destination) const {
  const auto choice = choices_.find(destination);
  if (choice == choices_.end() || choice->second.profile.empty()) return {};
  return {find(choice->second.profile), choice->second.doubt_waits};
}

/// The folders are read without the lock: judging goes on meanwhile.
Refreshed TrustDesk::refresh() {
  const std::lock_guard one_at_a_time(refreshing_);
  Refreshed out;
  for (auto& entry : entries_) {
    std::string look = look_of(entry.settings, entry.fetched);
    if (look == entry.look && !entry.broken) continue;
    auto fresh = load_profile(entry.settings, entry.fetched);
    const std::lock_guard lock(mutex_);
    entry.look = std::move(look);
    entry.broken = !fresh;
    if (!fresh) {
      out.broken.emplace_back(entry.settings.name, std::move(fresh.error()));
    } else if (fresh->version() != entry.profile.version()) {
      entry.profile = std::move(*fresh);
      out.changed.push_back(entry.settings.name);
    }
  }
  return out;
}

Decision decide(const trust::FlowReport& report, const Demand& demand) {
  const bool waits = demand.profile && demand.doubt_waits;
  Decision out{trust::to_json(report), trust::findings_of(report, !waits), std::nullopt, report.evidence};
  const bool doubtful = report.verdict.indication == trust::Indication::indeterminate;
  if (waits && doubtful && !out.findings.refused())
    out.wait = indeterminate(report.profile + " " + report.verdict.sub_indication);
  return out;
}

}  // namespace demat::trust_desk
