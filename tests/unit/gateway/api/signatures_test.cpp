#include "gateway/pipeline/agent_signatures.hpp"
#include "gateway/signing/file_signer.hpp"
#include "tests/unit/gateway/api/rig/api_fixture.hpp"

// Signature by the agent's own card over the API: who may, what it looks like, what mistakes are answered.

namespace demat::api {
namespace {

class CardTest : public ApiTest {
 protected:
  /// A signing key, self-signed: no destination of these tests asks for trust.
  static void SetUpTestSuite() {
    ApiTest::SetUpTestSuite();
    const auto key = pki_->file("card.key");
    const auto made =
        test::run({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out",
                   pki_->file("card.pem"), "-subj", "/C=FR/CN=Signataire d'essai", "-days", "2", "-addext",
                   "basicConstraints=critical,CA:FALSE", "-addext", "keyUsage=critical,nonRepudiation"});
    ASSERT_EQ(made.exit_code, 0) << made.err;
    std::filesystem::permissions(key, std::filesystem::perms::owner_read);
    card_ = signing::load_signer(signing::PemFiles{key, pki_->file("card.pem"), ""}).value();
  }
  static void TearDownTestSuite() {
    card_.reset();
    ApiTest::TearDownTestSuite();
  }
  void SetUp() override {
    ApiTest::SetUp();
    context_->pack = xml::SchemaPack::load(std::string(DEMAT_SOURCE_DIR) + "/schemas/pes/5.30").value();
    context_->encodings = {"ISO-8859-1"};
    context_->policies = {xades::helios_policy_1_7()};
    profile_.name = "carte";
    profile_.by_agent = true;
    profile_.signer = signing::agents_card();
    profile_.statement = {"Maire", "Valjoie", "34000", "France"};
    agents_ = std::make_unique<pipeline::AgentSignatures>(pipeline::AgentSignatures::Parts{
        *store_, clock_, *recorder_, [this] { return context_; },
        [this](const std::string&) { return std::make_shared<const signing::SigningProfile>(profile_); },
        [] {}});
    services_->agents = agents_.get();
    ASSERT_TRUE(store_->put_route({AuthorityId{siren_a_}, "pes", DestinationName{"simu"}, "MHPCE11", "carte"},
                                  "test"));
  }

  FlowId to_sign(const std::string& nom_fic) {
    const auto id = deposited(nom_fic);
    apply(id, {flow::Trigger::pass_checks, flow::Trigger::ask_signature});
    return id;
  }
  static std::string path(const FlowId& id, const char* step) { return "/v1/flows/" + id.str() + step; }
  static std::string card() {
    return boost::json::serialize(boost::json::object{{"certificate", base64(card_->certificate_der())}});
  }
  static std::string values_for(const boost::json::object& offer) {
    boost::json::array values;
    for (const auto& one : offer.at("elements").as_array()) {
      const auto bytes = decode_base64(std::string(one.at("signed_info").as_string())).bytes;
      values.push_back(
          {{"element", one.at("element")}, {"value", base64(card_->sign(as_text(bytes)).value())}});
    }
    return boost::json::serialize(
        boost::json::object{{"request", offer.at("request")}, {"signatures", std::move(values)}});
  }

  static inline std::shared_ptr<const signing::Signer> card_;
  std::shared_ptr<pipeline::InspectionContext> context_ = std::make_shared<pipeline::InspectionContext>();
  signing::SigningProfile profile_;
  std::unique_ptr<pipeline::AgentSignatures> agents_;
};

TEST_F(CardTest, ASignatorySignsInTwoCalls) {
  const auto id = to_sign("CARTE-1");
  const auto asked = call("signatory", "POST", path(id, "/signature-request"), card());
  ASSERT_EQ(asked.status, 201) << asked.body;
  expect_shape(json(asked), "SignatureOffer");
  const auto offer = json(asked).as_object();
  const auto& element = offer.at("elements").as_array().at(0);
  expect_shape(element, "SignatureElement");
  expect_shape(offer.at("certificate"), "CardCertificate");
  const auto bytes = decode_base64(std::string(element.at("signed_info").as_string())).bytes;
  EXPECT_EQ(element.at("digest_hex").as_string(), sha256(as_text(bytes)).str());
  EXPECT_EQ(hex(decode_base64(std::string(element.at("digest").as_string())).bytes),
            sha256(as_text(bytes)).str());
  EXPECT_EQ(offer.at("original_sha256").as_string(), store_->find(id).value()->original.str());

  const auto body = values_for(offer);
  const auto done = call("signatory", "PUT", path(id, "/signature"), body);
  ASSERT_EQ(done.status, 200) << done.body;
  expect_shape(json(done), "SignatureTaken");
  EXPECT_EQ(text(done, "state"), "ready");
  EXPECT_EQ(text(done, "signed_sha256"), store_->find(id).value()->outgoing.str());
  const auto again = call("signatory", "PUT", path(id, "/signature"), body);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, done.body) << "the same values, the same answer";
}

TEST_F(CardTest, NobodyElseMay) {
  const auto id = to_sign("CARTE-2");
  const std::string values = R"({"request":"x","signatures":[]})";
  for (const auto* who : {"transmitter", "operator", "depositor", "reader"}) {
    expect_problem(call(who, "POST", path(id, "/signature-request"), card()), 403, "access.denied");
    expect_problem(call(who, "PUT", path(id, "/signature"), values), 403, "access.denied");
  }
  expect_problem(call("other", "POST", path(id, "/signature-request"), card()), 404, "flow.unknown");
  expect_problem(call("other", "PUT", path(id, "/signature"), values), 404, "flow.unknown");
}

TEST_F(CardTest, MistakesAreToldApart) {
  const auto id = to_sign("CARTE-3");
  const auto ask = path(id, "/signature-request");
  expect_problem(call("signatory", "POST", ask, "{}"), 422, "api.field");
  expect_problem(call("signatory", "POST", ask, R"({"certificate":"%%"})"), 422, "api.field");
  expect_problem(call("signatory", "POST", ask, R"({"certificate":"AQID"})"), 422, "signature.certificate");
  expect_problem(call("signatory", "POST", ask, R"({"certificate":"AQID","rôle":"x"})"), 422, "api.field");
  const auto bring = path(id, "/signature");
  for (const auto* body : {"{}", R"({"request":"x"})", R"({"request":"x","signatures":{}})",
                           R"({"request":"x","signatures":[{"element":"A"}]})",
                           R"({"request":"x","signatures":[{"element":"A","value":"%"}]})",
                           R"({"request":"x","signatures":[{"element":"A","value":"AQ==","more":1}]})"})
    expect_problem(call("signatory", "PUT", bring, body), 422, "api.field");
  expect_problem(call("signatory", "PUT", bring, R"({"request":"x","signatures":[]})"), 404,
                 "signature.unknown_request");
  const auto received = deposited("CARTE-4");
  expect_problem(call("signatory", "POST", path(received, "/signature-request"), card()), 409,
                 "signature.not_waiting");
}

TEST_F(CardTest, RoomForAThousandValues) {
  const auto id = to_sign("CARTE-5");
  std::string body = R"({"request":"x","signatures":[)";
  for (int i = 0; i < 1'000; ++i)
    body += std::string(i == 0 ? "" : ",") + R"({"element":"BORD)" + std::to_string(i) + R"(","value":")" +
            std::string(684, 'A') + "\"}";
  expect_problem(call("signatory", "PUT", path(id, "/signature"), body + "]}"), 404,
                 "signature.unknown_request");
}

}  // namespace
}  // namespace demat::api
