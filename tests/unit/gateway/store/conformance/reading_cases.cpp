#include <set>

#include "tests/unit/gateway/store/conformance/suite.hpp"

// Lists, counts, who may do what, care.

namespace demat::store::conformance {
namespace {

using flow::State;
using flow::Trigger;
using std::chrono::seconds;

TEST_P(StoreSuite, PagesCoverEverythingOnceNewestFirst) {
  constexpr std::size_t flows = 23;
  for (std::size_t i = 0; i < flows; ++i) {
    accept_new("K" + std::to_string(i), "<k" + std::to_string(i) + "/>");
    if (i % 3 == 0) clock.advance(seconds(1));  // several flows share one instant
  }
  std::set<std::string> seen;
  std::string cursor;
  std::optional<Instant> before;
  do {
    const auto page = store().list({}, cursor, 5).value();
    ASSERT_FALSE(page.items.empty());
    for (const auto& f : page.items) {
      EXPECT_TRUE(seen.insert(f.id.str()).second);
      if (before) {
        EXPECT_LE(f.created_at, *before);
      }
      before = f.created_at;
    }
    cursor = page.next;
  } while (!cursor.empty());
  EXPECT_EQ(seen.size(), flows);
}

TEST_P(StoreSuite, FiltersNarrowTheList) {
  const auto first = accept_new("K1", "<a/>");
  clock.advance(seconds(10));
  const auto second = accept_new("K2", "<b/>");
  step(second.id, Trigger::refuse);
  ASSERT_TRUE(store().accept(wanted("K1", "987654324"), stage("<a/>")));
  const auto count = [&](FlowFilter filter) { return store().list(filter, "", 50).value().items.size(); };
  FlowFilter filter;
  EXPECT_EQ(count(filter), 3U);
  filter.authority = AuthorityId{"123456782"};
  EXPECT_EQ(count(filter), 2U);
  filter.states = {State::refused, State::held};
  EXPECT_EQ(count(filter), 1U);
  filter.states = {State::refused, State::received, State::refused};
  EXPECT_EQ(count(filter), 2U);
  const auto page = store().list(filter, "", 1).value();
  EXPECT_EQ(page.items.at(0).id, second.id);
  EXPECT_EQ(store().list(filter, page.next, 1).value().items.at(0).id, first.id);
  filter.states.clear();
  filter.nom_fic = NomFic{"K1"};
  EXPECT_EQ(count(filter), 1U);
  filter.nom_fic.reset();
  filter.from = second.created_at;
  EXPECT_EQ(count(filter), 1U);
  filter.from = first.created_at;
  filter.to = second.created_at;
  EXPECT_EQ(count(filter), 1U);
}

TEST_P(StoreSuite, AForgedCursorIsRefused) {
  for (const char* cursor : {"!", "AAAA", "MTIz", "OmE", "YTpi"})
    EXPECT_EQ(store().list({}, cursor, 5).error().code, "store.bad_cursor") << cursor;
}

TEST_P(StoreSuite, StatesAreCountedWithTheirOldest) {
  const auto oldest = accept_new("K1", "<a/>");
  clock.advance(seconds(5));
  accept_new("K2", "<b/>");
  step(accept_new("K3", "<c/>").id, Trigger::refuse);
  const auto counts = store().state_counts().value();
  ASSERT_EQ(counts.size(), 2U);
  for (const auto& c : counts) {
    EXPECT_EQ(c.count, c.state == State::received ? 2U : 1U);
    if (c.state == State::received) {
      EXPECT_EQ(c.oldest, oldest.updated_at);
    }
  }
}

TEST_P(StoreSuite, AuthoritiesOwnTheirSirets) {
  flow::Authority town{
      AuthorityId{"123456782"}, "Valjoie", {Siret{"12345678200010"}, Siret{"12345678200028"}}};
  ASSERT_TRUE(store().put_authority(town, "root"));
  EXPECT_EQ(store().authority_of_siret(Siret{"12345678200028"}).value()->name, "Valjoie");
  town.sirets.pop_back();
  town.active = false;
  ASSERT_TRUE(store().put_authority(town, "root"));
  EXPECT_EQ(store().authority_of_siret(Siret{"12345678200028"}).value().has_value(), false);
  EXPECT_FALSE(store().find_authority(town.siren).value()->active);
  const flow::Authority thief{AuthorityId{"987654324"}, "Autre", {Siret{"12345678200010"}}};
  EXPECT_EQ(store().put_authority(thief, "root").error().code, "store.siret_taken");
  EXPECT_EQ(store().find_authority(thief.siren).value().has_value(), false);
  EXPECT_EQ(store().authorities().value().size(), 1U);
  EXPECT_EQ(store().verify_journal().value().events, 2U);
}

TEST_P(StoreSuite, RoutesBelongToKnownAuthorities) {
  const AuthorityId siren{"123456782"};
  flow::Route route{siren, "pes", DestinationName{"helios"}, "HELIOS", "town"};
  EXPECT_EQ(store().put_route(route, "root").error().code, "store.not_found");
  ASSERT_TRUE(store().put_authority({siren, "Valjoie", {}}, "root"));
  ASSERT_TRUE(store().put_route(route, "root"));
  route.destination = DestinationName{"passtrans"};
  ASSERT_TRUE(store().put_route(route, "root"));
  const auto found = store().find_route(siren, "pes").value();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->destination.str(), "passtrans");
  EXPECT_EQ(found->signer, "town");
  EXPECT_EQ(store().find_route(siren, "actes").value().has_value(), false);
  EXPECT_EQ(store().routes().value().size(), 1U);
}

TEST_P(StoreSuite, IdentitiesHoldGrants) {
  flow::Identity person;
  person.id = IdentityId{std::string(64, 'a')};
  person.name = "agent \"un\"";
  person.grants = {{AuthorityId{"123456782"}, flow::Role::depositor}, {{}, flow::Role::platform_operator}};
  ASSERT_TRUE(store().put_identity(person, "root"));
  const auto found = store().find_identity(person.id).value();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->name, person.name);
  EXPECT_EQ(found->grants, person.grants);
  person.grants.erase(person.grants.begin());
  person.active = false;
  ASSERT_TRUE(store().put_identity(person, "root"));
  EXPECT_EQ(store().identities().value().at(0).grants, person.grants);
  EXPECT_FALSE(store().identities().value().at(0).active);
  EXPECT_EQ(store().find_identity(IdentityId{"unknown"}).value().has_value(), false);
}

