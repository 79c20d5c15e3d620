#include "gateway/api/make_check.hpp"

#include "gateway/intake/described.hpp"
#include "gateway/pipeline/history_check.hpp"

namespace demat::api {

namespace {

/// A caller is told at once to come back: threads of the doors do not wait for memory.
constexpr std::chrono::milliseconds no_patience{0};

/// What was sent before, as for a flow that its checks accept; nothing of it is kept.
Status add_history(store::Store& store, const pipeline::InspectionContext& context,
                   pipeline::Inspection& inspection, const AuthorityId& authority, Instant now) {
  if (inspection.report.refused()) return {};
  auto flow = intake::described(inspection.header);
  flow.authority = authority;
  flow.created_at = now;
  const auto* signatures = inspection.signatures ? &*inspection.signatures : nullptr;
  auto verdict = pipeline::look_up(store, flow, pipeline::numbers_of(inspection.numbers, signatures, flow));
  if (!verdict) return failure(std::move(verdict.error()));
  context.rules->weights(authority, now).apply(verdict->report);
  inspection.report.append(std::move(verdict->report));
  return {};
}

}  // namespace

std::function<Result<CheckVerdict>(const ByteSource&, const AuthorityId&)> make_check(
    store::Store& store, const Clock& clock,
    std::function<std::shared_ptr<const pipeline::InspectionContext>()> context,
    std::function<std::shared_ptr<const signing::SigningProfile>(const std::string&)> signer) {
  return [&store, &clock, context = std::move(context), signer = std::move(signer)](
             const ByteSource& bytes, const AuthorityId& authority) -> Result<CheckVerdict> {
    const auto route = store.find_route(authority, "pes");
    if (!route) return failure(route.error());
    const bool signs = *route && !(*route)->signer.empty();
    const auto profile = signs ? signer((*route)->signer) : nullptr;
    const auto current = context();
    auto inspection = pipeline::inspect(bytes, *current, profile.get(), clock.now(), no_patience,
                                        pipeline::KeyUse::rehearse, authority);
    if (!inspection) return failure(std::move(inspection.error()));
    const auto now = clock.now();
    const std::string destination = *route ? (*route)->destination.str() : std::string();
    trust::FileFacts file;
    file.size = bytes.size();
    const auto judged =
        pipeline::judge_signers(*inspection, *current, destination, now, now, std::move(file));
    CheckVerdict verdict;
    if (judged) {
      inspection->report.append(judged->findings);
      verdict.signatures = judged->json;
    }
    if (auto status = add_history(store, *current, *inspection, authority, now); !status)
      return failure(std::move(status.error()));
    verdict.report = std::move(inspection->report);
    verdict.nom_fic = inspection->header.nom_fic;
    verdict.pack = current->pack->info().protocol + " " + inspection->pack;
    verdict.would_sign = inspection->would_sign;
    return verdict;
  };
}

}  // namespace demat::api
