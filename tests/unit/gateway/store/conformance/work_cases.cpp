#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "protocols/base/digest.hpp"
#include "tests/unit/gateway/store/conformance/suite.hpp"

// Transitions, leases, fencing, attempts, waiting, group commit.

namespace demat::store::conformance {
namespace {

using flow::AttemptOutcome;
using flow::State;
using flow::Trigger;
using std::chrono::minutes;
using std::chrono::seconds;

ClaimRequest ready_request(const Clock& clock, std::string owner, std::size_t limit = 1) {
  ClaimRequest request;
  request.states = {State::ready};
  request.limit = limit;
  request.owner = std::move(owner);
  request.now = clock.now();
  request.lease_for = minutes(1);
  return request;
}

Change leased(const Claim& claim, std::vector<Step> steps) {
  Change change;
  change.flow = claim.flow.id;
  change.lease = claim.lease;
  change.steps = std::move(steps);
  return change;
}

TEST_P(StoreSuite, ClaimsGoFirstInFirstOutAndOnlyOnce) {
  std::vector<FlowId> order;
  for (int i = 0; i < 5; ++i) {
    order.push_back(ready_flow("K" + std::to_string(i)).id);
    clock.advance(seconds(1));
  }
  const auto first = store().claim(ready_request(clock, "a", 3)).value();
  const auto second = store().claim(ready_request(clock, "b", 10)).value();
  ASSERT_EQ(first.size(), 3U);
  ASSERT_EQ(second.size(), 2U);
  for (std::size_t i = 0; i < 5; ++i)
    EXPECT_EQ((i < 3 ? first[i] : second[i - 3]).flow.id, order[i]);
  EXPECT_TRUE(store().claim(ready_request(clock, "c", 10)).value().empty());
}

TEST_P(StoreSuite, ClaimsKeepToStateAndDestination) {
  accept_new("new", "<new/>");
  const auto ready = ready_flow("K1");
  auto request = ready_request(clock, "a", 10);
  request.destination = DestinationName{"elsewhere"};
  EXPECT_TRUE(store().claim(request).value().empty());
  request.destination = DestinationName{"helios"};
  const auto claims = store().claim(request).value();
  ASSERT_EQ(claims.size(), 1U);
  EXPECT_EQ(claims[0].flow.id, ready.id);
  EXPECT_EQ(claim_one({State::received, State::ready}).flow.state, State::received);
}

TEST_P(StoreSuite, TheHighestPriorityGoesFirst) {
  const auto with_priority = [&](const std::string& key, flow::Priority priority, State state) {
    NewFlow fresh = wanted(key);
    fresh.flow.priority = priority;
    const auto outcome = store().accept(std::move(fresh), stage("<" + key + "/>")).value();
    const auto id = std::get<DurableReceipt>(outcome).flow().id;
    if (state == State::ready) {
      step(id, Trigger::pass_checks);
      step(id, Trigger::make_ready);
    }
    clock.advance(seconds(1));
    return id;
  };
  const auto low = with_priority("low", flow::Priority::low, State::ready);
  const auto first = with_priority("a", flow::Priority::normal, State::ready);
  const auto second = with_priority("b", flow::Priority::normal, State::received);
  const auto high = with_priority("high", flow::Priority::high, State::ready);
  EXPECT_EQ(current(high).priority, flow::Priority::high);
  auto request = ready_request(clock, "a", 10);
  request.states = {State::received, State::ready};
  const auto claims = store().claim(request).value();
  ASSERT_EQ(claims.size(), 4U);
  const std::vector<FlowId> order{high, first, second, low};
  for (std::size_t i = 0; i < order.size(); ++i)
    EXPECT_EQ(claims[i].flow.id, order[i]) << i;
}

TEST_P(StoreSuite, SeveralChangesAreWrittenEachForItself) {
  const auto a = accept_new("K1", "<a/>").id;
  const auto b = accept_new("K2", "<b/>").id;
  std::vector<Change> changes(3);
  changes[0].flow = a;
  changes[0].steps = {{Trigger::refuse}};
  changes[1].flow = b;
  changes[1].steps = {{Trigger::acknowledge}};
  changes[2].flow = b;
  changes[2].steps = {{Trigger::cancel}};
  const auto results = store().apply_all(std::move(changes), Haste::now);
  ASSERT_EQ(results.size(), 3U);
  EXPECT_EQ(results[0].value().state, State::refused);
  EXPECT_EQ(results[1].error().code, "store.illegal_transition");
  EXPECT_EQ(results[2].value().state, State::cancelled);
  EXPECT_EQ(current(a).state, State::refused);
  EXPECT_EQ(current(b).state, State::cancelled);
  EXPECT_TRUE(store().verify_journal().value().intact);
}

TEST_P(StoreSuite, DestinationsOfAStateAreTold) {
  EXPECT_TRUE(store().destinations_of(State::ready).value().empty());
  ready_flow("K1");
  ready_flow("K2");
  EXPECT_EQ(store().destinations_of(State::ready).value(), std::vector{DestinationName{"helios"}});
}

TEST_P(StoreSuite, ThirtyTwoWorkersNeverShareAFlow) {
  constexpr int flows = 60;
  for (int i = 0; i < flows; ++i)
    ready_flow("K" + std::to_string(i));
  std::mutex mutex;
  std::multiset<std::string> taken;
  std::vector<std::thread> workers;
  for (int w = 0; w < 32; ++w)
    workers.emplace_back([&, w] {
      for (;;) {
        const auto claims = store().claim(ready_request(clock, "w" + std::to_string(w), 2));
        ASSERT_TRUE(claims);
        if (claims->empty()) return;
        const std::lock_guard lock(mutex);
        for (const auto& claim : *claims)
          taken.insert(claim.flow.id.str());
      }
    });
  for (auto& worker : workers)
    worker.join();
  EXPECT_EQ(taken.size(), std::size_t{flows});
  EXPECT_EQ(std::set<std::string>(taken.begin(), taken.end()).size(), std::size_t{flows});
}

/// A claim is answered before the commit of what it has seen.
TEST_P(StoreSuite, WhoClaimsAFlowSeesItsDocumentsAndItsBytes) {
  constexpr int flows = 200;
  const std::jthread depositor([&] {
    for (int i = 0; i < flows; ++i)
      accept_new("K" + std::to_string(i), "<K" + std::to_string(i) + "/>");
  });
  ClaimRequest request = ready_request(clock, "w");
  request.states = {State::received};
  const auto end = std::chrono::steady_clock::now() + minutes(1);
  for (int seen = 0; seen < flows;) {
    ASSERT_LT(std::chrono::steady_clock::now(), end) << "flow " << seen;
    const auto claims = store().claim(request);
    ASSERT_TRUE(claims) << claims.error().code << claims.error().detail;
    for (const auto& claim : *claims) {
      const auto documents = store().documents(claim.flow.id);
      ASSERT_TRUE(documents) << documents.error().code;
      EXPECT_EQ(documents->size(), 1U) << "flow " << seen;
      EXPECT_TRUE(store().open_payload(claim.flow.original)) << "flow " << seen;
      ++seen;
    }
  }
}

TEST_P(StoreSuite, ALateWorkerCannotWriteOverItsSuccessor) {
  ready_flow("K1");
  const auto late = claim_one({State::ready}, seconds(10));
  clock.advance(seconds(11));
  const auto successor = claim_one({State::ready}, seconds(10));
  EXPECT_GT(successor.lease.fence, late.lease.fence);
  EXPECT_EQ(store().apply(leased(late, {{.trigger = Trigger::begin_send}})).error().code,
            "store.stale_lease");
  EXPECT_EQ(store().renew(late.lease, clock.now() + minutes(1)).error().code, "store.stale_lease");
  EXPECT_EQ(current(late.flow.id).state, State::ready);
  EXPECT_TRUE(store().apply(leased(successor, {{.trigger = Trigger::begin_send}})));
}

TEST_P(StoreSuite, AnExpiredLeaseThatNobodyTookIsStillGood) {
  ready_flow("K1");
  const auto claim = claim_one({State::ready}, seconds(10));
  clock.advance(minutes(5));
  EXPECT_TRUE(store().apply(leased(claim, {{.trigger = Trigger::begin_send}})));
}

TEST_P(StoreSuite, AFlowThatWaitedQueuesBehindTheNewOnes) {
  const auto waited = ready_flow("waited");
  clock.advance(seconds(1));
  const auto early = ready_flow("early");
  clock.advance(seconds(1));
  Change change;
  change.flow = waited.id;
  change.wait = Change::Wait{clock.now() + seconds(1), "transport.refused"};
  ASSERT_TRUE(store().apply(std::move(change)));
  clock.advance(seconds(5));
  const auto late = ready_flow("late");
  const auto claims = store().claim(ready_request(clock, "a", 3)).value();
  ASSERT_EQ(claims.size(), 3U);
  EXPECT_EQ(claims[0].flow.id, early.id);
  EXPECT_EQ(claims[1].flow.id, waited.id);
  EXPECT_EQ(claims[2].flow.id, late.id);
}

TEST_P(StoreSuite, AnIntentGivesTheSendALeaseOfItsOwn) {
  ready_flow("K1");
  const auto claim = claim_one({State::ready}, seconds(10));
  clock.advance(seconds(9));
  auto intent = leased(claim, {{.trigger = Trigger::begin_send}});
  intent.lease_until = clock.now() + minutes(1);
  ASSERT_TRUE(store().apply(std::move(intent)));
  clock.advance(seconds(50));
  EXPECT_TRUE(store().expire_sends(clock.now()).value().empty());
  EXPECT_TRUE(store().apply(leased(claim, {{.trigger = Trigger::finish_send}})));
}

TEST_P(StoreSuite, AnIntentUnderALeaseThatRanOutIsRefused) {
  ready_flow("K1");
  const auto claim = claim_one({State::ready}, seconds(10));
  clock.advance(seconds(10));
  auto intent = leased(claim, {{.trigger = Trigger::begin_send}});
  intent.lease_until = clock.now() + minutes(1);
  EXPECT_EQ(store().apply(std::move(intent)).error().code, "store.stale_lease");
  EXPECT_EQ(current(claim.flow.id).state, State::ready);
}

TEST_P(StoreSuite, ANoteBesideALiveSendLeavesItsLease) {
  const auto claim = sending_flow("K1");
  Change note;
  note.flow = claim.flow.id;
  note.note = Note{.code = "verb.retry", .actor = "anne", .reason = "too late"};
  ASSERT_TRUE(store().apply(std::move(note)));
  EXPECT_TRUE(store().expire_sends(clock.now()).value().empty());
  auto outcome = leased(claim, {{.trigger = Trigger::finish_send}});
  outcome.close_attempt = CloseAttempt{AttemptOutcome::sent, "", "226 done"};
  EXPECT_EQ(store().apply(std::move(outcome)).value().state, State::sent);
}

TEST_P(StoreSuite, AChangeThatExpectsAnotherStateIsRefused) {
  const auto f = ready_flow("K1");
  Change change;
  change.flow = f.id;
  change.expected = State::uncertain;
  change.note = Note{.code = "test.note"};
  const auto before = store().events(f.id).value().size();
  const auto refused = store().apply(std::move(change));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "store.illegal_transition");
  EXPECT_EQ(refused.error().detail, "ready");
  EXPECT_EQ(store().events(f.id).value().size(), before);
}

TEST_P(StoreSuite, ALostAttemptIsCompletedLater) {
  const auto claim = sending_flow("K1", seconds(10));
  clock.advance(minutes(1));
  ASSERT_EQ(store().expire_sends(clock.now()).value().size(), 1U);
  Change late;
  late.flow = claim.flow.id;
  late.expected = State::uncertain;
  late.steps = {{.trigger = Trigger::find_sent}};
  late.complete_attempt = CompleteAttempt{1, AttemptOutcome::sent, "", "226 done"};
  EXPECT_EQ(store().apply(std::move(late)).value().state, State::sent);
  const auto attempt = store().attempts(claim.flow.id).value().at(0);
  EXPECT_EQ(attempt.outcome, AttemptOutcome::sent);
  EXPECT_EQ(attempt.error_code, "");
  EXPECT_EQ(attempt.transcript, "226 done");
}

TEST_P(StoreSuite, CompletingAnAttemptKeepsWhatIsKnownAndTheWait) {
  const auto claim = sending_flow("K1");
  auto change = leased(claim, {{.trigger = Trigger::fail_send}});
  change.close_attempt = CloseAttempt{AttemptOutcome::failed, "ftp.down", "421"};
  change.wait = Change::Wait{clock.now() + minutes(2), "ftp.down"};
  ASSERT_TRUE(store().apply(std::move(change)));
  Change late;
  late.flow = claim.flow.id;
  late.keep_wait = true;
  late.complete_attempt = CompleteAttempt{1, AttemptOutcome::sent, "", "226 done"};
  EXPECT_EQ(store().apply(std::move(late)).value().waiting_code, "ftp.down");
  const auto attempt = store().attempts(claim.flow.id).value().at(0);
  EXPECT_EQ(attempt.outcome, AttemptOutcome::failed);
  EXPECT_EQ(attempt.error_code, "ftp.down");
  EXPECT_EQ(attempt.transcript, "421");
}

TEST_P(StoreSuite, RenewingKeepsAFlow) {
  ready_flow("K1");
  const auto claim = claim_one({State::ready}, seconds(10));
  ASSERT_TRUE(store().renew(claim.lease, clock.now() + minutes(10)));
  clock.advance(minutes(5));
  EXPECT_TRUE(store().claim(ready_request(clock, "b")).value().empty());
}

TEST_P(StoreSuite, AVerbOfAPersonTakesTheFlowFromItsWorker) {
  ready_flow("K1");
  const auto claim = claim_one({State::ready});
  EXPECT_EQ(step(claim.flow.id, Trigger::hold).state, State::held);
  EXPECT_EQ(store().apply(leased(claim, {{.trigger = Trigger::begin_send}})).error().code,
            "store.stale_lease");
  EXPECT_EQ(step(claim.flow.id, Trigger::release).state, State::ready);
  EXPECT_EQ(claim_one({State::ready}).flow.id, claim.flow.id);
}

TEST_P(StoreSuite, AnIllegalTransitionLeavesNothing) {
  const auto f = accept_new("K1", "<a/>");
  const auto before = store().events(f.id).value().size();
  Change change;
  change.flow = f.id;
  change.steps = {{.trigger = Trigger::pass_checks}, {.trigger = Trigger::begin_send}};
  change.documents.push_back({"report", "r", "text/plain", stage("report")});
  change.remote_name = "X";
  change.findings = Report{{{"code", Severity::error, {}, "fr", "en"}}};
  change.wait = Change::Wait{clock.now() + minutes(1), "code"};
  const auto refused = store().apply(std::move(change));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "store.illegal_transition");
  EXPECT_NE(refused.error().detail.find("checked"), std::string::npos);
  const auto after = current(f.id);
  EXPECT_EQ(after.state, State::received);
  EXPECT_EQ(after.remote_name, "");
  EXPECT_EQ(after.next_attempt_at, std::nullopt);
  EXPECT_EQ(store().events(f.id).value().size(), before);
  EXPECT_EQ(store().documents(f.id).value().size(), 1U);
  EXPECT_TRUE(store().findings(f.id).value().findings.empty());
  EXPECT_EQ(store().open_payload(sha256("report")).error().code, "store.not_found");
  EXPECT_EQ(store().verify_journal().value().intact, true);
}

