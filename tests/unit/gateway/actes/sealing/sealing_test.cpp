// Acts that the gateway signs: detached CAdES, by the key that the route names.

#include <openssl/evp.h>

#include "../road_rig.hpp"
#include "gateway/papers/pdf_signature.hpp"
#include "protocols/actes/read.hpp"
#include "protocols/archive/reader.hpp"
#include "protocols/base/whole.hpp"
#include "tsa_kit.hpp"

namespace demat::actes_road {
namespace {

using flow::State;

/// An RSA key in memory.
class MemorySigner final : public signing::Signer {
 public:
  explicit MemorySigner(const test::Holder& holder) : holder_(holder), der_(holder.der()) {}
  [[nodiscard]] const Bytes& certificate_der() const override { return der_; }
  [[nodiscard]] Status ready() const override { return away ? failure(gone()) : Status(); }
  [[nodiscard]] Result<Bytes> sign(std::string_view bytes) const override {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    std::size_t size = 0;
    const auto* data = as_bytes(bytes).data();
    EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, holder_.key.get());
    EVP_DigestSign(context.get(), nullptr, &size, data, bytes.size());
    Bytes value(size);
    EVP_DigestSign(context.get(), value.data(), &size, data, bytes.size());
    return value;
  }
  bool away = false;

 private:
  static Error gone() { return waiting_error("signing.token.absent", "fr", "en"); }
  const test::Holder& holder_;
  Bytes der_;
};

class Sealing : public RoadRig {
 protected:
  Sealing() {
    static const auto holder = test::issue({.elliptic = false}, &test::ordinary_pki().sub);
    signer_ = std::make_shared<MemorySigner>(holder);
    deps_->keys = [this] {
      auto ring = std::make_shared<signing::KeyRing>();
      EXPECT_TRUE(ring->add(profile_));
      return std::shared_ptr<const signing::KeyRing>(std::move(ring));
    };
    deps_->stamp = [this](const std::string& authority, std::string_view bytes) -> Result<Bytes> {
      EXPECT_EQ(authority, "tsa");
      ++asked_;
      if (tsa_down_) return failure(waiting_error("timestamp.unreachable", "fr", "en"));
      return test::make_token({.stamped = std::string(bytes)}, test::ordinary_tsa());
    };
    road_ = std::make_unique<ActesRoad>(*deps_);
    profile_.name = "maire";
    profile_.signer = signer_;
    profile_.statement = {"Maire", "Valjoie", "34000", "France"};
    profile_.domains = {"actes"};
    classification_came();
    EXPECT_TRUE(store_->put_identity(clerk_, "test"));
  }

  /// The flow after another look at it, or the code it waits with.
  std::string look(const FlowId& id) {
    store::ClaimRequest request;
    request.states = {State::received, State::checked, State::to_sign, State::signed_};
    request.limit = 100;
    request.owner = "w";
    request.now = clock_.now();
    request.lease_for = std::chrono::minutes(1);
    for (auto& claim : taken(store_->claim(request))) {
      if (claim.flow.id != id) continue;
      const auto original = store_->open_payload(claim.flow.original).value();
      auto change =
          road_->check(claim, original, {town, "actes", DestinationName{"prefecture"}, {}, "maire"});
      clock_.advance(std::chrono::minutes(2));
      if (!change) return change.error().code;
      const auto flow = store_->apply(std::move(*change));
      return flow ? std::string(flow::to_string(flow->state)) : flow.error().code;
    }
    return "not claimed";
  }

  [[nodiscard]] std::string document(const FlowId& id, const std::string& role) const {
    for (const auto& one : taken(store_->documents(id)))
      if (one.role == role) return whole(**store_->open_payload(one.sha256)).value();
    return {};
  }

  struct Files final : archive::EntrySink {
    Status begin(const archive::Entry& entry) override {
      return names.push_back(entry.name), bytes.emplace_back(), Status{};
    }
    Status piece(std::string_view more) override { return bytes.back().append(more), Status{}; }
    Status end() override { return {}; }
    std::vector<std::string> names, bytes;
  };
  /// The business message of what would leave.
  [[nodiscard]] actes::ActeData acte_in(const FlowId& id) const {
    const auto archive = document(id, "envelope");
    Files files;
    EXPECT_TRUE(archive::read_tar_gz(MemorySource(archive), files));
    for (const auto& bytes : files.bytes) {
      if (bytes.find("<actes:Acte ") == std::string::npos) continue;
      const auto content = actes::read(bytes);
      return std::get<actes::ActeMessage>(std::get<actes::Message>(content->content).body).acte;
    }
    return {};
  }

