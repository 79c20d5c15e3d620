#include <future>

#include "protocols/base/digest.hpp"
#include "tests/unit/gateway/api/rig/api_fixture.hpp"

namespace demat::api {
namespace {

using flow::Trigger;

std::vector<std::string> key(const std::string& value) {
  return {"-H", "Idempotency-Key: " + value};
}

TEST_F(ApiTest, AKeyReplaysTheFirstAnswer) {
  const auto bytes = sample("ONCE-1");
  const auto first = deposit("transmitter", bytes, key("k1"));
  ASSERT_EQ(first.status, 202) << first.body;
  const auto again = deposit("transmitter", bytes, key("k1"));
  EXPECT_EQ(again.status, 202) << "not 200: the first answer, whatever it was";
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(again.headers.at("location"), first.headers.at("location"));
  EXPECT_EQ(again.headers.at("idempotency-replayed"), "true");
  EXPECT_EQ(store_->list({}, "", 10)->items.size(), 1U);
  EXPECT_EQ(deposit("transmitter", bytes).status, 200) << "without the key the duplicate rule speaks";
}

TEST_F(ApiTest, AKeyReplaysARefusalToo) {
  const auto id = deposited("ONCE-2");
  auto other = sample("ONCE-2");
  other.insert(other.rfind("</"), "<!-- other bytes -->");
  const auto first = deposit("transmitter", other, key("k2"));
  expect_problem(first, 409, "intake.key_taken");
  apply(id, {Trigger::cancel});
  const auto again = deposit("transmitter", other, key("k2"));
  EXPECT_EQ(again.status, 409) << "the key keeps its answer though the flow is out of the way";
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(deposit("transmitter", other, key("k3")).status, 202);
}

TEST_F(ApiTest, AKeyIsForOneRequest) {
  ASSERT_EQ(
      deposit("both", sample("ONCE-4"), {"-H", "Idempotency-Key: k4", "-H", "Demat-Authority: " + siren_a_})
          .status,
      202);
  expect_problem(
      deposit("both", sample("ONCE-5"), {"-H", "Idempotency-Key: k4", "-H", "Demat-Authority: " + siren_a_}),
      422, "api.idempotency_mismatch");
  expect_problem(
      deposit("both", sample("ONCE-4"), {"-H", "Idempotency-Key: k4", "-H", "Demat-Authority: " + siren_b_}),
      422, "api.idempotency_mismatch");
  EXPECT_EQ(deposit("transmitter", sample("ONCE-6"), key("k4")).status, 202)
      << "keys belong to a certificate";
  expect_problem(deposit("transmitter", sample("ONCE-7"), key(std::string(256, 'k'))), 400, "api.parameter");
}

TEST_F(ApiTest, AKeyInUseIsAnsweredLater) {
  const auto hold = services_->once->hold(IdentityId{fingerprints_.at("transmitter")}, "k8");
  const auto reply = deposit("transmitter", sample("ONCE-8"), key("k8"));
  expect_problem(reply, 409, "api.idempotency_running");
  EXPECT_EQ(reply.headers.count("retry-after"), 1U);
}

TEST_F(ApiTest, ManyAtOnceWithOneKeyMakeOneFlow) {
  const auto bytes = sample("ONCE-9");
  std::vector<std::future<test::Reply>> calls;
  for (int i = 0; i < 12; ++i)
    calls.push_back(std::async(std::launch::async, [&] { return deposit("transmitter", bytes, key("k9")); }));
  for (auto& call : calls) {
    const auto reply = call.get();
    EXPECT_TRUE(reply.status == 202 || reply.status == 409) << reply.status << reply.body;
  }
  EXPECT_EQ(store_->list({}, "", 10)->items.size(), 1U);
  EXPECT_EQ(deposit("transmitter", bytes, key("k9")).status, 202);
}

/// A stop between the effect and its answer: the key must not give a second flow.
TEST_F(ApiTest, ACutReplayIsNotDoneAgain) {
  const auto id = deposited("ONCE-10");
  apply(id, {Trigger::cancel});
  const std::string path = "/v1/flows/" + id.str() + "/replay";
  const std::string body = R"({"reason":"encore"})";
  const auto post = [&] { return as("operator").post(path, body, "application/json", key("k10")); };
  const store::OnceKey begun{
      IdentityId{fingerprints_.at("operator")}, "k10",
      request_digest({"POST", path, {}, {}, {}, {}, {}, {}}, AuthorityId{siren_a_}, sha256(body))};
  ASSERT_TRUE(store_->tickets().begin_once(begun));
  expect_problem(post(), 409, "api.idempotency_unknown");
  ASSERT_TRUE(store_->tickets().forget(begun));
  const auto first = post();
  ASSERT_EQ(first.status, 201) << first.body;
  const auto again = post();
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(store_->list({}, "", 10)->items.size(), 2U);
}

}  // namespace
}  // namespace demat::api
