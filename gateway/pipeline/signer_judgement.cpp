#include "gateway/pipeline/inspection.hpp"

namespace demat::pipeline {

std::optional<trust_desk::Decision> judge_signers(const Inspection& inspection,
                                                  const InspectionContext& context,
                                                  const std::string& destination, Instant received,
                                                  Instant now) {
  if (!inspection.signatures || inspection.is_signed() || inspection.signatures->signatures.empty())
    return std::nullopt;
  const auto demand = context.trust ? context.trust->demand_of(destination) : trust_desk::Demand{};
  if (demand.profile)
    for (const auto& signature : inspection.signatures->signatures)
      context.trust->saw(demand.profile->name(), signature.certificate_der);
  using std::chrono::floor;
  using std::chrono::seconds;
  const auto report = trust::judge_flow(demand.profile ? &*demand.profile : nullptr, *inspection.signatures,
                                        floor<seconds>(received), floor<seconds>(now));
  return trust_desk::decide(report, demand);
}

}  // namespace demat::pipeline
