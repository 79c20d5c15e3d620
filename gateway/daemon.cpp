#include "gateway/daemon.hpp"

#include <sys/resource.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <thread>

#include "gateway/gateway.hpp"
#include "gateway/wiring.hpp"

namespace demat {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// Between two looks at the signals while stopping.
constexpr milliseconds stop_tick{50};
/// Between two signs of life when nobody has asked for any: what hangs is told in the log all the same.
constexpr milliseconds usual_pulse{10'000};

/// Blocks the signals in every thread to come; the first thread waits for them.
sigset_t blocked_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGHUP})
    sigaddset(&set, number);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, nullptr);
  return set;
}

/// The next signal, or 0 when none came in time.
int next_signal(const sigset_t& set, milliseconds at_most) {
  const timespec limit{static_cast<time_t>(at_most.count() / 1'000),
                       static_cast<long>(at_most.count() % 1'000) * 1'000'000};
  const int number = sigtimedwait(&set, nullptr, &limit);
  return number > 0 ? number : 0;
}

/// A core file would hold keys and payloads (stack rule 20).
void forbid_core_files() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
}

/// Gives signs of life while nothing hangs.
class Pulse {
 public:
  Pulse(Gateway& gateway, const ServiceManager& manager) : gateway_(gateway), manager_(manager) {
    const auto limit = std::chrono::duration_cast<milliseconds>(manager.watchdog());
    period_ = limit.count() > 0 ? limit / 3 : usual_pulse;
  }
  [[nodiscard]] milliseconds period() const { return period_; }
  void beat() {
    const std::string hanging = gateway_.hangs(period_);
    if (hanging.empty()) manager_.alive();
    if (hanging != told_) gateway_.tell_hanging(told_, hanging);
    told_ = hanging;
  }

 private:
  Gateway& gateway_;
  const ServiceManager& manager_;
  milliseconds period_;
  std::string told_;
};

/// Ends as a power cut would; the store is made for that.
[[noreturn]] void end_at_once(Gateway& gateway, std::string_view because) {
  gateway.tell_forced_end(because);
  std::_Exit(EXIT_FAILURE);
}

/// Waits for running work; the watchdog is fed meanwhile, for a long transfer is no hang.
void drain(Gateway& gateway, const ServiceManager& manager, const sigset_t& signals, milliseconds at_most) {
  manager.stopping("finishing running requests and transfers");
  const auto deadline = steady_clock::now() + at_most;
  std::atomic<bool> done = false;
  std::jthread stopper([&] {
    gateway.stop();
    done = true;
  });
  while (!done) {
    const int number = next_signal(signals, stop_tick);
    if (number == SIGTERM || number == SIGINT) end_at_once(gateway, "second signal");
    if (steady_clock::now() > deadline) end_at_once(gateway, "deadline");
    manager.alive();
  }
}

}  // namespace

Status serve_until_stopped(const ConfigSource& source, const config::Settings& settings,
                           const ServeOptions& options) {
  const sigset_t signals = blocked_signals();
  forbid_core_files();
  const ServiceManager manager;
  auto gateway = Gateway::start(source, settings, manager);
  if (!gateway) return failure(gateway.error());
  manager.ready("environment " + settings.environment);
  Pulse pulse(**gateway, manager);
  for (;;) {
    const int number = next_signal(signals, pulse.period());
    if (number == SIGTERM || number == SIGINT) break;
    if (number == SIGHUP) (*gateway)->reload();
    pulse.beat();
  }
  drain(**gateway, manager, signals, options.drain ? milliseconds(*options.drain) : (*gateway)->drain_time());
  return {};
}

Status check_configuration(const config::Settings& settings) {
  return wiring::try_parts(settings);
}

}  // namespace demat
