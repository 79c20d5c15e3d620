#pragma once

#include "gateway/health.hpp"

namespace demat {

/// Looks at what stands and raises or ends the alarms for it, so that they are true again after a restart
/// too: links and antivirus that are down, a disk that fills, uncertain flows, tasks that hang.
class Watcher {
 public:
  /// References in `sources` outlive this.
  explicit Watcher(const HealthSources& sources) : sources_(sources) {}

  [[nodiscard]] Status turn(const std::stop_token& stop);

  /// A link is reported when it has failed this long without one success.
  static constexpr std::chrono::minutes patience{5};

 private:
  void watch_used(const std::string& part, const std::string& code, const std::string& subject, Instant now);
  void watch_links(Instant now);
  void watch_disk();
  void watch_tasks();
  [[nodiscard]] Status watch_mails(Instant now);
  [[nodiscard]] Status watch_uncertain(const std::stop_token& stop);

  HealthSources sources_;
  std::map<std::string, Instant> ill_since_;
};

/// Asks clamd for a sign of life and notes it in the vitals; nothing to do when it is off.
[[nodiscard]] Status ping_antivirus(const Generation& generation, const Clock& clock,
                                    pipeline::Recorder& recorder);

}  // namespace demat
