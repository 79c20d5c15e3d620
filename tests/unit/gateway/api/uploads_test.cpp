#include "protocols/base/digest.hpp"
#include "tests/unit/gateway/api/rig/api_fixture.hpp"

namespace demat::api {
namespace {

class UploadTest : public ApiTest {
 protected:
  test::Reply begin(const std::string& who, std::size_t size, const std::string& digest = {}) {
    std::string body = R"({"file_name":"gros.xml","size":)" + std::to_string(size);
    if (!digest.empty()) body += R"(,"sha256":")" + digest + "\"";
    return call(who, "POST", "/v1/uploads", body + "}");
  }
  test::Reply go_on(const std::string& who, const std::string& path, std::size_t offset,
                    const std::string& bytes) {
    auto reply = as(who).post(path, bytes, "application/offset+octet-stream",
                              {"-X", "PATCH", "-H", "Upload-Offset: " + std::to_string(offset)});
    expect_documented("PATCH", path, reply);
    return reply;
  }
  std::string offset(const std::string& who, const std::string& path) {
    const auto reply = as(who).call(path, {"-I"});
    return reply.headers.contains("upload-offset") ? reply.headers.at("upload-offset") : "";
  }
};

TEST_F(UploadTest, PiecesBecomeOneFlow) {
  const auto bytes = sample("PIECES-1");
  const auto made = begin("transmitter", bytes.size(), sha256(bytes).str());
  ASSERT_EQ(made.status, 201) << made.body;
  expect_shape(json(made), "Upload");
  const auto path = made.headers.at("location");
  const auto half = bytes.size() / 2;
  const auto first = go_on("transmitter", path, 0, bytes.substr(0, half));
  EXPECT_EQ(first.status, 204);
  EXPECT_EQ(first.headers.at("upload-offset"), std::to_string(half));
  EXPECT_EQ(offset("transmitter", path), std::to_string(half));
  const auto last = go_on("transmitter", path, half, bytes.substr(half));
  ASSERT_EQ(last.status, 202) << last.body;
  expect_shape(json(last), "Flow");
  EXPECT_EQ(text(last, "file_name"), "gros.xml");
  EXPECT_EQ(as("transmitter").call(last.headers.at("location") + "/payload").body, bytes);

  const auto repeated = go_on("transmitter", path, half, bytes.substr(half));
  EXPECT_EQ(repeated.status, 202);
  EXPECT_EQ(repeated.body, last.body);
  EXPECT_EQ(store_->list({}, "", 10)->items.size(), 1U);
  EXPECT_EQ(go_on("transmitter", begin("transmitter", bytes.size()).headers.at("location"), 0, bytes).status,
            200)
      << "the same bytes by another upload: the first flow";
}

TEST_F(UploadTest, OffsetsMustMeet) {
  const auto bytes = sample("OFFSETS");
  const auto path = begin("transmitter", bytes.size()).headers.at("location");
  ASSERT_EQ(go_on("transmitter", path, 0, bytes.substr(0, 100)).status, 204);
  for (const std::size_t wrong : {0U, 99U, 101U}) {
    const auto reply = go_on("transmitter", path, wrong, "x");
    expect_problem(reply, 409, "upload.offset");
    EXPECT_EQ(reply.headers.at("upload-offset"), "100");
  }
  expect_problem(go_on("transmitter", path, 100, bytes), 413, "upload.too_long");
  expect_problem(
      as("transmitter").post(path, "x", "application/xml", {"-X", "PATCH", "-H", "Upload-Offset: 100"}), 415,
      "api.media_type");
  expect_problem(as("transmitter").post(path, "x", "application/offset+octet-stream", {"-X", "PATCH"}), 400,
                 "api.parameter");
}

TEST_F(UploadTest, SurvivesARestartUpToWhatWasPromised) {
  const auto bytes = sample("RESTART");
  const auto path = begin("transmitter", bytes.size()).headers.at("location");
  ASSERT_EQ(go_on("transmitter", path, 0, bytes.substr(0, 500)).status, 204);
  server_.reset();
  verbs_.reset();
  orphans_.reset();
  events_.reset();
  intake_.reset();
  services_.reset();
  store_.reset();
  start();
  ASSERT_TRUE(store_->recover(clock_.now()));
  EXPECT_EQ(store_->uploads().expire(clock_.now() - std::chrono::hours(1)).value(), 0U);
  EXPECT_EQ(offset("transmitter", path), "500");
  const auto last = go_on("transmitter", path, 500, bytes.substr(500));
  ASSERT_EQ(last.status, 202) << last.body;
  EXPECT_EQ(as("transmitter").call(last.headers.at("location") + "/payload").body, bytes);
}

TEST_F(UploadTest, RefusesAtTheEndLikeAnyDeposit) {
  const std::string bytes = "this is no XML";
  const auto path = begin("transmitter", bytes.size()).headers.at("location");
  const auto refused = go_on("transmitter", path, 0, bytes);
  expect_problem(refused, 422, "xml.malformed");
  EXPECT_EQ(go_on("transmitter", path, 0, bytes).body, refused.body);
  const auto other = begin("transmitter", 3, sha256("abc").str()).headers.at("location");
  expect_problem(go_on("transmitter", other, 0, "abd"), 422, "upload.digest");
  expect_problem(begin("transmitter", services_->max_payload + 1), 413, "http.too_large");
  EXPECT_TRUE(store_->list({}, "", 10)->items.empty());
}

TEST_F(UploadTest, BelongsToItsCertificate) {
  const auto path = begin("transmitter", 10).headers.at("location");
  for (const auto* who : {"depositor", "other", "platform"}) {
    expect_problem(call(who, "GET", path), 404, "upload.unknown");
    expect_problem(go_on(who, path, 0, "x"), 404, "upload.unknown");
    expect_problem(call(who, "DELETE", path), 404, "upload.unknown");
  }
  expect_problem(begin("reader", 10), 403, "access.denied");
  EXPECT_EQ(call("transmitter", "DELETE", path).status, 204);
  expect_problem(call("transmitter", "GET", path), 404, "upload.unknown");
}

TEST_F(UploadTest, AreFewAndEnd) {
  services_->guards = [] {
    config::Guards guards;
    guards.max_uploads = 2;
    return guards;
  };
  const auto first = begin("transmitter", 10).headers.at("location");
  ASSERT_EQ(begin("transmitter", 10).status, 201);
  const auto third = begin("transmitter", 10);
  expect_problem(third, 429, "upload.too_many");
  EXPECT_EQ(third.headers.count("retry-after"), 1U);
  ASSERT_EQ(go_on("transmitter", first, 0, "12345").status, 204);
  EXPECT_EQ(store_->uploads().expire(clock_.now() + std::chrono::hours(1)).value(), 2U);
  expect_problem(call("transmitter", "GET", first), 404, "upload.unknown");
  EXPECT_EQ(begin("transmitter", 10).status, 201);
}

TEST_F(UploadTest, OneRequestAtATime) {
  const auto path = begin("transmitter", 10).headers.at("location");
  const auto held = store_->uploads().open(store::UploadId{path.substr(path.rfind('/') + 1)}, 0);
  ASSERT_TRUE(held);
  ASSERT_TRUE((*held)->append("12"));
  expect_problem(go_on("transmitter", path, 0, "x"), 409, "upload.busy");
}

}  // namespace
}  // namespace demat::api
