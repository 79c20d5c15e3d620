#include "tests/unit/gateway/store/conformance/mails_suite.hpp"

// Mails to people: queued with what they tell, one state per recipient.

namespace demat::store::conformance {
namespace {

using flow::Verdict;
using std::chrono::hours;
using std::chrono::minutes;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_P(MailsSuite, EveryRecipientHasARowOfItsOwnFromTheSameTransaction) {
  const auto due = queued();
  ASSERT_EQ(due.size(), 2U) << "each address once";
  EXPECT_THAT((std::vector<std::string>{due[0].recipient, due[1].recipient}),
              ElementsAre("a@exemple.fr", "b@exemple.fr"));
  EXPECT_EQ(due[0].subject, "Accusé de réception");
  EXPECT_EQ(due[0].authority, town);
  EXPECT_EQ(due[0].state, MailState::waiting);
  EXPECT_EQ(due[0].tries, 0U);
  EXPECT_EQ(due[0].message_id, due[0].id.str() + "@exemple.fr");
  EXPECT_NE(due[0].message_id, due[1].message_id);
  EXPECT_EQ(mails().next_due().value(), clock.now());
  const auto kept = host->reopen().mails().due(clock.now(), 1).value();
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].message_id, due[0].message_id);
}

TEST_P(MailsSuite, ASettlementThatFailsTellsNobody) {
  const auto id = sent({"A1"});
  auto settlement = told("ar", id, {"a@exemple.fr"});
  settlement.effects.push_back(verdict(id, Verdict::accepted, 7));
  EXPECT_EQ(actes().settle(std::move(settlement)).error().code, "store.not_found");
  EXPECT_THAT(mails().due(clock.now(), 10).value(), IsEmpty());
}

TEST_P(MailsSuite, WhatIsKnownAlreadyIsNotToldAgain) {
  const auto id = sent({"A1"});
  EXPECT_EQ(settle(told("ar", id, {"a@exemple.fr"})).mails, 1U);
  EXPECT_EQ(settle(told("ar again", id, {"a@exemple.fr"})).mails, 0U);
  auto contradiction = told("ano", id, {"a@exemple.fr"});
  contradiction.effects[0] = verdict(id, Verdict::rejected);
  contradiction.effects[0].tell = 0;
  EXPECT_EQ(settle(std::move(contradiction)).mails, 1U) << "the ministry says something else";
  for (const bool first : {true, false}) {
    auto settlement = mail(first ? "3-1" : "3-1 again");
    settlement.item.flow = id;
    settlement.letters.push_back(pieces_request(id));
    settlement.letters[0].tell = 0;
    settlement.mails.push_back(about(id, {"a@exemple.fr"}));
    EXPECT_EQ(settle(std::move(settlement)).mails, first ? 1U : 0U);
  }
  EXPECT_EQ(mails().due(clock.now(), 10).value().size(), 3U);
}

TEST_P(MailsSuite, OneMailSpeaksOfAllActesOfAnEnvelope) {
  const auto id = sent({"A1", "A2"});
  auto settlement = told("ar", id, {"a@exemple.fr"});
  settlement.effects.push_back(verdict(id, Verdict::accepted, 2));
  settlement.effects[1].tell = 0;
  EXPECT_EQ(settle(std::move(settlement)).mails, 1U);
  EXPECT_EQ(mails().due(clock.now(), 10).value().size(), 1U);
}