TEST_P(StoreSuite, UnknownFlowsAreNotFound) {
  Change change;
  change.flow = FlowId{"00000000-0000-7000-8000-000000000000"};
  EXPECT_EQ(store().apply(std::move(change)).error().code, "store.not_found");
  EXPECT_EQ(store().find(FlowId{"nope"}).value(), std::nullopt);
}

TEST_P(StoreSuite, TheSignedDocumentIsWhatLeaves) {
  for (const std::size_t size : {std::size_t{10}, 3 * inline_payload}) {
    const std::string bytes(size, 's');
    const auto f = accept_new("K" + std::to_string(size), "original of " + bytes);
    step(f.id, Trigger::pass_checks);
    Change change;
    change.flow = f.id;
    change.steps = {{.trigger = Trigger::ask_signature}, {.trigger = Trigger::sign}};
    change.documents.push_back({"signed", "signed.xml", "application/xml", stage(bytes)});
    const auto after = store().apply(std::move(change)).value();
    EXPECT_EQ(after.state, State::signed_);
    EXPECT_EQ(after.outgoing, sha256(bytes));
    EXPECT_EQ(after.outgoing_size, size);
    EXPECT_EQ(after.original, f.original);
    host->reopen();
    const auto documents = store().documents(f.id).value();
    ASSERT_EQ(documents.size(), 2U);
    EXPECT_EQ(documents[1].number, 2U);
    EXPECT_EQ(documents[1].role, "signed");
    EXPECT_EQ(content_of(**store().open_payload(after.outgoing)), bytes);
  }
}

