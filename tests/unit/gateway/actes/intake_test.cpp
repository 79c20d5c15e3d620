#include "gateway/actes/intake.hpp"

#include "road_rig.hpp"

namespace demat::actes_road {
namespace {

using flow::State;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;

class Deposits : public RoadRig {
 protected:
  static std::vector<std::string> places(const Report& report) {
    std::vector<std::string> out;
    for (const auto& finding : report.findings)
      if (finding.severity == Severity::error) out.push_back(finding.place.path);
    return out;
  }
};

TEST_F(Deposits, AnActeIsAcceptedWithItsFiles) {
  auto item = deposit();
  item.files.insert(item.files.begin(), {"annexe", "plan.pdf", "21_RP", {}, 0, {}});
  const auto taken = submit(item, {pdf("plan"), pdf("acte")});
  const auto id = id_of(taken);
  EXPECT_EQ(woken_, 1);
  EXPECT_THAT(roles(id), ElementsAre("original", "acte", "annexe")) << "the acte first, whatever the order";
  const auto flow = flow_now(id);
  EXPECT_EQ(flow.protocol, "actes");
  EXPECT_EQ(flow.typ_fic, "1-1");
  EXPECT_EQ(flow.nom_fic.str(), "A1");
  EXPECT_EQ(flow.deposited_by, clerk_.id);
  const auto acte = acte_now(id);
  EXPECT_EQ(acte.id_acte, acte_id());
  EXPECT_FALSE(acte.id_confirmed);
  EXPECT_EQ(acte.objet, "Vote du budget");
  EXPECT_TRUE(std::holds_alternative<store::KeyTaken>(submit(deposit(), {pdf("other")}).value()));
  EXPECT_TRUE(std::holds_alternative<store::SameBytes>(submit(item, {pdf("plan"), pdf("acte")}).value()));
}

TEST_F(Deposits, NeedRightsSettingsAndAConvention) {
  flow::Identity reader = clerk_;
  reader.grants = {{town, flow::Role::reader}};
  EXPECT_EQ(refusal(intake_->submit(by(reader), with(deposit(), {pdf()}))), "access.denied");
  auto settings = settings_of(town);
  settings.paper = true;
  settings.paper_reason = "panne";
  put(settings);
  EXPECT_EQ(refusal(submit(deposit(), {pdf()})), "actes.suspended");
  settings.convention_date.clear();
  put(settings);
  EXPECT_EQ(refusal(submit(deposit(), {pdf()})), "actes.no_convention");
  const AuthorityId fresh{"111111118"};
  flow::Authority authority;
  authority.siren = fresh;
  ASSERT_TRUE(store_->put_authority(authority, "test"));
  clerk_.grants.insert({fresh, flow::Role::transmitter});
  auto elsewhere = by(clerk_);
  elsewhere.authority = fresh;
  EXPECT_EQ(refusal(intake_->submit(elsewhere, with(deposit(), {pdf()}))), "actes.settings.missing");
  authority.active = false;
  ASSERT_TRUE(store_->put_authority(authority, "test"));
  EXPECT_EQ(refusal(intake_->submit(elsewhere, with(deposit(), {pdf()}))), "access.denied");
}

TEST_F(Deposits, OfADepositorWaitForATransmitter) {
  clerk_.grants = {{town, flow::Role::depositor}};
  const auto flow = flow_now(id_of(submit(deposit(), {pdf()})));
  EXPECT_EQ(flow.state, State::held);
  EXPECT_EQ(flow.hold_reason, flow::awaits_confirmation);
}

TEST_F(Deposits, EachFieldAtFaultIsNamed) {
  struct Case {
    std::string place;
    std::function<void(Deposit&)> spoil;
  };
  const std::vector<Case> cases{
      {"number", [](Deposit& d) { d.number = "bad number"; }},
      {"date", [](Deposit& d) { d.date = "2027-01-01"; }},
      {"nature", [](Deposit& d) { d.nature = "9"; }},
      {"matieres", [](Deposit& d) { d.matieres = "7"; }},
      {"object", [](Deposit& d) { d.object.clear(); }},
      {"paper", [](Deposit& d) { d.paper = "X"; }},
      {"previous_id", [](Deposit& d) { d.previous_id = "?"; }},
      {"documents.type", [](Deposit& d) { d.files[0].type.clear(); }},
  };
  for (const auto& c : cases) {
    auto item = deposit();
    c.spoil(item);
    const auto taken = submit(item, {pdf()});
    ASSERT_FALSE(taken) << c.place;
    EXPECT_EQ(taken.error().error.code, "actes.refused");
    EXPECT_THAT(places(taken.error().report), Contains(c.place));
  }
  EXPECT_EQ(woken_, 0);
}

TEST_F(Deposits, AreJudgedByTheirBytesAndTheConvention) {
  EXPECT_EQ(refusal(submit(deposit(), {"plain text"})), "actes.refused");
  auto settings = settings_of(town);
  settings.natures = {"2"};
  put(settings);
  const auto taken = submit(deposit(), {pdf()});
  ASSERT_FALSE(taken);
  EXPECT_THAT(codes(taken.error().report), Contains("actes.convention.scope"));
}

TEST_F(Deposits, OfAnAuthorityWithoutAddressGoWithOurs) {
  auto settings = settings_of(town);
  settings.addresses.clear();
  put(settings);
  classification_came();
  const auto id = id_of(submit(deposit(), {pdf()}));
  EXPECT_EQ(check(id)->state, State::ready);
}

TEST_F(Deposits, OnlyAnAcknowledgedActeIsAnnulledAndOnce) {
  classification_came();
  const auto id = sent_acte();
  EXPECT_EQ(refusal(intake_->annul(by(clerk_), id)), "actes.not_annullable");
  mail_in("ar", {envelope_to(town), ar()});
  EXPECT_EQ(refusal(intake_->annul(by(clerk_), FlowId{"nope"})), "store.not_found");
  auto other = by(clerk_);
  other.authority = village;
  other.identity.grants.insert({village, flow::Role::transmitter});
  EXPECT_EQ(refusal(intake_->annul(other, id)), "store.not_found");
  const auto request = id_of(intake_->annul(by(clerk_), id));
  EXPECT_EQ(acte_now(request).message, "6-1");
  EXPECT_EQ(acte_now(request).about, id);
  EXPECT_EQ(acte_now(request).id_acte, acte_id());
  EXPECT_FALSE(std::holds_alternative<store::DurableReceipt>(intake_->annul(by(clerk_), id).value()));
}

TEST_F(Deposits, AnswersGoToTheirOwnLetters) {
  classification_came();
  sent_acte();
  actes::Letter said{acte_id(), "2026-02-20", "plan", {}};
  mail_in("3-1", {envelope_to(town), xml_file("l.xml", actes::Message{Code::pieces_request, said})});
  const auto which = store_->actes().letters({}, "", 1).value().items.at(0).id;
  Deposit reply;
  reply.files = {{"acte", "r.pdf", "99_DE", {}, 0, {}}};
  const auto answer = [&](Code code, const intake::Submission& who) {
    return intake_->answer(who, which, code, with(reply, {pdf("r")}));
  };
  for (const auto code :
       {Code::letter_answer, Code::observations_answer, Code::pieces_request_receipt, Code::acte})
    EXPECT_EQ(refusal(answer(code, by(clerk_))), "actes.letter.no_answer");
  auto other = by(clerk_);
  other.authority = village;
  other.identity.grants.insert({village, flow::Role::transmitter});
  EXPECT_EQ(refusal(answer(Code::pieces, other)), "store.not_found");
  const auto id = id_of(answer(Code::pieces, by(clerk_)));
  EXPECT_EQ(acte_now(id).number, "A1");
  EXPECT_EQ(acte_now(id).letter, which);
  EXPECT_EQ(letters().at(0).state, flow::LetterState::answered);
  EXPECT_TRUE(std::holds_alternative<store::KeyTaken>(answer(Code::pieces_refusal, by(clerk_)).value()));
}

TEST_F(Deposits, AClassificationIsAskedForOnceADay) {
  EXPECT_TRUE(intake_->request_classification(town).value());
  EXPECT_FALSE(intake_->request_classification(town).value());
  EXPECT_FALSE(std::holds_alternative<store::DurableReceipt>(
      intake_->request_classification(by(clerk_), false).value()));
  EXPECT_TRUE(std::holds_alternative<store::DurableReceipt>(
      intake_->request_classification(by(clerk_), true).value()));
  clock_.advance(std::chrono::hours(24));
  EXPECT_TRUE(intake_->request_classification(town).value());
}

class Roads : public RoadRig {};

TEST_F(Roads, AnActeIsPackagedAndReady) {
  classification_came();
  const auto id = id_of(submit(deposit(), {pdf()}));
  const auto ready = check(id);
  ASSERT_TRUE(ready) << ready.error().code;
  EXPECT_EQ(ready->state, State::ready);
  EXPECT_EQ(ready->destination.str(), "prefecture");
  EXPECT_EQ(ready->remote_name, "TRI-TACT--123456782--20260225-1.tar.gz");
  EXPECT_EQ(roles(id).back(), "envelope");
  EXPECT_EQ(ready->outgoing, store_->documents(id).value().back().sha256);
  EXPECT_NE(ready->outgoing, ready->original);
  EXPECT_EQ(acte_now(id).envelope, ready->remote_name);
  EXPECT_EQ(acte_now(id).classification_date, "2026-01-01");
  const auto second = id_of(submit(deposit("A2"), {pdf("2")}));
  EXPECT_EQ(check(second)->remote_name, "TRI-TACT--123456782--20260225-2.tar.gz");
}

TEST_F(Roads, WhatIsInAFileMayRefuseTheActe) {
  classification_came();
  for (const std::string bytes : {"%PDF-1.4 cut", "%PDF-1.4 EICAR"}) {
    const auto id = id_of(submit(deposit(), {bytes}));
    EXPECT_EQ(check(id)->state, State::refused);
    EXPECT_TRUE(store_->findings(id).value().refused());
  }
}

TEST_F(Roads, AnActeWaitsForTheClassificationThatIsAskedFor) {
  const auto id = id_of(submit(deposit(), {pdf()}));
  EXPECT_EQ(check(id).error().code, "actes.classification.awaited");
  ASSERT_EQ(messages("7-1").size(), 1U);
  const auto request = messages("7-1").at(0).flow;
  EXPECT_EQ(check(id).error().outlook, Outlook::waiting);
  EXPECT_EQ(messages("7-1").size(), 1U);
  send(request);
  classification_came();
  EXPECT_EQ(flow_now(request).state, State::acknowledged);
  EXPECT_EQ(check(id)->state, State::ready);
}

TEST_F(Roads, NothingLeavesWhileTheAuthorityIsOnPaper) {
  classification_came();
  const auto id = id_of(submit(deposit(), {pdf()}));
  auto settings = settings_of(town);
  settings.paper = true;
  put(settings);
  EXPECT_EQ(check(id).error().code, "actes.suspended");
  put(settings_of(town));
  scanner_down_ = true;
  EXPECT_EQ(check(id).error().code, "antivirus.down");
  scanner_down_ = false;
  settings_ = std::make_shared<config::Settings>();
  EXPECT_EQ(check(id).error().code, "route.not_prefecture");
}

}  // namespace
}  // namespace demat::actes_road
