#include <boost/json.hpp>

#include "gateway/flow/access.hpp"
#include "gateway/pipeline/check_stage.hpp"
#include "gateway/pipeline/verbs.hpp"
#include "send_rig.hpp"
#include "signing_kit.hpp"
#include "tests/support/pes_samples.hpp"

// Who may have what signed, and what the journal keeps of it (signature RS9, RS14).

namespace demat::pipeline {
namespace {

using flow::Role;
using flow::State;

const AuthorityId valjoie{"123456782"};

/// The key of the tests; counts its uses, and fails when the test wants.
class CountedSigner final : public signing::Signer {
 public:
  [[nodiscard]] const Bytes& certificate_der() const override { return test::ordinary_identity().der; }
  [[nodiscard]] Result<Bytes> sign(std::string_view signed_info) const override {
    ++uses;
    if (ill) return failure(waiting_error("signing.token.absent", "fr", "en"));
    return test::ordinary_identity().signer()(signed_info);
  }
  [[nodiscard]] signing::KeyOrigin origin() const override {
    return {.in_token = true, .model = "Modèle", .serial = "0042", .label = "maire", .never_left = true};
  }
  mutable int uses = 0;
  bool ill = false;
};

std::string text_of(const boost::json::object& object, std::string_view member) {
  return std::string(object.at(member).as_string());
}

class CheckSigningTest : public RealTimeRig {
 protected:
  CheckSigningTest() {
    auto pack = xml::SchemaPack::load(std::string(DEMAT_SOURCE_DIR) + "/schemas/pes/5.30");
    context_->pack = pack.value();
    context_->encodings = {"ISO-8859-1"};
    profile_.name = "maire";
    profile_.signer = signer_;
    profile_.statement = {"Maire", "Valjoie", "34000", "France"};
    must(store().put_authority({valjoie, "Valjoie", {}, true}, "test"));
    must(store().put_route({valjoie, "pes", DestinationName{"helios"}, "MHPCE11", "maire"}, "test"));
    person("agent", {{valjoie, Role::transmitter}});
    person("maire", {{valjoie, Role::transmitter}, {valjoie, Role::signatory}});
    person("voisin", {{AuthorityId{"987654321"}, Role::signatory}});
  }

  template <class T>
  static void must(const T& done) {
    if (!done) throw std::runtime_error(done.error().code + " " + done.error().detail);
  }
  void person(const std::string& name, std::set<flow::Grant> grants) {
    must(store().put_identity({IdentityId{sha256(name).str()}, name, std::move(grants), true}, "test"));
  }

  FlowId posted_by(const std::string& name, const samples::FlowShape& shape = {}) {
    // Each flow its own bytes: the same would be a duplicate.
    samples::SampleHeader header;
    header.nom_fic = "EXEMPLE-" + std::to_string(++posts_);
    return posted(name, header, samples::depense(header, shape));
  }
  FlowId posted(const std::string& name, const samples::SampleHeader& header, const std::string& content) {
    store::NewFlow item;
    item.flow.authority = valjoie;
    item.flow.business_key = header.nom_fic;
    item.flow.nom_fic = NomFic{header.nom_fic};
    item.flow.typ_fic = "PESALR1";
    item.flow.deposited_by = IdentityId{sha256(name).str()};
    auto writer = store().new_payload().value();
    must(writer->append(content));
    auto outcome = store().accept(std::move(item), writer->finish().value()).value();
    return std::get<store::DurableReceipt>(outcome).flow().id;
  }

  /// One turn of the check stage over what waits for one.
  flow::Flow after_check(const FlowId& id) {
    signing::KeyRing keys;
    must(keys.add(profile_));
    const auto parts = dependencies();
    const CheckStage stage({parts.store,
                            parts.clock,
                            parts.recorder,
                            parts.settings,
                            keys,
                            [this] {
                              ++contexts_;
                              return std::shared_ptr<const InspectionContext>(context_);
                            },
                            {},
                            parts.make_peer});
    const auto claims =
        store().claim({CheckStage::states(), {}, 10, "w", clock.now(), std::chrono::minutes(1)}).value();
    for (const auto& claim : claims)
      stage.process(claim);
    return current(id);
  }