TEST_P(StoreSuite, AnAttemptIsOpenedAndClosedWithItsTranscript) {
  const auto claim = sending_flow("K1");
  EXPECT_EQ(claim.flow.attempts, 1U);
  EXPECT_EQ(claim.flow.remote_name, "PES_1.xml");
  auto attempt = store().attempts(claim.flow.id).value().at(0);
  EXPECT_EQ(attempt.outcome, AttemptOutcome::open);
  EXPECT_EQ(attempt.ended_at, std::nullopt);
  clock.advance(seconds(3));
  auto change = leased(claim, {{.trigger = Trigger::finish_send}});
  change.close_attempt = CloseAttempt{AttemptOutcome::sent, "", "226 done"};
  const auto sent = store().apply(std::move(change)).value();
  EXPECT_EQ(sent.state, State::sent);
  EXPECT_EQ(sent.sent_at, clock.now());
  attempt = store().attempts(claim.flow.id).value().at(0);
  EXPECT_EQ(attempt.outcome, AttemptOutcome::sent);
  EXPECT_EQ(attempt.ended_at, clock.now());
  EXPECT_EQ(attempt.transcript, "226 done");
}

TEST_P(StoreSuite, OneAttemptAtATime) {
  const auto claim = sending_flow("K1");
  auto change = leased(claim, {});
  change.open_attempt = OpenAttempt{DestinationName{"helios"}, "again"};
  EXPECT_EQ(store().apply(std::move(change)).error().code, "store.attempt_open");
  const auto other = ready_flow("K2");
  Change close;
  close.flow = other.id;
  close.close_attempt = CloseAttempt{AttemptOutcome::sent, "", ""};
  EXPECT_EQ(store().apply(std::move(close)).error().code, "store.no_open_attempt");
}

