#pragma once

#include "gateway/health.hpp"
#include "gateway/http/peer_judge.hpp"
#include "gateway/trust/client_gate.hpp"

namespace demat::wiring {

/// Judges clients by the profile that http.client_trust of the generation in force names; gives no verdict
/// without one. The references outlive it.
[[nodiscard]] http::PeerJudge make_client_judge(const CurrentGeneration& current, const Clock& clock,
                                                trust_desk::ClientGate& gate);

/// Writes to log and journal which certificates were refused.
void add_client_watch(Periodic& periodic, const HealthSources& sources, trust_desk::ClientGate& gate);

}  // namespace demat::wiring
