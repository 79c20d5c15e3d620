#include "gateway/actes/packaging.hpp"
#include "gateway/actes/road.hpp"
#include "protocols/base/whole.hpp"

/// Envelopes made elsewhere, on the road.
namespace demat::actes_road {

Result<std::vector<Member>> members_of(store::Store& store, const FlowId& flow) {
  const auto documents = store.documents(flow);
  if (!documents) return failure(documents.error());
  std::vector<Member> out;
  for (const auto& one : *documents) {
    if (one.role != "acte" && one.role != "annexe" && one.role != message_role && one.role != envelope_role)
      continue;
    const auto media = actes::media_of_mime(one.media_type);
    out.push_back({one.name, one.size, media.value_or(actes::Media::other), one.sha256});
  }
  return out;
}

Result<ReadyEnvelope> understand_stored(store::Store& store, const std::string& archive_name,
                                        const std::vector<Member>& members, const xml::SchemaPack& pack) {
  const auto read = [&store](const Member& member) -> Result<std::string> {
    const auto payload = store.open_payload(member.sha256);
    if (!payload) return failure(payload.error());
    return whole(**payload);
  };
  return understand(archive_name, members, read, pack);
}

Result<store::Change> ActesRoad::check_envelope(const store::Claim& claim,
                                                const flow::ActesSettings& settings,
                                                const config::Destination& destination) const {
  const auto& pack = deps_.intake.pack();
  if (pack == nullptr) return failure(schema_missing());
  const auto classification = deps_.classifications.of(claim.flow.authority);
  if (!classification) return failure(classification.error());
  const auto members = members_of(deps_.store, claim.flow.id);
  if (!members) return failure(members.error());
  auto envelope = understand_stored(deps_.store, claim.flow.file_name, *members, *pack);
  if (!envelope) return failure(envelope.error());
  const auto open = [this](const Sha256& name) { return deps_.store.open_payload(name); };
  auto contents = look_into(*envelope, *members, open, {deps_.scanner, deps_.budgets});
  if (!contents) return failure(contents.error());
  const auto& prefecture = destination.prefecture;
  auto report = judge(*envelope, settings, options_of(settings, **classification, deps_.clock.now()),
                      prefecture.trigramme, prefecture.quadrigramme);
  report.append(std::move(contents->report));
  store::Change change{.flow = claim.flow.id, .lease = claim.lease};
  auto waiting = judge_signers(claim, *contents, destination, report, change);
  if (!waiting) return failure(waiting.error());
  if (*waiting) return std::move(**waiting);
  if (report.refused())
    return refused(std::move(change), std::move(report), contents->infected ? "antivirus" : "checks");
  change.findings = std::move(report);
  return pack_up(claim, settings, destination, {}, std::move(change),
                 [&](const PackagingContext& context) { return package(*envelope, *members, context); });
}

}  // namespace demat::actes_road
