#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "fake_gateway.hpp"
#include "gateway/signing/two_step.hpp"
#include "signing_kit.hpp"
#include "tools/dematctl/commands_sign.hpp"

// Signing with one's own card on the command line: what is shown, what the card is given, and when it is not.

namespace demat::ctl {
namespace {

using testing::HasSubstr;

class FakeCard final : public Card {
 public:
  [[nodiscard]] Answer<Bytes> certificate() override { return test::ordinary_identity().der; }
  [[nodiscard]] Answer<Bytes> sign(std::string_view signed_info) override {
    ++uses;
    return test::ordinary_identity().signer()(signed_info).value();
  }
  int uses = 0;
};

class SignTest : public testing::Test {
 protected:
  SignTest() : file_(test::make_pes({.depense_ids = {"BORD1", "BORD2"}})) {
    const auto document = xml::parse(file_).value();
    const signing::CardSignature card{xades::helios_policy_1_7(),
                                      {"Maire", "Valjoie", "34000", "France"},
                                      test::signing_time(),
                                      test::ordinary_identity().der};
    wanted_ = signing::first_step(card, document, file_.size()).value();
  }

  [[nodiscard]] boost::json::object offer() const {
    boost::json::array elements;
    for (const auto& one : wanted_)
      elements.push_back({{"element", one.element},
                          {"covers", "bordereau"},
                          {"lines", {{{"fr", "Bordereau de dépense n° 7"}, {"en", "…"}}}},
                          {"signed_info", base64(as_bytes(one.signed_info))}});
    return {{"request", "r1"},
            {"original_sha256", sha256(file_).str()},
            {"role", "Maire"},
            {"city", "Valjoie"},
            {"certificate", {{"name", "Signataire d'essai"}}},
            {"elements", std::move(elements)},
            {"findings", boost::json::array{}}};
  }
  Exit run(const boost::json::object& given, bool yes = true) {
    gateway_.answers("POST /v1/flows/F/signature-request", 201, boost::json::serialize(given));
    gateway_.answers("GET /v1/flows/F/payload", 200, file_);
    gateway_.answers("PUT /v1/flows/F/signature", 200, R"({"state":"ready","elements":["BORD1","BORD2"]})");
    auto session = gateway_.session();
    SignOptions options;
    options.ids = {"F"};
    options.role = "Adjoint";
    return sign_with(session, options, card_, [&](const std::string&) { return yes; });
  }