TEST_P(StoreSuite, AFailedSendWaitsAndIsClaimedWhenItsTimeHasCome) {
  const auto claim = sending_flow("K1");
  auto change = leased(claim, {{.trigger = Trigger::fail_send}});
  change.close_attempt = CloseAttempt{AttemptOutcome::failed, "ftp.down", "421"};
  change.wait = Change::Wait{clock.now() + minutes(2), "ftp.down", R"({"peer":"helios"})"};
  const auto waiting = store().apply(std::move(change)).value();
  EXPECT_EQ(waiting.state, State::ready);
  EXPECT_EQ(waiting.waiting_code, "ftp.down");
  EXPECT_TRUE(store().claim(ready_request(clock, "b")).value().empty());
  EXPECT_EQ(store().next_due({State::ready, State::received}).value(), clock.now() + minutes(2));
  EXPECT_EQ(store().next_due({State::received}).value(), std::nullopt);
  EXPECT_EQ(store().events(claim.flow.id).value().back().code, "waiting");
  clock.advance(minutes(2));
  EXPECT_EQ(store().claim(ready_request(clock, "b")).value().size(), 1U);
}

TEST_P(StoreSuite, TheSameReasonToWaitIsJournalledOnce) {
  const auto f = accept_new("K1", "<a/>");
  for (const char* code : {"antivirus.down", "antivirus.down", "crl.down"}) {
    Change change;
    change.flow = f.id;
    change.wait = Change::Wait{clock.now() + minutes(1), code};
    ASSERT_TRUE(store().apply(std::move(change)));
  }
  EXPECT_EQ(store().events(f.id).value().size(), 3U);
  EXPECT_EQ(current(f.id).waiting_code, "crl.down");
  step(f.id, Trigger::pass_checks);
  EXPECT_EQ(current(f.id).waiting_code, "");
  EXPECT_EQ(current(f.id).next_attempt_at, std::nullopt);
}

