#include "gateway/pipeline/agent_signatures.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "gateway/pipeline/check_stage.hpp"
#include "gateway/pipeline/verbs.hpp"
#include "pki_kit.hpp"
#include "protocols/base/whole.hpp"
#include "send_rig.hpp"
#include "tests/support/pes_samples.hpp"

// Signature by the agent's own card, in two steps: what is handed out, what is taken back, and what neither
// a mistake nor a doubt can lose.

namespace demat::pipeline {
namespace {

using flow::State;
using Values = std::vector<std::pair<std::string, Bytes>>;

const AuthorityId valjoie{"123456782"};

struct HandClockHolder {
  HandClock clock;
};

class AgentSignaturesTest : public HandClockHolder, public SendRig {
 protected:
  AgentSignaturesTest() : SendRig(clock) {
    context_->pack = xml::SchemaPack::load(std::string(DEMAT_SOURCE_DIR) + "/schemas/pes/5.30").value();
    context_->encodings = {"ISO-8859-1"};
    context_->policies = {xades::helios_policy_1_7()};
    profile_.name = "carte";
    profile_.by_agent = true;
    profile_.signer = signing::agents_card();
    profile_.statement = {"Maire", "Valjoie", "34000", "France"};
    must(store().put_authority({valjoie, "Valjoie", {}, true}, "test"));
    route_to("carte");
    mayor_ = {IdentityId{sha256("maire").str()}, "maire", {{valjoie, flow::Role::signatory}}, true};
    must(store().put_identity(mayor_, "test"));
    agents_ = std::make_unique<AgentSignatures>(AgentSignatures::Parts{
        store(), clock, dependencies().recorder, [this] { return context_; },
        [this](const std::string& name) {
          return name == profile_.name ? std::make_shared<const signing::SigningProfile>(profile_) : nullptr;
        },
        [this] { ++woken_; }});
  }

  template <class T>
  static void must(const T& done) {
    if (!done) throw std::runtime_error(done.error().code + " " + done.error().detail);
  }
  void route_to(const std::string& signer) {
    must(store().put_route({valjoie, "pes", DestinationName{"helios"}, "MHPCE11", signer}, "test"));
  }

  FlowId posted(const std::string& content, const std::string& key) {
    store::NewFlow item;
    item.flow.authority = valjoie;
    item.flow.business_key = key;
    item.flow.nom_fic = NomFic{key};
    item.flow.typ_fic = "PESALR1";
    auto writer = store().new_payload().value();
    must(writer->append(content));
    auto outcome = store().accept(std::move(item), writer->finish().value()).value();
    return std::get<store::DurableReceipt>(outcome).flow().id;
  }
  FlowId depense(std::size_t bordereaux = 2) {
    samples::SampleHeader header;
    header.nom_fic = "EXEMPLE-" + std::to_string(++posts_);
    samples::FlowShape shape;
    shape.bordereaux = bordereaux;
    return posted(samples::depense(header, shape), header.nom_fic);
  }
  /// One turn of the check stage over what is due.
  void check() {
    signing::KeyRing keys;
    must(keys.add(profile_));
    auto parts = dependencies();
    const CheckStage stage({parts.store,
                            parts.clock,
                            parts.recorder,
                            parts.settings,
                            keys,
                            [this] { return std::shared_ptr<const InspectionContext>(context_); },
                            {},
                            parts.make_peer});
    const auto claims =
        store().claim({CheckStage::states(), {}, 10, "w", clock.now(), std::chrono::minutes(1)}).value();
    for (const auto& claim : claims)
      stage.process(claim);
  }
  FlowId waiting(std::size_t bordereaux = 2) {
    const auto id = depense(bordereaux);
    check();
    EXPECT_EQ(current(id).state, State::to_sign) << current(id).waiting_code;
    return id;
  }