  std::string file_;
  std::vector<signing::ToBeSigned> wanted_;
  FakeGateway gateway_;
  FakeCard card_;
};

TEST_F(SignTest, ShowsAsksSignsAndBrings) {
  EXPECT_EQ(run(offer()), Exit::ok) << gateway_.err.str();
  EXPECT_THAT(gateway_.out.str(), HasSubstr("Bordereau de dépense n° 7"));
  EXPECT_THAT(gateway_.out.str(), HasSubstr("2 signature(s), état « ready »"));
  const auto asked = gateway_.body_of(0);
  EXPECT_EQ(asked.at("certificate").as_string(), base64(test::ordinary_identity().der));
  EXPECT_EQ(asked.at("role").as_string(), "Adjoint");
  EXPECT_FALSE(asked.contains("city")) << "what is not given is left to the gateway";
  const auto brought = gateway_.body_of(gateway_.requests.size() - 1);
  EXPECT_EQ(brought.at("request").as_string(), "r1");
  const auto& values = brought.at("signatures").as_array();
  ASSERT_EQ(values.size(), 2U);
  const auto certificate = xades::Certificate::from_der(test::ordinary_identity().der).value();
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(values[i].at("element").as_string(), wanted_[i].element);
    const auto value = decode_base64(std::string(values[i].at("value").as_string())).bytes;
    EXPECT_TRUE(certificate.verifies_rsa_sha256(wanted_[i].signed_info, value));
  }
}

TEST_F(SignTest, WithoutAYesNothingIsSigned) {
  EXPECT_EQ(run(offer(), false), Exit::refused);
  EXPECT_EQ(card_.uses, 0);
  EXPECT_THAT(gateway_.err.str(), HasSubstr("ctl.not_signed"));
}

TEST_F(SignTest, WhatIsNotTheFileShownIsNotSigned) {
  struct Row {
    const char* what;
    std::function<void(boost::json::object&)> change;
  };
  const auto with_info = [](boost::json::object& given, const std::string& text) {
    given.at("elements").as_array().at(0).as_object()["signed_info"] = base64(as_bytes(text));
  };
  const std::vector<Row> rows = {
      {"another file",
       [this](boost::json::object&) { file_ = test::replaced(file_, "IdBord V=\"2\"", "IdBord V=\"3\""); }},
      {"a changed bordereau under the digest of the file",
       [this](boost::json::object& given) {
         file_ = test::replaced(file_, "IdBord V=\"2\"", "IdBord V=\"3\"");
         given["original_sha256"] = sha256(file_).str();
       }},
      {"the SignedInfo of another element",
       [&](boost::json::object& given) { with_info(given, wanted_[1].signed_info); }},
      {"something else altogether",
       [&](boost::json::object& given) { with_info(given, "I owe you 1000 €"); }},
      {"an element that is not there", [](boost::json::object& given) {
         given.at("elements").as_array().at(0).as_object()["element"] = "BORD9";
       }}};
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    const std::string kept = file_;
    auto given = offer();
    row.change(given);
    FakeGateway fresh;
    FakeCard card;
    fresh.answers("POST /v1/flows/F/signature-request", 201, boost::json::serialize(given));
    fresh.answers("GET /v1/flows/F/payload", 200, file_);
    auto session = fresh.session();
    SignOptions options;
    options.ids = {"F"};
    EXPECT_EQ(sign_with(session, options, card, [](const std::string&) { return true; }), Exit::refused);
    EXPECT_THAT(fresh.err.str(), HasSubstr("ctl.not_what_is_shown"));
    EXPECT_EQ(card.uses, 0);
    file_ = kept;
  }
}

TEST_F(SignTest, ListsOnlyWhatWaitsForAnAgent) {
  gateway_.answers(
      "GET /v1/flows?state=to_sign&limit=500", 200,
      R"({"items":[{"id":"F1","waiting_code":"signature.agent"},{"id":"F2","waiting_code":""}]})");
  auto session = gateway_.session();
  ASSERT_EQ(sign_list(session), Exit::ok) << gateway_.err.str() << gateway_.requests.at(0).path;
  EXPECT_THAT(gateway_.out.str(), HasSubstr("F1"));
  EXPECT_THAT(gateway_.out.str(), testing::Not(HasSubstr("F2")));
}

TEST(OpenCard, WantsOneKindOfKey) {
  EXPECT_EQ(open_card({}).error().error.code, "ctl.no_card");
  SignOptions both;
  both.key = "a.pem";
  both.module = "b.so";
  EXPECT_EQ(open_card(both).error().error.code, "ctl.no_card");
}

TEST(OpenCard, SignsWithAFile) {
  const test::TemporaryFolder folder;
  SignOptions options;
  options.key = folder.write("key.pem", test::ordinary_identity().key_pem());
  options.certificate = folder.write("cert.pem", test::ordinary_identity().certificate_pem());
  auto card = open_card(options);
  ASSERT_TRUE(card);
  EXPECT_EQ((*card)->certificate().value(), test::ordinary_identity().der);
  const auto value = (*card)->sign("bytes");
  ASSERT_TRUE(value) << value.error().error.code;
  EXPECT_TRUE(
      xades::Certificate::from_der(test::ordinary_identity().der)->verifies_rsa_sha256("bytes", *value));
  options.key = folder.write("key.p12", as_text(test::ordinary_identity().pkcs12("secret")));
  options.certificate.clear();
  options.pin_file = folder.write("secret", "secret\n");
  auto packed = open_card(options);
  ASSERT_TRUE(packed);
  EXPECT_EQ((*packed)->certificate().value(), test::ordinary_identity().der);
}

}  // namespace
}  // namespace demat::ctl
