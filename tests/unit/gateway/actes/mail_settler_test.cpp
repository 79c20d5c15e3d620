#include "gateway/actes/mail_settler.hpp"

#include "protocols/mail/message.hpp"
#include "road_rig.hpp"

namespace demat::actes_road {
namespace {

using actes::Message;
using flow::LetterState;
using flow::ReturnState;
using flow::State;
using flow::Verdict;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

class Mails : public RoadRig {
 protected:
  void SetUp() override { classification_came(); }

  MailFile letter(Code code, const std::string& text = "plan", const std::string& date = "2026-02-20") {
    actes::Letter said{acte_id(), date, text, {{"courrier.pdf", {}}}};
    return xml_file("034-123456782-20260220-A1-DE-" + std::string(actes::info(code).number) + "_0.xml",
                    Message{code, said});
  }
  MailFile letter_pdf(const std::string& text = "plan") {
    return {"courrier.pdf", "application/pdf", pdf(text)};
  }
  std::vector<MailFile> letter_mail(Code code, const std::string& text = "plan") {
    return {envelope_to(town), letter(code, text), letter_pdf(text)};
  }
  MailFile anomaly(const std::string& detail = "ODT-VERIF-09 : refus", const std::string& number = "A1") {
    return xml_file("034-123456782----1-3_1.xml",
                    Message{Code::acte_anomaly,
                            actes::ActeAnomaly{"2026-01-16", "002", detail, echo(number), "2026-01-01"}});
  }
  /// A letter that came, and its answer that was sent.
  FlowId answered(Code request, Code answer) {
    mail_in("request", letter_mail(request));
    const auto which = letters().at(0).id;
    Deposit deposit;
    deposit.files = {{"acte", "reponse.pdf", "99_DE", {}, 0, {}}};
    const auto id = id_of(intake_->answer(by(clerk_), which, answer, with(deposit, {pdf("réponse")})));
    send(id);
    return id;
  }
  FlowId accepted_acte() {
    const auto id = sent_acte();
    mail_in("the ar", {envelope_to(town), ar()});
    return id;
  }
};

TEST_F(Mails, AnArMakesTheActeExecutory) {
  const auto id = sent_acte();
  const auto item = mail_in("1-2", {envelope_to(town), ar()});
  EXPECT_EQ(item.state, ReturnState::matched);
  EXPECT_EQ(item.kind, "actes_1_2");
  EXPECT_EQ(item.match_rule, "id_acte");
  EXPECT_EQ(item.flow, id);
  EXPECT_EQ(item.authority, town);
  EXPECT_EQ(flow_now(id).state, State::acknowledged);
  EXPECT_EQ(acte_now(id).received_on, "2026-01-16");
  EXPECT_TRUE(acte_now(id).id_confirmed);
  EXPECT_EQ(roles(id).back(), "ar");
}

TEST_F(Mails, AnAnomalyRejectsTheActe) {
  const auto id = sent_acte();
  const auto item = mail_in("1-3", {envelope_to(town), anomaly()});
  EXPECT_EQ(item.kind, "actes_1_3");
  EXPECT_EQ(flow_now(id).state, State::rejected);
  const auto anomalies = store_->anomalies(id).value();
  ASSERT_EQ(anomalies.size(), 1U);
  EXPECT_EQ(anomalies[0].num_ano_ack, "ODT-VERIF-09");
  EXPECT_THAT(messages("7-1"), IsEmpty());
  EXPECT_TRUE(submit(deposit(), {pdf("again")})) << "a rejected number is free";
}

TEST_F(Mails, AnOutdatedClassificationIsAskedForAgain) {
  sent_acte();
  sent_acte("A2");
  mail_in("1-3", {envelope_to(town), anomaly("ODT-VERIF-01 : périmée"), anomaly("ODT-VERIF-09", "A2")});
  ASSERT_EQ(messages("7-1").size(), 1U);
  // One request under way is enough.
  sent_acte("A3");
  mail_in("1-3 again", {envelope_to(town), anomaly("ODT-VERIF-01 : périmée", "A3")});
  EXPECT_EQ(messages("7-1").size(), 1U);
}

TEST_F(Mails, AnEnvelopeAnomalyRejectsWhatLeftInIt) {
  const auto id = sent_acte();
  const auto other = id_of(submit(deposit("A2"), {pdf("A2")}));
  ASSERT_TRUE(check(other));
  const auto ano = [&](const FlowId& flow) {
    const auto name = actes::parse_envelope_name(acte_now(flow).envelope).value();
    actes::EnvelopeAnomaly said;
    said.date = "2026-02-26";
    said.nature = "5";
    said.detail = "PREF-VERIF-02 : SIREN inconnu";
    said.received.emitter = emitter_of(settings_of(town));
    said.received.return_addresses = {"passerelle@exemple.fr"};
    said.received.forms = {{"034-123456782-20260115-A1-DE-1-1_0.xml", {}}};
    return xml_file(actes::anomaly_name(name), said);
  };
  const auto item = mail_in("ano", {ano(id)});
  EXPECT_EQ(item.kind, "actes_ano");
  EXPECT_EQ(item.match_rule, "envelope");
  EXPECT_EQ(flow_now(id).state, State::rejected);
  EXPECT_EQ(store_->anomalies(id).value().at(0).num_ano_ack, "PREF-VERIF-02");
  EXPECT_EQ(mail_in("ano 2", {ano(other)}).state, ReturnState::orphan) << "it never left";
  EXPECT_EQ(flow_now(other).state, State::ready);
}

TEST_F(Mails, LettersComeWithTheirFilesAndReceipts) {
  const auto id = accepted_acte();
  struct Case {
    Code code;
    std::string receipt;
  };
  for (const auto& c :
       {Case{Code::letter, ""}, Case{Code::pieces_request, "3-2"}, Case{Code::observations, "4-2"}}) {
    const std::string number(actes::info(c.code).number);
    const auto item = mail_in(number, letter_mail(c.code));
    EXPECT_EQ(item.state, ReturnState::matched) << number;
    const auto read = letters();
    const auto which =
        std::find_if(read.begin(), read.end(), [&](const auto& l) { return l.message == number; });
    ASSERT_NE(which, read.end()) << number;
    EXPECT_EQ(which->acte, id);
    EXPECT_EQ(which->date, "2026-02-20");
    EXPECT_EQ(which->documents.size(), 2U) << "XML and PDF, not the envelope";
    EXPECT_EQ(which->text, c.code == Code::letter ? "" : "plan");
    if (c.receipt.empty()) {
      EXPECT_TRUE(which->acknowledged_by.empty());
      continue;
    }
    const auto receipt = flow_now(which->acknowledged_by);
    EXPECT_EQ(acte_now(receipt.id).message, c.receipt);
    EXPECT_EQ(acte_now(receipt.id).letter, which->id);
    send(receipt.id);
    EXPECT_EQ(flow_now(receipt.id).state, State::sent);
  }
}

TEST_F(Mails, AReferralIsALetterWithoutReceipt) {
  const auto id = accepted_acte();
  const auto item = mail_in(
      "5-1",
      {envelope_to(town),
       xml_file("034-123456782-20260115-A1-DE-5-1_0.xml",
                Message{Code::referral, actes::Referral{acte_id(), "2026-02-21", "Incompétence", {}}})});
  EXPECT_EQ(item.kind, "actes_5_1");
  ASSERT_EQ(letters().size(), 1U);
  EXPECT_EQ(letters()[0].acte, id);
  EXPECT_EQ(letters()[0].date, "2026-02-21");
  EXPECT_EQ(letters()[0].text, "Incompétence");
  EXPECT_THAT(letters()[0].acknowledged_by.str(), IsEmpty());
}

TEST_F(Mails, TheReceiptOfAnAnswerGoesToTheAnswer) {
  struct Case {
    Code request, answer, receipt;
  };
  accepted_acte();
  for (const auto& c :
       {Case{Code::pieces_request, Code::pieces, Code::pieces_answer_receipt},
        Case{Code::observations, Code::observations_rejection, Code::observations_answer_receipt}}) {
    clock_.advance(std::chrono::seconds(1));
    const std::string number(actes::info(c.receipt).number);
    mail_in("request " + number, letter_mail(c.request));
    Deposit deposit;
    deposit.files = {{"acte", "reponse.pdf", "99_DE", {}, 0, {}}};
    const auto id =
        id_of(intake_->answer(by(clerk_), letters().at(0).id, c.answer, with(deposit, {pdf(number)})));
    send(id);
    const auto said = [&](const std::string& day) {
      return xml_file("x.xml", Message{c.receipt, actes::AnswerReceipt{acte_id(), day, "2026-02-27"}});
    };
    EXPECT_EQ(mail_in("other day " + number, {envelope_to(town), said("2026-02-19")}).state,
              ReturnState::orphan);
    EXPECT_EQ(mail_in(number, {envelope_to(town), said("2026-02-20")}).state, ReturnState::matched);
    EXPECT_EQ(flow_now(id).state, State::acknowledged);
    EXPECT_EQ(acte_now(id).received_on, "2026-02-27");
  }
}

TEST_F(Mails, AnAnnulmentIsAskedForAndConfirmed) {
  const auto id = accepted_acte();
  const auto said =
      xml_file("y.xml", Message{Code::cancellation_receipt, actes::Cancellation{acte_id(), "2026-02-27"}});
  EXPECT_EQ(mail_in("unasked", {envelope_to(town), said}).match_rule, "annulment_unknown");
  const auto request = id_of(intake_->annul(by(clerk_), id));
  send(request);
  const auto item = mail_in("6-2", {envelope_to(town), said});
  EXPECT_EQ(item.flow, request);
  EXPECT_EQ(flow_now(request).state, State::acknowledged);
  EXPECT_EQ(acte_now(id).annulled_on, "2026-02-27");
  EXPECT_EQ(flow_now(id).state, State::acknowledged);
  EXPECT_EQ(refusal(intake_->annul(by(clerk_), id)), "actes.not_annullable");
}

TEST_F(Mails, AClassificationAnswersTheOldestRequest) {
  const auto first = id_of(intake_->request_classification(by(clerk_), false));
  clock_.advance(std::chrono::seconds(1));
  const auto second = id_of(intake_->request_classification(by(clerk_), true));
  send(first);
  send(second);
  const auto same =
      xml_file("z.xml", Message{Code::classification_unchanged, actes::ClassificationDate{"2026-01-01"}});
  EXPECT_EQ(mail_in("7-3", {envelope_to(town), same}).flow, first);
  EXPECT_EQ(flow_now(first).state, State::acknowledged);
  classification_came("2026-02-24");
  EXPECT_EQ(flow_now(second).state, State::acknowledged);
  EXPECT_EQ(classifications_->of(town).value()->date, "2026-02-24");
  EXPECT_EQ(classifications_->of(village).value()->date, "");
  EXPECT_EQ(mail_in("no envelope", {same}).match_rule, "recipient_missing");
  EXPECT_EQ(mail_in("other", {envelope_to(AuthorityId{"111111118"}), same}).match_rule, "authority_unknown");
}

TEST_F(Mails, AnUnaskedClassificationIsOfNoFlow) {
  const auto before = store_->list_returns({}, "", 1).value().items.at(0);
  EXPECT_EQ(before.state, ReturnState::available);
  EXPECT_TRUE(before.read);
  EXPECT_EQ(before.authority, town);
}

TEST_F(Mails, WhatDoesNotFitGoesToTheOrphans) {
  const auto id = sent_acte();
  auto wrong_day = echo();
  wrong_day.date = "2026-01-14";
  const auto receipt = [&](const actes::ActeData& data, const std::string& acte) {
    return xml_file("a.xml", Message{Code::acte_receipt, actes::ActeReceipt{acte, "2026-01-16", data, ""}});
  };
  struct Case {
    std::string name, rule;
    std::vector<MailFile> files;
  };
  const std::vector<Case> cases{
      {"other authority", "acte_unknown", {envelope_to(village), ar()}},
      {"unknown acte", "acte_unknown", {envelope_to(town), ar("ZZ")}},
      {"other date", "acte_unknown", {envelope_to(town), receipt(wrong_day, "034-123456782-20260114-A1-DE")}},
      {"identifier of another authority",
       "acte_unknown",
       {envelope_to(town), receipt(echo(), "034-987654324-20260115-A1-DE")}},
      {"our own message",
       "wrong_direction",
       {envelope_to(town), xml_file("b.xml", Message{Code::acte, actes::ActeMessage{echo()}})}},
      {"nothing", "no_message", {}},
      {"only an envelope", "no_message", {envelope_to(town)}},
      {"other xml", "unreadable:actes.read.root", {{"c.xml", "text/xml", "<a xmlns='urn:b'/>"}}},
  };
  for (const auto& c : cases) {
    const auto item = mail_in(c.name, c.files);
    EXPECT_EQ(item.state, ReturnState::orphan) << c.name;
    EXPECT_EQ(item.match_rule, c.rule) << c.name;
  }
  EXPECT_THAT(settle(import_mail("\x01\x02 no mail at all")).state, ReturnState::orphan);
  EXPECT_EQ(flow_now(id).state, State::sent);
  EXPECT_EQ(acte_now(id).verdict, Verdict::none);
}

TEST_F(Mails, WhatNeverLeftIsNotAnswered) {
  const auto id = id_of(submit(deposit(), {pdf()}));
  EXPECT_EQ(mail_in("1-2", {envelope_to(town), ar()}).match_rule, "acte_unknown");
  EXPECT_EQ(acte_now(id).verdict, Verdict::none);
}

TEST_F(Mails, ANoticeOfPaperIsSetAside) {
  const auto item = mail_in("notice", {}, "Transmission MULTI-CANAL : documents reçus");
  EXPECT_EQ(item.state, ReturnState::ignored);
  EXPECT_EQ(item.kind, "actes_notice");
  EXPECT_EQ(item.match_rule, "multi_canal");
}

TEST_F(Mails, ARepeatedMailIsSetAsideAndAnotherOfTheSameNameIsNot) {
  const auto id = sent_acte();
  mail_in("same", {envelope_to(town), ar()});
  ++mails_;
  const auto again = mail_in("same", {envelope_to(town), ar()});
  EXPECT_EQ(again.state, ReturnState::ignored);
  EXPECT_EQ(again.match_rule, "same_message");
  const auto other = mail_in("same", letter_mail(Code::letter));
  EXPECT_EQ(other.state, ReturnState::matched);
  EXPECT_EQ(letters().at(0).acte, id);
}

TEST_F(Mails, TheSameLetterInTwoMailsIsOneLetterAndOneReceipt) {
  accepted_acte();
  mail_in("first", letter_mail(Code::pieces_request));
  const auto files = letter_mail(Code::pieces_request);
  EXPECT_EQ(mail_in("second", {files[1], files[2]}).state, ReturnState::matched);
  EXPECT_EQ(letters().size(), 1U);
  EXPECT_EQ(messages("3-2").size(), 1U);
  mail_in("third", letter_mail(Code::pieces_request, "autre"));
  EXPECT_EQ(letters().size(), 2U);
}

TEST_F(Mails, OfTwoMessagesTheKnownOneHasItsEffect) {
  const auto id = sent_acte();
  const auto item = mail_in("two", {envelope_to(town), letter(Code::pieces_request), letter_pdf(), ar("ZZ")});
  EXPECT_EQ(item.state, ReturnState::orphan);
  EXPECT_EQ(item.match_rule, "acte_unknown");
  ASSERT_EQ(letters().size(), 1U);
  EXPECT_EQ(letters()[0].documents.size(), 2U) << "not the other message";
  // The other acte is found later: a person has the mail looked at again.
  const auto late = sent_acte("ZZ");
  const pipeline::Hand hand{"anne", "retrouvé", ReturnState::orphan};
  const auto again = settle(item, hand);
  EXPECT_EQ(again.state, ReturnState::matched);
  EXPECT_EQ(flow_now(late).state, State::acknowledged);
  EXPECT_EQ(letters().size(), 1U);
  EXPECT_EQ(messages("3-2").size(), 1U);
  EXPECT_EQ(store_->events(late).value().back().actor, "anne");
  EXPECT_EQ(road_->settle(again, hand).error().code, "store.return_moved");
  EXPECT_EQ(flow_now(id).state, State::sent);
}

TEST_F(Mails, AMailLookedAtAgainChangesNothing) {
  const auto id = sent_acte();
  const auto item = mail_in("two", {envelope_to(town), ar(), ar("ZZ")});
  ASSERT_EQ(item.state, ReturnState::orphan);
  const auto files = roles(id);
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(settle(item, {"anne", "encore", ReturnState::orphan}).state, ReturnState::orphan);
  EXPECT_EQ(roles(id), files);
  EXPECT_EQ(flow_now(id).state, State::acknowledged);
  EXPECT_EQ(acte_now(id).verdict, Verdict::accepted);
}

TEST_F(Mails, ARefusedReceiptIsSentOnceItIsReplayed) {
  accepted_acte();
  mail_in("3-1", letter_mail(Code::pieces_request));
  const auto receipt = letters().at(0).acknowledged_by;
  store::Change refuse{.flow = receipt};
  refuse.steps = {{.trigger = flow::Trigger::refuse}};
  ASSERT_TRUE(store_->apply(std::move(refuse)));
  store::NewFlow again;
  again.flow = flow_now(receipt);
  again.flow.replay_of = receipt;
  const auto fresh = store_->replay(std::move(again), flow_now(receipt).original, false).value();
  EXPECT_EQ(letters().at(0).acknowledged_by, fresh.id);
  EXPECT_EQ(letters().at(0).state, LetterState::unread);
  send(fresh.id);
  EXPECT_EQ(acte_now(fresh.id).message, "3-2");
}

TEST_F(Mails, XmlThatALetterCarriesIsNoMessage) {
  accepted_acte();
  actes::Letter said{acte_id(), "2026-02-20", "", {{"modele.xml", {}}}};
  const auto item =
      mail_in("2-1", {envelope_to(town), xml_file("l.xml", Message{Code::letter, said}),
                      xml_file("modele.xml", Message{Code::acte, actes::ActeMessage{echo("ZZ")}})});
  EXPECT_EQ(item.state, ReturnState::matched) << item.match_rule;
  EXPECT_EQ(letters().at(0).documents.size(), 2U);
}

TEST_F(Mails, AMessageCutShortBesideAnotherIsSeen) {
  const auto id = sent_acte();
  auto broken = ar("A2");
  broken.bytes.resize(broken.bytes.size() / 2);
  const auto item = mail_in("cut", {envelope_to(town), ar(), broken});
  EXPECT_EQ(item.state, ReturnState::orphan);
  EXPECT_THAT(item.match_rule, StartsWith("unreadable:"));
  EXPECT_EQ(flow_now(id).state, State::acknowledged);
}

}  // namespace
}  // namespace demat::actes_road
