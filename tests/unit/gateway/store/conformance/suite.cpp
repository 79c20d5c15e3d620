#include "tests/unit/gateway/store/conformance/suite.hpp"

namespace demat::store::conformance {

std::string content_of(const ByteSource& source) {
  std::string out(source.size(), '\0');
  const auto got = source.read(0, out);
  if (!got || *got != out.size()) throw std::runtime_error("a payload could not be read");
  return out;
}

StagedPayload StoreSuite::stage(std::string_view bytes) {
  auto writer = store().new_payload();
  if (!writer || !(*writer)->append(bytes)) throw std::runtime_error("staging failed");
  auto staged = (*writer)->finish();
  if (!staged) throw std::runtime_error("staging failed: " + staged.error().code);
  return std::move(*staged);
}

NewFlow StoreSuite::wanted(const std::string& key, const std::string& authority) {
  NewFlow item;
  item.flow.authority = AuthorityId{authority};
  item.flow.business_key = key;
  item.flow.nom_fic = NomFic{key};
  item.flow.file_name = key + ".xml";
  item.actor = "tester";
  return item;
}

flow::Flow StoreSuite::accept_new(const std::string& key, std::string_view bytes) {
  auto outcome = store().accept(wanted(key), stage(bytes));
  if (!outcome) throw std::runtime_error("accept failed: " + outcome.error().code);
  return std::get<DurableReceipt>(*outcome).flow();
}

flow::Flow StoreSuite::step(const FlowId& id, flow::Trigger trigger) {
  Change change;
  change.flow = id;
  change.steps = {{.trigger = trigger}};
  auto done = store().apply(std::move(change));
  if (!done) throw std::runtime_error("step failed: " + done.error().code);
  return *done;
}

flow::Flow StoreSuite::ready_flow(const std::string& key) {
  const auto id = accept_new(key, "<" + key + "/>").id;
  Change change;
  change.flow = id;
  change.steps = {{.trigger = flow::Trigger::pass_checks}, {.trigger = flow::Trigger::make_ready}};
  change.destination = DestinationName{"helios"};
  auto done = store().apply(std::move(change));
  if (!done) throw std::runtime_error("ready failed: " + done.error().code);
  return *done;
}

Claim StoreSuite::claim_one(std::vector<flow::State> states, Duration lease) {
  ClaimRequest request;
  request.states = std::move(states);
  request.owner = "w";
  request.now = clock.now();
  request.lease_for = lease;
  auto claims = store().claim(request);
  if (!claims || claims->size() != 1) throw std::runtime_error("nothing to claim");
  return std::move(claims->front());
}

Claim StoreSuite::sending_flow(const std::string& key, Duration lease) {
  ready_flow(key);
  auto claim = claim_one({flow::State::ready}, lease);
  Change change;
  change.flow = claim.flow.id;
  change.lease = claim.lease;
  change.keep_lease = true;
  change.steps = {{.trigger = flow::Trigger::begin_send}};
  change.open_attempt = OpenAttempt{DestinationName{"helios"}, "PES_1.xml"};
  auto done = store().apply(std::move(change));
  if (!done) throw std::runtime_error("send failed: " + done.error().code);
  claim.flow = *done;
  return claim;
}

flow::Flow StoreSuite::current(const FlowId& id) {
  auto found = store().find(id);
  if (!found || !*found) throw std::runtime_error("flow not found");
  return **found;
}

flow::Return StoreSuite::import(const std::string& name, std::string_view bytes) {
  NewReturn item;
  item.destination = DestinationName{"helios"};
  item.remote_name = name;
  item.kind = "unknown";
  item.received_at = clock.now();
  auto done = store().import_return(item, stage(bytes));
  if (!done) throw std::runtime_error("import failed: " + done.error().code);
  return *done;
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(StoreSuite);

}  // namespace demat::store::conformance
