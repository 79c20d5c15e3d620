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

Status append_all(store::PayloadWriter& writer, const ByteSource& source) {
  if (const auto seen = source.view(); !seen.empty()) return writer.append(seen);
  constexpr std::size_t piece_bytes = 262'144;
  std::vector<char> piece(piece_bytes);
  for (std::size_t offset = 0;;) {
    const auto got = source.read(offset, piece);
    if (!got) return failure(got.error());
    if (*got == 0) return {};
    if (auto status = writer.append({piece.data(), *got}); !status) return status;
    offset += *got;
  }
}

namespace {

/// Bytes that a profile holds, offered to the store. Used for what it has already: nothing is written then.
class SharedBacking final : public store::StagedPayload::Backing {
 public:
  explicit SharedBacking(std::shared_ptr<const Bytes> bytes)
      : bytes_(std::move(bytes)), source_(as_text(*bytes_)) {}
  [[nodiscard]] const ByteSource& bytes() const override { return source_; }

 private:
  std::shared_ptr<const Bytes> bytes_;
  MemorySource source_;
};

Result<store::StagedPayload> stage(store::Store& store, std::string_view bytes) {
  auto writer = store.new_payload();
  if (!writer) return failure(writer.error());
  if (auto status = (*writer)->append(bytes); !status) return failure(status.error());
  return (*writer)->finish();
}

/// A revocation list serves many flows: only the first of them pays for its way to the disk.
Result<store::StagedPayload> stage_evidence(store::Store& store, const trust::Evidence& one) {
  if (store.open_payload(one.sha256))
    return store::StagedPayload(one.sha256, one.sha1, one.bytes->size(),
                                std::make_unique<SharedBacking>(one.bytes));
  return stage(store, as_text(*one.bytes));
}

/// What the flow has already from an earlier judgement is not listed again.
Status add_evidence(store::Store& store, store::Change& change, const trust_desk::Decision& judged) {
  if (judged.evidence.empty()) return {};
  const auto documents = store.documents(change.flow);
  if (!documents) return failure(documents.error());
  for (const auto& one : judged.evidence) {
    const bool kept = std::ranges::any_of(*documents, [&](const flow::Document& document) {
      return document.role == trust_desk::evidence_role && document.sha256 == one.sha256;
    });
    if (kept) continue;
    auto staged = stage_evidence(store, one);
    if (!staged) return failure(staged.error());
    change.documents.push_back({trust_desk::evidence_role,
                                one.sha256.str() + (one.kind == trust::EvidenceKind::crl ? ".crl" : ".ocsp"),
                                trust::media_type_of(one.kind), std::move(*staged)});
  }
  return {};
}

}  // namespace

Status add_report(store::Store& store, store::Change& change, const trust_desk::Decision& judged) {
  auto staged = stage(store, judged.json);
  if (!staged) return failure(staged.error());
  change.documents.push_back(
      {trust_desk::report_role, trust_desk::report_name, "application/json", std::move(*staged)});
  return add_evidence(store, change, judged);
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
