#include "tests/unit/gateway/store/conformance/actes_suite.hpp"

// Acts with their files: acceptance, duplicates, replay, lists, settings, classifications.

namespace demat::store::conformance {
namespace {

using flow::State;
using flow::Trigger;
using flow::Verdict;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> numbers_of(const std::vector<ActeOnFlow>& found) {
  std::vector<std::string> out;
  for (const auto& one : found)
    out.push_back(one.acte.number);
  return out;
}

TEST_P(ActesSuite, AFlowIsAcceptedWithItsFilesAndActes) {
  auto item = envelope({"A1", "A2"});
  item.documents.push_back(file("annexe", "%PDF annexe"));
  item.actes[1].papier = true;
  const auto id = accept(std::move(item), "{}").id;
  host->reopen();
  std::vector<std::string> roles;
  for (const auto& document : taken(store().documents(id)))
    roles.push_back(document.role);
  EXPECT_THAT(roles, ElementsAre("original", "acte", "acte", "annexe"));
  EXPECT_EQ(store().documents(id).value().front().media_type, "application/json");
  const auto found = actes().of_flow(id).value();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].number, "A1");
  EXPECT_EQ(found[0].flow, id);
  EXPECT_EQ(found[0].objet, "Budget A1");
  EXPECT_EQ(found[0].verdict, Verdict::none);
  EXPECT_EQ(found[1].place, 2U);
  EXPECT_TRUE(found[1].papier);
}

TEST_P(ActesSuite, ANumberOfALiveActeIsTakenWhereverItStands) {
  const auto first = accept(envelope({"A1", "A2"}), "{1}").id;
  auto outcome = store().accept(envelope({"A2"}), stage("{2}")).value();
  ASSERT_TRUE(std::holds_alternative<KeyTaken>(outcome));
  EXPECT_EQ(std::get<KeyTaken>(outcome).existing.id, first);
  outcome = store().accept(envelope({"A3", "A1"}), stage("{3}")).value();
  EXPECT_TRUE(std::holds_alternative<KeyTaken>(outcome));
  auto elsewhere = envelope({"A2"});
  elsewhere.flow.authority = elsewhere.actes[0].authority = AuthorityId{"987654324"};
  EXPECT_TRUE(
      std::holds_alternative<DurableReceipt>(store().accept(std::move(elsewhere), stage("{4}")).value()));
  EXPECT_THAT(numbers_of(actes().by_number(town, "A2").value()), ElementsAre("A2"));
}

TEST_P(ActesSuite, AnActeIsAnnulledOnceWhateverTheEnvelope) {
  const auto id = accept(envelope({"A1", "A2"}), "{1}").id;
  const auto annulment = [&](const std::string& number, const std::string& beside) {
    auto item = envelope({beside});
    item.flow.business_key.clear();
    item.actes.insert(item.actes.begin(), acte(number, "6-1"));
    item.actes[0].about = id;
    return store().accept(std::move(item), stage("{6-1 " + number + beside + "}")).value();
  };
  const auto first = annulment("A1", "B1");
  ASSERT_TRUE(std::holds_alternative<DurableReceipt>(first));
  const auto by = std::get<DurableReceipt>(first).flow().id;
  const auto again = annulment("A1", "B2");
  ASSERT_TRUE(std::holds_alternative<KeyTaken>(again));
  EXPECT_EQ(std::get<KeyTaken>(again).existing.id, by);
  EXPECT_TRUE(std::holds_alternative<DurableReceipt>(annulment("A2", "B3"))) << "another acte of the flow";
  step(by, Trigger::refuse);
  EXPECT_TRUE(std::holds_alternative<DurableReceipt>(annulment("A1", "B4")));
}

TEST_P(ActesSuite, ALetterIsAnsweredOnceWhateverTheEnvelope) {
  const auto id = sent({"A1"});
  const auto letter = this->letter("m1", id).letters.at(0);
  const auto answer = [&](const std::string& beside) {
    auto item = envelope({beside});
    item.flow.business_key.clear();
    item.actes.push_back(acte("A1", "3-4"));
    item.actes.back().letter = letter;
    return store().accept(std::move(item), stage("{3-4 " + beside + "}")).value();
  };
  const auto first = answer("B1");
  ASSERT_TRUE(std::holds_alternative<DurableReceipt>(first));
  const auto by = std::get<DurableReceipt>(first).flow().id;
  EXPECT_EQ(actes().letter(letter).value()->answered_by, by);
  EXPECT_TRUE(std::holds_alternative<KeyTaken>(answer("B2")));
  step(by, Trigger::refuse);
  EXPECT_TRUE(std::holds_alternative<DurableReceipt>(answer("B3")));
}

