#include "gateway/pipeline/marche_guard.hpp"

#include <boost/json.hpp>

namespace demat::pipeline {
namespace {

using Verdict = MarcheOrder::Verdict;

/// Should a wake-up ever be missed, the flow is looked at again by itself.
constexpr std::chrono::hours look_again{1};
/// What could not be read is looked at again sooner: its checks wake nobody.
constexpr std::chrono::minutes guess_again{1};

std::string detail_of(const MarcheOrder& order) {
  return boost::json::serialize(boost::json::object{
      {"flow", order.because.str()}, {"contrat", order.contrat}, {"sequence", order.sequence}});
}

/// The journal tells why it goes all the same: once, with its first attempt.
std::optional<store::Note> note_of(const flow::Flow& flow, const MarcheOrder& order) {
  if (order.unknown.empty() || flow.attempts > 0) return std::nullopt;
  boost::json::array contracts;
  for (const auto& one : order.unknown)
    contracts.push_back(boost::json::object{{"contrat", one.contrat}, {"sequence", one.sequence}});
  return store::Note{.code = "marche.predecessor_unknown",
                     .reason = {},
                     .detail = boost::json::serialize(boost::json::object{{"records", contracts}})};
}

}  // namespace

Result<MarcheGuard::Decision> MarcheGuard::judge(const store::Claim& claim) const {
  if (!deps_.settings.marche.ordering || claim.flow.protocol != "pes") return Decision{};
  auto judged =
      order_of(deps_.store, claim.flow, [&] { return deps_.store.marches().standing(claim.flow.id); });
  if (!judged) return failure(judged.error());
  auto& order = *judged;
  if (auto status = follow_up(claim.flow, order); !status) return failure(status.error());
  store::Change change{.flow = claim.flow.id, .lease = claim.lease};
  if (order.verdict == Verdict::wait) {
    const Duration rest = order.guessed ? Duration(guess_again) : Duration(look_again);
    change.wait = store::Change::Wait{deps_.clock.now() + rest, std::string(flow::awaits_predecessor),
                                      detail_of(order), order.because};
    return Decision{std::move(change), std::nullopt};
  }
  if (order.verdict == Verdict::hold) {
    change.steps.push_back(
        {flow::Trigger::hold, detail_of(order), "gateway", std::string(flow::predecessor_failed)});
    change.waits_for = order.because;
    return Decision{std::move(change), std::nullopt};
  }
  return Decision{std::nullopt, note_of(claim.flow, order)};
}

/// A flow that was waited for before anybody had read it, and that was refused since, kept no record.
Status MarcheGuard::follow_up(const flow::Flow& flow, MarcheOrder& order) const {
  if (flow.waits_for.empty() || order.verdict != Verdict::go || order.unknown.empty()) return {};
  const auto awaited = deps_.store.find(flow.waits_for);
  if (!awaited) return failure(awaited.error());
  if (!*awaited || flow::blocks_duplicates((*awaited)->state)) return {};
  if (!carries_unknown(deps_.store, **awaited, order)) return {};
  order.verdict = Verdict::hold;
  order.because = flow.waits_for;
  order.contrat = order.unknown.front().contrat;
  order.sequence = order.unknown.front().sequence;
  return {};
}

}  // namespace demat::pipeline