TEST_P(StoreSuite, ANoteIsAnEventWithoutTransition) {
  const auto f = accept_new("K1", "<a/>");
  Change change;
  change.flow = f.id;
  change.note = Note{.code = "verb.retry", .actor = "anne", .reason = "peer is back"};
  ASSERT_TRUE(store().apply(std::move(change)));
  const auto event = store().events(f.id).value().back();
  EXPECT_EQ(event.code, "verb.retry");
  EXPECT_EQ(event.actor, "anne");
  EXPECT_EQ(event.reason, "peer is back");
  EXPECT_EQ(event.from, event.to);
}

TEST_P(StoreSuite, FindingsComeBackInOrder) {
  const auto f = accept_new("K1", "<a/>");
  Change change;
  change.flow = f.id;
  change.steps = {{.trigger = Trigger::refuse, .detail = R"({"n":2})", .reason = "pes.p2"}};
  change.findings = Report{{{"pes.p2", Severity::error, {12, "/PES_Aller"}, "faux « é »", "wrong"},
                            {"pes.p1", Severity::warning, {}, "bizarre", "odd"}}};
  ASSERT_EQ(store().apply(std::move(change)).value().state, State::refused);
  const auto report = store().findings(f.id).value();
  ASSERT_EQ(report.findings.size(), 2U);
  EXPECT_EQ(report.findings[0].code, "pes.p2");
  EXPECT_EQ(report.findings[0].place, (Place{12, "/PES_Aller"}));
  EXPECT_EQ(report.findings[0].fr, "faux « é »");
  EXPECT_EQ(report.findings[1].severity, Severity::warning);
  EXPECT_TRUE(report.refused());
}