TEST_P(StoreSuite, RecoveryTakesUpInterruptedWork) {
  const auto sending = sending_flow("K1", std::chrono::hours(1));
  const auto leased = [&] {
    ready_flow("K2");
    return claim_one({State::ready}, std::chrono::hours(1));
  }();
  host->reopen();
  const auto report = store().recover(clock.now()).value();
  EXPECT_EQ(report.interrupted_sends, 1U);
  EXPECT_EQ(report.leases_cleared, 1U);
  EXPECT_TRUE(report.missing_blobs.empty());
  EXPECT_EQ(current(sending.flow.id).state, State::uncertain);
  EXPECT_EQ(store().attempts(sending.flow.id).value().at(0).outcome, flow::AttemptOutcome::lost);
  EXPECT_EQ(claim_one({State::ready}).flow.id, leased.flow.id);
  const auto again = store().recover(clock.now()).value();
  EXPECT_EQ(again.interrupted_sends, 0U);
}

TEST_P(StoreSuite, TheJournalIsIntactAndTheStoreWritable) {
  EXPECT_TRUE(store().verify_journal().value().intact);
  accept_new("K1", "<a/>");
  host->reopen();
  accept_new("K2", "<b/>");
  const auto check = store().verify_journal().value();
  EXPECT_TRUE(check.intact);
  EXPECT_EQ(check.events, 2U);
  EXPECT_TRUE(store().writable());
}

}  // namespace
}  // namespace demat::store::conformance
