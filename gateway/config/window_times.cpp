#include "gateway/config/window_times.hpp"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

namespace demat::config {
namespace {

using std::chrono::days;

constexpr std::array<std::string_view, 7> day_names{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr int minutes_per_day = 1440;

tl::unexpected<Error> wrong(std::string_view key) {
  return failure(permanent_error("config.window", "n'est pas lisible", "cannot be read", key));
}

std::optional<int> two_digits(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.size() != 2 || text[0] == '-')
    return std::nullopt;
  return value;
}

/// "07:30", up to "24:00".
std::optional<int> minutes_from(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = two_digits(text.substr(0, 2));
  const auto minute = two_digits(text.substr(3));
  if (!hour || !minute || *minute > 59) return std::nullopt;
  const int value = *hour * 60 + *minute;
  if (value > minutes_per_day) return std::nullopt;
  return value;
}

std::size_t weekday_of(ParisDay day) {
  return std::chrono::weekday(day).iso_encoding() - 1;
}

using Stretch = std::pair<std::int64_t, std::int64_t>;

/// What a window covers when it opens on one of `count` days from `first` on, in minutes since 1970.
std::vector<Stretch> stretches(const WindowTimes& window, ParisDay first, int count) {
  std::vector<Stretch> out;
  for (int i = 0; i < count; ++i) {
    const ParisDay day = first + days(i);
    if (!window.opens_on(day)) continue;
    const std::int64_t midnight = std::int64_t{day.time_since_epoch().count()} * minutes_per_day;
    out.emplace_back(midnight + window.from,
                     midnight + window.to + (window.over_midnight() ? minutes_per_day : 0));
  }
  return out;
}

}  // namespace

bool WindowTimes::opens_on(ParisDay day) const {
  if (first_day && day < *first_day) return false;
  if (last_day && day > *last_day) return false;
  return days[weekday_of(day)];
}

Result<WindowTimes> times_of(const Window& window) {
  WindowTimes out;
  if (window.days.empty()) return wrong("days");
  for (const auto& name : window.days) {
    const auto* const found = std::find(day_names.begin(), day_names.end(), name);
    if (found == day_names.end()) return wrong("days");
    out.days[static_cast<std::size_t>(found - day_names.begin())] = true;
  }
  const auto from = minutes_from(window.from);
  if (!from || *from == minutes_per_day) return wrong("from");
  const auto to = minutes_from(window.to);
  if (!to || *to == *from) return wrong("to");
  out.from = *from;
  out.to = *to;
  if (!window.first_day.empty()) {
    out.first_day = paris_day_from(window.first_day);
    if (!out.first_day) return wrong("first_day");
  }
  if (!window.last_day.empty()) {
    out.last_day = paris_day_from(window.last_day);
    if (!out.last_day || (out.first_day && *out.last_day < *out.first_day)) return wrong("last_day");
  }
  return out;
}

/// Nine days from where both may open say all: the week repeats itself.
bool overlap(const WindowTimes& a, const WindowTimes& b) {
  ParisDay first{};
  if (a.first_day) first = std::max(first, *a.first_day);
  if (b.first_day) first = std::max(first, *b.first_day);
  constexpr int days_to_look = 9;
  const auto of_a = stretches(a, first - days(1), days_to_look);
  const auto of_b = stretches(b, first - days(1), days_to_look);
  return std::any_of(of_a.begin(), of_a.end(), [&of_b](const Stretch& one) {
    return std::any_of(of_b.begin(), of_b.end(), [&one](const Stretch& other) {
      return one.first < other.second && other.first < one.second;
    });
  });
}

}  // namespace demat::config