  CardResult<CardOffer> ask(const FlowId& id, const test::Identity& card = test::ordinary_identity()) {
    return agents_->ask(current(id), {mayor_, card.der, {}});
  }
  static Values values_of(const CardOffer& offer, const test::Identity& card = test::ordinary_identity()) {
    Values out;
    for (const auto& one : offer.elements)
      out.emplace_back(one.id, card.signer()(one.signed_info).value());
    return out;
  }
  CardResult<std::string> bring(const FlowId& id, const store::SignatureRequestId& request, Values values) {
    return agents_->bring(current(id), {mayor_, request, std::move(values)});
  }
  std::string refused(const CardResult<std::string>& done) { return done ? "" : done.error().error.code; }

  std::string content(const Sha256& name) { return whole(*store().open_payload(name).value()).value(); }
  boost::json::object event(const FlowId& id, std::string_view code) {
    const auto events = store().events(id).value();
    for (const auto& one : events)
      if (one.code == code) return boost::json::parse(one.detail).as_object();
    return {};
  }
  void expect_still_waiting(const FlowId& id) {
    EXPECT_EQ(current(id).state, State::to_sign);
    EXPECT_EQ(current(id).outgoing, current(id).original);
    const auto offer = ask(id);
    ASSERT_TRUE(offer) << offer.error().error.code;
    EXPECT_TRUE(bring(id, offer->request.id, values_of(*offer))) << "it can be asked for again";
  }

