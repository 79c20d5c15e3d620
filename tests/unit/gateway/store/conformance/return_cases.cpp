#include <functional>

#include "gateway/store/steering.hpp"
#include "tests/unit/gateway/store/conformance/returns_suite.hpp"

// PES_Retour: finding a pièce, SIRETs, the acquit that goes back.

namespace demat::store::conformance {
namespace {

using flow::AcquitMode;
using flow::ReturnState;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(ReturnSuite, KeepsWhatAReturnSaysOfItself) {
  const auto id = retour("R1").id;
  host->reopen();
  const auto item = found(id);
  EXPECT_THAT(item.domaines, ElementsAre("depense", "client"));
  EXPECT_EQ(item.typ_restit + " " + item.day, "02 2026-01-15");
  EXPECT_TRUE(item.acquit.empty());
}

TEST_P(ReturnSuite, AReturnIsFoundByItsHeader) {
  retour("R1");
  struct Case {
    ReturnFilter filter;
    bool there;
  };
  const std::vector<Case> cases = {{{.siret = siret}, true},
                                   {{.siret = Siret{"12345678200028"}}, false},
                                   {{.cod_col = "710", .cod_bud = "00"}, true},
                                   {{.cod_bud = "01"}, false},
                                   {{.typ_restit = "02"}, true},
                                   {{.typ_restit = "01"}, false},
                                   {{.domaine = "client"}, true},
                                   {{.domaine = "recette"}, false},
                                   {{.match_rule = "siret"}, true},
                                   {{.from = clock.now() - std::chrono::minutes(1)}, true},
                                   {{.from = clock.now()}, false},
                                   {{.to = clock.now() - std::chrono::minutes(1)}, false}};
  for (std::size_t i = 0; i < cases.size(); ++i)
    EXPECT_EQ(names(cases[i].filter).size(), cases[i].there ? 1U : 0U) << i;
}

TEST_P(ReturnSuite, AReturnIsFoundByOneOfItsPieces) {
  const auto first = retour("R1").id;
  const auto second = retour("R2").id;
  const std::vector<PieceMark> marks = {{"depense", "2026", "12", "20", "04"},
                                        {"depense", "2026", "13", "21", "02"}};
  ASSERT_TRUE(returns().index(first, marks, true));
  ASSERT_TRUE(returns().index(first, marks, false)) << "twice is once";
  const std::vector<PieceMark> others = {{"recette", "2025", "12", "20", "02"}};
  ASSERT_TRUE(returns().index(second, others, true));
  EXPECT_THAT(names({.piece = "20"}), ElementsAre("R2", "R1"));
  EXPECT_THAT(names({.exercice = "2026", .piece = "20"}), ElementsAre("R1"));
  EXPECT_THAT(names({.bordereau = "12", .etat = "04"}), ElementsAre("R1"));
  EXPECT_THAT(names({.piece = "20", .etat = "02"}), ElementsAre("R2")) << "of one and the same pièce";
  EXPECT_THAT(names({.domaine = "depense", .bordereau = "13"}), ElementsAre("R1"));
  EXPECT_THAT(names({.piece = "99"}), IsEmpty());
  ASSERT_TRUE(returns().index(first, {}, true));
  EXPECT_THAT(names({.piece = "21"}), IsEmpty());
  EXPECT_EQ(returns().index(ReturnId{"none"}, marks, true).error().code, "store.not_found");
}

TEST_P(ReturnSuite, AReturnIsFoundByEitherOfItsNames) {
  const auto add = [&](const std::string& remote, const std::string& nom_fic, const AuthorityId& authority) {
    Settlement settlement;
    settlement.item = import(remote, "retour " + remote + nom_fic);
    settlement.item.kind = "PES_Retour";
    settlement.item.state = ReturnState::available;
    settlement.item.nom_fic = NomFic{nom_fic};
    settlement.item.authority = authority;
    ASSERT_TRUE(store().settle_return(std::move(settlement)));
    clock.advance(std::chrono::seconds(1));
  };
  add("R1", "SAME", town);
  const auto after_first = clock.now() - std::chrono::milliseconds(1);
  add("SAME", "OTHER", town);
  add("R3", "SAME", town);
  add("R4", "SAME", AuthorityId{"987654324"});
  retour("R5");
  const auto called = [&](const std::string& name, Instant before) {
    std::vector<std::string> out;
    const auto found = returns().named(town, name, before).value();
    for (const auto& item : found)
      out.push_back(item.remote_name);
    return out;
  };
  EXPECT_THAT(called("SAME", clock.now()), ElementsAre("R3", "SAME", "R1")) << "the latest first";
  EXPECT_THAT(called("SAME", after_first), ElementsAre("R1")) << "as things stood then";
  EXPECT_THAT(called("R5", clock.now()), ElementsAre("R5"));
  EXPECT_THAT(called("R4", clock.now()), IsEmpty()) << "another authority's";
  EXPECT_THAT(called("", clock.now()), ElementsAre("R5"));
}

TEST_P(ReturnSuite, APurgedReturnLosesItsPieces) {
  const auto id = retour("R1").id;
  const std::vector<PieceMark> marks = {{"depense", "2026", "12", "20", "04"}};
  ASSERT_TRUE(returns().index(id, marks, true));
  ASSERT_TRUE(store().mark_return_read(id, true, "tester"));
  PurgePlan plan;
  plan.returns_before = clock.now();
  plan.reason = "age";
  ASSERT_TRUE(store().care().purge(plan, clock.now(), 10));
  EXPECT_THAT(names({.piece = "20"}), IsEmpty());
  EXPECT_THAT(names({.siret = siret}), ElementsAre("R1"));
  const auto later = clock.now() + traces_floor + std::chrono::hours(24);
  plan.traces_before = later;
  while (store().care().purge(plan, later, 10).value().more) {
  }
  EXPECT_THAT(names({.siret = siret}), IsEmpty());
}

TEST_P(ReturnSuite, ABlockedSiretIsKnownUntilItIsUnblocked) {
  EXPECT_FALSE(returns().route(siret).value().blocked);
  ASSERT_TRUE(returns().block(siret, "fusion", "op"));
  host->reopen();
  EXPECT_TRUE(returns().route(siret).value().blocked);
  const Siret stranger{"98765432100017"};
  ASSERT_TRUE(returns().block(stranger, "inconnu", "op"));
  auto page = returns().sirets({.blocked = true}, "", 1).value();
  ASSERT_EQ(page.items.size(), 1U);
  EXPECT_EQ(page.items[0].siret, siret);
  EXPECT_EQ(page.items[0].authority, town);
  EXPECT_EQ(page.items[0].reason + " " + page.items[0].actor, "fusion op");
  page = returns().sirets({.blocked = true}, page.next, 10).value();
  ASSERT_EQ(page.items.size(), 1U);
  EXPECT_EQ(page.items[0].siret, stranger);
  EXPECT_TRUE(page.items[0].authority.empty());
  EXPECT_TRUE(page.next.empty());
  ASSERT_TRUE(returns().unblock(siret, "fini", "op"));
  ASSERT_TRUE(returns().unblock(siret, "fini", "op"));
  EXPECT_FALSE(returns().route(siret).value().blocked);
  EXPECT_EQ(events("siret.blocked"), 2U);
  EXPECT_EQ(events("siret.unblocked"), 1U) << "only what changes something";
  EXPECT_EQ(returns().sirets({.blocked = false}, "", 10).value().items.size(), 1U);
  EXPECT_EQ(returns().sirets({.authority = AuthorityId{"000000000"}}, "", 10).value().items.size(), 0U);
}

TEST_P(ReturnSuite, CountsTheReturnsOfASiret) {
  retour("R1");
  const auto last = retour("R2");
  const auto place = returns().sirets({}, "", 10).value().items.at(0);
  EXPECT_EQ(place.returns, 2U);
  EXPECT_EQ(place.last, last.received_at);
}

TEST_P(ReturnSuite, TellsWhoseTheUnassignedReturnsMayBe) {
  retour("R1", ReturnState::orphan, "12345678200028");
  const auto second = retour("R2", ReturnState::orphan, "12345678200028");
  retour("R3", ReturnState::orphan, "98765432100017");
  retour("R4", ReturnState::orphan, siret.str());
  retour("R5");
  ASSERT_TRUE(returns().block(Siret{"98765432100017"}, "x", "op"));
  const auto list = returns().unassigned(10).value();
  ASSERT_EQ(list.size(), 3U);
  EXPECT_EQ(list[0].siret.str(), "12345678200028");
  EXPECT_EQ(list[0].returns, 2U);
  EXPECT_EQ(list[0].bytes, 18U);
  EXPECT_EQ(list[0].last, second.received_at);
  EXPECT_LT(list[0].first, list[0].last);
  EXPECT_EQ(list[0].suggestion, town);
  EXPECT_EQ(list[0].suggestion_name, "Ville");
  EXPECT_EQ(list[1].siret, siret);
  EXPECT_EQ(list[1].owner, town);
  EXPECT_TRUE(list[1].suggestion.empty()) << "it is registered already";
  EXPECT_TRUE(list[2].blocked);
  EXPECT_TRUE(list[2].suggestion.empty());
  EXPECT_EQ(returns().unassigned(1).value().size(), 1U);
}

TEST_P(ReturnSuite, TheReadMarkAsksForTheAcquitWhereTheAuthorityWantsIt) {
  EXPECT_EQ(returns().acquit_mode(town).value(), AcquitMode::never);
  const auto before = retour("R1").id;
  ASSERT_TRUE(store().mark_return_read(before, true, "program"));
  EXPECT_THAT(returns().due_acquits("", 10).value().items, IsEmpty());
  ASSERT_TRUE(returns().put_acquit_mode(town, AcquitMode::on_read, "op"));
  EXPECT_EQ(returns().acquit_mode(town).value(), AcquitMode::on_read);
  const auto id = retour("R2").id;
  const auto orphan = retour("R3", ReturnState::orphan).id;
  ASSERT_TRUE(store().mark_return_read(id, true, "program"));
  ASSERT_TRUE(store().mark_return_read(orphan, true, "program"));
  const auto due = returns().due_acquits("", 10).value().items;
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].id, id);
  const auto flow = accept_new("acquit", "<acquit/>").id;
  ASSERT_TRUE(returns().acquitted(id, flow, "gateway"));
  ASSERT_TRUE(returns().acquitted(id, flow, "gateway"));
  EXPECT_EQ(events("return.acquit_made"), 1U);
  EXPECT_EQ(found(id).acquit, flow);
  EXPECT_THAT(returns().due_acquits("", 10).value().items, IsEmpty());
  ASSERT_TRUE(store().mark_return_read(id, false, "program"));
  ASSERT_TRUE(store().mark_return_read(id, true, "program"));
  EXPECT_THAT(returns().due_acquits("", 10).value().items, IsEmpty()) << "never twice";
  EXPECT_EQ(returns().put_acquit_mode(AuthorityId{"000000000"}, AcquitMode::never, "op").error().code,
            "store.not_found");
}

