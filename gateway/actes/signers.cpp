#include "gateway/actes/road.hpp"
#include "gateway/pipeline/signature_report.hpp"

namespace demat::actes_road {

std::optional<trust_desk::Decision> judge_signers(const std::vector<trust::SignatureInput>& signatures,
                                                  trust_desk::TrustDesk* desk, const std::string& destination,
                                                  Instant received, Instant now) {
  if (signatures.empty()) return std::nullopt;
  const auto demand = desk == nullptr ? trust_desk::Demand{} : desk->demand_of(destination);
  if (demand.profile)
    for (const auto& signature : signatures)
      desk->saw(demand.profile->name(), signature.certificate_der);
  using std::chrono::floor;
  using std::chrono::seconds;
  const auto report = trust::judge_all(demand.profile ? &*demand.profile : nullptr, signatures,
                                       floor<seconds>(received), floor<seconds>(now));
  return trust_desk::decide(report, demand);
}

Result<std::optional<store::Change>> ActesRoad::judge_signers(const store::Claim& claim,
                                                              const Contents& contents,
                                                              const config::Destination& destination,
                                                              Report& report, store::Change& change) const {
  const auto now = deps_.clock.now();
  const auto judged = actes_road::judge_signers(contents.signatures, deps_.trust.get(), destination.name,
                                                claim.flow.created_at, now);
  if (!judged) return std::nullopt;
  if (judged->wait && !report.refused()) {
    deps_.recorder.waits(claim.flow, *judged->wait);
    auto waiting = pipeline::waiting_change(claim, *judged->wait, deps_.settings()->pipeline.retry, now);
    auto told = pipeline::with_first_report(deps_.store, std::move(waiting), *judged);
    if (!told) return failure(told.error());
    return std::optional(std::move(*told));
  }
  report.append(judged->findings);
  if (auto status = pipeline::add_report(deps_.store, change, *judged); !status)
    return failure(status.error());
  return std::nullopt;
}

}  // namespace demat::actes_road
