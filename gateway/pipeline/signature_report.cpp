#include "gateway/pipeline/signature_report.hpp"

#include <algorithm>

#include "gateway/base/random.hpp"
#include "gateway/pipeline/retry_policy.hpp"

namespace demat::pipeline {

store::Change waiting_change(const store::Claim& claim, const Error& error, const config::Retry& retry,
                             Instant now) {
  store::Change change{.flow = claim.flow.id, .lease = claim.lease};
  const auto delay = retry_delay_after(retry, now - claim.flow.created_at, random_fraction());
  change.wait = store::Change::Wait{now + delay, error.code};
  return change;
}

Status add_report(store::Store& store, store::Change& change, const trust_desk::Decision& judged) {
  auto writer = store.new_payload();
  if (!writer) return failure(writer.error());
  if (auto status = (*writer)->append(judged.json); !status) return status;
  auto staged = (*writer)->finish();
  if (!staged) return failure(staged.error());
  change.documents.push_back(
      {trust_desk::report_role, trust_desk::report_name, "application/json", std::move(*staged)});
  return {};
}

Result<store::Change> with_first_report(store::Store& store, store::Change waiting,
                                        const trust_desk::Decision& judged) {
  const auto documents = store.documents(waiting.flow);
  if (!documents) return failure(documents.error());
  const bool told = std::any_of(documents->begin(), documents->end(),
                                [](const auto& one) { return one.role == trust_desk::report_role; });
  if (!told) {
    if (auto status = add_report(store, waiting, judged); !status) return failure(status.error());
  }
  return waiting;
}

}  // namespace demat::pipeline
