#include "protocols/trust/rules.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace demat::trust {
namespace {

Instant day(int year, unsigned month, unsigned date) {
  return std::chrono::sys_days{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{date}};
}

std::string until(const std::optional<Instant>& before) {
  return before ? xades::format_instant(*before) : std::string("-");
}

}  // namespace

Algorithms usual_algorithms() {
  Algorithms usual;
  usual.digests = {{"SHA256", {}}, {"SHA384", {}}, {"SHA512", {}}, {"SHA1", day(2018, 9, 1)}};
  usual.keys = {{"RSA", 2048, {}}, {"EC", 256, {}}, {"RSA", 1024, day(2011, 1, 1)}};
  return usual;
}

std::string canonical_text(const Rules& rules) {
  auto policies = rules.policies;
  std::sort(policies.begin(), policies.end());
  std::string out = fmt::format(
      "level={}\nnon_repudiation={}\nstrict_x509={}\nmax_depth={}\nrevocation={}\nrevocation_by={}\nmax_age={"
      "}\ngrace={}\n"
      "archive={}\n",
      rules.level, static_cast<int>(rules.non_repudiation), rules.strict_x509, rules.max_depth,
      static_cast<int>(rules.revocation), static_cast<int>(rules.revocation_by), rules.crl_max_age.count(),
      rules.crl_grace.count(), rules.algorithms.archive);
  for (const auto& policy : policies)
    out += fmt::format("policy={}\n", policy);
  for (const auto& digest : rules.algorithms.digests)
    out += fmt::format("digest={} {}\n", digest.name, until(digest.before));
  for (const auto& key : rules.algorithms.keys)
    out += fmt::format("key={} {} {}\n", key.kind, key.bits, until(key.before));
  return out;
}

}  // namespace demat::trust
