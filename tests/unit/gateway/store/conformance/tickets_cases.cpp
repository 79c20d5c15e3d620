#include "gateway/store/tickets.hpp"
#include "protocols/base/digest.hpp"
#include "tests/unit/gateway/store/conformance/suite.hpp"

// Idempotency keys and bearer tokens.

namespace demat::store::conformance {
namespace {

using std::chrono::hours;

OnceKey once(const std::string& key, const std::string& request = "r") {
  return {IdentityId{std::string(64, 'a')}, key, sha256(request)};
}

KeptAnswer words(AcceptedAs as, const flow::Flow& flow) {
  const int status = as == AcceptedAs::fresh ? 202 : as == AcceptedAs::same_bytes ? 200 : 409;
  return {status,
          {{"Location", "/v1/flows/" + flow.id.str()}, {"X", "a: b"}},
          "{\"id\":\"" + flow.id.str() + "\"}"};
}

TEST_P(StoreSuite, AnAcceptanceKeepsItsAnswerWithIt) {
  auto& tickets = store().tickets();
  const auto key = once("k1");
  EXPECT_FALSE(tickets.remembered(key.identity, "k1", Instant{}).value());
  const auto outcome = tickets.accept_once(wanted("A"), stage("<a/>"), key, words);
  ASSERT_TRUE(outcome);
  const auto id = std::get<DurableReceipt>(*outcome).flow().id;
  auto& again = host->reopen().tickets();
  const auto found = again.remembered(key.identity, "k1", Instant{}).value();
  ASSERT_TRUE(found && found->answer);
  EXPECT_EQ(found->request, key.request);
  EXPECT_EQ(found->answer->status, 202);
  EXPECT_EQ(found->answer->body, "{\"id\":\"" + id.str() + "\"}");
  EXPECT_EQ(found->answer->headers.at(1), (std::pair<std::string, std::string>("X", "a: b")));

  ASSERT_TRUE(again.accept_once(wanted("A"), stage("<a/>"), once("k2"), words));
  EXPECT_EQ(again.remembered(key.identity, "k2", Instant{}).value()->answer->status, 200);
  ASSERT_TRUE(again.accept_once(wanted("A"), stage("<b/>"), once("k3"), words));
  EXPECT_EQ(again.remembered(key.identity, "k3", Instant{}).value()->answer->status, 409);
  EXPECT_EQ(store().list({}, "", 10)->items.size(), 1U);
}

TEST_P(StoreSuite, KeysBelongToTheirCallerAndEnd) {
  auto& tickets = store().tickets();
  const auto key = once("k");
  ASSERT_TRUE(tickets.begin_once(key));
  EXPECT_FALSE(tickets.remembered(key.identity, "k", Instant{}).value()->answer) << "begun, not answered";
  EXPECT_FALSE(tickets.remembered(IdentityId{"other"}, "k", Instant{}).value());
  ASSERT_TRUE(tickets.remember(key, {201, {}, "done"}));
  EXPECT_EQ(tickets.remembered(key.identity, "k", Instant{}).value()->answer->body, "done");
  clock.advance(hours(2));
  EXPECT_FALSE(tickets.remembered(key.identity, "k", clock.now() - hours(1)).value()) << "past its life";
  ASSERT_TRUE(tickets.begin_once(once("fresh")));
  EXPECT_EQ(tickets.forget_before(clock.now() - hours(1)).value(), 1U);
  ASSERT_TRUE(tickets.forget(once("fresh")));
  EXPECT_FALSE(tickets.remembered(key.identity, "fresh", Instant{}).value());
}

TEST_P(StoreSuite, TokensAreKeptByDigestAndRevoked) {
  const IdentityId owner{std::string(64, 'b')};
  ASSERT_TRUE(store().put_identity({owner, "owner", {}, true}, "test"));
  StoredToken stored;
  stored.token.id = TokenId{"0011"};
  stored.token.identity = owner;
  stored.token.name = "logiciel";
  stored.token.grants = {{AuthorityId{"123456782"}, flow::Role::reader},
                         {AuthorityId{"123456782"}, flow::Role::depositor}};
  stored.token.created_at = clock.now();
  stored.token.expires_at = clock.now() + hours(1);
  stored.secret = sha256("secret");
  ASSERT_TRUE(store().tickets().put_token(stored, "test"));
  auto& tickets = host->reopen().tickets();
  const auto found = tickets.find_token(TokenId{"0011"}).value();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->secret, sha256("secret"));
  EXPECT_EQ(found->token.grants, stored.token.grants);
  EXPECT_EQ(found->token.expires_at, stored.token.expires_at);
  EXPECT_EQ(tickets.tokens(owner).value().size(), 1U);
  EXPECT_EQ(tickets.tokens(std::nullopt).value().size(), 1U);
  EXPECT_TRUE(tickets.tokens(IdentityId{"other"}).value().empty());
  ASSERT_TRUE(tickets.revoke_token(TokenId{"0011"}, "test"));
  const auto at = tickets.find_token(TokenId{"0011"}).value()->token.revoked_at;
  EXPECT_TRUE(at);
  clock.advance(hours(1));
  ASSERT_TRUE(tickets.revoke_token(TokenId{"0011"}, "test"));
  EXPECT_EQ(tickets.find_token(TokenId{"0011"}).value()->token.revoked_at, at);
  EXPECT_EQ(tickets.revoke_token(TokenId{"none"}, "test").error().code, "store.not_found");
  EXPECT_TRUE(store().verify_journal()->intact);
}

}  // namespace
}  // namespace demat::store::conformance
