#include <array>
#include <mutex>
#include <set>
#include <thread>

#include "protocols/base/digest.hpp"
#include "tests/unit/gateway/store/conformance/suite.hpp"

// Acceptance, payloads and the duplicate table of decisions.md.

namespace demat::store::conformance {
namespace {

using flow::State;
using flow::Trigger;

TEST_P(StoreSuite, AcceptedFlowIsDurableWithItsOriginalAndItsEvent) {
  const auto f = accept_new("K1", "<a/>");
  EXPECT_EQ(f.state, State::received);
  EXPECT_EQ(f.environment, "test");
  EXPECT_EQ(f.original, sha256("<a/>"));
  EXPECT_EQ(f.original_sha1, sha1("<a/>"));
  EXPECT_EQ(f.original_size, 4U);
  EXPECT_EQ(f.outgoing, f.original);
  host->reopen();
  const auto again = current(f.id);
  EXPECT_EQ(again.nom_fic.str(), "K1");
  EXPECT_EQ(again.created_at, f.created_at);
  const auto documents = store().documents(f.id).value();
  ASSERT_EQ(documents.size(), 1U);
  EXPECT_EQ(documents[0].number, 1U);
  EXPECT_EQ(documents[0].role, "original");
  EXPECT_EQ(documents[0].name, "K1.xml");
  const auto events = store().events(f.id).value();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].code, "flow.received");
  EXPECT_EQ(events[0].actor, "tester");
  EXPECT_EQ(content_of(**store().open_payload(f.original)), "<a/>");
}

TEST_P(StoreSuite, PayloadsOnBothSidesOfTheBoundaryComeBackByteForByte) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, inline_payload - 1, inline_payload,
                                 inline_payload + 1, 10 * inline_payload}) {
    std::string bytes(size, 'x');
    if (size > 2) bytes[size / 2] = '\0';
    const auto f = accept_new("size" + std::to_string(size), bytes);
    host->reopen();
    const auto payload = store().open_payload(f.original);
    ASSERT_TRUE(payload) << size;
    EXPECT_EQ(content_of(**payload), bytes) << size;
    EXPECT_EQ((*payload)->size(), size);
    EXPECT_EQ((*payload)->view(), bytes) << size;
    std::array<char, 8> past{};
    EXPECT_EQ((*payload)->read(size, past).value(), 0U);
  }
}

TEST_P(StoreSuite, PayloadWriterShowsWhatItHasSoFar) {
  auto writer = store().new_payload().value();
  ASSERT_TRUE(writer->append("head"));
  EXPECT_EQ(content_of(writer->so_far()), "head");
  const std::string more(inline_payload, 'y');
  ASSERT_TRUE(writer->append(more));
  EXPECT_EQ(writer->size(), more.size() + 4);
  EXPECT_EQ(content_of(writer->so_far()), "head" + more);
  const auto staged = writer->finish().value();
  EXPECT_EQ(staged.sha256(), sha256("head" + more));
  EXPECT_EQ(content_of(staged.bytes()), "head" + more);
}

TEST_P(StoreSuite, UnknownPayloadAndStrangeNamesAreNotFound) {
  for (const char* name : {"", "..", "../../etc/passwd", "zz", "ABCD"})
    EXPECT_EQ(store().open_payload(Sha256{name}).error().code, "store.not_found") << name;
  EXPECT_EQ(store().open_payload(sha256("never seen")).error().code, "store.not_found");
}

TEST_P(StoreSuite, SameBytesOfALiveFlowGiveItsId) {
  const auto first = accept_new("K1", "<a/>");
  const auto outcome = store().accept(wanted("K1"), stage("<a/>")).value();
  EXPECT_EQ(std::get<SameBytes>(outcome).existing.id, first.id);
}

TEST_P(StoreSuite, SameKeyWithOtherBytesIsTaken) {
  const auto first = accept_new("K1", "<a/>");
  const auto outcome = store().accept(wanted("K1"), stage("<b/>")).value();
  EXPECT_EQ(std::get<KeyTaken>(outcome).existing.id, first.id);
  EXPECT_EQ(store().open_payload(sha256("<b/>")).error().code, "store.not_found");
}

TEST_P(StoreSuite, AnotherAuthorityIsNotInTheWay) {
  const auto first = accept_new("K1", "<a/>");
  const auto outcome = store().accept(wanted("K1", "987654324"), stage("<a/>")).value();
  EXPECT_NE(std::get<DurableReceipt>(outcome).flow().id, first.id);
}

