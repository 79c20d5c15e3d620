#include "gateway/transport/prefecture_post.hpp"

#include <gtest/gtest.h>

namespace demat::transport {
namespace {

struct Case {
  const char* name;
  PostProgress progress;
  const char* code;  ///< nullptr: delivered
  Delivery delivery = Delivery::ambiguous;
};

PostProgress answered(long status, bool begun = true, bool whole = true) {
  return {CURLE_OK, "", begun, whole, status, "HTTP/1.1 " + std::to_string(status), {}};
}

PostProgress broken(CURLcode code, const char* words, bool begun, bool whole = false) {
  return {code, words, begun, whole, 0, "", {}};
}

TEST(JudgePost, IsExact) {
  constexpr Delivery no = Delivery::not_delivered;
  constexpr Delivery unsure = Delivery::ambiguous;
  const std::vector<Case> cases{
      {"created", answered(201), nullptr},
      {"success before the whole body", answered(201, true, false), "transport.unexpected", unsure},
      {"ok is not created", answered(200), "transport.unexpected", unsure},
      {"accepted", answered(202), "transport.unexpected", unsure},
      {"redirect", answered(302), "transport.unexpected", unsure},
      {"redirect before the body", answered(302, false, false), "transport.unexpected", no},
      {"bad request", answered(400), "transport.refused", no},
      {"unauthorised", answered(401, false, false), "transport.login", no},
      {"forbidden", answered(403), "transport.refused", no},
      {"conflict", answered(409), "transport.unexpected", unsure},
      {"too large, in the middle", answered(413, true, false), "transport.refused", no},
      {"server error", answered(500), "transport.unavailable", unsure},
      {"unavailable", answered(503), "transport.unavailable", unsure},
      {"gateway timeout", answered(504), "transport.unavailable", unsure},
      {"unavailable at once", answered(503, false, false), "transport.unavailable", no},
      {"unavailable in the middle", answered(503, true, false), "transport.unavailable", no},
      {"nobody listens", broken(CURLE_COULDNT_CONNECT, "", false), "transport.unreachable", no},
      {"pin", broken(CURLE_SSL_PINNEDPUBKEYNOTMATCH, "", false), "transport.identity", no},
      {"certificate", broken(CURLE_PEER_FAILED_VERIFICATION, "", false), "transport.identity", no},
      {"our certificate", broken(CURLE_RECV_ERROR, "tlsv13 alert certificate required", false),
       "transport.login", no},
      {"cut before the body", broken(CURLE_RECV_ERROR, "reset", false), "transport.interrupted", no},
      {"cut in the body", broken(CURLE_SEND_ERROR, "reset", true), "transport.interrupted", unsure},
      {"no answer", broken(CURLE_GOT_NOTHING, "", true, true), "transport.interrupted", unsure},
      {"late", broken(CURLE_OPERATION_TIMEDOUT, "", true, true), "transport.timeout", unsure},
  };
  config::Destination to;
  for (const Case& one : cases) {
    const auto verdict = judge_post(to, one.progress);
    EXPECT_EQ(verdict.has_value(), one.code == nullptr) << one.name;
    if (verdict || one.code == nullptr) continue;
    EXPECT_EQ(verdict.error().error.code, one.code) << one.name;
    EXPECT_EQ(verdict.error().delivery, one.delivery) << one.name;
    EXPECT_EQ(verdict.error().error.outlook, Outlook::waiting) << one.name;
  }
  to.prefecture.server_error_means_not_delivered = true;
  EXPECT_EQ(judge_post(to, answered(500)).error().delivery, no);
  to.prefecture.success_codes = {200, 201};
  EXPECT_TRUE(judge_post(to, answered(200)));
}

}  // namespace
}  // namespace demat::transport