TEST_P(ActesSuite, PackagingLeavesTheClassificationThatAnEnvelopeSays) {
  auto item = envelope({"A1"});
  item.actes[0].classification_date = "2025-11-11";
  const auto id = accept(std::move(item), "{1}").id;
  Change ready;
  ready.flow = id;
  ready.steps = {{.trigger = Trigger::pass_checks}, {.trigger = Trigger::make_ready}};
  ready.packaged = Packaged{"SLO-EACT--123456782--20260115-9.tar.gz", ""};
  ASSERT_TRUE(store().apply(std::move(ready)));
  EXPECT_EQ(actes().of_flow(id).value().at(0).classification_date, "2025-11-11");
}

TEST_P(ActesSuite, AnActeMayBePostedAgainAfterARefusal) {
  const auto first = accept(envelope({"A1"}), "{}").id;
  step(first, Trigger::refuse);
  const auto second = accept(envelope({"A1"}), "{}");
  EXPECT_EQ(second.linked_to, first);
  EXPECT_THAT(numbers_of(actes().by_number(town, "A1").value()), ElementsAre("A1", "A1"));
}

TEST_P(ActesSuite, ARejectedActeOfAPartlyAcceptedEnvelopeMayBePostedAgain) {
  const auto id = sent({"A1", "A2"});
  answer("m1", id, Verdict::accepted, 1);
  answer("m2", id, Verdict::rejected, 2);
  EXPECT_EQ(current(id).state, State::partly_rejected);
  EXPECT_TRUE(std::holds_alternative<DurableReceipt>(store().accept(envelope({"A2"}), stage("{2}")).value()));
  EXPECT_TRUE(std::holds_alternative<KeyTaken>(store().accept(envelope({"A1"}), stage("{3}")).value()));
}

TEST_P(ActesSuite, AReplayHasTheFilesAndActesOfItsSourceWithoutItsVerdicts) {
  const auto id = sent({"A1", "A2"});
  auto settlement = mail("m1");
  settlement.effects.push_back(verdict(id, Verdict::rejected, 1));
  settlement.effects.push_back(verdict(id, Verdict::rejected, 2));
  settlement.effects[0].documents.push_back(file("anomalie", "<1-3/>"));
  settle(std::move(settlement));
  const auto source = current(id);
  ASSERT_EQ(source.state, State::rejected);
  NewFlow again;
  again.flow = source;
  again.flow.replay_of = id;
  const auto fresh = store().replay(std::move(again), source.original, false).value();
  std::vector<std::string> roles;
  for (const auto& document : taken(store().documents(fresh.id)))
    roles.push_back(document.role);
  EXPECT_THAT(roles, ElementsAre("original", "acte", "acte"));
  EXPECT_EQ(store().documents(fresh.id).value().front().media_type, "application/json");
  const auto found = actes().of_flow(fresh.id).value();
  ASSERT_EQ(found.size(), 2U);
  for (const auto& one : found) {
    EXPECT_EQ(one.flow, fresh.id);
    EXPECT_EQ(one.verdict, Verdict::none);
    EXPECT_EQ(one.envelope, "");
  }
}

TEST_P(ActesSuite, PackagingNamesTheEnvelopeAndTheClassification) {
  const auto id = sending({"A1", "A2"});
  for (const auto& one : taken(actes().of_flow(id))) {
    EXPECT_EQ(one.envelope, "SLO-EACT--123456782--20260115-A1.tar.gz");
    EXPECT_EQ(one.classification_date, "2025-12-01");
  }
  const auto found = actes().by_envelope("SLO-EACT--123456782--20260115-A1.tar.gz").value();
  EXPECT_THAT(numbers_of(found), ElementsAre("A1", "A2"));
  EXPECT_EQ(found[0].flow.id, id);
  EXPECT_THAT(actes().by_envelope("").value(), IsEmpty());
}

TEST_P(ActesSuite, WhatLeftIsFoundAgain) {
  const auto id = sent({"A1"});
  EXPECT_THAT(numbers_of(actes().by_id(id_of("A1")).value()), ElementsAre("A1"));
  EXPECT_THAT(actes().by_id("").value(), IsEmpty());
  EXPECT_THAT(numbers_of(actes().unanswered(town, "1-1").value()), ElementsAre("A1"));
  answer("m1", id, Verdict::accepted);
  EXPECT_THAT(actes().unanswered(town, "1-1").value(), IsEmpty());
  NewFlow annulment;
  annulment.flow.protocol = flow::actes_protocol;
  annulment.flow.authority = town;
  annulment.flow.business_key = "6-1:" + id.str();
  annulment.actes.push_back(acte("A1", "6-1"));
  annulment.actes.back().about = id;
  const auto other = accept(std::move(annulment), "{6-1}").id;
  EXPECT_EQ(actes().about(id).value().at(0).flow.id, other);
  EXPECT_THAT(actes().about(FlowId{}).value(), IsEmpty());
  EXPECT_EQ(actes().by_number(town, "A1").value().size(), 1U);
}

