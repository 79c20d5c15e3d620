#include "gateway/pipeline/send_stage.hpp"

#include <array>

#include "gateway/base/crash_point.hpp"
#include "gateway/base/random.hpp"
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

/// PES_ACQUIT_RETOUR asks for no answer (helios 1.2).
Trigger delivered_trigger(const flow::Flow& flow) {
  return flow.protocol == "pes_acquit_retour" ? Trigger::finish_send_final : Trigger::finish_send;
}

}  // namespace

struct SendStage::Shipment {
  store::Payload payload;
  RemoteAddress address;
};

SendStage::SendStage(const Dependencies& dependencies, const config::Destination& destination)
    : deps_(dependencies), destination_(destination), peer_(deps_.make_peer(destination)) {}

Duration SendStage::lease() const {
  return deps_.settings.pipeline.lease + destination_.connect_timeout + destination_.transfer_timeout;
}

PeerHealth SendStage::process(const store::Claim& claim) {
  auto shipment = prepare(claim.flow);
  if (!shipment) {
    if (shipment.error().code == "payload.altered")
      deps_.recorder.alarm("payload.altered", claim.flow, shipment.error().detail);
    wait(claim, shipment.error());
    return PeerHealth::well;
  }
  const auto sending = commit_intent(claim, *shipment);
  if (!sending) {
    if (is_overtaken(sending.error()))
      deps_.recorder.overtaken(claim.flow, sending.error());
    else
      deps_.recorder.waits(claim.flow, sending.error());
    return PeerHealth::well;
  }
  return transmit(claim, *sending, *shipment);
}

Result<SendStage::Shipment> SendStage::prepare(const flow::Flow& flow) {
  auto payload = deps_.store.open_payload(flow.outgoing);
  if (!payload) return failure(payload.error());
  const auto sha1 = verified_sha1(**payload, flow.outgoing);
  if (!sha1) return failure(sha1.error());
  const auto route = deps_.store.find_route(flow.authority, flow.protocol);
  if (!route) return failure(route.error());
  auto address = remote_address(flow, route->value_or(flow::Route{}), destination_, *sha1, deps_.clock.now(),
                                [this](const std::string& key) { return deps_.store.next_counter(key); });
  if (!address) return failure(address.error());
  return Shipment{std::move(*payload), std::move(*address)};
}

Result<flow::Flow> SendStage::commit_intent(const store::Claim& claim, const Shipment& shipment) {
  store::Change change{.flow = claim.flow.id, .lease = claim.lease};
  change.steps.push_back({Trigger::begin_send});
  change.open_attempt = store::OpenAttempt{DestinationName{destination_.name}, shipment.address.remote_name};
  change.remote_name = shipment.address.remote_name;
  change.keep_lease = true;
  crash_point("before_intent");
  auto sending = deps_.store.apply(std::move(change));
  crash_point("after_intent");
  if (sending) deps_.recorder.changed(claim.flow, *sending);
  return sending;
}

PeerHealth SendStage::transmit(const store::Claim& claim, const flow::Flow& sending,
                               const Shipment& shipment) {
  transport::Transcript transcript;
  const auto started = deps_.clock.now();
  const auto put =
      peer_->put({shipment.address.remote_name, shipment.address.parameters, *shipment.payload}, transcript);
  crash_point("after_put");
  const double seconds = std::chrono::duration<double>(deps_.clock.now() - started).count();
  store::Change change{.flow = sending.id, .lease = claim.lease};
  change.close_attempt = store::CloseAttempt{AttemptOutcome::sent, {}, transcript.text()};
  if (put) {
    change.steps.push_back({delivered_trigger(sending)});
  } else if (put.error().delivery == transport::Delivery::not_delivered) {
    change.steps.push_back({Trigger::fail_send});
    change.close_attempt->outcome = AttemptOutcome::failed;
    const auto delay = retry_delay(deps_.settings.pipeline.retry, sending.attempts, random_fraction());
    change.wait = store::Change::Wait{deps_.clock.now() + delay, put.error().error.code};
  } else {
    change.steps.push_back({Trigger::lose_send});
    change.close_attempt->outcome = AttemptOutcome::ambiguous;
    deps_.recorder.alarm("send.uncertain", sending, put.error().error.detail);
  }
  if (!put) {
    change.close_attempt->error_code = put.error().error.code;
    deps_.recorder.waits(sending, put.error().error);
  }
  deps_.recorder.metrics().attempt(destination_.name, flow::to_string(change.close_attempt->outcome),
                                   seconds);
  commit_outcome(sending, std::move(change));
  return put ? PeerHealth::well : PeerHealth::in_trouble;
}

/// An outcome that cannot be written leaves the flow in `sending`; its lease runs out and it becomes
/// uncertain.
void SendStage::commit_outcome(const flow::Flow& before, store::Change change) {
  const auto after = deps_.store.apply(std::move(change));
  crash_point("after_outcome");
  if (after)
    deps_.recorder.changed(before, *after);
  else if (is_overtaken(after.error()))
    deps_.recorder.overtaken(before, after.error());
  else
    deps_.recorder.alarm("send.outcome_not_recorded", before, after.error().code);
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
  }
  return std::nullopt;
}

PeerHealth SendStage::reconcile() {
  store::FlowFilter filter;
  filter.states = {State::uncertain};
  std::string cursor;
  do {
    const auto page = deps_.store.list(filter, cursor, limits::max_page);
    if (!page) return PeerHealth::well;
    for (const auto& flow : page->items) {
      if (flow.destination.str() != destination_.name) continue;
      const auto presence = peer_->look(flow.remote_name, flow.outgoing_size);
      if (!presence) return PeerHealth::in_trouble;
      const auto trigger = verdict_of(*presence);
      if (!trigger) continue;
      store::Change change{.flow = flow.id};
      change.steps.push_back({*trigger, R"({"by":"listing"})"});
      commit_outcome(flow, std::move(change));
    }
    cursor = page->next;
  } while (!cursor.empty());
  return PeerHealth::well;
}

}  // namespace demat::pipeline