/// The one look and the decision are two transactions: an operator may come in between.
TEST_P(ReturnSuite, ADecisionOnAnotherRouteThanTheSiretHasIsRefused) {
  const std::vector<std::function<void()>> changes{
      [&] { ASSERT_TRUE(returns().block(siret, "fusion", "op")); },
      [&] { ASSERT_TRUE(returns().unblock(siret, "fini", "op")); },
      [&] {
        ASSERT_TRUE(store().put_authority({town, "Ville", {}, true}, "op"));
      },
      [&] {
        ASSERT_TRUE(store().put_authority({town, "Ville", {siret}, true}, "op"));
      }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    SCOPED_TRACE(i);
    Settlement decision;
    decision.item = import("R" + std::to_string(i), "retour");
    decision.item.state = ReturnState::orphan;
    decision.route = returns().route(siret).value();
    changes[i]();
    const auto refused = store().settle_return(decision);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "store.route_moved");
    EXPECT_EQ(found(decision.item.id).state, ReturnState::imported);
    decision.route = returns().route(siret).value();
    EXPECT_TRUE(store().settle_return(decision));
    EXPECT_EQ(found(decision.item.id).state, ReturnState::orphan);
  }
}

TEST_P(ReturnSuite, WhetherAnAcquitIsDueIsWhatTheSettingsSayAtTheDecision) {
  const auto note_of = [&](const std::string& name) {
    Settlement decision;
    decision.item = import(name, "retour");
    decision.item.kind = "PES_Retour";
    decision.item.state = ReturnState::available;
    decision.item.authority = town;
    decision.acquit_by_mode = true;
    EXPECT_TRUE(store().settle_return(decision));
    return found(decision.item.id).acquit_note;
  };
  EXPECT_EQ(note_of("R1"), "");
  ASSERT_TRUE(returns().put_acquit_mode(town, AcquitMode::on_receipt, "op"));
  EXPECT_EQ(note_of("R2"), flow::acquit_due);
  ASSERT_TRUE(store().steering().pause({.destination = DestinationName{"*"},
                                        .kind = PauseKind::restored,
                                        .actor = "op",
                                        .reason = "restore"}));
  EXPECT_EQ(note_of("R3"), acquit_restored);
  ASSERT_TRUE(returns().put_acquit_mode(town, AcquitMode::on_read, "op"));
  EXPECT_EQ(note_of("R4"), "");
}

