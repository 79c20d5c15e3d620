#include "gateway/wire_clients.hpp"

#include "gateway/store/care.hpp"

namespace demat::wiring {
namespace {

constexpr std::chrono::milliseconds telling_period{1'000};

http::PeerFault alert_of(trust::ClientFault fault) {
  switch (fault) {
    case trust::ClientFault::none:
      return http::PeerFault::none;
    case trust::ClientFault::untrusted:
      return http::PeerFault::unknown_authority;
    case trust::ClientFault::expired:
    case trust::ClientFault::not_yet_valid:
      return http::PeerFault::expired;
    case trust::ClientFault::usage:
    case trust::ClientFault::policy:
      return http::PeerFault::unsupported;
    case trust::ClientFault::weak:
      return http::PeerFault::weak;
    case trust::ClientFault::revoked:
      return http::PeerFault::revoked;
    case trust::ClientFault::unknown:
      break;
  }
  return http::PeerFault::other;
}

/// The journal keeps those of authorities that we know; what any stranger can make stays in the log.
void tell(const trust_desk::Refused& one, observe::Logger& log, std::vector<store::RefusedClient>& journal) {
  log.warning("access.certificate_refused", {{"certificate", one.sha256},
                                             {"serial", one.serial},
                                             {"issuer", one.issuer},
                                             {"profile", one.profile},
                                             {"because", one.check}});
  if (!one.issuer.empty()) journal.push_back({one.sha256, one.serial, one.issuer, one.profile, one.check});
}

}  // namespace

http::PeerJudge make_client_judge(const CurrentGeneration& current, const Clock& clock,
                                  trust_desk::ClientGate& gate) {
  return [&current, &clock, &gate](const http::PeerChain& chain) -> std::optional<http::PeerVerdict> {
    const auto generation = current.get();
    const auto& name = generation->settings.http.client_trust;
    if (name.empty()) return std::nullopt;
    auto& desk = *generation->inspection->trust;
    const auto profile = desk.find(name);
    if (!profile) return std::nullopt;
    const auto verdict = gate.judge(*profile, {chain.sha256, chain.der, chain.offered},
                                    std::chrono::floor<std::chrono::seconds>(clock.now()));
    if (verdict.fault != trust::ClientFault::untrusted) desk.saw(name, chain.der);
    if (verdict.fault == trust::ClientFault::none) return http::PeerVerdict{};
    return http::PeerVerdict{alert_of(verdict.fault), trust_desk::refusal_of(verdict)};
  };
}

void add_client_watch(Periodic& periodic, const HealthSources& sources, trust_desk::ClientGate& gate) {
  periodic.add({"clients", telling_period, [&sources, &gate](const std::stop_token&) -> Status {
                  const auto untold = gate.take_untold();
                  std::vector<store::RefusedClient> journal;
                  for (const auto& one : untold.refused)
                    tell(one, sources.recorder.log(), journal);
                  if (untold.lost > 0)
                    sources.recorder.log().warning("access.refusals_untold", {{"count", untold.lost}});
                  return journal.empty() ? Status() : sources.store.care().note_refused(journal);
                }});
}

}  // namespace demat::wiring