  std::shared_ptr<MemorySigner> signer_;
  signing::SigningProfile profile_;
  bool tsa_down_ = false;
  int asked_ = 0;
};

TEST_F(Sealing, EachFileGetsItsSignature) {
  auto wished = deposit();
  wished.files.push_back({"annexe", "plan.pdf", "21_RP", {}, 0, {}});
  const auto act = pdf("Acte");
  const auto plan = pdf("Plan");
  const auto id = id_of(submit(wished, {act, plan}));
  ASSERT_EQ(look(id), "ready");
  const auto acte = acte_in(id);
  ASSERT_EQ(acte.annexes.size(), 1U);
  for (const auto& [signature, bytes] :
       {std::pair{acte.document.signature, act}, {acte.annexes[0].signature, plan}}) {
    EXPECT_EQ(signature.find('\n'), std::string::npos);
    const auto checked = papers::check_detached(MemorySource(bytes), signature, "x");
    ASSERT_TRUE(checked);
    EXPECT_TRUE(checked->intact);
    EXPECT_EQ(checked->signers.at(0).certificate_der, signer_->certificate_der());
    EXPECT_EQ(checked->signers.at(0).signed_at, clock_.now() - std::chrono::minutes(2));
  }
  EXPECT_EQ(base64(as_bytes(document(id, "signature"))), acte.document.signature);
  EXPECT_EQ(asked_, 0);
}

TEST_F(Sealing, TheJournalTellsWhoAndWhat) {
  const auto id = id_of(submit(deposit(), {pdf()}));
  ASSERT_EQ(look(id), "ready");
  std::string said;
  for (const auto& event : taken(store_->events(id)))
    if (event.code == "sign") said = event.detail;
  for (const char* part : {R"("signer":"maire")", R"("form":"CAdES-B")", R"("name":"acte.pdf")",
                           R"("requested_by":"c1")", R"("certificate":{"serial":)"})
    EXPECT_THAT(said, testing::HasSubstr(part));
}

TEST_F(Sealing, NothingIsSignedUnlessTheKeyIsForActs) {
  profile_.domains = {"PES_DepenseAller"};
  const auto id = id_of(submit(deposit(), {pdf()}));
  ASSERT_EQ(look(id), "ready");
  EXPECT_EQ(acte_in(id).document.signature, "");
  profile_.domains = {"actes"};
  const auto cms = [&] {
    const auto other = id_of(submit(deposit("A2"), {pdf("deux")}));
    EXPECT_EQ(look(other), "ready");
    return acte_in(other).document.signature;
  }();
  auto theirs = deposit("A3");
  theirs.files[0].signature = cms;
  const auto third = id_of(submit(theirs, {pdf("deux")}));
  ASSERT_EQ(look(third), "ready");
  EXPECT_EQ(acte_in(third).document.signature, cms);
  EXPECT_EQ(document(third, "signature"), "");
}

TEST_F(Sealing, WhatItNeedsMayBeAwayForAWhile) {
  profile_.timestamp = "tsa";
  const auto id = id_of(submit(deposit(), {pdf()}));
  tsa_down_ = true;
  EXPECT_EQ(look(id), "timestamp.unreachable");
  EXPECT_EQ(document(id, "envelope"), "");
  signer_->away = true;
  EXPECT_EQ(look(id), "signing.token.absent");
  signer_->away = tsa_down_ = false;
  EXPECT_EQ(look(id), "ready");
  EXPECT_EQ(asked_, 2);
  const test::TemporaryFolder folder;
  const auto file = folder.write("s.p7s", document(id, "signature"));
  EXPECT_THAT(test::run("openssl cms -cmsout -print -noout -inform DER -in " + file.string()).output,
              testing::HasSubstr("id-smime-aa-timeStampToken"));
}

TEST_F(Sealing, AKeyThatIsNotTheirsOrNotThereWaits) {
  const auto id = id_of(submit(deposit(), {pdf()}));
  profile_.authorities = {"987654324"};
  EXPECT_EQ(look(id), "signing.authority");
  profile_.authorities.clear();
  profile_.name = "other";
  EXPECT_EQ(look(id), "signing.no_signer");
  profile_.name = "maire";
  profile_.margin = std::chrono::hours(24 * 366 * 30);
  EXPECT_EQ(look(id), "signing.key.period");
}

TEST_F(Sealing, ASignatoryAsksForItWhereOneMust) {
  profile_.signatories_only = true;
  const auto id = id_of(submit(deposit(), {pdf()}));
  EXPECT_EQ(look(id), "held");
  EXPECT_EQ(flow_now(id).hold_reason, "signature");
  EXPECT_EQ(document(id, "signature"), "");
  store::Change release{.flow = id};
  release.steps = {{.trigger = flow::Trigger::release}};
  release.hold_reason = "";
  ASSERT_TRUE(store_->apply(std::move(release)));
  EXPECT_EQ(flow_now(id).state, State::to_sign);
  EXPECT_EQ(look(id), "ready");
  EXPECT_NE(acte_in(id).document.signature, "");

  clerk_.grants.insert({town, flow::Role::signatory});
  ASSERT_TRUE(store_->put_identity(clerk_, "test"));
  EXPECT_EQ(look(id_of(submit(deposit("A2"), {pdf("deux")}))), "ready");
}

}  // namespace
}  // namespace demat::actes_road
