#include <algorithm>

#include "gateway/pipeline/inspection.hpp"

namespace demat::pipeline {

namespace {

void describe(const Inspection& inspection, trust::FileFacts& file) {
  file.encoding = inspection.header.encoding;
  file.root = inspection.header.root;
  file.nom_fic = inspection.header.nom_fic.str();
  file.schema = inspection.pack;
  file.schema_valid = std::ranges::none_of(inspection.report.findings,
                                           [](const Finding& one) { return one.code.starts_with("xsd."); });
}

}  // namespace

std::optional<trust_desk::Decision> judge_signers(const Inspection& inspection,
                                                  const InspectionContext& context,
                                                  const std::string& destination, Instant received,
                                                  Instant now, trust::FileFacts file) {
  if (!inspection.signatures || inspection.is_signed() || inspection.signatures->signatures.empty())
    return std::nullopt;
  const auto demand = context.trust ? context.trust->demand_of(destination) : trust_desk::Demand{};
  if (demand.profile)
    for (const auto& signature : inspection.signatures->signatures)
      context.trust->saw(demand.profile->name(), signature.certificate_der);
  using std::chrono::floor;
  using std::chrono::seconds;
  auto report = trust::judge_flow(demand.profile ? &*demand.profile : nullptr, *inspection.signatures,
                                  floor<seconds>(received), floor<seconds>(now));
  describe(inspection, file);
  report.file = std::move(file);
  return trust_desk::decide(report, demand);
}

}  // namespace demat::pipeline