TEST_P(ActesSuite, PagesGoOverEnvelopesOfSeveralActes) {
  for (int i = 0; i < 4; ++i) {
    const auto n = std::to_string(i);
    accept(envelope({"A" + n, "B" + n, "C" + n}), "{" + n + "}");
    if (i % 2 == 0) clock.advance(seconds(1));
  }
  std::vector<std::string> whole;
  for (const auto& one : taken(actes().list({}, "", 100)).items)
    whole.push_back(one.acte.number);
  ASSERT_EQ(whole.size(), 12U);
  EXPECT_EQ(whole[0].substr(0, 1), "A");
  for (const std::size_t limit : {1U, 2U, 3U, 5U, 11U}) {
    std::vector<std::string> seen;
    std::string cursor;
    do {
      const auto page = actes().list({}, cursor, limit).value();
      ASSERT_LE(page.items.size(), limit);
      for (const auto& one : page.items)
        seen.push_back(one.acte.number);
      cursor = page.next;
    } while (!cursor.empty());
    EXPECT_EQ(seen, whole) << limit;
  }
  EXPECT_EQ(actes().list({}, "rubbish", 5).error().code, "store.bad_cursor");
}

TEST_P(ActesSuite, ListsAreFiltered) {
  const auto id = sent({"A1"});
  answer("m1", id, Verdict::accepted);
  clock.advance(seconds(5));
  accept(envelope({"A2"}), "{2}");
  const auto count = [this](ActeFilter filter) { return actes().list(filter, "", 10).value().items.size(); };
  EXPECT_EQ(count({.authority = town}), 2U);
  EXPECT_EQ(count({.authority = AuthorityId{"987654324"}}), 0U);
  EXPECT_EQ(count({.authority = town, .message = "1-1", .number = "A2"}), 1U);
  EXPECT_EQ(count({.authority = town, .id_acte = id_of("A1")}), 1U);
  EXPECT_EQ(count({.authority = town, .states = {State::acknowledged, State::sent}}), 1U);
  EXPECT_EQ(count({.authority = town, .annulled = true}), 0U);
  EXPECT_EQ(count({.authority = town, .annulled = false}), 2U);
  EXPECT_EQ(count({.authority = town, .from = clock.now()}), 1U);
  EXPECT_EQ(count({.authority = town, .to = clock.now()}), 1U);
}

TEST_P(ActesSuite, SettingsAreKeptWithAnEvent) {
  flow::ActesSettings s;
  s.authority = town;
  s.departement = "034";
  s.arrondissement = "2";
  s.nature = "31";
  s.convention_date = "2020-01-01";
  s.natures = {"1", "5"};
  s.matieres = {"7.1"};
  s.addresses = {"mairie@exemple.fr"};
  s.notify = {"a@exemple.fr", "b@exemple.fr"};
  s.paper = true;
  s.paper_reason = "panne";
  s.pdf_budget = true;
  s.classification_days = 3;
  s.stamp_across = 20;
  s.stamp_down = 80;
  ASSERT_TRUE(actes().put_settings(s, "anne", "ouverture"));
  host->reopen();
  const auto read = actes().settings(town).value();
  ASSERT_TRUE(read);
  EXPECT_EQ(read->natures, s.natures);
  EXPECT_EQ(read->matieres, s.matieres);
  EXPECT_EQ(read->notify, s.notify);
  EXPECT_EQ(read->paper_reason, "panne");
  EXPECT_TRUE(read->pdf_budget);
  EXPECT_FALSE(read->image_document);
  EXPECT_EQ(read->classification_days, 3U);
  EXPECT_EQ(read->stamp_across, 20U);
  EXPECT_EQ(read->stamp_down, 80U);
  EXPECT_EQ(actes().all_settings().value().size(), 1U);
  const auto event = store().events(FlowId{}).value().back();
  EXPECT_EQ(event.code, "actes.settings");
  EXPECT_EQ(event.actor, "anne");
  EXPECT_EQ(event.reason, "ouverture");
  s.authority = AuthorityId{"987654324"};
  EXPECT_EQ(actes().put_settings(s, "anne", "").error().code, "store.not_found");
  EXPECT_FALSE(actes().settings(s.authority).value());
}

TEST_P(ActesSuite, AnOlderClassificationThatComesLateIsNotTaken) {
  const auto come = [this](const std::string& date) {
    auto settlement = mail("c" + date);
    settlement.classifications.push_back({town, date, "<xml " + date + "/>", {}});
    settlement.event_code = "actes.classification";
    settle(std::move(settlement));
  };
  EXPECT_FALSE(actes().classification(town).value());
  come("2025-12-01");
  come("2025-06-01");
  EXPECT_EQ(actes().classification(town).value()->xml, "<xml 2025-12-01/>");
  clock.advance(seconds(1));
  come("2026-01-01");
  EXPECT_EQ(actes().classification(town).value()->date, "2026-01-01");
  EXPECT_EQ(actes().classification(town).value()->received_at, clock.now());
  EXPECT_FALSE(actes().classification(AuthorityId{"987654324"}).value());
}

}  // namespace
}  // namespace demat::store::conformance
