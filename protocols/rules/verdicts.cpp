#include "protocols/rules/verdicts.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <string_view>
#include <utility>

#include "protocols/base/utf8.hpp"

namespace demat::rules {
namespace {

/// Major and minor of "5.30-dgfip"; what does not parse counts as 0.
std::pair<int, int> numbers(std::string_view version) {
  std::pair<int, int> out{0, 0};
  const auto* last = version.data() + version.size();
  const auto major = std::from_chars(version.data(), last, out.first);
  if (major.ec == std::errc{} && major.ptr != last && *major.ptr == '.')
    std::from_chars(major.ptr + 1, last, out.second);
  return out;
}

/// The text with its marks filled, in one go: what a document holds is nobody's mark.
std::string said(std::string_view text, std::string_view value, std::string_view expected,
                 std::string_view detail) {
  const std::array<std::pair<std::string_view, std::string_view>, 3> marks{
      {{"{value}", value}, {"{expected}", expected}, {"{detail}", detail}}};
  std::string out;
  while (!text.empty()) {
    const auto mark = std::find_if(marks.begin(), marks.end(),
                                   [&](const auto& one) { return text.starts_with(one.first); });
    if (mark != marks.end()) {
      out += mark->second;
      text.remove_prefix(mark->first.size());
      continue;
    }
    out += text.front();
    text.remove_prefix(1);
  }
  return out;
}

}  // namespace

bool in_force(const RuleInfo& rule, std::string_view version) {
  if (version.empty()) return rule.until.empty();
  const auto here = numbers(version);
  if (!rule.since.empty() && here < numbers(rule.since)) return false;
  return rule.until.empty() || here <= numbers(rule.until);
}

std::string shown(std::string_view value) {
  constexpr std::size_t longest = 60;
  std::string out = utf8_shortened(value, longest);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20U; }, ' ');
  return out;
}

Verdicts::Verdicts(Options options) : options_(std::move(options)) {}

bool Verdicts::in_force(const RuleInfo& rule) const {
  const auto [known, fresh] = in_force_.try_emplace(rule.code, false);
  if (fresh) known->second = rules::in_force(rule, options_.version) && !options_.off.contains(rule.code);
  return known->second;
}

Severity Verdicts::severity_of(const RuleInfo& rule) const {
  const auto configured = options_.severities.find(rule.code);
  return configured == options_.severities.end() ? rule.severity : configured->second;
}

void Verdicts::add(const RuleInfo& rule, Hit hit) {
  if (!in_force(rule)) return;
  auto& kept = kept_[&rule];
  ++kept.total;
  if (kept.listed == max_hits) return;
  ++kept.listed;
  const auto value = shown(hit.value);
  report_.add({std::string(rule.code),
               severity_of(rule),
               std::move(hit.place),
               said(rule.fr, value, hit.expected.fr, hit.detail.fr),
               said(rule.en, value, hit.expected.en, hit.detail.en),
               std::move(hit.subject),
               value,
               std::move(hit.expected),
               {std::string(rule.remedy_fr), std::string(rule.remedy_en)}});
}

void Verdicts::add_unlisted(const RuleInfo& rule, std::size_t more) {
  if (more > 0 && in_force(rule)) kept_[&rule].total += more;
}

Report Verdicts::take() {
  std::stable_sort(report_.findings.begin(), report_.findings.end(),
                   [](const Finding& a, const Finding& b) { return a.place.line < b.place.line; });
  for (const auto& [rule, kept] : kept_) {
    if (kept.total <= kept.listed) continue;
    const auto more = std::to_string(kept.total - kept.listed);
    report_.add({std::string(rule->code),
                 severity_of(*rule),
                 {},
                 "… et " + more + " autre(s) fois la même remarque.",
                 "... and " + more + " more of the same remark."});
  }
  return std::move(report_);
}

}  // namespace demat::rules
