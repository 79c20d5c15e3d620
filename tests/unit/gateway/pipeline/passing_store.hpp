#pragma once

#include <utility>
#include <vector>

#include "gateway/store/store.hpp"

namespace demat::pipeline {

/// A store that hands everything on; a test overrides the call before which something else has to happen.
class PassingStore : public store::Store {
 public:
  explicit PassingStore(store::Store& behind) : to_(behind) {}

  Result<std::unique_ptr<store::PayloadWriter>> new_payload() override { return to_.new_payload(); }
  Result<store::Payload> open_payload(const Sha256& name) override { return to_.open_payload(name); }
  Result<store::AcceptOutcome> accept(store::NewFlow flow, store::StagedPayload payload) override {
    return to_.accept(std::move(flow), std::move(payload));
  }
  Result<flow::Flow> replay(store::NewFlow flow, const Sha256& original, bool even_if_live) override {
    return to_.replay(std::move(flow), original, even_if_live);
  }
  Result<std::optional<flow::Flow>> find(const FlowId& id) override { return to_.find(id); }
  Result<store::Page<flow::Flow>> list(const store::FlowFilter& filter, const std::string& cursor,
                                       std::size_t limit) override {
    return to_.list(filter, cursor, limit);
  }
  Result<std::vector<flow::Event>> events(const FlowId& id) override { return to_.events(id); }
  Result<std::vector<flow::Attempt>> attempts(const FlowId& id) override { return to_.attempts(id); }
  Result<std::vector<flow::Document>> documents(const FlowId& id) override { return to_.documents(id); }
  Result<Report> findings(const FlowId& id) override { return to_.findings(id); }
  Result<std::vector<flow::AcquitAnomaly>> anomalies(const FlowId& id) override { return to_.anomalies(id); }
  Result<std::vector<store::StateCount>> state_counts() override { return to_.state_counts(); }
  Result<std::vector<store::Claim>> claim(const store::ClaimRequest& request) override {
    return to_.claim(request);
  }
  Result<std::optional<Instant>> next_due(const std::vector<flow::State>& states) override {
    return to_.next_due(states);
  }
  Result<flow::Flow> apply(store::Change change) override { return to_.apply(std::move(change)); }
  std::vector<Result<flow::Flow>> apply_all(std::vector<store::Change> changes, store::Haste haste) override {
    return to_.apply_all(std::move(changes), haste);
  }
  Result<std::vector<DestinationName>> destinations_of(flow::State state) override {
    return to_.destinations_of(state);
  }
  Status renew(const store::Lease& lease, Instant until) override { return to_.renew(lease, until); }
  Result<std::vector<FlowId>> expire_sends(Instant now) override { return to_.expire_sends(now); }
  Result<std::uint64_t> next_counter(const std::string& key) override { return to_.next_counter(key); }
  Result<bool> return_known(const DestinationName& destination, const std::string& name, std::uint64_t size,
                            std::optional<Instant> time) override {
    return to_.return_known(destination, name, size, time);
  }
  Result<flow::Return> import_return(store::NewReturn item, store::StagedPayload&& payload) override {
    return to_.import_return(std::move(item), std::move(payload));
  }
  std::vector<Result<flow::Return>> import_returns(std::span<store::ReturnImport> items) override {
    return to_.import_returns(items);
  }
  Result<std::vector<flow::Return>> unsettled_returns(std::size_t limit) override {
    return to_.unsettled_returns(limit);
  }
  Result<std::vector<flow::Flow>> acquit_candidates(const NomFic& nom_fic) override {
    return to_.acquit_candidates(nom_fic);
  }
  Status settle_return(store::Settlement settlement) override {
    return to_.settle_return(std::move(settlement));
  }
  std::vector<Status> settle_returns(std::vector<store::Settlement> settlements) override {
    return to_.settle_returns(std::move(settlements));
  }
  Result<std::optional<flow::Return>> find_return(const ReturnId& id) override { return to_.find_return(id); }
  Result<store::Page<flow::Return>> list_returns(const store::ReturnFilter& filter, const std::string& cursor,
                                                 std::size_t limit) override {
    return to_.list_returns(filter, cursor, limit);
  }
  Status mark_return_read(const ReturnId& id, bool read, const std::string& actor) override {
    return to_.mark_return_read(id, read, actor);
  }
  Status put_authority(const flow::Authority& authority, const std::string& actor) override {
    return to_.put_authority(authority, actor);
  }
  Result<std::optional<flow::Authority>> find_authority(const AuthorityId& siren) override {
    return to_.find_authority(siren);
  }
  Result<std::optional<flow::Authority>> authority_of_siret(const Siret& siret) override {
    return to_.authority_of_siret(siret);
  }
  Result<std::vector<flow::Authority>> authorities() override { return to_.authorities(); }
  Status put_route(const flow::Route& route, const std::string& actor) override {
    return to_.put_route(route, actor);
  }
  Result<std::optional<flow::Route>> find_route(const AuthorityId& authority,
                                                const std::string& protocol) override {
    return to_.find_route(authority, protocol);
  }
  Result<std::vector<flow::Route>> routes() override { return to_.routes(); }
  Status put_identity(const flow::Identity& identity, const std::string& actor) override {
    return to_.put_identity(identity, actor);
  }
  Result<std::optional<flow::Identity>> find_identity(const IdentityId& id) override {
    return to_.find_identity(id);
  }
  Result<std::vector<flow::Identity>> identities() override { return to_.identities(); }
  store::Actes& actes() override { return to_.actes(); }
  store::Care& care() override { return to_.care(); }
  store::History& history() override { return to_.history(); }
  store::Mails& mails() override { return to_.mails(); }
  store::Marches& marches() override { return to_.marches(); }
  store::Outbox& outbox() override { return to_.outbox(); }
  store::Returns& returns() override { return to_.returns(); }
  store::SignatureRequests& signature_requests() override { return to_.signature_requests(); }
  store::Steering& steering() override { return to_.steering(); }
  store::Tickets& tickets() override { return to_.tickets(); }
  store::Uploads& uploads() override { return to_.uploads(); }
  Result<store::RecoveryReport> recover(Instant now) override { return to_.recover(now); }
  Result<store::RecoveryReport> reconcile(const std::function<bool()>& go_on) override {
    return to_.reconcile(go_on);
  }
  Result<store::JournalCheck> verify_journal() override { return to_.verify_journal(); }
  Status writable() override { return to_.writable(); }

 private:
  store::Store& to_;
};

}  // namespace demat::pipeline