  boost::json::object journal_of_signature(const FlowId& id) {
    const auto events = store().events(id).value();
    for (const auto& event : events)
      if (event.code == "sign") return boost::json::parse(event.detail).as_object();
    return {};
  }

  int contexts_ = 0;
  std::shared_ptr<CountedSigner> signer_ = std::make_shared<CountedSigner>();
  std::shared_ptr<InspectionContext> context_ = std::make_shared<InspectionContext>();
  signing::SigningProfile profile_;
  int posts_ = 0;
};

/// Rules that are read anew in the middle of a check: one flow is judged by one set of them.
TEST_F(CheckSigningTest, OneFlowIsJudgedByOneSetOfRules) {
  EXPECT_EQ(after_check(posted_by("maire")).state, State::ready);
  EXPECT_EQ(contexts_, 1);
}

TEST_F(CheckSigningTest, EachUseOfTheKeyIsInTheJournal) {
  samples::FlowShape two;
  two.bordereaux = 2;
  const auto id = posted_by("agent", two);
  const auto flow = after_check(id);
  ASSERT_EQ(flow.state, State::ready) << flow.waiting_code;
  EXPECT_NE(flow.outgoing, flow.original);
  const auto detail = journal_of_signature(id);
  EXPECT_TRUE(detail.at("by_gateway").as_bool());
  EXPECT_EQ(detail.at("signatures").to_number<int>(), 2);
  EXPECT_EQ(text_of(detail, "signer"), "maire");
  EXPECT_EQ(text_of(detail, "use"), "signature");
  EXPECT_EQ(text_of(detail, "original"), flow.original.str());
  EXPECT_EQ(detail.at("elements").as_array().size(), 2U);
  EXPECT_EQ(text_of(detail, "requested_by"), sha256("agent").str());
  const auto& key = detail.at("key").as_object();
  EXPECT_EQ(text_of(key, "in"), "token");
  EXPECT_EQ(text_of(key, "model"), "Modèle");
  EXPECT_EQ(text_of(key, "token"), "0042");
  EXPECT_TRUE(key.at("never_left").as_bool());
  const auto& certificate = detail.at("certificate").as_object();
  EXPECT_EQ(text_of(certificate, "serial"), "1234567890123456789012345678901234567890");
  EXPECT_EQ(text_of(certificate, "sha256"), sha256(as_text(test::ordinary_identity().der)).str());
}

TEST_F(CheckSigningTest, WhatNoSignatoryAskedForWaitsForOne) {
  profile_.signatories_only = true;
  for (const auto* name : {"agent", "voisin", "inconnu"}) {
    const auto id = posted_by(name);
    const auto parked = after_check(id);
    EXPECT_EQ(parked.state, State::held) << name;
    EXPECT_EQ(parked.held_from, State::to_sign);
    EXPECT_EQ(parked.hold_reason, flow::awaits_signatory);
    EXPECT_EQ(signer_->uses, 0) << "the key was used without a right";
  }
  const auto id = posted_by("agent");
  after_check(id);
  Verbs verbs(store(), [] {});
  ASSERT_TRUE(verbs.release(id, {"maire", "vu et approuvé"}));
  EXPECT_EQ(current(id).state, State::to_sign);
  EXPECT_EQ(after_check(id).state, State::ready);
  EXPECT_EQ(signer_->uses, 1);
  EXPECT_TRUE(has_event(id, "release"));
}

TEST_F(CheckSigningTest, ASignatoryAsksByPosting) {
  profile_.signatories_only = true;
  EXPECT_EQ(after_check(posted_by("maire")).state, State::ready);
  EXPECT_EQ(signer_->uses, 1);
  person("maire", {{valjoie, Role::transmitter}});  // the right was taken back
  EXPECT_EQ(after_check(posted_by("maire")).state, State::held);
  EXPECT_EQ(signer_->uses, 1);
}

/// Orders to several debtors (ORMC) go unsigned, unless they call themselves dematerialised (helios P3).
TEST_F(CheckSigningTest, OrdersToSeveralDebtorsGoUnsigned) {
  for (const bool dematerialised : {false, true}) {
    samples::SampleHeader header;
    header.typ_fic = "PESORMC";
    header.nom_fic = dematerialised ? "ROLE-2" : "ROLE-1";
    samples::FlowShape shape;
    shape.pieces = 1;
    shape.dematerialisee = dematerialised;
    auto content = samples::recette(header, shape);
    for (const auto& [from, to] : {std::pair{R"(TypBord V="01")", R"(TypBord V="06")"},
                                   std::pair{R"(TypPce V="01")", R"(TypPce V="15")"}}) {
      const std::string_view leaf = from;
      const auto at = content.find(leaf);
      ASSERT_NE(at, std::string::npos) << leaf;
      content.replace(at, leaf.size(), to);
    }
    const auto flow = after_check(posted("agent", header, content));
    EXPECT_EQ(flow.state, State::ready) << flow.waiting_code;
    EXPECT_EQ(flow.outgoing != flow.original, dematerialised);
    EXPECT_EQ(signer_->uses, dematerialised ? 1 : 0);
  }
}

TEST_F(CheckSigningTest, WhatCannotBeSignedIsRefusedWithoutAskingAnybody) {
  profile_.signatories_only = true;
  samples::FlowShape no_ids;
  no_ids.bordereau_ids = no_ids.root_id = false;
  EXPECT_EQ(after_check(posted_by("agent", no_ids)).state, State::refused);
  EXPECT_EQ(signer_->uses, 0);
}

TEST_F(CheckSigningTest, AKeySignsOnlyWhatItIsMeantFor) {
  struct Case {
    const char* name;
    const char* waits_for;
    std::function<void(signing::SigningProfile&)> set;
  };
  const std::vector<Case> cases{
      {"recette only", "signing.flow_not_allowed", [](auto& p) { p.domains = {"PES_RecetteAller"}; }},
      {"another authority", "signing.authority", [](auto& p) { p.authorities = {"987654321"}; }},
      {"close to its end", "signing.key.period",
       [](auto& p) { p.margin = std::chrono::hours(24 * 366 * 40); }},
  };
  const auto meant = profile_;
  for (const auto& one : cases) {
    profile_ = meant;
    one.set(profile_);
    const auto flow = after_check(posted_by("agent"));
    EXPECT_EQ(flow.state, State::received) << one.name;
    EXPECT_EQ(flow.waiting_code, one.waits_for) << one.name;
    EXPECT_EQ(signer_->uses, 0) << one.name;
  }
  profile_ = meant;
  profile_.domains = {"PES_DepenseAller"};
  profile_.authorities = {valjoie.str()};
  profile_.margin = std::chrono::hours(24);
  EXPECT_EQ(after_check(posted_by("agent")).state, State::ready);
}

TEST_F(CheckSigningTest, ATokenInTroubleMakesFlowsWait) {
  signer_->ill = true;
  const auto id = posted_by("agent");
  const auto waiting = after_check(id);
  EXPECT_EQ(waiting.state, State::received);
  EXPECT_EQ(waiting.waiting_code, "signing.token.absent");
  EXPECT_TRUE(has_event(id, "waiting"));
  signer_->ill = false;
  Verbs verbs(store(), [] {});
  ASSERT_TRUE(verbs.retry(id, {"agent", "support rebranché"}));
  EXPECT_EQ(after_check(id).state, State::ready);
}

}  // namespace
}  // namespace demat::pipeline
