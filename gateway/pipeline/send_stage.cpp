#include "gateway/pipeline/send_stage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "gateway/base/crash_point.hpp"
#include "gateway/base/random.hpp"
#include "gateway/pipeline/delivered.hpp"
#include "gateway/pipeline/remote_naming.hpp"
#include "gateway/pipeline/retry_policy.hpp"

namespace demat::pipeline {
namespace {

using flow::AttemptOutcome;
using flow::State;
using flow::Trigger;

constexpr std::size_t chunk = 262'144;

Error altered() {
  return waiting_error(
      "payload.altered",
      "Le fichier conservé ne correspond plus à son empreinte : il n'est pas transmis, l'exploitant "
      "est averti.",
      "The stored file no longer matches its digest: it is not sent, the operator is warned.");
}

/// Reads the bytes once for both digests: SHA-256 proves that they are what was accepted (helios 4.2-8),
/// SHA-1 goes into names.
Result<Sha1> verified_sha1(const ByteSource& bytes, const Sha256& expected) {
  Digester sha256(Digester::Algorithm::sha256);
  Digester sha1(Digester::Algorithm::sha1);
  std::vector<char> buffer(std::min(chunk, std::max<std::size_t>(bytes.size(), 1)));
  std::size_t offset = 0;
  for (;;) {
    const auto got = bytes.read(offset, buffer);
    if (!got) return failure(got.error());
    if (*got == 0) break;
    const std::string_view piece(buffer.data(), *got);
    sha256.update(piece);
    sha1.update(piece);
    offset += *got;
  }
  if (hex(sha256.finish()) != expected.str()) return failure(altered());
  return Sha1{hex(sha1.finish())};
}

/// A fault of the peer or of the way to it; anything else concerns one file only and must not slow the
/// others.
bool is_trouble(const Error& error) {
  constexpr std::array codes{"transport.unreachable", "transport.timeout",   "transport.login",
                             "transport.identity",    "transport.full",      "transport.interrupted",
                             "transport.unavailable", "transport.unexpected"};
  return std::find(codes.begin(), codes.end(), error.code) != codes.end();
}

PeerHealth health_after(const Error& error) {
  return is_trouble(error) ? PeerHealth::in_trouble : PeerHealth::well;
}

}  // namespace

struct SendStage::Shipment {
  store::Payload payload;
  RemoteAddress address;
};

/// A transmission and what is to be written of it; in hand until then.
struct SendStage::Outcome {
  flow::Flow sending;
  store::Change change;
  std::unique_ptr<InHand::Hold> hold;
  store::CloseAttempt attempt{};
};

SendStage::SendStage(const Dependencies& dependencies, const config::Destination& destination,
                     std::shared_ptr<InHand> sends)
    : deps_(dependencies),
      guard_(deps_),
      destination_(destination),
      peer_(deps_.make_peer(destination)),
      sends_(std::move(sends)) {}

SendStage::~SendStage() = default;

Duration SendStage::lease() const {
  return deps_.settings.pipeline.lease + destination_.connect_timeout + destination_.transfer_timeout;
}

PeerHealth SendStage::process(const store::Claim& claim) {
  const auto health = send(claim);
  settle();
  return health;
}

PeerHealth SendStage::send(const store::Claim& claim) {
  // Reading a large payload takes long enough to matter if the machine failed meanwhile.
  if (claim.flow.outgoing_size > limits::inline_payload) settle();
  std::unique_ptr<InHand::Hold> hold(new InHand::Hold(sends_->take(claim.lease)));
  std::optional<store::Note> note;
  if (kept_back(claim, note)) return PeerHealth::untried;
  auto shipment = prepare(claim.flow);
  if (!shipment) {
    if (shipment.error().code == "payload.altered")
      deps_.recorder.alarm("payload.altered", claim.flow, shipment.error().detail);
    wait(claim, shipment.error());
    return PeerHealth::untried;
  }
  const auto sending = commit_intent(claim, *shipment, std::move(note));
  if (!sending) {
    if (is_overtaken(sending.error()))
      deps_.recorder.overtaken(claim.flow, sending.error());
    else
      deps_.recorder.waits(claim.flow, sending.error());
    return PeerHealth::untried;
  }
  store::Change change{.flow = sending->id, .lease = claim.lease};
  return transmit({*sending, std::move(change), std::move(hold)}, *shipment);
}

/// True when the order of its contracts keeps the flow here; said and written then. Else there may be a note
/// to write with the intent.
bool SendStage::kept_back(const store::Claim& claim, std::optional<store::Note>& note) {
  auto decision = guard_.judge(claim);
  if (!decision) {
    wait(claim, decision.error());
    return true;
  }
  note = std::move(decision->note);
  if (!decision->keeps) return false;
  const bool holds = !decision->keeps->steps.empty();
  if (commit_outcome(claim.flow, std::move(*decision->keeps)) && holds)
    deps_.recorder.alarm(flow::predecessor_failed, claim.flow, "the record before it was turned down");
  return true;
}

void SendStage::settle() {
  const auto outcome = std::exchange(unwritten_, nullptr);
  if (outcome) outcome_written(*outcome, deps_.store.apply(std::move(outcome->change)));
}

void SendStage::outcome_written(const Outcome& outcome, const Result<flow::Flow>& after) {
  crash_point("after_outcome");
  if (!note_outcome(outcome.sending, after)) commit_late_outcome(outcome.sending, outcome.attempt);
}

Result<SendStage::Shipment> SendStage::prepare(const flow::Flow& flow) {
  auto payload = deps_.store.open_payload(flow.outgoing);
  if (!payload) return failure(payload.error());
  const auto sha1 = verified_sha1(**payload, flow.outgoing);
  if (!sha1) return failure(sha1.error());
  const auto route = deps_.store.find_route(flow.authority, std::string(flow::route_protocol(flow.protocol)));
  if (!route) return failure(route.error());
  auto address = remote_address(flow, route->value_or(flow::Route{}), destination_, *sha1, deps_.clock.now(),
                                [this](const std::string& key) { return deps_.store.next_counter(key); });
  if (!address) return failure(address.error());
  return Shipment{std::move(*payload), std::move(*address)};
}

Result<flow::Flow> SendStage::commit_intent(const store::Claim& claim, const Shipment& shipment,
                                            std::optional<store::Note> note) {
  store::Change change{.flow = claim.flow.id, .lease = claim.lease};
  change.steps.push_back({Trigger::begin_send});
  change.note = std::move(note);
  change.open_attempt = store::OpenAttempt{DestinationName{destination_.name}, shipment.address.remote_name};
  change.remote_name = shipment.address.remote_name;
  // From here on the transfer has the whole lease, however long the flow waited for its turn.
  change.lease_until = deps_.clock.now() + lease();
  crash_point("before_intent");
  auto sending = apply_with_outcome(std::move(change));
  crash_point("after_intent");
  if (sending) deps_.recorder.changed(claim.flow, *sending);
  return sending;
}

/// The outcome before and the intent now share one commit.
Result<flow::Flow> SendStage::apply_with_outcome(store::Change intent) {
  const auto outcome = std::exchange(unwritten_, nullptr);
  if (!outcome) return deps_.store.apply(std::move(intent));
  std::vector<store::Change> changes;
  changes.push_back(std::move(outcome->change));
  changes.push_back(std::move(intent));
  auto results = deps_.store.apply_all(std::move(changes), store::Haste::now);
  outcome_written(*outcome, results.front());
  return std::move(results.back());
}

PeerHealth SendStage::transmit(Outcome outcome, const Shipment& shipment) {
  const auto& sending = outcome.sending;
  auto& change = outcome.change;
  transport::Transcript transcript;
  const auto started = deps_.clock.now();
  const auto put =
      peer_->put({shipment.address.remote_name, shipment.address.parameters, *shipment.payload}, transcript);
  crash_point("after_put");
  const double seconds = std::chrono::duration<double>(deps_.clock.now() - started).count();
  outcome.attempt = {AttemptOutcome::sent, {}, transcript.text()};
  if (put) {
    change.steps.push_back({delivered(sending)});
  } else if (put.error().delivery == transport::Delivery::not_delivered) {
    change.steps.push_back({Trigger::fail_send});
    outcome.attempt.outcome = AttemptOutcome::failed;
    const auto delay = retry_delay(deps_.settings.pipeline.retry, sending.attempts, random_fraction());
    change.wait = store::Change::Wait{deps_.clock.now() + delay, put.error().error.code};
  } else {
    change.steps.push_back({Trigger::lose_send});
    outcome.attempt.outcome = AttemptOutcome::ambiguous;
    deps_.recorder.alarm("send.uncertain", sending, put.error().error.detail);
  }
  if (!put) {
    outcome.attempt.error_code = put.error().error.code;
    deps_.recorder.waits(sending, put.error().error);
  }
  deps_.recorder.metrics().attempt(destination_.name, flow::to_string(outcome.attempt.outcome), seconds);
  change.close_attempt = outcome.attempt;
  const PeerHealth health = put ? PeerHealth::well : health_after(put.error().error);
  unwritten_ = std::make_unique<Outcome>(std::move(outcome));
  if (!put) settle();
  return health;
}

/// An outcome that cannot be written leaves the flow in `sending`; its lease runs out and it becomes
/// uncertain.
bool SendStage::commit_outcome(const flow::Flow& before, store::Change change) {
  return note_outcome(before, deps_.store.apply(std::move(change)));
}

bool SendStage::note_outcome(const flow::Flow& before, const Result<flow::Flow>& after) {
  if (after) {
    deps_.recorder.changed(before, *after);
  } else if (is_overtaken(after.error())) {
    deps_.recorder.overtaken(before, after.error());
    return false;
  } else {
    deps_.recorder.alarm("send.outcome_not_recorded", before, after.error().code);
  }
  return true;
}

/// The flow was taken from its own send: by an answer of the State, or because the transfer outlasted its
/// lease. What came of it is written all the same, and settles what was uncertain.
void SendStage::commit_late_outcome(const flow::Flow& sending, const store::CloseAttempt& outcome) {
  constexpr int tries = 5;
  std::string because;
  for (int i = 0; i < tries; ++i) {
    const auto found = deps_.store.find(sending.id);
    if (!found) {
      because = found.error().code;
      break;
    }
    const std::optional<flow::Flow>& known = *found;
    if (!known) {
      because = "store.not_found";
      break;
    }
    const flow::Flow& now = *known;
    const auto after = deps_.store.apply(late_change(now, sending.attempts, outcome));
    if (after) {
      const bool sent_again = now.state == State::ready || now.attempts > sending.attempts;
      if (outcome.outcome == AttemptOutcome::sent && sent_again)
        deps_.recorder.alarm("send.late_outcome", *after, "an attempt that was given up has succeeded");
      return deps_.recorder.changed(now, *after);
    }
    because = after.error().code;
    if (!is_overtaken(after.error())) break;
  }
  deps_.recorder.alarm("send.outcome_not_recorded", sending, because);
}

store::Change SendStage::late_change(const flow::Flow& now, std::uint32_t attempt,
                                     const store::CloseAttempt& outcome) const {
  const bool sent = outcome.outcome == AttemptOutcome::sent;
  store::Change change{.flow = now.id};
  change.expected = now.state;
  change.keep_wait = true;
  change.complete_attempt =
      store::CompleteAttempt{attempt, outcome.outcome, outcome.error_code, outcome.transcript};
  change.note = store::Note{.code = "send.late_outcome",
                            .reason = std::string(flow::to_string(outcome.outcome)),
                            .detail = fmt::format(R"({{"attempt":{}}})", attempt)};
  if (now.state == State::uncertain && sent) {
    change.steps.push_back({found_delivered(now), R"({"by":"late_outcome"})"});
  } else if (now.state == State::uncertain && outcome.outcome == AttemptOutcome::failed &&
             now.attempts == attempt) {
    change.steps.push_back({Trigger::find_not_sent, R"({"by":"late_outcome"})"});
    change.keep_wait = false;
    const auto delay = retry_delay(deps_.settings.pipeline.retry, attempt, random_fraction());
    change.wait = store::Change::Wait{deps_.clock.now() + delay, outcome.error_code};
  } else if (now.state == State::ready && sent) {
    // Declared as not sent in the meantime: it would go a second time.
    change.steps.push_back({Trigger::hold, "{}", "gateway", "send.late_outcome"});
  }
  return change;
}

void SendStage::wait(const store::Claim& claim, const Error& error) {
  deps_.recorder.waits(claim.flow, error);
  store::Change change{.flow = claim.flow.id, .lease = claim.lease};
  const auto delay = retry_delay(deps_.settings.pipeline.retry, claim.flow.attempts + 1, random_fraction());
  change.wait = store::Change::Wait{deps_.clock.now() + delay, error.code};
  commit_outcome(claim.flow, std::move(change));
}

std::optional<Trigger> SendStage::verdict_of(transport::Presence presence) const {
  switch (presence) {
    case transport::Presence::final_name:
      return Trigger::find_sent;
    case transport::Presence::partial_only:
      // Under its final name a partial file may have been taken up already: that is for a person to find out.
      if (destination_.put == config::PutMode::temporary_then_rename) return Trigger::find_not_sent;
      break;
    case transport::Presence::absent:
      if (destination_.listing_is_conclusive) return Trigger::find_not_sent;
      break;
    case transport::Presence::unknown:
      break;
  }
  return std::nullopt;
}

PeerHealth SendStage::look_for(const flow::Flow& uncertain) {
  // Without a name there is nothing to look for: a flow of a restored store, perhaps sent after the backup.
  if (sends_->contains(uncertain.id) || uncertain.remote_name.empty()) return PeerHealth::well;
  const auto presence = peer_->look(uncertain.remote_name, uncertain.outgoing_size);
  if (!presence) {
    deps_.recorder.waits(uncertain, presence.error());
    return health_after(presence.error());
  }
  const auto trigger = verdict_of(*presence);
  if (!trigger) return PeerHealth::well;
  // The listing says nothing about a send that began since.
  const auto found = deps_.store.find(uncertain.id);
  if (!found) return PeerHealth::well;
  const std::optional<flow::Flow>& now = *found;
  if (!now || now->attempts != uncertain.attempts || sends_->contains(uncertain.id)) return PeerHealth::well;
  store::Change change{.flow = uncertain.id};
  change.expected = State::uncertain;
  change.steps.push_back(
      {*trigger == Trigger::find_sent ? found_delivered(*now) : *trigger, R"({"by":"listing"})"});
  commit_outcome(uncertain, std::move(change));
  return PeerHealth::well;
}

PeerHealth SendStage::reconcile(const std::stop_token& stop) {
  store::FlowFilter filter;
  filter.states = {State::uncertain};
  filter.destination = DestinationName{destination_.name};
  std::string cursor;
  do {
    const auto page = deps_.store.list(filter, cursor, limits::max_page);
    if (!page) return PeerHealth::well;
    for (const auto& flow : page->items) {
      if (stop.stop_requested()) return PeerHealth::well;
      if (look_for(flow) == PeerHealth::in_trouble) return PeerHealth::in_trouble;
    }
    cursor = page->next;
  } while (!cursor.empty());
  return PeerHealth::well;
}

}  // namespace demat::pipeline
