#include "gateway/pipeline/return_acquits.hpp"

#include <gmock/gmock.h>

#include "gateway/intake/intake.hpp"
#include "gateway/pipeline/answer_settler.hpp"
#include "gateway/pipeline/pipeline.hpp"
#include "gateway/store/returns.hpp"
#include "gateway/store/steering.hpp"
#include "send_rig.hpp"
#include "tests/support/invented.hpp"
#include "tests/support/pes_domains.hpp"
#include "tests/support/pes_samples.hpp"

namespace demat::pipeline {
namespace {

using flow::State;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const std::string siret = samples::sample_siret(0);

/// The whole pipeline over real time, with our pack.
class AcquitPipeline : public RealTimeRig {
 protected:
  AcquitPipeline() {
    settings.pipeline.check_workers = 1;
    settings.pipeline.retry.first = std::chrono::milliseconds(5);
    const AuthorityId siren{siret.substr(0, 9)};
    EXPECT_TRUE(store().put_authority({siren, "Ville", {Siret{siret}}, true}, "test"));
    EXPECT_TRUE(store().put_route({siren, "pes", DestinationName{"helios"}, "", ""}, "test"));
  }
  std::vector<config::RuleSetting> rows;  ///< [[rules]]
  [[nodiscard]] Dependencies whole() {
    auto parts = dependencies();
    auto pack = xml::SchemaPack::load(std::string(DEMAT_SOURCE_DIR) + "/schemas/pes/5.30");
    EXPECT_TRUE(pack) << pack.error().detail;
    auto context = std::make_shared<InspectionContext>();
    context->pack = *pack;
    context->encodings = {"ISO-8859-1"};
    context->rules = RulePolicy::from(rows).value();
    parts.inspection = [context] { return context; };
    return parts;
  }
  ReturnId imported(const std::string& nom_fic = {}) {
    samples::SampleHeader header;
    header.id_coll = siret;
    const auto flow = samples::depense(header);
    auto writer = store().new_payload().value();
    EXPECT_TRUE(writer->append(samples::retour(*samples::outline_of(MemorySource(flow)), true, nom_fic)));
    store::NewReturn item{
        .destination = DestinationName{"helios"}, .remote_name = "PES2R", .kind = "unknown"};
    return store().import_return(item, writer->finish().value()).value().id;
  }
  ReturnId due(int number) {
    const auto id = imported("RETOUR" + std::to_string(number));
    EXPECT_TRUE(AnswerSettler(store(), dependencies().recorder).settle(found(id)));
    EXPECT_EQ(found(id).acquit_note, flow::acquit_due);
    return id;
  }
  [[nodiscard]] std::filesystem::path bytes_of(const ReturnId& id) {
    const auto name = found(id).sha256.str();
    return data_folder() / "blobs" / name.substr(0, 2) / name.substr(2);
  }
  void lose_bytes_of(const ReturnId& id) { EXPECT_TRUE(std::filesystem::remove(bytes_of(id))); }
  /// A return that its authority has not acquitted yet.
  ReturnId available(const std::string& nom_fic) {
    const auto id = imported(nom_fic);
    EXPECT_TRUE(AnswerSettler(store(), dependencies().recorder).settle(found(id)));
    return id;
  }
  /// A return of dépense and recette.
  ReturnId available_with_both(const std::string& nom_fic) {
    samples::SampleHeader header;
    header.id_coll = siret;
    const auto outline = *samples::outline_of(MemorySource(samples::depense(header)));
    auto both = samples::retour(outline, true, nom_fic);
    const auto recette = samples::retour(outline, false, nom_fic);
    const auto begin = recette.find("<PES_RecetteRetour>");
    const std::string end_tag = "</PES_RecetteRetour>";
    both.insert(both.rfind("</"), recette.substr(begin, recette.find(end_tag) + end_tag.size() - begin));
    auto writer = store().new_payload().value();
    EXPECT_TRUE(writer->append(both));
    store::NewReturn item{
        .destination = DestinationName{"helios"}, .remote_name = "PES2R", .kind = "unknown"};
    const auto id = store().import_return(item, writer->finish().value()).value().id;
    EXPECT_TRUE(AnswerSettler(store(), dependencies().recorder).settle(found(id)));
    return id;
  }
  /// The authority's own acquit, posted as any program would.
  FlowId posted(const std::string& nom_fic, const std::string& retour, const std::string& domaine = "13") {
    samples::SampleHeader header;
    header.nom_fic = nom_fic;
    header.typ_fic = "PES_ACQUIT_RETOUR";
    header.id_coll = siret;
    intake::Intake intake(store(), clock, "test", [] {});
    flow::Identity identity;
    identity.id = IdentityId{std::string(64, 'a')};
    identity.grants = {{AuthorityId{siret.substr(0, 9)}, flow::Role::transmitter}};
    auto writer = store().new_payload().value();
    EXPECT_TRUE(writer->append(samples::acquit_retour(header, retour, domaine, "01")));
    const auto outcome =
        intake.submit({identity, AuthorityId{siret.substr(0, 9)}, "a.xml", "r"}, writer->finish().value());
    EXPECT_TRUE(outcome) << outcome.error().code;
    return std::get<store::DurableReceipt>(*outcome).flow().id;
  }
  /// Has the flows checked and sent, as far as they go.
  void run(const std::vector<FlowId>& flows) {
    Pipeline pipeline(whole());
    pipeline.start();
    for (const auto& id : flows)
      EXPECT_TRUE(comes_true([&] { return flow::is_final(current(id).state); })) << current(id).waiting_code;
    pipeline.stop();
  }
  /// `ours` stands still while the authority's own acquit of the dépense is sent.
  FlowId overtaken(const FlowId& ours, const std::string& retour) {
    store::Change hold{.flow = ours};
    hold.steps = {{flow::Trigger::hold}};
    EXPECT_TRUE(store().apply(std::move(hold)));
    const auto theirs = posted("LEUR1", retour);
    run({theirs});
    store::Change release{.flow = ours};
    release.steps = {{flow::Trigger::release}};
    EXPECT_TRUE(store().apply(std::move(release)));
    return theirs;
  }
  std::vector<std::string> told(const FlowId& id) {
    std::vector<std::string> out;
    const auto report = store().findings(id).value();
    for (const auto& finding : report.findings)
      out.push_back(finding.code + " " + finding.en);
    return out;
  }
  [[nodiscard]] flow::Return found(const ReturnId& id) { return store().find_return(id).value().value(); }
};

TEST_F(AcquitPipeline, ADueAcquitIsMadeCheckedAndSentForGood) {
  ASSERT_TRUE(
      store().returns().put_acquit_mode(AuthorityId{siret.substr(0, 9)}, flow::AcquitMode::on_receipt, "op"));
  const auto id = imported();
  std::string sent;
  script.put = [&](const transport::PutRequest& request) {
    sent = request.parameters.p_msg;
    return tl::expected<void, transport::PutFailure>{};
  };
  Pipeline pipeline(whole());
  pipeline.start();
  ASSERT_TRUE(comes_true([&] { return !found(id).acquit.empty(); }));
  const auto flow = found(id).acquit;
  EXPECT_TRUE(comes_true([&] { return flow::is_final(current(flow).state); })) << current(flow).waiting_code;
  pipeline.stop();
  EXPECT_EQ(current(flow).state, State::sent_final);
  EXPECT_EQ(sent, "PES#123#034000#00");
  EXPECT_EQ(script.puts, 1);
  const auto report = store().findings(flow).value();
  for (const auto& finding : report.findings)
    ADD_FAILURE() << finding.code << ": " << finding.en;
}

TEST_F(AcquitPipeline, ReturnsWhoseBytesAreGoneKeepNoOtherWaiting) {
  ASSERT_TRUE(
      store().returns().put_acquit_mode(AuthorityId{siret.substr(0, 9)}, flow::AcquitMode::on_receipt, "op"));
  std::vector<ReturnId> broken;
  for (int i = 0; i < 20; ++i)
    broken.push_back(due(i));
  const auto whole_one = due(20);
  for (const auto& id : broken)
    lose_bytes_of(id);
  config::Retry patient;
  patient.first = patient.max = std::chrono::hours(1);
  ReturnAcquits maker(store(), clock, dependencies().recorder, "test", [] {});
  maker.pass(patient);
  EXPECT_TRUE(found(whole_one).acquit.empty());
  maker.pass(patient);
  EXPECT_FALSE(found(whole_one).acquit.empty());
  EXPECT_EQ(found(broken.front()).acquit_note, flow::acquit_due) << "tried again later";
}

TEST_F(AcquitPipeline, OneThatFailsFiveTimesInARowAlarmsUntilItIsMade) {
  ASSERT_TRUE(
      store().returns().put_acquit_mode(AuthorityId{siret.substr(0, 9)}, flow::AcquitMode::on_receipt, "op"));
  const auto id = due(1);
  const auto bytes = bytes_of(id);
  const auto aside = bytes.parent_path() / "aside";
  std::filesystem::rename(bytes, aside);
  auto& recorder = dependencies().recorder;
  const auto alarm = [&]() -> std::optional<observe::Alarm> {
    for (auto& one : recorder.alarms().standing())
      if (one.code == "return.acquit_late") return one;
    return std::nullopt;
  };
  config::Retry hourly;
  hourly.first = hourly.max = std::chrono::hours(1);
  HandClock hand;
  ReturnAcquits maker(store(), hand, recorder, "test", [] {});
  for (int failures = 1; failures < 5; ++failures) {
    maker.pass(hourly);
    EXPECT_FALSE(alarm()) << failures << " failures";
    maker.pass(hourly);  // it rests: no attempt, so no failure
    hand.advance(std::chrono::hours(2));
  }
  EXPECT_FALSE(alarm());
  maker.pass(hourly);
  ASSERT_TRUE(alarm());
  EXPECT_EQ(alarm()->subject, id.str());
  EXPECT_EQ(alarm()->detail, "store.corrupt");
  EXPECT_EQ(found(id).acquit_note, flow::acquit_due) << "tried again all the same";

  hand.advance(std::chrono::hours(2));
  maker.pass(hourly);
  EXPECT_EQ(alarm()->count, 1U) << "it stands; nobody is told again at every failure";

  std::filesystem::rename(aside, bytes);
  hand.advance(std::chrono::hours(2));
  maker.pass(hourly);
  EXPECT_FALSE(found(id).acquit.empty());
  EXPECT_FALSE(alarm());
}

TEST_F(AcquitPipeline, TheAlarmEndsWhenSomebodyElseMakesTheAcquit) {
  ASSERT_TRUE(
      store().returns().put_acquit_mode(AuthorityId{siret.substr(0, 9)}, flow::AcquitMode::on_receipt, "op"));
  const auto id = due(1);
  const auto bytes = bytes_of(id);
  const auto aside = bytes.parent_path() / "aside";
  std::filesystem::rename(bytes, aside);
  auto& recorder = dependencies().recorder;
  config::Retry hourly;
  hourly.first = hourly.max = std::chrono::hours(1);
  HandClock hand;
  ReturnAcquits maker(store(), hand, recorder, "test", [] {});
  for (int failures = 0; failures < 5; ++failures) {
    maker.pass(hourly);
    hand.advance(std::chrono::hours(2));
  }
  ASSERT_TRUE(recorder.alarms().stands("return.acquit_late", id.str()));
  std::filesystem::rename(aside, bytes);
  ASSERT_TRUE(maker.make(found(id), {.actor = "op"}));
  maker.pass(hourly);
  EXPECT_FALSE(recorder.alarms().stands("return.acquit_late", id.str()));
}

TEST_F(AcquitPipeline, WhatComesAgainAfterARestoreIsAskedForByAPerson) {
  ASSERT_TRUE(
      store().returns().put_acquit_mode(AuthorityId{siret.substr(0, 9)}, flow::AcquitMode::on_receipt, "op"));
  ASSERT_TRUE(store().steering().pause({.destination = DestinationName{"*"},
                                        .kind = store::PauseKind::restored,
                                        .actor = "op",
                                        .reason = "restore"}));
  const auto id = imported();
  EXPECT_TRUE(AnswerSettler(store(), dependencies().recorder).settle(found(id)));
  EXPECT_EQ(found(id).acquit_note, store::acquit_restored);
}

TEST_F(AcquitPipeline, AnAuthoritysOwnAcquitTakesTheSameRoad) {
  intake::Intake intake(store(), clock, "test", [] {});
  flow::Identity identity;
  identity.id = IdentityId{std::string(64, 'a')};
  identity.grants = {{AuthorityId{siret.substr(0, 9)}, flow::Role::transmitter}};
  const auto id = imported();
  EXPECT_TRUE(AnswerSettler(store(), dependencies().recorder).settle(found(id)));
  ReturnAcquits maker(store(), clock, dependencies().recorder, "test", [] {});
  const auto made = maker.make(found(id), {}).value();
  auto bytes = store().open_payload(made.flow.original).value();
  std::string text(bytes->size(), '\0');
  ASSERT_TRUE(bytes->read(0, {text.data(), text.size()}));
  const std::string ours = "PESACR_";
  text.replace(text.find(ours), ours.size(), "LEUR_");
  auto writer = store().new_payload().value();
  ASSERT_TRUE(writer->append(text));
  const auto outcome =
      intake.submit({identity, AuthorityId{siret.substr(0, 9)}, "a.xml", "r"}, writer->finish().value());
  ASSERT_TRUE(outcome) << outcome.error().code;
  const auto& flow = std::get<store::DurableReceipt>(*outcome).flow();
  EXPECT_EQ(flow.protocol, flow::acquit_retour_protocol);
  Pipeline pipeline(whole());
  pipeline.start();
  EXPECT_TRUE(comes_true([&] { return current(flow.id).state == State::sent_final; }));
  pipeline.stop();
}

TEST_F(AcquitPipeline, WhatTheAuthorityHasAcquittedItselfIsNotAcquittedAgain) {
  const auto id = available("RETOUR1");
  const auto theirs = posted("LEUR1", "RETOUR1");
  run({theirs});
  ASSERT_EQ(current(theirs).state, State::sent_final);
  EXPECT_THAT(told(theirs), IsEmpty());
  ReturnAcquits maker(store(), clock, dependencies().recorder, "test", [] {});
  const auto made = maker.make(found(id), {.actor = "op"});
  ASSERT_TRUE(made) << made.error().code;
  EXPECT_FALSE(made->fresh);
  EXPECT_EQ(made->flow.id, theirs);
  EXPECT_EQ(found(id).acquit, theirs);
  EXPECT_EQ(store().list({}, {}, 10).value().items.size(), 1U);
  EXPECT_TRUE(has_event(theirs, "return.acquit_made"));
}

TEST_F(AcquitPipeline, ADueAcquitThatTheAuthorityHasSentIsDueNoMore) {
  ASSERT_TRUE(
      store().returns().put_acquit_mode(AuthorityId{siret.substr(0, 9)}, flow::AcquitMode::on_receipt, "op"));
  const auto id = imported("RETOUR1");
  // Its program saw the name under which the file came.
  EXPECT_TRUE(AnswerSettler(store(), dependencies().recorder).settle(found(id)));
  const auto theirs = posted("LEUR1", "PES2R");
  CheckStage check(whole());
  const auto claims =
      store().claim({CheckStage::states(), DestinationName{}, 1, "w", clock.now(), std::chrono::minutes(5)});
  ASSERT_EQ(claims.value().size(), 1U);
  ASSERT_TRUE(check.process(claims->front()));
  ReturnAcquits maker(store(), clock, dependencies().recorder, "test", [] {});
  maker.pass({});
  EXPECT_EQ(found(id).acquit, theirs);
  EXPECT_TRUE(found(id).acquit_note.empty());
  EXPECT_EQ(store().list({}, {}, 10).value().items.size(), 1U);
}

TEST_F(AcquitPipeline, OneThatTheAuthorityPostsAfterOursIsWarnedOf) {
  const auto id = available("RETOUR1");
  ReturnAcquits maker(store(), clock, dependencies().recorder, "test", [] {});
  const auto ours = maker.make(found(id), {}).value().flow.id;
  run({ours});
  ASSERT_EQ(current(ours).state, State::sent_final);
  const auto theirs = posted("LEUR1", "RETOUR1");
  const auto other = posted("LEUR2", "RETOUR2");
  const auto recette = posted("LEUR3", "RETOUR1", "14");
  run({theirs, other, recette});
  EXPECT_EQ(current(theirs).state, State::sent_final) << "a warning keeps nothing back";
  const auto words = told(theirs);
  ASSERT_EQ(words.size(), 1U);
  EXPECT_THAT(words[0], HasSubstr("pes.retour.history Return RETOUR1 was acquitted before"));
  EXPECT_THAT(words[0], HasSubstr(ours.str()));
  EXPECT_THAT(told(other), IsEmpty()) << "a return that never came through here";
  EXPECT_THAT(told(recette), IsEmpty()) << "another domain of it";
}

TEST_F(AcquitPipeline, OursIsNotSentWhenTheAuthoritysOvertakesIt) {
  const auto id = available("RETOUR1");
  ReturnAcquits maker(store(), clock, dependencies().recorder, "test", [] {});
  const auto ours = maker.make(found(id), {}).value().flow.id;
  const auto theirs = overtaken(ours, "RETOUR1");
  run({ours});
  EXPECT_EQ(current(ours).state, State::refused);
  EXPECT_EQ(script.puts, 1);
  const auto again = maker.make(found(id), {.actor = "op"});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->flow.id, theirs);
  EXPECT_EQ(found(id).acquit, theirs);
}

TEST_F(AcquitPipeline, OursIsNotSentThoughNobodyWantsToBeWarned) {
  rows = {{"pes.retour.history", config::RuleWeight::off, {}, {}, {}}};
  const auto id = available("RETOUR1");
  ReturnAcquits maker(store(), clock, dependencies().recorder, "test", [] {});
  const auto ours = maker.make(found(id), {}).value().flow.id;
  const auto theirs = overtaken(ours, "RETOUR1");
  run({ours});
  EXPECT_EQ(current(ours).state, State::refused);
  EXPECT_THAT(told(ours), SizeIs(1));
  EXPECT_THAT(told(theirs), IsEmpty());
}

TEST_F(AcquitPipeline, OursIsSentWhereTheAuthoritysSaysLess) {
  const auto id = available_with_both("BOTH");
  ReturnAcquits maker(store(), clock, dependencies().recorder, "test", [] {});
  const auto ours = maker.make(found(id), {}).value().flow.id;
  overtaken(ours, "BOTH");
  run({ours});
  EXPECT_EQ(current(ours).state, State::sent_final) << "nobody else acquits the recette";
  EXPECT_THAT(told(ours), SizeIs(1));
}

TEST_F(AcquitPipeline, AnAcquitThatFailedAcquitsNothing) {
  const auto id = available("RETOUR1");
  const auto theirs = posted("LEUR1", "RETOUR1");
  CheckStage check(whole());
  const auto claims =
      store().claim({CheckStage::states(), DestinationName{}, 1, "w", clock.now(), std::chrono::minutes(5)});
  ASSERT_TRUE(check.process(claims.value().front()));
  store::Change cancel{.flow = theirs};
  cancel.steps = {{flow::Trigger::cancel}};
  ASSERT_TRUE(store().apply(std::move(cancel)));
  ReturnAcquits maker(store(), clock, dependencies().recorder, "test", [] {});
  const auto made = maker.make(found(id), {});
  ASSERT_TRUE(made);
  EXPECT_TRUE(made->fresh);
}

TEST_F(AcquitPipeline, OnlyTheLatestReturnOfANameIsMeant) {
  const auto first = available("SAME");
  const auto theirs = posted("LEUR1", "SAME");
  run({theirs});
  // The same name again, other bytes: the header of another budget's flow.
  samples::SampleHeader header;
  header.id_coll = siret;
  header.cod_bud = "01";
  auto writer = store().new_payload().value();
  ASSERT_TRUE(writer->append(
      samples::retour(*samples::outline_of(MemorySource(samples::depense(header))), true, "SAME")));
  const auto second =
      store()
          .import_return(
              {.destination = DestinationName{"helios"}, .remote_name = "PES2R-2", .kind = "unknown"},
              writer->finish().value())
          .value()
          .id;
  ASSERT_TRUE(AnswerSettler(store(), dependencies().recorder).settle(found(second)));
  ReturnAcquits maker(store(), clock, dependencies().recorder, "test", [] {});
  const auto ours = maker.make(found(second), {});
  ASSERT_TRUE(ours);
  EXPECT_TRUE(ours->fresh) << "theirs was posted before this return came";
  EXPECT_EQ(maker.make(found(first), {}).value().flow.id, theirs);
  // Ours says by its name whose it is, although the other return is called the same.
  run({ours->flow.id});
  EXPECT_EQ(current(ours->flow.id).state, State::sent_final);
  EXPECT_THAT(told(ours->flow.id), IsEmpty());
}

TEST_F(AcquitPipeline, OfAReturnThatIsAcquittedInPartOursAcquitsTheRest) {
  const auto id = available_with_both("BOTH");
  const auto theirs = posted("LEUR1", "BOTH", "13");
  run({theirs});
  ReturnAcquits maker(store(), clock, dependencies().recorder, "test", [] {});
  const auto made = maker.make(found(id), {});
  ASSERT_TRUE(made) << made.error().code;
  ASSERT_TRUE(made->fresh);
  auto bytes = store().open_payload(made->flow.original).value();
  std::string text(bytes->size(), '\0');
  ASSERT_TRUE(bytes->read(0, {text.data(), text.size()}));
  EXPECT_THAT(text, HasSubstr("<DomaineAckRetour V=\"14\"/>"));
  EXPECT_THAT(text, Not(HasSubstr("<DomaineAckRetour V=\"13\"/>")));
  run({made->flow.id});
  EXPECT_THAT(told(made->flow.id), IsEmpty());
}

}  // namespace
}  // namespace demat::pipeline
