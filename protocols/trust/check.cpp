#include "protocols/trust/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "protocols/trust/sentences.hpp"
#include "protocols/xades/instant.hpp"

namespace demat::trust {
namespace {

/// `{0}`, `{1}`… replaced in one pass: what a value holds is never read as a place again.
std::string fill(std::string_view text, const Values& values, bool french) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '{' || i + 2 >= text.size() || text[i + 2] != '}') {
      out += text[i];
      continue;
    }
    const auto& value = values.at(static_cast<std::size_t>(text[i + 1] - '0'));
    const auto when = value.starts_with('\x01') ? xades::parse_instant(value.substr(1)) : std::nullopt;
    if (when)
      out += french ? french_time(*when) : english_time(*when);
    else
      out += value;
    i += 2;
  }
  return out;
}

int weight(Indication indication) {
  switch (indication) {
    case Indication::passed:
      return 0;
    case Indication::indeterminate:
      return 1;
    case Indication::failed:
      return 2;
  }
  return 2;
}

Verdict verdict_of_one(const Check& check) {
  if (check.outcome == Outcome::fail) return {Indication::failed, check.sub_indication};
  if (check.outcome == Outcome::indeterminate) return {Indication::indeterminate, check.sub_indication};
  return {};
}

}  // namespace

const char* to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
      return "pass";
    case Outcome::warn:
      return "warn";
    case Outcome::fail:
      return "fail";
    case Outcome::indeterminate:
      return "indeterminate";
    case Outcome::not_run:
      return "not_run";
  }
  return "not_run";
}

Check make_check(std::string_view code, const Values& values) {
  return make_check(code, values, values);
}

Check make_check(std::string_view code, const Values& french, const Values& english) {
  const auto all = sentences();
  const auto at = std::find_if(all.begin(), all.end(), [&](const Sentence& one) { return one.code == code; });
  if (at == all.end()) throw std::logic_error("unknown check " + std::string(code));
  return {std::string(at->code),      at->outcome,
          std::string(at->sub),       std::string(at->source),
          fill(at->fr, french, true), fill(at->en, english, false)};
}

Verdict graver(const Verdict& one, const Verdict& other) {
  return weight(other.indication) > weight(one.indication) ? other : one;
}

Verdict verdict_of(const std::vector<Check>& checks) {
  Verdict worst;
  for (const auto& check : checks)
    worst = graver(worst, verdict_of_one(check));
  return worst;
}

std::string french_time(std::chrono::sys_seconds when) {
  const auto text = xades::format_instant(when);
  return fmt::format("{}/{}/{} à {} h {} (UTC)", text.substr(8, 2), text.substr(5, 2), text.substr(0, 4),
                     text.substr(11, 2), text.substr(14, 2));
}

std::string english_time(std::chrono::sys_seconds when) {
  const auto text = xades::format_instant(when);
  return fmt::format("{} {} UTC", text.substr(0, 10), text.substr(11, 5));
}

std::string time_value(std::chrono::sys_seconds when) {
  return '\x01' + xades::format_instant(when);
}

}  // namespace demat::trust
