#include "gateway/actes/deadlines.hpp"

#include "gateway/base/paris.hpp"
#include "road_rig.hpp"

namespace demat::actes_road {
namespace {

using flow::State;
using flow::Verdict;
using std::chrono::days;
using std::chrono::hours;
using testing::ElementsAre;
using testing::IsEmpty;

Instant at(const std::string& text) {
  return from_iso8601(text).value();
}

TEST(Control, EndsTwoMonthsAfterTheReceipt) {
  EXPECT_EQ(end_of_control("2026-01-16"), "2026-03-16");
  EXPECT_EQ(end_of_control("2025-12-31"), "2026-02-28");
  EXPECT_EQ(end_of_control("2026-07-31"), "2026-09-30");
  EXPECT_EQ(end_of_control(""), "");
  EXPECT_EQ(end_of_control("hier"), "");
}

TEST(Control, IsOverTheDayAfter) {
  const auto until = [](const std::string& now) { return acte_limits({}, at(now)).control_until; };
  EXPECT_EQ(until("2026-03-16T10:00:00Z"), "2026-01-15");
  EXPECT_EQ(until("2026-03-17T10:00:00Z"), "2026-01-16");
  // In Paris it is the 17th already.
  EXPECT_EQ(until("2026-03-16T23:30:00Z"), "2026-01-16");
  // 28, 29, 30 and 31 December all end with February.
  EXPECT_EQ(until("2026-02-28T10:00:00Z"), "2025-12-27");
  EXPECT_EQ(until("2026-03-01T10:00:00Z"), "2025-12-31");
}

/// Every day of two years: over is what ended before.
TEST(Control, AgreesWithItsEnd) {
  for (int i = 0; i < 730; ++i) {
    const auto now = at("2026-01-01T12:00:00Z") + days(i);
    const auto until = acte_limits({}, now).control_until;
    const auto today = to_iso8601(now).substr(0, 10);
    EXPECT_LT(end_of_control(until), today);
    const auto next = to_iso8601(at(until + "T12:00:00Z") + days(1)).substr(0, 10);
    EXPECT_GE(end_of_control(next), today);
  }
}

store::ActeOnFlow sent_acte() {
  store::ActeOnFlow item;
  item.acte.message = "1-1";
  item.flow.state = State::sent;
  item.flow.sent_at = at("2026-03-02T08:00:00Z");
  return item;
}

std::vector<std::string> words(const std::vector<Deadline>& all) {
  std::vector<std::string> out;
  for (const auto& one : all)
    out.push_back(one.kind + " " + one.due.substr(0, 16) + (one.passed ? " passed" : ""));
  return out;
}

TEST(Deadlines, OfAMessageThatWaits) {
  const config::Deadlines usual;
  const auto item = sent_acte();
  EXPECT_THAT(words(deadlines_of(item, usual, at("2026-03-02T11:00:00Z"))),
              ElementsAre("ar 2026-03-02T12:00", "silence 2026-04-01T08:00"));
  EXPECT_THAT(words(deadlines_of(item, usual, at("2026-03-02T13:00:00Z"))),
              ElementsAre("ar 2026-03-02T12:00 passed", "silence 2026-04-01T08:00"));
  EXPECT_EQ(late_for(deadlines_of(item, usual, at("2026-03-02T11:00:00Z"))), "");
  EXPECT_EQ(late_for(deadlines_of(item, usual, at("2026-03-02T13:00:00Z"))), "ar");
  EXPECT_EQ(late_for(deadlines_of(item, usual, at("2026-05-02T13:00:00Z"))), "silence");
  config::Deadlines patient;
  patient.acte_ar = hours(48);
  patient.acte_silence_days = 10;
  EXPECT_THAT(words(deadlines_of(item, patient, at("2026-03-03T08:00:00Z"))),
              ElementsAre("ar 2026-03-04T08:00", "silence 2026-03-12T08:00"));
}

TEST(Deadlines, OfAnActeThatWasReceived) {
  auto item = sent_acte();
  item.flow.state = State::acknowledged;
  item.acte.verdict = Verdict::accepted;
  item.acte.received_on = "2026-03-02";
  EXPECT_THAT(words(deadlines_of(item, {}, at("2026-05-02T12:00:00Z"))), ElementsAre("control 2026-05-02"));
  const auto after = deadlines_of(item, {}, at("2026-05-03T12:00:00Z"));
  EXPECT_THAT(words(after), ElementsAre("control 2026-05-02 passed"));
  EXPECT_EQ(late_for(after), "") << "over is not late";
  item.acte.annulled_on = "2026-03-10";
  EXPECT_THAT(words(deadlines_of(item, {}, at("2026-05-03T12:00:00Z"))), IsEmpty());
}

TEST(Deadlines, OfLetters) {
  flow::Letter letter;
  letter.received_at = at("2026-03-02T08:00:00Z");
  config::Deadlines settings;
  const auto now = at("2026-03-03T08:00:00Z");
  for (const auto* message : {"3-1", "4-1"}) {
    letter.message = message;
    EXPECT_EQ(answer_due(letter, settings, now), letter.received_at + days(30)) << message;
  }
  letter.message = "2-1";
  EXPECT_EQ(answer_due(letter, settings, now), std::nullopt);
  settings.simple_letter_answer_days = 15;
  EXPECT_EQ(answer_due(letter, settings, now), letter.received_at + days(15));
  letter.message = "5-1";
  EXPECT_EQ(answer_due(letter, settings, now), std::nullopt);
  letter.message = "4-1";
  EXPECT_EQ(answer_due(letter, settings, letter.received_at + days(63)), std::nullopt);
  letter.state = flow::LetterState::answered;
  EXPECT_EQ(answer_due(letter, settings, now), std::nullopt);
}

class Refreshing : public RoadRig {
 protected:
  bool refresh() { return taken(intake_->refresh_classification(settings)); }
  [[nodiscard]] ClassificationPlan plan() { return classifications_->plan(settings, clock_.now()).value(); }
  [[nodiscard]] std::size_t requests() const {
    return store_->actes().list({.message = "7-1"}, "", 50).value().items.size();
  }
  [[nodiscard]] FlowId latest() const {
    return store_->actes().list({.message = "7-1"}, "", 1).value().items.at(0).flow.id;
  }
  void unchanged() {
    mail_in("7-3 " + std::to_string(++answers_),
            {envelope_to(town), xml_file("034-123456782----7-3_1.xml",
                                         actes::Message{Code::classification_unchanged,
                                                        actes::ClassificationDate{"2026-01-01"}})});
  }

