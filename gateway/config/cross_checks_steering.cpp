#include "gateway/config/cross_checks_steering.hpp"

#include <algorithm>

#include "gateway/config/window_times.hpp"

namespace demat::config {
namespace {

KeyPlace place_of(const std::string& section, std::string_view key, const SectionLines& lines) {
  const auto found = lines.find(section);
  return {section + "." + std::string(key), found == lines.end() ? 0 : found->second};
}

std::string section_of(std::size_t number) {
  return "window[" + std::to_string(number) + "]";
}

/// What a key of a window may hold, in both languages.
std::pair<std::string, std::string> expected(std::string_view key) {
  if (key == "days")
    return {"jours attendus : mon, tue, wed, thu, fri, sat, sun",
            "expected days: mon, tue, wed, thu, fri, sat, sun"};
  if (key == "from" || key == "to")
    return {"heure attendue, comme 07:30 ; from et to diffèrent",
            "expected a time such as 07:30; from and to differ"};
  return {"jour attendu, comme 2026-01-31 ; last_day ne précède pas first_day",
          "expected a day such as 2026-01-31; last_day is not before first_day"};
}

void check_overlaps(const Settings& settings, const std::vector<std::optional<WindowTimes>>& times,
                    const SectionLines& lines, Complaints& complaints) {
  const auto& all = settings.windows;
  for (std::size_t i = 1; i < all.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (!times[i] || !times[j] || all[i].destination != all[j].destination) continue;
      if (!overlap(*times[i], *times[j])) continue;
      complaints.add("config.window_overlap", place_of(section_of(i), "from", lines),
                     "recouvre la fenêtre « " + all[j].name + " » de la même destination",
                     "overlaps window \"" + all[j].name + "\" of the same destination");
    }
  }
}

void check_windows(const Settings& settings, const SectionLines& lines, Complaints& complaints) {
  std::vector<std::optional<WindowTimes>> times;
  for (std::size_t i = 0; i < settings.windows.size(); ++i) {
    const auto& window = settings.windows[i];
    const std::string section = section_of(i);
    if (window.name.empty())
      complaints.add("config.missing", place_of(section, "name", lines), "manque : nom de la fenêtre",
                     "missing: name of the window");
    const auto& all = settings.destinations;
    if (std::none_of(all.begin(), all.end(), [&](const auto& one) { return one.name == window.destination; }))
      complaints.add("config.window", place_of(section, "destination", lines),
                     "aucune destination ne porte ce nom", "no destination has this name");
    auto read = times_of(window);
    if (!read) {
      const auto [fr, en] = expected(read.error().detail);
      complaints.add("config.window", place_of(section, read.error().detail, lines), fr, en);
    }
    times.push_back(read ? std::optional(*read) : std::nullopt);
  }
  check_overlaps(settings, times, lines, complaints);
}

}  // namespace

void check_steering(const Settings& settings, const SectionLines& lines, Complaints& complaints) {
  check_windows(settings, lines, complaints);
  if (settings.breaker.max_rest < settings.breaker.rest)
    complaints.add("config.conflict", place_of("breaker", "max_rest", lines), "plus court que rest",
                   "shorter than rest");
  for (const auto& text : settings.deadlines.holidays) {
    if (paris_day_from(text)) continue;
    complaints.add("config.holiday", place_of("deadlines", "holidays", lines),
                   "« " + text + " » n'est pas un jour comme 2026-05-02",
                   "\"" + text + "\" is no day such as 2026-05-02");
  }
  for (std::size_t i = 0; i < settings.destinations.size(); ++i) {
    if (settings.destinations[i].name != "*") continue;
    const std::string section = "destination[" + std::to_string(i) + "]";
    complaints.add("config.conflict", place_of(section, "name", lines),
                   "« * » désigne toutes les destinations", "\"*\" stands for all destinations");
  }
}

}  // namespace demat::config
