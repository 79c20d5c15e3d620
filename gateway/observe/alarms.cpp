#include "gateway/observe/alarms.hpp"

#include <algorithm>

namespace demat::observe {

Alarms::Key Alarms::key_of(std::string_view code, std::string_view subject) const {
  Key key{code, subject};
  if (entries_.size() >= options_.most && !entries_.contains(key)) key.second = "*";
  return key;
}

std::optional<Alarm> Alarms::raise(std::string_view code, std::string_view subject, std::string_view detail,
                                   Instant now, std::uint32_t step) {
  const std::lock_guard lock(mutex_);
  const auto key = key_of(code, subject);
  const auto [place, is_new] = entries_.try_emplace(key);
  auto& [alarm, told] = place->second;
  if (is_new) {
    alarm.code = key.first;
    alarm.subject = key.second;
    alarm.since = now;
  }
  const bool tell = is_new || step > alarm.step || now - told >= options_.cool_down || now < told;
  alarm.detail = detail;
  alarm.last = now;
  alarm.step = step;
  ++alarm.count;
  if (!tell) return std::nullopt;
  told = now;
  return alarm;
}

std::optional<Alarm> Alarms::resolve(std::string_view code, std::string_view subject) {
  const std::lock_guard lock(mutex_);
  auto node = entries_.extract(Key{code, subject});
  if (node.empty()) return std::nullopt;
  return std::move(node.mapped().alarm);
}

std::vector<Alarm> Alarms::resolve_others(std::string_view code, const std::vector<std::string>& still) {
  const std::lock_guard lock(mutex_);
  std::vector<Alarm> ended;
  for (auto it = entries_.lower_bound(Key{code, ""}); it != entries_.end() && it->first.first == code;) {
    if (std::ranges::find(still, it->first.second) != still.end()) {
      ++it;
      continue;
    }
    ended.push_back(std::move(it->second.alarm));
    it = entries_.erase(it);
  }
  return ended;
}

std::vector<Alarm> Alarms::forget(Instant now) {
  const std::lock_guard lock(mutex_);
  std::vector<Alarm> ended;
  std::erase_if(entries_, [&](auto& item) {
    if (now - item.second.alarm.last < options_.memory) return false;
    ended.push_back(item.second.alarm);
    return true;
  });
  return ended;
}

bool Alarms::stands(std::string_view code, std::string_view subject) const {
  const std::lock_guard lock(mutex_);
  return entries_.contains(Key{code, subject});
}

std::vector<Alarm> Alarms::standing() const {
  const std::lock_guard lock(mutex_);
  std::vector<Alarm> out;
  for (const auto& [key, entry] : entries_)
    out.push_back(entry.alarm);
  std::ranges::stable_sort(out, {}, &Alarm::since);
  return out;
}

std::map<std::string, std::size_t> Alarms::counts() const {
  const std::lock_guard lock(mutex_);
  std::map<std::string, std::size_t> out;
  for (const auto& [key, entry] : entries_)
    ++out[key.first];
  return out;
}

}  // namespace demat::observe
