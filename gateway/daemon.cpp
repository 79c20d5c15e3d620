#include "gateway/daemon.hpp"

#include <sys/resource.h>

#include <csignal>

#include "gateway/gateway.hpp"
#include "gateway/wiring.hpp"

namespace demat {
namespace {

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

/// A core file would hold keys and payloads (stack rule 20).
void forbid_core_files() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
}

}  // namespace

Status serve_until_stopped(const config::Settings& settings) {
  const sigset_t signals = blocked_signals();
  forbid_core_files();
  auto gateway = Gateway::start(settings);
  if (!gateway) return failure(gateway.error());
  for (;;) {
    int number = 0;
    if (sigwait(&signals, &number) != 0) continue;
    if (number != SIGHUP) break;
    (*gateway)->reload();
  }
  (*gateway)->stop();
  return {};
}

Status check_configuration(const config::Settings& settings) {
  return wiring::try_parts(settings);
}

}  // namespace demat
