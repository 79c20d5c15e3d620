#include "protocols/timestamp/timestamp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ts.h>

#include "protocols/trust/judge.hpp"
#include "tsa_kit.hpp"

namespace demat::timestamp {
namespace {

using test::make_token;
using test::ordinary_tsa;
using test::TokenWish;
using Naming = TokenWish::Naming;

Bytes digest_of(std::string_view text, Digester::Algorithm algorithm = Digester::Algorithm::sha256) {
  Digester digester(algorithm);
  digester.update(text);
  return digester.finish();
}

Ask ordinary_ask() {
  // The leading zero is lost in an INTEGER; the top bit makes it longer.
  return {Digester::Algorithm::sha256, digest_of("what is stamped"), {0, 0xF1, 2, 3, 4, 5, 6, 7, 8}, {}};
}

std::string code_of(const Result<Stamp>& result) {
  return result ? "" : result.error().code;
}

TEST(TimestampRequest, SaysWhatIsAsked) {
  auto ask = ordinary_ask();
  ask.policy = "1.2.3.4.5";
  const auto request = make_request(ask);
  ASSERT_TRUE(request);
  const test::TemporaryFolder folder;
  const auto file = folder.write("ask.tsq", as_text(*request));
  const auto told = test::run("openssl ts -query -in '" + file.string() + "' -text");
  EXPECT_EQ(told.code, 0) << told.output;
  EXPECT_THAT(told.output, testing::HasSubstr("Hash Algorithm: sha256"));
  EXPECT_THAT(told.output, testing::HasSubstr("Policy OID: 1.2.3.4.5"));
  EXPECT_THAT(told.output, testing::HasSubstr("Nonce: 0xF102030405060708"));
  EXPECT_THAT(told.output, testing::HasSubstr("Certificate required: yes"));
}

TEST(TimestampRequest, RefusesWhatCannotBeAsked) {
  const auto with = [](auto change) {
    auto ask = ordinary_ask();
    change(ask);
    const auto request = make_request(ask);
    return request ? std::string() : request.error().code + " " + request.error().detail;
  };
  EXPECT_EQ(with([](Ask&) {}), "");
  EXPECT_EQ(with([](Ask& ask) { ask.imprint.pop_back(); }), "timestamp.request imprint");
  EXPECT_EQ(with([](Ask& ask) { ask.algorithm = Digester::Algorithm::sha512; }), "timestamp.request imprint");
  EXPECT_EQ(with([](Ask& ask) { ask.algorithm = Digester::Algorithm::sha1; }), "timestamp.request imprint");
  EXPECT_EQ(with([](Ask& ask) { ask.nonce.resize(7); }), "timestamp.request nonce");
  EXPECT_EQ(with([](Ask& ask) { ask.nonce.resize(21); }), "timestamp.request nonce");
  EXPECT_EQ(with([](Ask& ask) { ask.policy = "no oid"; }), "timestamp.request policy");
}

TEST(TimestampToken, TellsWhatItProves) {
  TokenWish wish;
  wish.nonce = {1, 2, 3, 4, 5, 6, 7, 8};
  const auto stamp = verify_token(make_token(wish, ordinary_tsa()), "what is stamped");
  ASSERT_TRUE(stamp) << code_of(stamp);
  EXPECT_EQ(stamp->time, test::at("2026-01-15T10:30:00Z"));
  EXPECT_EQ(stamp->accuracy, std::chrono::milliseconds(1500));
  EXPECT_EQ(stamp->serial, "ABCD");
  EXPECT_EQ(stamp->policy, "1.2.250.1.999.3.1");
  EXPECT_EQ(stamp->nonce, wish.nonce);
  EXPECT_EQ(stamp->digest, "SHA256");
  EXPECT_EQ(stamp->imprint, digest_of("what is stamped"));
  EXPECT_EQ(stamp->certificate_der, ordinary_tsa().der());
  EXPECT_THAT(stamp->certificates, testing::ElementsAre(ordinary_tsa().der()));
}

TEST(TimestampToken, IsReadWithEachDigestAndNaming) {
  for (const auto algorithm : {Digester::Algorithm::sha1, Digester::Algorithm::sha256,
                               Digester::Algorithm::sha384, Digester::Algorithm::sha512}) {
    TokenWish wish;
    wish.algorithm = algorithm;
    const auto stamp = verify_token(make_token(wish, ordinary_tsa()), "what is stamped");
    ASSERT_TRUE(stamp) << code_of(stamp);
    EXPECT_EQ(stamp->imprint_algorithm, algorithm);
  }
  for (const auto naming : {Naming::second, Naming::first, Naming::both}) {
    TokenWish wish;
    wish.naming = naming;
    EXPECT_EQ(code_of(verify_token(make_token(wish, ordinary_tsa()), "what is stamped")), "");
  }
}

TEST(TimestampToken, WithZerosAfterItIsThatOfAPdf) {
  auto token = make_token({}, ordinary_tsa());
  token.resize(token.size() + 100);
  EXPECT_EQ(code_of(verify_token(token, "what is stamped")), "");
  token.back() = 1;
  EXPECT_EQ(code_of(verify_token(token, "what is stamped")), "timestamp.unreadable");
}

struct Hostile {
  const char* name;
  TokenWish wish;
  const char* code;
};

TEST(TimestampToken, HostileOnesAreRefused) {
  const std::vector<Hostile> cases{
      {"other content", {.stamped = "something else"}, "timestamp.imprint"},
      {"empty imprint", {.imprint = Bytes{}}, "timestamp.imprint"},
      {"no name", {.naming = Naming::none}, "timestamp.certificate"},
      {"named another", {.naming = Naming::other}, "timestamp.certificate"},
      {"named nonsense", {.naming = Naming::nonsense}, "timestamp.certificate"},
      {"no certificate", {.certificates = false}, "timestamp.certificate"},
      {"two signers", {.another_signer = true}, "timestamp.unreadable"},
      {"no stamp at all", {.content_type = NID_pkcs7_data}, "timestamp.unreadable"},
      {"no time", {.time = "yesterday"}, "timestamp.unreadable"},
      {"impossible time", {.time = "20261315103000Z"}, "timestamp.unreadable"},
  };
  for (const auto& [name, wish, code] : cases)
    EXPECT_EQ(code_of(verify_token(make_token(wish, ordinary_tsa()), "what is stamped")), code) << name;
}

TEST(TimestampToken, NeedsACertificateForStampsAlone) {
  const auto stamped_by = [](const std::string& usage) {
    const auto holder = test::issue({.extended_key_usage = usage}, &test::ordinary_pki().sub);
    return code_of(verify_token(make_token({}, holder), "what is stamped"));
  };
  EXPECT_EQ(stamped_by("critical,timeStamping"), "");
  EXPECT_EQ(stamped_by("timeStamping"), "timestamp.usage");
  EXPECT_EQ(stamped_by("critical,timeStamping,clientAuth"), "timestamp.usage");
  EXPECT_EQ(stamped_by("critical,emailProtection"), "timestamp.usage");
  EXPECT_EQ(stamped_by(""), "timestamp.usage");
}

TEST(TimestampToken, NoChangedByteAndNoPartOfItPasses) {
  const auto token = make_token({}, ordinary_tsa());
  const auto whole = verify_token(token, "what is stamped");
  ASSERT_TRUE(whole);
  std::size_t unsigned_bytes = 0;
  for (std::size_t i = 0; i < token.size(); ++i) {
    auto changed = token;
    changed[i] ^= 0x01;
    const auto stamp = verify_token(changed, "what is stamped");
    if (!stamp) continue;
    // A byte that no signature covers (versions, parameters) may change, but never what is told.
    ++unsigned_bytes;
    EXPECT_EQ(stamp->time, whole->time) << i;
    EXPECT_EQ(stamp->serial, whole->serial) << i;
    EXPECT_EQ(stamp->policy, whole->policy) << i;
    EXPECT_EQ(stamp->certificate_der, whole->certificate_der) << i;
  }
  EXPECT_LT(unsigned_bytes, 60U);
  for (std::size_t size = 0; size < token.size(); size += 7)
    EXPECT_FALSE(verify_token(std::span(token).first(size), "what is stamped")) << size;
  EXPECT_EQ(code_of(verify_token(Bytes(max_token + 1, 0x30), "")), "timestamp.unreadable");
}

TEST(TimestampToken, ItsDigestMayComeFromElsewhere) {
  const auto token = make_token({}, ordinary_tsa());
  const auto fails = verify_token(token, [](Digester::Algorithm) -> Result<Bytes> {
    return failure(waiting_error("store.down", "fr", "en"));
  });
  EXPECT_EQ(code_of(fails), "store.down");
}

TEST(TimestampResponse, GivesTheTokenThatWasAskedFor) {
  const auto ask = ordinary_ask();
  const auto token = read_response(test::answer_request(*make_request(ask), ordinary_tsa()), ask);
  ASSERT_TRUE(token) << token.error().code << token.error().detail;
  EXPECT_EQ(code_of(verify_token(*token, "what is stamped")), "");
}

TEST(TimestampResponse, OtherAnswersWait) {
  const auto ask = ordinary_ask();
  const auto answered = [&](const Bytes& response, Ask asked) {
    const auto token = read_response(response, asked);
    if (token) return std::string("granted");
    EXPECT_EQ(token.error().outlook, Outlook::waiting);
    EXPECT_FALSE(token.error().fr.empty());
    return token.error().code + (token.error().detail.empty() ? "" : " " + token.error().detail);
  };
  const auto good = test::answer_request(*make_request(ask), ordinary_tsa());
  auto another = ask;
  another.nonce.back() = 9;
  EXPECT_EQ(answered(good, another), "timestamp.mismatch nonce");
  another = ask;
  another.imprint = digest_of("something else");
  EXPECT_EQ(answered(good, another), "timestamp.mismatch imprint");
  another = ask;
  another.policy = "1.2.3.4";
  EXPECT_EQ(answered(good, another), "timestamp.mismatch policy 1.2.250.1.999.3.1");
  EXPECT_EQ(answered(test::make_response({}, 2, TS_INFO_BAD_ALG, "no\n\xC3\xA9"), ask),
            "timestamp.refused status 2, badAlg, no???");
  EXPECT_EQ(answered(test::make_response({}, 0), ask), "timestamp.response_unreadable");
  EXPECT_EQ(answered(test::make_response({}, 5), ask), "timestamp.refused status 5");
  EXPECT_EQ(answered({}, ask), "timestamp.response_unreadable");
  EXPECT_EQ(answered(Bytes{'<', 'h', 't', 'm', 'l', '>'}, ask), "timestamp.response_unreadable");
  TokenWish wish;
  wish.nonce = ask.nonce;
  wish.naming = Naming::none;
  EXPECT_EQ(answered(test::make_response(make_token(wish, ordinary_tsa())), ask),
            "timestamp.untrue timestamp.certificate (signingCertificate is missing)");
}

// The tools of OpenSSL agree, both ways.
TEST(TimestampOracle, OpensslVerifiesWhatTheKitMakes) {
  const test::TemporaryFolder folder;
  const auto token = folder.write("t.tst", as_text(make_token({}, ordinary_tsa())));
  const auto data = folder.write("data", "what is stamped");
  const auto root = folder.write("root.pem", test::ordinary_pki().root.pem());
  const auto sub = folder.write("sub.pem", test::ordinary_pki().sub.pem());
  const auto ran =
      test::run("openssl ts -verify -token_in -in '" + token.string() + "' -data '" + data.string() +
                "' -CAfile '" + root.string() + "' -untrusted '" + sub.string() + "' -attime 1768473000");
  EXPECT_EQ(ran.code, 0) << ran.output;
}

TEST(TimestampTrust, AnAuthorityIsJudgedForStamps) {
  auto contents = test::contents_of(test::ordinary_pki());
  contents.rules.policies.clear();
  const auto profile = test::profile_of(std::move(contents));
  auto question = test::question_of(ordinary_tsa());
  question.use = trust::Use::time_stamping;
  const auto believed = trust::judge(&profile, question);
  EXPECT_EQ(believed.verdict.indication, trust::Indication::passed);
  EXPECT_THAT(test::codes(believed, trust::Outcome::pass), testing::HasSubstr("trust.usage.stamps"));
  auto person = test::question_of(test::ordinary_pki().leaf);
  person.use = trust::Use::time_stamping;
  EXPECT_EQ(test::codes(trust::judge(&profile, person), trust::Outcome::fail), "trust.usage.no_stamps");
}

}  // namespace
}  // namespace demat::timestamp
