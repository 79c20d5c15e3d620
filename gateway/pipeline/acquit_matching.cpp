#include "gateway/pipeline/acquit_matching.hpp"

#include <algorithm>
#include <array>

namespace demat::pipeline {
namespace {

using Candidates = std::vector<flow::Flow>;

bool awaiting(const flow::Flow& flow) {
  using enum flow::State;
  return flow.state == sent || flow.state == uncertain || flow.state == sending;
}

/// "000" is what a box-1 acquit carries when the Guichet could not read the header (helios 1.4).
bool usable_cod_col(const std::string& cod_col) {
  return cod_col.find_first_not_of('0') != std::string::npos;
}

template <class Keep>
void keep_if_any(Candidates& candidates, Keep keep) {
  Candidates kept;
  std::copy_if(candidates.begin(), candidates.end(), std::back_inserter(kept), keep);
  if (!kept.empty()) candidates = std::move(kept);
}

Match choose(Candidates group, const pes::Header& acquit, const DestinationName& destination,
             std::string rule) {
  keep_if_any(group, [&](const flow::Flow& f) { return f.id_coll.str() == acquit.id_coll; });
  // Before anything narrows the group: a flow that merely waits longer must not draw another body's answer.
  const auto other_authority = [&](const flow::Flow& f) { return f.authority != group.front().authority; };
  if (std::any_of(group.begin(), group.end(), other_authority)) return {std::nullopt, "ambiguous"};
  keep_if_any(group, awaiting);
  keep_if_any(group, [&](const flow::Flow& f) { return f.destination == destination; });
  auto latest = std::max_element(group.begin(), group.end(), [](const flow::Flow& a, const flow::Flow& b) {
    return std::pair(a.sent_at.value_or(a.created_at), a.id) <
           std::pair(b.sent_at.value_or(b.created_at), b.id);
  });
  return {std::move(*latest), std::move(rule)};
}

}  // namespace

Match match_acquit(const pes::Header& acquit, const DestinationName& destination,
                   std::vector<flow::Flow> candidates) {
  if (acquit.nom_fic.empty()) return {std::nullopt, "no_nomfic"};
  std::erase_if(candidates, [&](const flow::Flow& f) { return f.nom_fic != acquit.nom_fic; });
  Candidates full;
  Candidates by_cod_col;
  for (const auto& f : candidates) {
    if (f.cod_col != acquit.cod_col) continue;
    by_cod_col.push_back(f);
    if (f.id_post == acquit.id_post && f.cod_bud == acquit.cod_bud) full.push_back(f);
  }
  if (!full.empty()) return choose(std::move(full), acquit, destination, "full_key");
  if (!by_cod_col.empty()) return choose(std::move(by_cod_col), acquit, destination, "codcol_nomfic");
  if (!candidates.empty() && !usable_cod_col(acquit.cod_col))
    return choose(std::move(candidates), acquit, destination, "nomfic");
  return {std::nullopt, "none"};
}

flow::Trigger trigger_of(pes::AcquitVerdict verdict) {
  switch (verdict) {
    case pes::AcquitVerdict::acknowledged:
      return flow::Trigger::acknowledge;
    case pes::AcquitVerdict::partly_rejected:
      return flow::Trigger::acknowledge_partly;
    case pes::AcquitVerdict::rejected:
      break;
  }
  return flow::Trigger::reject;
}

}  // namespace demat::pipeline