TEST_P(StoreSuite, FindingsKeepWhatTheyAreAbout) {
  const auto f = accept_new("K1", "<a/>");
  Finding found{"pes.p16", Severity::error, {12, "/PES_Aller"}, "faux", "wrong"};
  found.subject = {"depense", "2026", "12", "134", "1", "PJ-9", "2026M01", "77"};
  found.value = "FR76 **** 0185";
  found.expected = {"un IBAN", "an IBAN"};
  found.remedy = {"corriger le tiers", "mend the tiers"};
  Change change;
  change.flow = f.id;
  change.steps = {{.trigger = Trigger::refuse, .reason = "pes.p16"}};
  change.findings = Report{{found, {"pes.p1", Severity::warning, {}, "bizarre", "odd"}}};
  ASSERT_TRUE(store().apply(std::move(change)));
  const auto back = store().findings(f.id).value().findings;
  ASSERT_EQ(back.size(), 2U);
  EXPECT_EQ(back[0].subject, found.subject);
  EXPECT_EQ(back[0].value, found.value);
  EXPECT_EQ(back[0].expected, found.expected);
  EXPECT_EQ(back[0].remedy, found.remedy);
  EXPECT_EQ(back[1].subject, Subject{});
  EXPECT_EQ(back[1].remedy, Words{});
}

