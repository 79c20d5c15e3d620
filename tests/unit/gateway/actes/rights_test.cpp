#include "road_rig.hpp"

/// Who may do what of ACTES, and when the authority may at all (actes A2, A6, A7).
namespace demat::actes_road {
namespace {

using flow::Role;
using flow::State;

class Rights : public RoadRig {
 protected:
  void SetUp() override {
    classification_came();
    acte_ = sent_acte();
    mail_in("ar", {envelope_to(town), ar()});
    actes::Letter said{acte_id(), "2026-02-20", "plan", {}};
    mail_in("3-1", {envelope_to(town), xml_file("l.xml", actes::Message{Code::pieces_request, said})});
    letter_ = letters().at(0).id;
  }
  /// Everything that sends, by this identity; the refusals, one word each.
  std::vector<std::string> all(const flow::Identity& who) {
    Deposit reply;
    reply.files = {{"acte", "r.pdf", "99_DE", {}, 0, {}}};
    const auto by_them = by(who);
    std::vector<Taken> done;
    done.push_back(intake_->submit(by_them, with(deposit("B" + std::to_string(++tries_)), {pdf("b")})));
    done.push_back(intake_->annul(by_them, acte_));
    done.push_back(intake_->answer(by_them, letter_, Code::pieces, with(reply, {pdf("r")})));
    done.push_back(intake_->request_classification(by_them, true));
    std::vector<std::string> out;
    for (const auto& one : done) {
      out.push_back(refusal(one));
      if (const auto* fresh = one ? std::get_if<store::DurableReceipt>(&*one) : nullptr)
        states_.push_back(fresh->flow().state);
    }
    return out;
  }
  static flow::Identity with_role(Role role, const AuthorityId& authority = town) {
    flow::Identity who;
    who.id = IdentityId{"x"};
    who.name = "x";
    who.grants = {{role == Role::platform_operator ? AuthorityId{} : authority, role}};
    return who;
  }
  static std::vector<std::string> four(const std::string& word) { return {word, word, word, word}; }

  FlowId acte_;
  LetterId letter_;
  std::vector<State> states_;
  int tries_ = 0;
};

TEST_F(Rights, OnlyDepositorsAndTransmittersSend) {
  for (const auto role : {Role::reader, Role::operator_, Role::auditor, Role::platform_operator})
    EXPECT_EQ(all(with_role(role)), four("access.denied")) << flow::to_string(role);
  EXPECT_EQ(all(with_role(Role::transmitter, village)), four("access.denied"));
  auto gone = with_role(Role::transmitter);
  gone.active = false;
  EXPECT_EQ(all(gone), four("access.denied"));
  EXPECT_TRUE(states_.empty());
  EXPECT_EQ(all(with_role(Role::transmitter)), four("accepted"));
  EXPECT_EQ(states_, (std::vector<State>(4, State::received)));
}

TEST_F(Rights, WhatADepositorSendsWaitsForATransmitter) {
  EXPECT_EQ(all(with_role(Role::depositor)), four("accepted"));
  EXPECT_EQ(states_, (std::vector<State>(4, State::held)));
}

TEST_F(Rights, NothingGoesOutOnPaper) {
  auto settings = settings_of(town);
  settings.paper = true;
  put(settings);
  EXPECT_EQ(all(clerk_), four("actes.suspended"));
}

TEST_F(Rights, NothingGoesOutBeforeTheDayOfTheConvention) {
  auto settings = settings_of(town);
  for (const auto* day : {"", "2026-02-26"}) {
    settings.convention_date = day;
    put(settings);
    EXPECT_EQ(all(clerk_), four("actes.no_convention")) << day;
  }
  settings.convention_date = paris_date(clock_.now());
  put(settings);
  EXPECT_EQ(all(clerk_), four("accepted"));
}

TEST_F(Rights, WhatWasAcceptedWaitsWhenTheConventionEnds) {
  const auto id = id_of(submit(deposit("C1"), {pdf("c")}));
  auto settings = settings_of(town);
  settings.convention_date.clear();
  put(settings);
  const auto waits = check(id);
  ASSERT_FALSE(waits);
  EXPECT_EQ(waits.error().code, "actes.no_convention");
  EXPECT_EQ(waits.error().outlook, Outlook::waiting);
  put(settings_of(town));
  EXPECT_EQ(check(id)->state, State::ready);
}

/// The scope is looked at again before packaging: it may have become narrower.
TEST_F(Rights, WhatTheConventionNoLongerCoversIsRefused) {
  const auto id = id_of(submit(deposit("C1"), {pdf("c")}));
  auto settings = settings_of(town);
  settings.matieres = {"8"};
  put(settings);
  EXPECT_EQ(check(id)->state, State::refused);
  EXPECT_EQ(codes(store_->findings(id).value()), std::vector<std::string>{"actes.convention.scope"});
}

}  // namespace
}  // namespace demat::actes_road