  flow::ActesSettings settings = settings_of(town);

 private:
  int answers_ = 0;
};

TEST_F(Refreshing, ComesEverySoManyDaysAndNeverTwice) {
  EXPECT_FALSE(refresh()) << "the first acte, or a person, asks for the first one";
  classification_came();
  const auto came = clock_.now();
  EXPECT_EQ(plan().next_at, came + days(7));
  clock_.advance(days(6));
  EXPECT_FALSE(refresh());
  clock_.advance(days(1));
  EXPECT_TRUE(refresh());
  EXPECT_FALSE(refresh());
  EXPECT_EQ(plan().under_way, latest());
  EXPECT_EQ(plan().next_at, std::nullopt);
  clock_.advance(days(8));
  EXPECT_FALSE(refresh()) << "one is under way";
  send(latest());
  clock_.advance(days(8));
  EXPECT_FALSE(refresh()) << "sent, and not answered";
  unchanged();
  EXPECT_EQ(flow_now(latest()).state, State::acknowledged);
  EXPECT_TRUE(plan().under_way.empty());
  EXPECT_TRUE(refresh()) << "the last one was asked for long ago";
  EXPECT_EQ(requests(), 2U);
}

TEST_F(Refreshing, GoesOnWhenARequestIsLostOrFails) {
  classification_came();
  clock_.advance(days(7));
  EXPECT_TRUE(refresh());
  send(latest());
  clock_.advance(days(29));
  EXPECT_FALSE(refresh());
  clock_.advance(days(2));
  EXPECT_TRUE(refresh()) << "no answer comes after 30 days";
  store::Change drop{.flow = latest()};
  drop.steps = {{.trigger = flow::Trigger::cancel}};
  ASSERT_TRUE(store_->apply(std::move(drop)));
  EXPECT_FALSE(refresh());
  clock_.advance(days(1));
  EXPECT_TRUE(refresh());
}

TEST_F(Refreshing, IsTheAuthoritysChoice) {
  classification_came();
  clock_.advance(days(3));
  EXPECT_FALSE(refresh());
  settings.classification_days = 3;
  EXPECT_TRUE(refresh());
  clock_.advance(days(400));
  for (const auto spoil : std::initializer_list<void (*)(flow::ActesSettings&)>{
           [](flow::ActesSettings& s) { s.classification_days = 0; },
           [](flow::ActesSettings& s) { s.paper = true; },
           [](flow::ActesSettings& s) { s.convention_date.clear(); }}) {
    settings = settings_of(town);
    spoil(settings);
    EXPECT_FALSE(refresh());
  }
  EXPECT_EQ(requests(), 1U);
}

}  // namespace
}  // namespace demat::actes_road