TEST_P(MailsSuite, ARecipientIsPutOffGivenUpAndTriedAgainAlone) {
  const auto due = queued();
  ASSERT_EQ(due.size(), 2U);
  ASSERT_TRUE(mails().sent(due[0].id, 250));
  ASSERT_TRUE(
      mails().failed(due[1].id, {451, "mail.deferred", "451 later", clock.now() + minutes(5), false}));
  EXPECT_THAT(mails().due(clock.now(), 10).value(), IsEmpty());
  EXPECT_EQ(mails().next_due().value(), clock.now() + minutes(5));
  const auto first_failure = clock.now();
  clock.advance(minutes(5));
  ASSERT_EQ(mails().due(clock.now(), 10).value().size(), 1U);
  ASSERT_TRUE(mails().failed(due[1].id, {550, "mail.refused", "550 no such user", clock.now(), true}));
  auto failed = now(due[1].id);
  EXPECT_EQ(failed.state, MailState::failed);
  EXPECT_EQ(failed.tries, 2U);
  EXPECT_EQ(failed.reply, 550);
  EXPECT_EQ(failed.reason, "550 no such user");
  EXPECT_EQ(failed.failing_since, first_failure);
  EXPECT_EQ(failed.ended_at, clock.now());
  EXPECT_FALSE(mails().next_due().value());
  EXPECT_THAT(codes_of(due[1].flow), Contains("mail.sent"));
  EXPECT_THAT(codes_of(due[1].flow), Contains("mail.given_up"));
  EXPECT_THAT(taken(store().events(due[1].flow)).back().detail, HasSubstr("\"recipient\":\"b@exemple.fr\""));

  EXPECT_EQ(mails().retry(due[0].id, "tester").error().code, "mail.already_sent");
  EXPECT_EQ(mails().retry(MailId{"none"}, "tester").error().code, "store.not_found");
  ASSERT_TRUE(mails().retry(due[1].id, "tester"));
  failed = now(due[1].id);
  EXPECT_EQ(failed.state, MailState::waiting);
  EXPECT_FALSE(failed.failing_since) << "its time begins anew";
  EXPECT_EQ(taken(store().events(due[1].flow)).back().code, "mail.retried");
  EXPECT_EQ(taken(store().events(due[1].flow)).back().actor, "tester");
  EXPECT_EQ(mails().due(clock.now(), 10).value().size(), 1U);
  EXPECT_TRUE(store().verify_journal().value().intact);
}

TEST_P(MailsSuite, ListsCountsAndForgets) {
  const auto first = queued("A1");
  clock.advance(hours(1));
  const auto all = queued("A2");
  ASSERT_EQ(all.size(), 4U);
  ASSERT_TRUE(mails().sent(all[0].id, 250));
  EXPECT_THAT(states(), testing::UnorderedElementsAre(MailState::sent, MailState::waiting, MailState::waiting,
                                                      MailState::waiting));
  MailFilter filter;
  filter.state = MailState::waiting;
  EXPECT_EQ(taken(mails().list(filter, "", 10)).items.size(), 3U);
  filter = {};
  filter.flow = all[3].flow;
  EXPECT_EQ(taken(mails().list(filter, "", 10)).items.size(), 2U);
  filter = {};
  filter.authorities = std::set<AuthorityId>{AuthorityId{"000000000"}};
  EXPECT_THAT(taken(mails().list(filter, "", 10)).items, IsEmpty());
  filter.authorities->insert(town);
  std::vector<std::string> seen;
  std::string cursor;
  do {
    const auto page = mails().list(filter, cursor, 3).value();
    for (const auto& one : page.items)
      seen.push_back(one.id.str());
    cursor = page.next;
  } while (!cursor.empty());
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 4U);
  EXPECT_EQ(seen.size(), 4U);
  EXPECT_EQ(count(MailState::waiting), 3U);
  EXPECT_EQ(count(MailState::sent), 1U);
  EXPECT_EQ(count(MailState::failed), 0U);
  for (const auto& line : taken(mails().counts())) {
    if (line.state != MailState::waiting) continue;
    EXPECT_EQ(line.oldest, now(all[1].id).created_at);
  }

  EXPECT_EQ(mails().forget(clock.now()).value(), 0U);
  clock.advance(hours(1));
  EXPECT_EQ(mails().forget(clock.now()).value(), 1U) << "what waits stays";
  EXPECT_FALSE(mails().find(all[0].id).value());
}

}  // namespace
}  // namespace demat::store::conformance
