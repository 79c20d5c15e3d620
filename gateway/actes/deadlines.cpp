#include "gateway/actes/deadlines.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/base/paris.hpp"

namespace demat::actes_road {

namespace {

using std::chrono::days;

std::string written(ParisDay day) {
  const std::chrono::year_month_day date(day);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

/// The last day whose contrôle de légalité is over when this one begins.
std::string control_over_since(ParisDay today) {
  auto day = today - days(58);  // two months are 59 days at least
  while (end_of_control(written(day)) >= written(today))
    day -= days(1);
  return written(day);
}

}  // namespace

std::string end_of_control(const std::string& received_on) {
  const auto day = paris_day_from(received_on);
  if (!day) return {};
  std::chrono::year_month_day date(*day);
  date += std::chrono::months{2};
  if (!date.ok()) date = date.year() / date.month() / std::chrono::last;
  return written(ParisDay(date));
}

store::ActeLimits acte_limits(const config::Deadlines& deadlines, Instant now) {
  const auto before = [now](std::size_t count) { return now - days(static_cast<int>(count)); };
  store::ActeLimits out;
  out.ar_before = now - deadlines.acte_ar;
  out.silence_before = std::min(before(deadlines.acte_silence_days), out.ar_before);
  out.letter_before = before(deadlines.letter_answer_days);
  if (deadlines.simple_letter_answer_days > 0)
    out.simple_letter_before = before(deadlines.simple_letter_answer_days);
  out.letter_since = now - letter_life;
  out.control_until = control_over_since(paris_day(now));
  return out;
}

std::vector<Deadline> deadlines_of(const store::ActeOnFlow& item, const config::Deadlines& deadlines,
                                   Instant now) {
  std::vector<Deadline> out;
  const auto& acte = item.acte;
  if (acte.verdict == flow::Verdict::none && item.flow.state == flow::State::sent && item.flow.sent_at) {
    const auto limits = acte_limits(deadlines, now);
    const auto sent = *item.flow.sent_at;
    out.push_back({"ar", to_iso8601(sent + (now - limits.ar_before)), sent < limits.ar_before});
    out.push_back(
        {"silence", to_iso8601(sent + (now - limits.silence_before)), sent < limits.silence_before});
  }
  if (acte.message == "1-1" && acte.annulled_on.empty())
    if (auto end = end_of_control(acte.received_on); !end.empty()) {
      const bool passed = end <= end_of_control(acte_limits(deadlines, now).control_until);
      out.push_back({"control", std::move(end), passed});
    }
  return out;
}

std::string_view late_for(const std::vector<Deadline>& deadlines) {
  std::string_view word;
  for (const auto& one : deadlines)
    if (one.passed && one.kind != "control") word = one.kind;
  return word;
}

std::optional<Instant> answer_due(const flow::Letter& letter, const config::Deadlines& deadlines,
                                  Instant now) {
  const auto limits = acte_limits(deadlines, now);
  if (letter.state == flow::LetterState::answered || letter.received_at < limits.letter_since)
    return std::nullopt;
  if (letter.message == "3-1" || letter.message == "4-1")
    return letter.received_at + (now - limits.letter_before);
  if (letter.message == "2-1" && deadlines.simple_letter_answer_days > 0)
    return letter.received_at + (now - limits.simple_letter_before);
  return std::nullopt;
}

}  // namespace demat::actes_road
