#include <algorithm>

#include "protocols/base/digest.hpp"
#include "tests/unit/gateway/store/conformance/care_suite.hpp"

// The trace register (R-09..R-12), retention and purge, anchors of the journal.

namespace demat::store::conformance {
namespace {

using flow::ReturnState;
using flow::State;
using flow::Trigger;
using std::chrono::hours;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr hours day(24);

PurgePlan everything_before(Instant before) {
  PurgePlan plan;
  plan.succeeded_before = before;
  plan.failed_before = before;
  plan.returns_before = before;
  plan.reason = "retention";
  return plan;
}

std::vector<std::string> directions(const Page<Trace>& page) {
  std::vector<std::string> out;
  for (const auto& trace : page.items)
    out.emplace_back(to_string(trace.direction));
  return out;
}

TEST_P(CareSuite, EveryFileThatCrossesLeavesItsTrace) {
  const std::string acquit = "<ack>é</ack>";
  const auto id = acknowledged("K1", acquit);
  const auto flow = current(id);
  const auto bytes = content_of(**store().open_payload(flow.original));
  const auto page = care().traces({}, {}, 10).value();
  ASSERT_THAT(directions(page), ElementsAre("deposited", "sent", "received"));
  EXPECT_EQ(page.items[0].sha1, sha1(bytes));
  EXPECT_EQ(page.items[0].size, bytes.size());
  EXPECT_EQ(page.items[1].name, flow.remote_name);
  EXPECT_EQ(page.items[1].sha256, sha256(bytes));
  EXPECT_EQ(page.items[2].sha1, sha1(acquit));
  EXPECT_EQ(page.items[2].size, acquit.size());
  EXPECT_EQ(page.items[2].name, "ACK_K1");
  EXPECT_EQ(page.items[2].authority, flow.authority);
  TraceFilter other;
  other.authority = AuthorityId{"987654324"};
  EXPECT_THAT(care().traces(other, {}, 10).value().items, IsEmpty());
  other.authority = flow.authority;
  EXPECT_EQ(care().traces(other, {}, 10).value().items.size(), 3U);
}

TEST_P(CareSuite, PagesOfTracesMissNothingAndRepeatNothing) {
  for (int i = 0; i < 4; ++i)
    acknowledged("K" + std::to_string(i), "<ack n='" + std::to_string(i) + "'/>");
  for (const std::size_t limit : {1U, 2U, 5U, 11U}) {
    std::vector<std::string> seen;
    std::string cursor;
    do {
      const auto page = care().traces({}, cursor, limit).value();
      for (const auto& trace : page.items)
        seen.push_back(trace.subject + std::string(to_string(trace.direction)) +
                       std::to_string(trace.attempt));
      cursor = page.next;
    } while (!cursor.empty());
    EXPECT_EQ(seen.size(), 12U) << limit;
    std::sort(seen.begin(), seen.end());
    EXPECT_EQ(std::unique(seen.begin(), seen.end()), seen.end()) << limit;
  }
}

TEST_P(CareSuite, TheRegisterIsExportedWhole) {
  auto wanted_flow = wanted("K1");
  wanted_flow.flow.file_name = "=cmd|' /C calc'!A0,\"x\".xml";
  ASSERT_TRUE(store().accept(std::move(wanted_flow), stage("<a/>")));
  clock.advance(hours(1));
  const auto csv = content_of(**care().export_traces({}, TraceFormat::csv));
  EXPECT_THAT(csv, StartsWith("\xEF\xBB\xBF"
                              "direction,at,"));
  EXPECT_THAT(csv, HasSubstr("\"'=cmd|' /C calc'!A0,\"\"x\"\".xml\""));
  EXPECT_THAT(csv, HasSubstr("," + sha1("<a/>").str() + ","));
  EXPECT_THAT(csv, HasSubstr("+01:00"));
  const auto xml = content_of(**care().export_traces({}, TraceFormat::xml));
  EXPECT_THAT(xml, HasSubstr("<name>=cmd|' /C calc'!A0,&quot;x&quot;.xml</name>"));
  EXPECT_THAT(xml, HasSubstr("<size>4</size>"));
}

TEST_P(CareSuite, PurgesOnlyWhatIsOverAndOldEnough) {
  const auto done = current(acknowledged("K1"));
  const auto refused = accept_new("K2", "<two/>");
  step(refused.id, Trigger::refuse);
  const auto sent = sending_flow("K3").flow;
  step(sent.id, Trigger::finish_send);
  const auto unclear = sending_flow("K4").flow;
  step(unclear.id, Trigger::lose_send);
  const auto ready = ready_flow("K5");
  clock.advance(10 * day);
  EXPECT_EQ(purge_all(everything_before(clock.now() - 11 * day)), 0U);
  const auto plan = everything_before(clock.now() - 9 * day);
  const auto preview = care().preview(plan, clock.now()).value();
  ASSERT_EQ(preview.counts.size(), 2U);
  EXPECT_THAT(preview.counts[0].examples, ElementsAre(done.id.str()));
  EXPECT_TRUE(readable(done.original));
  EXPECT_EQ(purge_all(plan, 1), 2U);
  EXPECT_FALSE(readable(done.original));
  EXPECT_FALSE(readable(refused.original));
  for (const auto& kept : {sent.original, unclear.original, ready.original})
    EXPECT_TRUE(readable(kept));
  const auto gone = store().open_payload(done.original);
  EXPECT_EQ(gone.error().code, "payload.purged");
  EXPECT_THAT(gone.error().fr, HasSubstr("retention"));
  EXPECT_EQ(store().events(done.id).value().back().code, "payload.purged");
  EXPECT_EQ(care().traces({}, {}, 100).value().items.size(), 9U);
  EXPECT_EQ(purge_all(plan), 0U);
  EXPECT_TRUE(care().verify_chain().value().check.intact);
}

TEST_P(CareSuite, ReturnsGoOnlyWhenReadOrIgnored) {
  const auto read = with_state("A", ReturnState::available, true);
  const auto unread = with_state("B", ReturnState::available, false);
  const auto ignored = with_state("C", ReturnState::ignored, false);
  const auto orphan = with_state("D", ReturnState::orphan, true);
  const auto fresh = import("E", "<e/>").id;
  clock.advance(10 * day);
  EXPECT_EQ(purge_all(everything_before(clock.now() - day)), 2U);
  const auto left = [&](const ReturnId& id) { return readable(store().find_return(id).value()->sha256); };
  EXPECT_FALSE(left(read));
  EXPECT_FALSE(left(ignored));
  EXPECT_TRUE(left(unread));
  EXPECT_TRUE(left(orphan));
  EXPECT_TRUE(left(fresh));
}

TEST_P(CareSuite, BytesThatAnotherFlowNeedsStay) {
  const std::string big(2 * inline_payload, 'x');
  const auto first = accept_new("K1", big);
  step(first.id, Trigger::refuse);
  const auto second = accept_new("K1", big);
  clock.advance(10 * day);
  const auto plan = everything_before(clock.now() - day);
  EXPECT_EQ(purge_all(plan), 1U);
  EXPECT_TRUE(readable(first.original));
  step(second.id, Trigger::cancel);
  clock.advance(10 * day);
  EXPECT_EQ(purge_all(everything_before(clock.now() - day)), 1U);
  EXPECT_FALSE(readable(first.original));
  // The same bytes again are welcome, and can be read again.
  const auto third = accept_new("K1", big);
  EXPECT_EQ(content_of(**store().open_payload(third.original)), big);
  host->reopen();
  EXPECT_EQ(content_of(**store().open_payload(third.original)), big);
}

TEST_P(CareSuite, APurgedFlowIsNotReplayed) {
  const auto refused = accept_new("K1", "<one/>");
  step(refused.id, Trigger::refuse);
  clock.advance(10 * day);
  EXPECT_EQ(purge_all(everything_before(clock.now() - day)), 1U);
  const auto replayed = store().replay(wanted("K1"), refused.original, false);
  ASSERT_FALSE(replayed);
  EXPECT_EQ(replayed.error().code, "payload.purged");
}

TEST_P(CareSuite, RowsAndEventsStayEightYears) {
  const auto done = acknowledged("K1");
  auto plan = everything_before(clock.now());
  clock.advance(4 * 365 * day);
  plan = everything_before(clock.now() - day);
  plan.traces_before = clock.now() - day;  // the floor holds whatever is asked
  EXPECT_EQ(purge_all(plan), 1U);
  EXPECT_EQ(care().traces({}, {}, 10).value().items.size(), 3U);
  clock.advance(5 * 365 * day);
  const auto live = accept_new("K2", "<two/>");
  const auto before = care().verify_chain().value().check.events;
  plan.traces_before = clock.now() - 10 * day;
  EXPECT_GT(purge_all(plan), 1U);
  EXPECT_EQ(store().find(done).value(), std::nullopt);
  EXPECT_TRUE(store().find(live.id).value().has_value());
  EXPECT_EQ(directions(care().traces({}, {}, 10).value()), std::vector<std::string>{"deposited"});
  auto verdict = care().verify_chain().value();
  EXPECT_TRUE(verdict.check.intact) << verdict.trouble;
  EXPECT_LT(verdict.check.events, before);
  EXPECT_FALSE(verdict.checkpoints.empty());
  host->reopen();
  accept_new("K3", "<three/>");
  verdict = care().verify_chain().value();
  EXPECT_TRUE(verdict.check.intact) << verdict.trouble;
}

TEST_P(CareSuite, AnOldFlowThatIsNotOverKeepsItsHistory) {
  const auto waiting = accept_new("K1", "<one/>");
  acknowledged("K2");
  clock.advance(10 * 365 * day);
  auto plan = everything_before(clock.now() - day);
  plan.traces_before = clock.now() - day;
  purge_all(plan);
  EXPECT_EQ(store().events(waiting.id).value().size(), 1U);
  EXPECT_TRUE(readable(waiting.original));
}

TEST_P(CareSuite, TheJournalIsSearchedAndExported) {
  const auto flow = accept_new("K1", "<one/>");
  const auto claimed = ready_flow("K2");
  JournalFilter filter;
  filter.code = "flow.received";
  EXPECT_EQ(care().search(filter, {}, 10).value().items.size(), 2U);
  filter.flow = flow.id;
  EXPECT_EQ(care().search(filter, {}, 10).value().items.size(), 1U);
  filter = {};
  filter.from = clock.now() + hours(1);
  EXPECT_THAT(care().search(filter, {}, 10).value().items, IsEmpty());
  const auto first = care().search({}, {}, 1).value();
  ASSERT_THAT(first.next, Not(IsEmpty()));
  const auto second = care().search({}, first.next, 1).value();
  EXPECT_EQ(second.items.at(0).event.sequence + 1, first.items.at(0).event.sequence);
  const auto text = content_of(**care().export_journal({}));
  EXPECT_THAT(text, HasSubstr("\"code\":\"flow.received\""));
  EXPECT_THAT(text, HasSubstr("{\"anchor\":"));
  EXPECT_THAT(text, HasSubstr("{\"head\":"));
}

TEST_P(CareSuite, RefusedClientsAreInTheJournalWithoutNames) {
  ASSERT_TRUE(
      care().note_refused({{"ab12", "0F", "CN=Autorité \"A\",C=FR", "clients", "trust.revocation.revoked"},
                           {"cd34", "10", "CN=B", "clients", "trust.usage.signature_only"}}));
  JournalFilter filter;
  filter.code = "access.certificate_refused";
  const auto page = care().search(filter, {}, 10).value();
  ASSERT_EQ(page.items.size(), 2U);
  const auto& first = page.items.at(1).event;
  EXPECT_EQ(first.actor, "gateway");
  EXPECT_EQ(first.detail,
            R"({"certificate":"ab12","serial":"0F","issuer":"CN=Autorité \"A\",C=FR","profile":"clients",)"
            R"("because":"trust.revocation.revoked"})");
  EXPECT_TRUE(care().verify_chain().value().check.intact);
}

TEST_P(CareSuite, AnchorsMarkDaysAndCanBeAskedFor) {
  accept_new("K1", "<one/>");
  const auto anchors = care().anchors({}, 10).value().items.size();
  EXPECT_EQ(anchors, 1U);
  accept_new("K2", "<two/>");
  EXPECT_EQ(care().anchors({}, 10).value().items.size(), 1U);
  const auto now = care().anchor_now().value();
  EXPECT_EQ(now.sequence, 2U);
  EXPECT_EQ(care().anchor_now().value().sequence, 2U);
  clock.advance(day);
  accept_new("K3", "<three/>");
  EXPECT_EQ(care().anchors({}, 10).value().items.size(), 3U);
  EXPECT_EQ(care().verify_chain().value().anchors, 3U);
  EXPECT_EQ(care().epoch().value(), 1U);
  EXPECT_GT(care().free_disk().value(), 0U);
}

}  // namespace

}  // namespace demat::store::conformance