TEST_P(StoreSuite, FailedFlowsDoNotBlockButAreLinked) {
  const struct {
    std::string key;
    std::vector<Trigger> road;
  } cases[] = {
      {"refused", {Trigger::refuse}},
      {"cancelled", {Trigger::cancel}},
      {"rejected", {Trigger::pass_checks, Trigger::make_ready, Trigger::begin_send, Trigger::reject}}};
  for (const auto& c : cases) {
    const auto failed = accept_new(c.key, c.key);
    for (const auto trigger : c.road)
      step(failed.id, trigger);
    for (const std::string& bytes : {c.key, c.key + "!"}) {
      const auto again = accept_new(c.key, bytes);
      EXPECT_NE(again.id, failed.id);
      EXPECT_EQ(again.linked_to.empty(), false);
      step(again.id, Trigger::cancel);
    }
  }
}

TEST_P(StoreSuite, AFlowThatSucceededStillBlocks) {
  const auto claim = sending_flow("K1");
  step(claim.flow.id, Trigger::acknowledge);
  const auto outcome = store().accept(wanted("K1"), stage("<K1/>")).value();
  EXPECT_EQ(std::get<SameBytes>(outcome).existing.id, claim.flow.id);
}

TEST_P(StoreSuite, AFlowWithoutKeyIsJudgedByItsBytesOnly) {
  accept_new("", "<a/>");
  accept_new("", "<b/>");
  EXPECT_TRUE(std::holds_alternative<SameBytes>(store().accept(wanted(""), stage("<b/>")).value()));
}

TEST_P(StoreSuite, AFlowToBeConfirmedStartsHeld) {
  auto item = wanted("K1");
  item.flow.hold_reason = "confirmation";
  const auto f = std::get<DurableReceipt>(store().accept(std::move(item), stage("<a/>")).value()).flow();
  EXPECT_EQ(f.state, State::held);
  EXPECT_EQ(f.held_from, State::received);
  EXPECT_EQ(f.hold_reason, "confirmation");
  const auto event = store().events(f.id).value().at(0);
  EXPECT_EQ(event.to, State::held);
  const auto released = step(f.id, Trigger::release);
  EXPECT_EQ(released.state, State::received);
  EXPECT_EQ(released.hold_reason, "");
}

TEST_P(StoreSuite, ThirtyTwoThreadsWithTheSameBytesMakeOneFlow) {
  for (const std::size_t size : {std::size_t{100}, 2 * inline_payload}) {
    const std::string bytes(size, 'z');
    std::mutex mutex;
    std::set<std::string> ids;
    int receipts = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 32; ++i)
      threads.emplace_back([&] {
        const auto outcome = store().accept(wanted("K" + std::to_string(size)), stage(bytes));
        ASSERT_TRUE(outcome) << outcome.error().detail;
        const std::lock_guard lock(mutex);
        if (const auto* receipt = std::get_if<DurableReceipt>(&*outcome)) {
          ++receipts;
          ids.insert(receipt->flow().id.str());
        } else {
          ids.insert(std::get<SameBytes>(*outcome).existing.id.str());
        }
      });
    for (auto& thread : threads)
      thread.join();
    EXPECT_EQ(receipts, 1);
    EXPECT_EQ(ids.size(), 1U);
    EXPECT_EQ(content_of(**store().open_payload(sha256(bytes))), bytes);
  }
}

TEST_P(StoreSuite, ReplayMakesANewFlowFromStoredBytes) {
  const auto failed = accept_new("K1", "<a/>");
  step(failed.id, Trigger::refuse);
  auto item = wanted("K1");
  item.flow.replay_of = failed.id;
  const auto again = store().replay(std::move(item), failed.original, false).value();
  EXPECT_NE(again.id, failed.id);
  EXPECT_EQ(again.replay_of, failed.id);
  EXPECT_EQ(again.original, failed.original);
  EXPECT_EQ(again.original_size, 4U);
  EXPECT_EQ(store().documents(again.id).value().size(), 1U);
}

TEST_P(StoreSuite, ReplayOfALiveFlowNeedsAPersonsWord) {
  const auto live = accept_new("K1", "<a/>");
  EXPECT_EQ(store().replay(wanted("K1"), live.original, false).error().code, "store.duplicate");
  const auto again = store().replay(wanted("K1"), live.original, true).value();
  // From now on the new flow is the one that stands in the way.
  const auto outcome = store().accept(wanted("K1"), stage("<a/>")).value();
  EXPECT_EQ(std::get<SameBytes>(outcome).existing.id, again.id);
  EXPECT_EQ(store().replay(wanted("K9"), sha256("unknown"), true).error().code, "store.not_found");
}

}  // namespace
}  // namespace demat::store::conformance