  std::shared_ptr<InspectionContext> context_ = std::make_shared<InspectionContext>();
  signing::SigningProfile profile_;
  flow::Identity mayor_;
  std::unique_ptr<AgentSignatures> agents_;
  int woken_ = 0;
  int posts_ = 0;
};

TEST_F(AgentSignaturesTest, AFlowWaitsForItsAgent) {
  const auto id = waiting();
  EXPECT_EQ(current(id).waiting_code, flow::awaits_agent);
  const auto looked_at = current(id).next_attempt_at;
  check();
  EXPECT_EQ(current(id).next_attempt_at, looked_at) << "it is not looked at all the time";
  clock.advance(std::chrono::hours(7));
  check();
  EXPECT_EQ(current(id).state, State::to_sign);
  EXPECT_EQ(current(id).waiting_code, flow::awaits_agent);
  EXPECT_GT(current(id).next_attempt_at, looked_at);
}

TEST_F(AgentSignaturesTest, WhatNeedsNoSignatureDoesNotWait) {
  samples::SampleHeader header;
  const auto id = posted(samples::pj(header, 4'000), "PJ");
  check();
  EXPECT_EQ(current(id).state, State::ready) << current(id).waiting_code;
}

TEST_F(AgentSignaturesTest, WhatCannotBeSignedIsRefusedAtOnce) {
  samples::FlowShape shape;
  shape.bordereau_ids = false;
  shape.root_id = false;
  const auto id = posted(samples::depense({}, shape), "NOID");
  check();
  EXPECT_EQ(current(id).state, State::refused);
  EXPECT_EQ(store().findings(id).value().findings.back().code, "pes.sign.no_id");
}

TEST_F(AgentSignaturesTest, TwoStepsMakeASignedFlow) {
  const auto id = waiting();
  const auto offer = ask(id);
  ASSERT_TRUE(offer) << offer.error().error.code << offer.error().error.detail;
  ASSERT_EQ(offer->elements.size(), 2U);
  EXPECT_EQ(offer->request.role, "Maire");
  EXPECT_EQ(offer->request.expires_at - offer->request.signing_time, std::chrono::hours(1));
  const auto& line = offer->elements[0].lines.at(0).first;
  EXPECT_NE(line.find("Bordereau de dépense n° 1"), std::string::npos) << line;
  EXPECT_NE(line.find("3 pièces"), std::string::npos) << line;
  clock.advance(std::chrono::minutes(5));
  const auto done = bring(id, offer->request.id, values_of(*offer));
  ASSERT_TRUE(done) << done.error().error.code << " " << done.error().error.fr;
  const auto flow = current(id);
  EXPECT_EQ(flow.state, State::ready);
  EXPECT_EQ(flow.waiting_code, "");
  EXPECT_EQ(flow.destination, DestinationName{"helios"});
  EXPECT_EQ(woken_, 1);
  const std::string original = content(flow.original);
  const std::string signed_form = content(flow.outgoing);
  EXPECT_TRUE(xades::only_signatures_added(original, signed_form));
  const auto document = xml::parse(signed_form).value();
  const auto report = xades::verify_pes(
      document, {std::chrono::floor<std::chrono::seconds>(clock.now()), context_->policies});
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->passed());
  EXPECT_EQ(report->signatures.size(), 2U);
  EXPECT_EQ(report->signatures[0].signed_at, offer->request.signing_time) << "fixed at the request";
}

TEST_F(AgentSignaturesTest, TheJournalTellsBothSteps) {
  const auto id = waiting();
  const auto offer = ask(id).value();
  ASSERT_TRUE(bring(id, offer.request.id, values_of(offer)));
  const auto asked = event(id, "signature.requested");
  EXPECT_EQ(asked.at("requested_by").as_string(), mayor_.id.str());
  EXPECT_EQ(asked.at("elements").as_array().size(), 2U);
  const auto done = event(id, "sign");
  EXPECT_TRUE(done.at("by_agent").as_bool());
  EXPECT_FALSE(done.at("by_gateway").as_bool());
  EXPECT_EQ(done.at("request").as_string(), offer.request.id.str());
  EXPECT_EQ(done.at("original").as_string(), current(id).original.str());
  EXPECT_EQ(done.at("certificate").as_object().at("serial").as_string(),
            "1234567890123456789012345678901234567890");
  EXPECT_EQ(done.at("elements").as_array().size(), 2U);
}

TEST_F(AgentSignaturesTest, TheSameValuesAgainGiveTheSameAnswer) {
  const auto id = waiting();
  const auto offer = ask(id).value();
  auto values = values_of(offer);
  const auto first = bring(id, offer.request.id, values);
  ASSERT_TRUE(first);
  clock.advance(std::chrono::hours(3));
  std::reverse(values.begin(), values.end());
  const auto again = bring(id, offer.request.id, values);
  ASSERT_TRUE(again) << again.error().error.code;
  EXPECT_EQ(*again, *first);
  values[0].second[0] ^= 1;
  EXPECT_EQ(refused(bring(id, offer.request.id, values)), "signature.done");
  EXPECT_EQ(woken_, 1);
}

TEST_F(AgentSignaturesTest, RoleAndPlaceOfTheAgentCountWhenGiven) {
  const auto id = waiting(1);
  const auto offer = agents_->ask(
      current(id), {mayor_, test::ordinary_identity().der, {"Première adjointe", "", "34001", ""}});
  ASSERT_TRUE(offer);
  EXPECT_EQ(offer->request.role, "Première adjointe");
  EXPECT_EQ(offer->request.city, "Valjoie");
  EXPECT_EQ(offer->request.postal_code, "34001");
  ASSERT_TRUE(bring(id, offer->request.id, values_of(*offer)));
  EXPECT_NE(content(current(id).outgoing).find("Premi&#xE8;re adjointe"), std::string::npos);
}

struct Mistake {
  const char* code;
  std::function<void(Values&)> make;
};

TEST_F(AgentSignaturesTest, AMistakeLosesNothing) {
  static const auto other = test::make_identity();
  const std::vector<Mistake> mistakes = {
      {"signature.value", [](Values& v) { v[0].second[9] ^= 1; }},
      {"signature.value", [](Values& v) { std::swap(v[0].second, v[1].second); }},
      {"signature.value",
       [](Values& v) {
         v[1].second = Bytes{1, 2, 3};
       }},
      {"signature.value", [](Values& v) { v[1].second = other.signer()("something").value(); }},
      {"signature.incomplete", [](Values& v) { v.pop_back(); }},
      {"signature.incomplete", [](Values& v) { v[1].first = "BORD-X"; }},
      {"signature.incomplete", [](Values& v) { v[1] = v[0]; }},
      {"signature.incomplete", [](Values& v) { v.push_back(v[0]); }},
      {"signature.incomplete", [](Values& v) { v.clear(); }}};
  for (const auto& mistake : mistakes) {
    const auto id = waiting();
    const auto offer = ask(id).value();
    auto values = values_of(offer);
    mistake.make(values);
    EXPECT_EQ(refused(bring(id, offer.request.id, values)), mistake.code);
    EXPECT_EQ(current(id).waiting_code, flow::awaits_agent);
    EXPECT_EQ(event(id, "signature.not_taken").at("code").as_string(), mistake.code);
    expect_still_waiting(id);
  }
}

TEST_F(AgentSignaturesTest, AnotherKeyThanTheCertificatesIsRefused) {
  static const auto other = test::make_identity();
  const auto id = waiting(1);
  const auto offer = ask(id).value();
  EXPECT_EQ(refused(bring(id, offer.request.id, values_of(offer, other))), "signature.value");
  expect_still_waiting(id);
}

TEST_F(AgentSignaturesTest, OnlyTheLastRequestOfTheFlowCountsUntilItExpires) {
  const auto id = waiting(1);
  const auto neighbour = waiting(1);
  const auto first = ask(id).value();
  clock.advance(std::chrono::seconds(2));
  const auto second = ask(id).value();
  EXPECT_EQ(refused(bring(id, first.request.id, values_of(first))), "signature.replaced");
  EXPECT_EQ(refused(bring(neighbour, second.request.id, values_of(second))), "signature.unknown_request");
  EXPECT_EQ(refused(bring(id, store::SignatureRequestId{"none"}, {})), "signature.unknown_request");
  clock.advance(std::chrono::hours(1));
  EXPECT_EQ(refused(bring(id, second.request.id, values_of(second))), "signature.expired");
  expect_still_waiting(id);
}

TEST_F(AgentSignaturesTest, AFlowThatStandsElsewhereIsNotSigned) {
  Verbs verbs(store(), [] {});
  const auto id = waiting(1);
  const auto offer = ask(id).value();
  ASSERT_TRUE(verbs.hold(id, {"op", "à vérifier"}));
  EXPECT_EQ(refused(bring(id, offer.request.id, values_of(offer))), "signature.not_waiting");
  EXPECT_EQ(ask(id).error().error.code, "signature.not_waiting");
  ASSERT_TRUE(verbs.release(id, {"op", "vu"}));
  EXPECT_TRUE(bring(id, offer.request.id, values_of(offer))) << "the request outlives a hold";
  const auto gone = waiting(1);
  const auto late = ask(gone).value();
  ASSERT_TRUE(verbs.cancel(gone, {"op", "erreur"}));
  EXPECT_EQ(refused(bring(gone, late.request.id, values_of(late))), "signature.not_waiting");
  EXPECT_EQ(current(gone).state, State::cancelled);
}

TEST_F(AgentSignaturesTest, AReleasedFlowWaitsForItsAgentAgain) {
  Verbs verbs(store(), [] {});
  const auto id = waiting(1);
  ASSERT_TRUE(verbs.hold(id, {"op", "à vérifier"}));
  ASSERT_TRUE(verbs.release(id, {"op", "vu"}));
  check();
  EXPECT_EQ(current(id).state, State::to_sign);
  EXPECT_EQ(current(id).waiting_code, flow::awaits_agent);
}

TEST_F(AgentSignaturesTest, AnotherConfigurationAsksForAnotherRequest) {
  const auto id = waiting(1);
  const auto offer = ask(id).value();
  const auto kept = profile_.policy;
  profile_.policy.digest = "AAAA";
  EXPECT_EQ(refused(bring(id, offer.request.id, values_of(offer))), "signature.changed");
  profile_.policy = kept;
  profile_.by_agent = false;
  EXPECT_EQ(refused(bring(id, offer.request.id, values_of(offer))), "signature.not_waiting");
  profile_.by_agent = true;
  profile_.authorities = {"987654321"};
  EXPECT_EQ(refused(bring(id, offer.request.id, values_of(offer))), "signing.authority");
  profile_.authorities.clear();
  expect_still_waiting(id);
}

TEST_F(AgentSignaturesTest, ACardThatCanNeverPassIsRefusedBeforeItsPin) {
  const auto id = waiting(1);
  const auto& key = test::ordinary_identity();
  const auto refusal_of = [&](const Bytes& der) {
    const auto done = agents_->ask(current(id), {mayor_, der, {}});
    return done ? std::string() : done.error().error.code;
  };
  EXPECT_EQ(refusal_of(test::recertified(key, {.key_usage = "critical,digitalSignature"})),
            "signature.certificate_usage");
  EXPECT_EQ(refusal_of(test::recertified(key, {.key_usage = "critical,keyCertSign,nonRepudiation"})),
            "signature.certificate_authority");
  EXPECT_EQ(refusal_of(test::recertified(key, {.not_after = "20250101000000Z"})),
            "signature.certificate_period");
  EXPECT_EQ(refusal_of(test::recertified(key, {.not_before = "20430101000000Z"})),
            "signature.certificate_period");
  EXPECT_EQ(refusal_of(test::make_identity({.rsa_bits = 1024}).der), "signature.certificate_weak");
  EXPECT_EQ(refusal_of(test::make_identity({.elliptic = true}).der), "signature.certificate_weak");
  EXPECT_EQ(refusal_of(Bytes{1, 2, 3}), "signature.certificate");
  EXPECT_FALSE(has_event(id, "signature.requested"));
}

TEST_F(AgentSignaturesTest, ALargeFlowIsSignedWithoutItsAttachmentsInMemory) {
  samples::SampleHeader header;
  header.nom_fic = "GRAND";
  const auto attachments = samples::sample_attachments(4, 3'000'000, 7);
  samples::FlowShape shape;
  shape.bordereaux = 2;
  const auto text = samples::recette(header, shape, attachments);
  ASSERT_GT(text.size(), limits::max_dom_bytes);
  const auto id = posted(text, header.nom_fic);
  check();
  ASSERT_EQ(current(id).state, State::to_sign) << current(id).waiting_code;
  const auto offer = ask(id);
  ASSERT_TRUE(offer) << offer.error().error.code;
  const auto done = bring(id, offer->request.id, values_of(*offer));
  ASSERT_TRUE(done) << done.error().error.code << done.error().error.detail;
  const auto signed_form = content(current(id).outgoing);
  EXPECT_TRUE(xades::only_signatures_added(text, signed_form));
  EXPECT_GT(signed_form.size(), text.size() + 2'000);
}

/// The destination asks for signers of an authority of the test.
class JudgedCards : public AgentSignaturesTest {
 protected:
  JudgedCards() {
    for (const char* name : {"anchors", "issuers", "crls"})
      std::filesystem::create_directories(folder_.path() / name);
    folder_.write("anchors/root.pem", pki().root.pem());
    folder_.write("issuers/sub.pem", pki().sub.pem());
    lists("20260225000000Z", {});
    settings.trusts = {{.name = "essai", .folder = folder_.path()}};
    settings.destinations.at(0).trust = "essai";
    context_->trust = trust_desk::TrustDesk::open(settings).value();
  }
  static const test::Pki& pki() { return test::ordinary_pki(); }
  static const test::Identity& card() {
    static const auto made = [] {
      auto holder = test::issue({.name = "Jeanne Essai", .elliptic = false}, &pki().sub);
      test::Identity out;
      out.der = holder.der();
      out.key = std::move(holder.key);
      out.certificate = std::move(holder.certificate);
      return out;
    }();
    return made;
  }
  /// Fresh lists since `when`; the clock stands at 25 February 2026, 06:13 UTC.
  void lists(const std::string& when, std::vector<test::Revoked> revoked) {
    const std::string until = when.substr(0, 6) + "27000000Z";
    folder_.write("crls/root.crl", as_text(test::make_list({++number_, when, until, {}}, pki().root)));
    folder_.write("crls/sub.crl",
                  as_text(test::make_list({number_, when, until, std::move(revoked)}, pki().sub)));
    if (context_->trust) EXPECT_TRUE(context_->trust->refresh().broken.empty());
  }
  [[nodiscard]] test::Revoked revoked_since(const std::string& when) { return {&holder(), when}; }
  static const test::Holder& holder() {
    static const auto made = [] {
      test::Holder out;
      X509_up_ref(card().certificate.get());
      out.certificate.reset(card().certificate.get());
      return out;
    }();
    return made;
  }

  test::TemporaryFolder folder_;
  long number_ = 0;
};

TEST_F(JudgedCards, ATrustedOnePasses) {
  const auto id = waiting(1);
  const auto offer = ask(id, card());
  ASSERT_TRUE(offer) << offer.error().error.fr;
  EXPECT_TRUE(offer->warnings.findings.empty());
  ASSERT_TRUE(bring(id, offer->request.id, values_of(*offer, card())));
  EXPECT_EQ(current(id).state, State::ready);
  const auto documents = store().documents(id).value();
  EXPECT_TRUE(std::any_of(documents.begin(), documents.end(),
                          [](const auto& one) { return one.role == trust_desk::report_role; }));
}

TEST_F(JudgedCards, AnUnknownOneIsToldAtOnce) {
  const auto id = waiting(1);
  const auto refusal = ask(id);
  ASSERT_FALSE(refusal);
  EXPECT_EQ(refusal.error().error.code, "trust.untrusted");
  EXPECT_FALSE(refusal.error().findings.findings.empty());
  EXPECT_EQ(current(id).state, State::to_sign);
}

TEST_F(JudgedCards, OneRevokedBetweenTheStepsIsRefused) {
  const auto id = waiting(1);
  const auto offer = ask(id, card()).value();
  lists("20260225010000Z", {revoked_since("20260224000000Z")});
  EXPECT_EQ(refused(bring(id, offer.request.id, values_of(offer, card()))), "trust.untrusted");
  EXPECT_EQ(current(id).state, State::to_sign);
}

TEST_F(JudgedCards, ADoubtKeepsTheSignatureAndWaits) {
  const auto id = waiting(1);
  lists("20260220000000Z", {});
  const auto offer = ask(id, card());
  ASSERT_TRUE(offer) << offer.error().error.fr;
  EXPECT_FALSE(offer->warnings.findings.empty()) << "the agent is told of the doubt";
  const auto done = bring(id, offer->request.id, values_of(*offer, card()));
  ASSERT_TRUE(done) << done.error().error.fr;
  EXPECT_EQ(current(id).state, State::signed_);
  EXPECT_EQ(current(id).waiting_code, "trust.indeterminate");
  clock.advance(std::chrono::minutes(30));
  check();
  EXPECT_EQ(current(id).state, State::signed_) << "still nothing certain";
  lists("20260225060000Z", {});
  clock.advance(std::chrono::minutes(30));
  check();
  EXPECT_EQ(current(id).state, State::ready) << current(id).waiting_code;
  EXPECT_NE(current(id).outgoing, current(id).original);
}

TEST_F(JudgedCards, ADoubtThatProvesRightRefusesTheFlow) {
  const auto id = waiting(1);
  lists("20260220000000Z", {});
  const auto offer = ask(id, card()).value();
  ASSERT_TRUE(bring(id, offer.request.id, values_of(offer, card())));
  lists("20260225060000Z", {revoked_since("20260224000000Z")});
  clock.advance(std::chrono::minutes(30));
  check();
  EXPECT_EQ(current(id).state, State::refused);
}

}  // namespace
}  // namespace demat::pipeline
