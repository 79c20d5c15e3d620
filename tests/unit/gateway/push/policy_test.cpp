#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <cstring>

#include "gateway/push/deliverer.hpp"
#include "gateway/push/signature.hpp"
#include "gateway/push/url_policy.hpp"

namespace demat::push {
namespace {

config::Push allowing(std::vector<std::string> hosts) {
  config::Push push;
  push.allowed_hosts = std::move(hosts);
  return push;
}

std::string refusal(const std::string& url, const config::Push& push) {
  const auto status = check_url(url, push);
  return status ? "" : status.error().code;
}

TEST(UrlPolicy, OnlyHttpsToAllowedHosts) {
  const auto push = allowing({"hooks.example.fr", "*.editeur.example"});
  const struct {
    const char* url;
    const char* code;
  } cases[] = {
      {"https://hooks.example.fr/demat?x=1", ""},
      {"https://HOOKS.example.fr:8443/", ""},
      {"https://a.editeur.example/", ""},
      {"https://a.b.editeur.example/", ""},
      {"https://editeur.example/", "push.host"},
      {"https://xediteur.example/", "push.host"},
      {"https://hooks.example.fr.evil.example/", "push.host"},
      {"https://127.0.0.1/", "push.host"},
      {"https://[::1]/", "push.host"},
      {"http://hooks.example.fr/", "push.url"},
      {"https://user@hooks.example.fr/", "push.url"},
      {"https://hooks.example.fr/#part", "push.url"},
      {"https:///path", "push.url"},
      {"hooks.example.fr", "push.url"},
      {"ftp://hooks.example.fr/", "push.url"},
      {"file:///etc/passwd", "push.url"},
  };
  for (const auto& one : cases)
    EXPECT_EQ(refusal(one.url, push), one.code) << one.url;
  EXPECT_EQ(refusal("https://hooks.example.fr/", allowing({})), "push.off");
}

bool is_private(const std::string& text) {
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  sockaddr_storage storage{};
  if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1)
    std::memcpy(&storage, &v4, sizeof v4);
  else if (inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1)
    std::memcpy(&storage, &v6, sizeof v6);
  else
    ADD_FAILURE() << text;
  return is_private_address(reinterpret_cast<const sockaddr&>(storage));
}

TEST(UrlPolicy, KnowsWhatIsInside) {
  for (const auto* inside : {"127.0.0.1",       "10.1.2.3",        "172.16.0.1",    "172.31.255.255",
                             "192.168.1.1",     "169.254.169.254", "100.64.0.1",    "0.0.0.0",
                             "224.0.0.1",       "255.255.255.255", "::1",           "::",
                             "fe80::1",         "fd00::1",         "ff02::1",       "::ffff:127.0.0.1",
                             "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1"})
    EXPECT_TRUE(is_private(inside)) << inside;
  for (const auto* outside : {"8.8.8.8", "172.32.0.1", "193.252.1.1", "2a01:e0a::1", "::ffff:8.8.8.8"})
    EXPECT_FALSE(is_private(outside)) << outside;
}

/// Computed with: printf '1700000000.{}' | openssl dgst -sha256 -hmac whsec_test
TEST(Signature, IsHmacOfTimeAndBody) {
  const auto signature = signature_of("whsec_test", 1'700'000'000, "{}");
  EXPECT_EQ(signature, "t=1700000000,v1=35495024f4ef3f94e5a93e22221544c4b75e9a42300cd965ab81cb85cd994e91");
  EXPECT_NE(signature, signature_of("whsec_tess", 1'700'000'000, "{}"));
  EXPECT_NE(signature, signature_of("whsec_test", 1'700'000'001, "{}"));
  EXPECT_EQ(make_secret().size(), 70U);
  EXPECT_NE(make_secret(), make_secret());
}

TEST(Deliverer, WaitsLongerAndLongerUpToAnHour) {
  using std::chrono::seconds;
  EXPECT_EQ(wait_after(1), seconds(5));
  EXPECT_EQ(wait_after(2), seconds(10));
  EXPECT_EQ(wait_after(5), seconds(80));
  EXPECT_EQ(wait_after(11), seconds(3'600));
  EXPECT_EQ(wait_after(4'000'000'000U), seconds(3'600));
}

}  // namespace
}  // namespace demat::push
