#pragma once

#include "gateway/base/random.hpp"
#include "gateway/health.hpp"
#include "gateway/observe/metrics.hpp"
#include "gateway/trust/ocsp_fetcher.hpp"

namespace demat::wiring {

/// What fetches, for all generations of a process.
struct Fetchers {
  trust_desk::ListFetcher lists{random_fraction};
  trust_desk::OcspFetcher ocsp{random_fraction};

  void all_now();
  [[nodiscard]] std::vector<trust_desk::PlaceState> states() const;
};

/// The fetching of revocation lists and OCSP answers as a task of its own, which nothing waits for: alarms
/// for what does not come, and gauges for the age of what came. `fetchers` outlive both.
void add_list_fetching(Periodic& periodic, observe::Metrics& metrics, const HealthSources& sources,
                       Fetchers& fetchers);

}  // namespace demat::wiring