TEST_P(ReturnSuite, AReturnKnowsItsAcquitFromTheSameMoment) {
  ASSERT_TRUE(returns().put_acquit_mode(town, AcquitMode::on_read, "op"));
  const auto id = retour("R1").id;
  ASSERT_TRUE(store().mark_return_read(id, true, "program"));
  const auto accept_acquit = [&](const std::string& key, const ReturnId& of, std::string_view bytes) {
    auto acquit = wanted(key);
    acquit.acquits = of;
    return store().accept(std::move(acquit), stage(bytes));
  };
  const auto first = accept_acquit("acquit", id, "<acquit/>").value();
  const auto flow = std::get<DurableReceipt>(first).flow().id;
  host->reopen();
  EXPECT_EQ(found(id).acquit, flow);
  EXPECT_THAT(returns().due_acquits("", 10).value().items, IsEmpty());
  EXPECT_EQ(events("return.acquit_made"), 1U);
  const auto second = accept_acquit("acquit", id, "<acquit of=\"another day\"/>").value();
  EXPECT_EQ(std::get<KeyTaken>(second).existing.id, flow);
  EXPECT_EQ(accept_acquit("other", ReturnId{"none"}, "<other/>").error().code, "store.not_found");
}

TEST_P(ReturnSuite, AReturnWhoseAcquitIsDueKeepsItsBytes) {
  ASSERT_TRUE(returns().put_acquit_mode(town, AcquitMode::on_read, "op"));
  const auto item = retour("R1");
  clock.advance(std::chrono::hours(24));
  PurgePlan plan;
  plan.returns_before = clock.now();
  plan.reason = "age";
  ASSERT_TRUE(store().mark_return_read(item.id, true, "program"));
  EXPECT_THAT(store().care().preview(plan, clock.now()).value().counts, IsEmpty());
  EXPECT_THAT(store().care().purge(plan, clock.now(), 10).value().counts, IsEmpty());
  EXPECT_TRUE(store().open_payload(item.sha256));
  ASSERT_TRUE(returns().acquitted(item.id, accept_new("acquit", "<acquit/>").id, "gateway"));
  ASSERT_TRUE(store().care().purge(plan, clock.now(), 10));
  EXPECT_FALSE(store().open_payload(item.sha256));
}

TEST_P(ReturnSuite, AnAcquitThatCannotBeMadeIsNotTriedForEver) {
  ASSERT_TRUE(returns().put_acquit_mode(town, AcquitMode::on_read, "op"));
  const auto id = retour("R1").id;
  ASSERT_TRUE(store().mark_return_read(id, true, "program"));
  ASSERT_TRUE(returns().no_acquit(id, "return.acquit_impossible", "gateway"));
  EXPECT_THAT(returns().due_acquits("", 10).value().items, IsEmpty());
  EXPECT_EQ(found(id).acquit_note, "return.acquit_impossible");
  EXPECT_EQ(events("return.acquit_impossible"), 1U);
}

}  // namespace

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ReturnSuite);

}  // namespace demat::store::conformance
