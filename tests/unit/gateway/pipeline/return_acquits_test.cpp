#include "gateway/pipeline/return_acquits.hpp"

#include "gateway/intake/intake.hpp"
#include "gateway/pipeline/answer_settler.hpp"
#include "gateway/pipeline/pipeline.hpp"
#include "gateway/store/returns.hpp"
#include "gateway/store/steering.hpp"
#include "send_rig.hpp"
#include "tests/support/invented.hpp"
#include "tests/support/pes_samples.hpp"

namespace demat::pipeline {
namespace {

using flow::State;

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
  [[nodiscard]] Dependencies whole() {
    auto parts = dependencies();
    auto pack = xml::SchemaPack::load(std::string(DEMAT_SOURCE_DIR) + "/schemas/pes/5.30");
    EXPECT_TRUE(pack) << pack.error().detail;
    auto context = std::make_shared<InspectionContext>();
    context->pack = *pack;
    context->encodings = {"ISO-8859-1"};
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

}  // namespace
}  // namespace demat::pipeline