TEST_P(StoreSuite, SendsWhoseWorkerVanishedBecomeUncertain) {
  const auto gone = sending_flow("gone", seconds(10));
  const auto alive = sending_flow("alive", minutes(10));
  clock.advance(minutes(1));
  const auto lost = store().expire_sends(clock.now()).value();
  EXPECT_EQ(lost, std::vector<FlowId>{gone.flow.id});
  EXPECT_EQ(current(gone.flow.id).state, State::uncertain);
  EXPECT_EQ(store().attempts(gone.flow.id).value().at(0).outcome, AttemptOutcome::lost);
  EXPECT_EQ(current(alive.flow.id).state, State::sending);
  EXPECT_EQ(store().apply(leased(gone, {{.trigger = Trigger::finish_send}})).error().code,
            "store.stale_lease");
}

TEST_P(StoreSuite, CountersCountPerKeyAndSurvive) {
  EXPECT_EQ(store().next_counter("helios/260301").value(), 1U);
  EXPECT_EQ(store().next_counter("helios/260301").value(), 2U);
  host->reopen();
  EXPECT_EQ(store().next_counter("helios/260301").value(), 3U);
  EXPECT_EQ(store().next_counter("helios/260302").value(), 1U);
}

TEST_P(StoreSuite, FailingItemsUndoOnlyThemselvesInAGroup) {
  constexpr int threads = 16;
  constexpr int rounds = 10;
  std::vector<FlowId> good;
  std::vector<FlowId> bad;
  for (int i = 0; i < threads; ++i) {
    good.push_back(accept_new("good" + std::to_string(i), "good" + std::to_string(i)).id);
    bad.push_back(accept_new("bad" + std::to_string(i), "bad" + std::to_string(i)).id);
  }
  std::atomic<int> wrong{0};
  std::vector<std::thread> workers;
  for (std::size_t i = 0; i < threads; ++i)
    workers.emplace_back([&, i] {
      for (int round = 0; round < rounds; ++round) {
        Change fine;
        fine.flow = good[i];
        fine.note = Note{.code = "test.note"};
        if (!store().apply(std::move(fine))) ++wrong;
        Change broken;
        broken.flow = bad[i];
        broken.note = Note{.code = "test.note"};
        broken.steps = {{.trigger = Trigger::pass_checks}, {.trigger = Trigger::sign}};
        if (store().apply(std::move(broken))) ++wrong;
      }
    });
  for (auto& worker : workers)
    worker.join();
  EXPECT_EQ(wrong.load(), 0);
  for (std::size_t i = 0; i < threads; ++i) {
    EXPECT_EQ(store().events(good[i]).value().size(), rounds + 1U);
    EXPECT_EQ(store().events(bad[i]).value().size(), 1U);
    EXPECT_EQ(current(bad[i]).state, State::received);
  }
  const auto journal = store().verify_journal().value();
  EXPECT_TRUE(journal.intact);
  EXPECT_EQ(journal.events, threads * (rounds + 2U));
}

}  // namespace
}  // namespace demat::store::conformance
