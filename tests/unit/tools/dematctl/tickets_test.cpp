#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "fake_gateway.hpp"
#include "protocols/base/digest.hpp"
#include "tools/dematctl/commands_tickets.hpp"

namespace demat::ctl {
namespace {

using ::testing::HasSubstr;

/// A gateway that takes an upload in pieces over a bad line.
class BadLine final : public HttpClient {
 public:
  Answer<HttpResponse> send(const HttpRequest& request) override {
    if (request.method == "POST") return HttpResponse{201, {}, R"({"id":"u1","offset":0})"};
    if (request.method == "GET")
      return HttpResponse{200, {}, R"({"id":"u1","offset":)" + std::to_string(taken.size()) + "}"};
    ++patches;
    std::string offset;
    for (const auto& [name, value] : request.headers)
      if (name == "Upload-Offset") offset = value;
    if (offset != std::to_string(taken.size()))
      return HttpResponse{409, {}, R"({"code":"upload.offset","detail":"x","detail_en":"x","status":409})"};
    if (breaks > 0) {
      --breaks;
      taken += request.body.substr(0, keeps);
      return fail({Exit::network, permanent_error("ctl.network", "Injoignable.", "Unreachable."), {}});
    }
    taken += request.body;
    if (taken.size() < size) return HttpResponse{204, {}, ""};
    return HttpResponse{202, {}, R"({"id":"f1","state":"received"})"};
  }

  std::string taken;
  std::size_t size = 0;
  std::size_t keeps = 0;
  int breaks = 0;
  int patches = 0;
};

class ResumableTest : public ::testing::Test {
 protected:
  void SetUp() override {
    file_ = std::filesystem::temp_directory_path() / ("dematctl-resumable-" + std::to_string(getpid()));
    content_.reserve(20'000'000);
    while (content_.size() < 20'000'000)
      content_ += std::to_string(content_.size()) + ";";
    std::ofstream(file_, std::ios::binary) << content_;
    line_.size = content_.size();
  }
  void TearDown() override { std::filesystem::remove(file_); }

  std::filesystem::path file_;
  std::string content_;
  BadLine line_;
  std::ostringstream out_;
  Output output_{out_, out_, false, 0};
  Api api_{line_};
  std::chrono::milliseconds slept_{0};
  Session session_{api_, output_, [this](std::chrono::milliseconds wait) { slept_ += wait; }};
};

TEST_F(ResumableTest, GoesOnWhereTheLineBroke) {
  line_.breaks = 3;
  line_.keeps = 123'456;
  const auto reply = upload_resumable(session_, file_, {});
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 202);
  EXPECT_EQ(sha256(line_.taken), sha256(content_));
  EXPECT_GT(slept_.count(), 0);
}

TEST_F(ResumableTest, GivesUpWhenNothingMoves) {
  line_.breaks = 1'000;
  const auto reply = upload_resumable(session_, file_, {});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().exit, Exit::network);
  EXPECT_LT(line_.patches, 20);
}

TEST(Tokens, AreShownOnce) {
  FakeGateway gateway;
  gateway.answers("POST /v1/tokens", 201, R"({"id":"t1","token":"demat_x"})");
  auto session = gateway.session();
  EXPECT_EQ(token_create(session, {"logiciel", {"123456782:reader"}, 30}), Exit::ok);
  EXPECT_THAT(gateway.out.str(), HasSubstr("demat_x"));
  EXPECT_EQ(gateway.body_of(0).at("days").as_int64(), 30);
  EXPECT_EQ(token_create(session, {"x", {"nonsense"}, 30}), Exit::usage);
}

TEST(Orphans, GoToAFlowOrAnAuthority) {
  FakeGateway gateway;
  gateway.answers("POST /v1/orphans/r1/attach", 200, R"({"id":"r1","state":"matched","flow":"f1"})");
  auto session = gateway.session();
  EXPECT_EQ(orphans_attach(session, {"r1", "123456782", "why"}), Exit::ok);
  EXPECT_TRUE(gateway.body_of(0).contains("authority"));
  EXPECT_EQ(orphans_attach(session, {"r1", "0190-flow", "why"}), Exit::ok);
  EXPECT_TRUE(gateway.body_of(1).contains("flow"));
}

TEST(Orphans, AreLookedAtPageByPage) {
  FakeGateway gateway;
  gateway.answers("POST /v1/orphans/reanalyse", 200,
                  R"({"looked_at":500,"settled":1,"failed":0,"next":"c"})");
  gateway.answers("POST /v1/orphans/reanalyse", 200, R"({"looked_at":2,"settled":0,"failed":0})");
  auto session = gateway.session();
  EXPECT_EQ(orphans_reanalyse(session, {}, "why"), Exit::ok);
  ASSERT_EQ(gateway.requests.size(), 2U);
  EXPECT_EQ(gateway.body_of(1).at("cursor").as_string(), "c");
}

}  // namespace
}  // namespace demat::ctl
