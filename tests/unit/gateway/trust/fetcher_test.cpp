// Lists fetched from a real web server: what is taken over, and what never is.

#include "gateway/trust/fetcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "gateway/trust/loading.hpp"
#include "pki_kit.hpp"
#include "tests/support/rig/list_server.hpp"

using namespace demat;
using namespace demat::trust_desk;
using namespace std::chrono_literals;
using rig::ListServer;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

const trust::Instant noon = test::at("2026-01-15T12:00:00Z");

Bytes list_of(long number, const char* this_update = "20260115080000Z",
              const char* next = "20260116080000Z") {
  return test::make_list({.number = number, .this_update = this_update, .next_update = next},
                         test::ordinary_pki().sub);
}

class Fetcher : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"anchors", "issuers", "crls"})
      std::filesystem::create_directories(folder_.path() / "profile" / name);
    const auto& pki = test::ordinary_pki();
    folder_.write("profile/anchors/root.pem", pki.root.pem());
    const Bytes sub = pki.sub.der();
    folder_.write("profile/issuers/sub.der", as_text(sub));
    settings_.data_folder = folder_.path() / "data";
    settings_.trusts = {{.name = "essai", .folder = folder_.path() / "profile"}};
    auto& trust = settings_.trusts[0];
    trust.fetch = true;
    trust.fetch_hosts = {"127.0.0.1"};
    trust.fetch_timeout = 20s;
    trust.fetch_max = 20'000;
    server_.publish("sub.crl", as_text(first_));
  }

  /// A desk that has judged a signer whose certificate points to these places.
  std::shared_ptr<TrustDesk> desk_pointing_to(const std::vector<std::string>& urls) {
    auto desk = TrustDesk::open(settings_).value();
    for (const auto& url : urls)
      desk->saw("essai", signer_pointing_to(url));
    return desk;
  }
  static Bytes signer_pointing_to(const std::string& url) {
    return test::issue({.crl_points = "URI:" + url}, &test::ordinary_pki().sub).der();
  }
  ListFetcher::Turn turn(TrustDesk& desk) {
    return fetcher_.turn(desk, [this] { return now_; }, {});
  }
  /// The error of the only place, and that a turn brought nothing.
  std::string refusal(const std::string& url) {
    const auto desk = desk_pointing_to({url});
    EXPECT_FALSE(turn(*desk).fresh);
    EXPECT_TRUE(desk->refresh().changed.empty());
    EXPECT_TRUE(desk->find("essai")->crls().empty());
    return fetcher_.states().at(0).error;
  }
  [[nodiscard]] std::filesystem::path fetched_crls() const {
    return fetched_folder(settings_, "essai") / "crls";
  }
  [[nodiscard]] static std::vector<std::string> numbers(TrustDesk& desk) {
    EXPECT_TRUE(desk.refresh().broken.empty());
    std::vector<std::string> out;
    const auto profile = desk.find("essai");
    for (const auto& list : profile->crls())
      out.push_back(list.number);
    return out;
  }

  const Bytes first_ = list_of(7);
  ListServer server_;
  test::TemporaryFolder folder_;
  config::Settings settings_;
  trust::Instant now_ = noon;
  ListFetcher fetcher_{[] { return 0.5; }};
};

TEST_F(Fetcher, TakesAListFromWhereASignersCertificateSays) {
  const auto desk = desk_pointing_to({server_.url("/lists/sub.crl")});
  EXPECT_TRUE(turn(*desk).fresh);
  EXPECT_THAT(numbers(*desk), ElementsAre("7"));
  EXPECT_TRUE(desk->find("essai")->crls().at(0).authentic);
  const auto state = fetcher_.states().at(0);
  EXPECT_EQ(state.error, "");
  EXPECT_EQ(state.number, "7");
  EXPECT_EQ(state.last_success, noon);
  // Not again before its time: half of the time it is good for, within fetch_every.
  EXPECT_EQ(state.next_try, noon + 1h);
  now_ = noon + 59min;
  EXPECT_FALSE(turn(*desk).fresh);
  EXPECT_EQ(server_.requests().size(), 1U);
}

TEST_F(Fetcher, TakesAListFromWhereAnAuthorityOfTheProfileSays) {
  const auto inner = test::issue(
      {.name = "Autre autorité", .authority = true, .crl_points = "URI:" + server_.url("/lists/sub.crl")},
      &test::ordinary_pki().sub);
  std::filesystem::create_directories(folder_.path() / "profile/intermediates");
  folder_.write("profile/intermediates/inner.pem", inner.pem());
  const auto desk = desk_pointing_to({});
  EXPECT_TRUE(turn(*desk).fresh);
  EXPECT_THAT(numbers(*desk), ElementsAre("7"));
}

TEST_F(Fetcher, AsksWithConditionsAndTakesWhatIsNew) {
  const auto desk = desk_pointing_to({server_.url("/lists/sub.crl")});
  EXPECT_TRUE(turn(*desk).fresh);
  fetcher_.all_now();
  EXPECT_FALSE(turn(*desk).fresh);
  EXPECT_EQ(fetcher_.states().at(0).error, "");
  server_.publish("sub.crl", test::list_pem(list_of(8)));
  fetcher_.all_now();
  EXPECT_TRUE(turn(*desk).fresh);
  EXPECT_THAT(numbers(*desk), ElementsAre("8"));
  EXPECT_THAT(server_.requests(),
              ElementsAre("/lists/sub.crl - -", "/lists/sub.crl etag since", "/lists/sub.crl etag since"));
}

TEST_F(Fetcher, AListSurvivesARestartAndSoDoesItsPlace) {
  {
    const auto desk = desk_pointing_to({server_.url("/lists/sub.crl")});
    EXPECT_TRUE(turn(*desk).fresh);
  }
  const auto desk = desk_pointing_to({});
  EXPECT_THAT(numbers(*desk), ElementsAre("7"));
  ListFetcher again([] { return 0.5; });
  EXPECT_FALSE(again.turn(*desk, [] { return noon; }, {}).fresh);
  EXPECT_EQ(again.states().at(0).number, "7");
  EXPECT_THAT(server_.requests(), ElementsAre("/lists/sub.crl - -", "/lists/sub.crl - since"));
}

TEST_F(Fetcher, ADamagedFileOfOursIsFetchedAnew) {
  const auto desk = desk_pointing_to({server_.url("/lists/sub.crl")});
  EXPECT_TRUE(turn(*desk).fresh);
  for (const auto& file : std::filesystem::directory_iterator(fetched_crls()))
    rig::write_file(file.path(), "half a li");
  EXPECT_THAT(numbers(*desk), IsEmpty());
  fetcher_.all_now();
  EXPECT_TRUE(turn(*desk).fresh);
  EXPECT_THAT(numbers(*desk), ElementsAre("7"));
  EXPECT_EQ(server_.requests().back(), "/lists/sub.crl - -");
}

/// What stands at an address, and why it is dropped.
struct Bad {
  const char* name;
  std::string path;
  Bytes bytes;
  const char* code;
};

class BadList : public Fetcher, public testing::WithParamInterface<Bad> {};

Bytes bytes_of(std::string_view text) {
  return {text.begin(), text.end()};
}

TEST_P(BadList, NeverTakesTheFormersPlace) {
  server_.publish("bad.crl", as_text(GetParam().bytes));
  EXPECT_EQ(refusal(server_.url(GetParam().path)), GetParam().code);
  // Nor when there is a former one.
  server_.publish("good.crl", as_text(first_));
  const auto desk = desk_pointing_to({server_.url("/lists/good.crl")});
  fetcher_.all_now();
  EXPECT_TRUE(turn(*desk).fresh);
  server_.publish("good.crl", as_text(GetParam().bytes));
  fetcher_.all_now();
  EXPECT_FALSE(turn(*desk).fresh);
  EXPECT_THAT(numbers(*desk), ElementsAre("7"));
}

INSTANTIATE_TEST_SUITE_P(
    Lists, BadList,
    testing::Values(
        Bad{"Garbage", "/lists/bad.crl", bytes_of("<html>It works!</html>"), "trust.crl_unreadable"},
        Bad{"Empty", "/lists/bad.crl", {}, "trust.crl_unreadable"},
        Bad{"Stranger", "/lists/bad.crl",
            test::make_list({}, test::issue({.name = "Signataires d'essai", .authority = true}, nullptr)),
            "trust.list_not_authentic"},
        Bad{"Over", "/lists/bad.crl", list_of(9, "20260114080000Z", "20260115115900Z"), "trust.list_over"},
        Bad{"Future", "/lists/bad.crl", list_of(9, "20260115120600Z"), "trust.list_future"},
        Bad{"TooLong", "/lists/bad.crl", Bytes(20'001, 'x'), "trust.fetch_too_large"}),
    [](const auto& info) { return std::string(info.param.name); });

struct BadAnswer {
  const char* path;
  const char* code;
};

class BadServer : public Fetcher, public testing::WithParamInterface<BadAnswer> {};

TEST_P(BadServer, IsToldAndForgottenForAWhile) {
  if (std::string_view(GetParam().path) == "/slow") settings_.trusts[0].fetch_timeout = 1s;
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(refusal(server_.url(GetParam().path)), GetParam().code);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 10s);
  EXPECT_EQ(fetcher_.states().at(0).next_try, noon + 60s);
}

INSTANTIATE_TEST_SUITE_P(Answers, BadServer,
                         testing::Values(BadAnswer{"/nothing", "trust.fetch_status"},
                                         BadAnswer{"/huge", "trust.fetch_too_large"},
                                         BadAnswer{"/long", "trust.fetch_too_large"},
                                         BadAnswer{"/slow", "trust.fetch_unreachable"},
                                         BadAnswer{"/cut", "trust.fetch_unreachable"},
                                         BadAnswer{"/bomb", "trust.crl_unreadable"},
                                         BadAnswer{"/loop", "trust.fetch_redirects"},
                                         BadAnswer{"/to?http://elsewhere.example/a.crl", "trust.fetch_host"},
                                         BadAnswer{"/to?file:///etc/hostname", "trust.fetch_address"},
                                         BadAnswer{"/to?ftp://127.0.0.1/a.crl", "trust.fetch_address"}));

TEST_F(Fetcher, AnOlderListDoesNotComeBack) {
  const auto desk = desk_pointing_to({server_.url("/bare/sub.crl")});
  EXPECT_TRUE(turn(*desk).fresh);
  for (const auto& old : {list_of(6, "20260115090000Z"), list_of(0, "20260115070000Z")}) {
    server_.publish("sub.crl", as_text(old));
    fetcher_.all_now();
    EXPECT_FALSE(turn(*desk).fresh);
    EXPECT_EQ(fetcher_.states().at(0).error, "trust.list_older");
    EXPECT_THAT(numbers(*desk), ElementsAre("7"));
  }
}

TEST_F(Fetcher, FollowsRedirectionsToListedHosts) {
  const auto desk = desk_pointing_to({server_.url("/to?" + server_.url("/lists/sub.crl"))});
  EXPECT_TRUE(turn(*desk).fresh);
  EXPECT_THAT(numbers(*desk), ElementsAre("7"));
}

TEST_F(Fetcher, GoesNowhereElse) {
  // Not listed; listed by a pattern, but on this machine; an authority nobody knows.
  settings_.trusts[0].fetch_hosts = {"crl.example.fr", "*.localhost"};
  const auto stranger = test::issue({.name = "Autre", .authority = true}, nullptr);
  const auto desk =
      desk_pointing_to({server_.url("/lists/sub.crl"), server_.url("/lists/sub.crl", "crl.localhost")});
  desk->saw("essai", test::issue({.crl_points = "URI:" + server_.url("/lists/stranger.crl", "crl.localhost")},
                                 &stranger)
                         .der());
  EXPECT_FALSE(turn(*desk).fresh);
  EXPECT_THAT(server_.requests(), IsEmpty());
  std::vector<std::string> errors;
  for (const auto& state : fetcher_.states())
    errors.push_back(state.error);
  EXPECT_THAT(errors, testing::UnorderedElementsAre("trust.fetch_host", "trust.fetch_private"));
  // The operator adds it, and it is asked.
  settings_.trusts[0].fetch_hosts = {"127.0.0.1"};
  const auto reloaded = TrustDesk::open(settings_).value();
  EXPECT_TRUE(turn(*reloaded).fresh);
}

TEST_F(Fetcher, KnowsABoundedNumberOfPlaces) {
  settings_.trusts[0].fetch_hosts = {"crl.example.fr"};
  std::string points;
  for (int i = 0; i < 70; ++i)
    points += (i == 0 ? "URI:" : ",URI:") + server_.url("/lists/" + std::to_string(i));
  const auto desk = desk_pointing_to({});
  desk->saw("essai", test::issue({.crl_points = points}, &test::ordinary_pki().sub).der());
  EXPECT_FALSE(turn(*desk).fresh);
  EXPECT_EQ(fetcher_.states().size(), ListFetcher::most_places);
}

TEST_F(Fetcher, LeavesOtherKindsOfAddressesAlone) {
  const auto desk =
      desk_pointing_to({"ldap://127.0.0.1/cn=liste", "file:///etc/hostname", "http://127.0.0.1/a b"});
  EXPECT_FALSE(turn(*desk).fresh);
  EXPECT_THAT(fetcher_.states(), IsEmpty());
}

TEST_F(Fetcher, WaitsLongerAfterEachFailure) {
  const auto url = server_.url("/lists/sub.crl");
  const auto desk = desk_pointing_to({url});
  server_.stop();
  std::vector<std::chrono::seconds> pauses;
  for (int i = 0; i < 8; ++i) {
    EXPECT_FALSE(turn(*desk).fresh);
    const auto state = fetcher_.states().at(0);
    EXPECT_EQ(state.error, "trust.fetch_unreachable");
    pauses.push_back(state.next_try - now_);
    now_ = state.next_try;
  }
  EXPECT_THAT(pauses, ElementsAre(60s, 120s, 240s, 480s, 960s, 1920s, 3600s, 3600s));
}

TEST_F(Fetcher, AFullDiskLeavesTheFormerListInForce) {
  const auto desk = desk_pointing_to({server_.url("/lists/sub.crl")});
  EXPECT_TRUE(turn(*desk).fresh);
  server_.publish("sub.crl", as_text(list_of(8)));
  // A folder in the place of the file beside it: the list cannot be written, whoever runs the test.
  for (const auto& file : std::filesystem::directory_iterator(fetched_crls()))
    std::filesystem::create_directories(file.path().string() + ".tmp/inner");
  fetcher_.all_now();
  EXPECT_FALSE(turn(*desk).fresh);
  EXPECT_EQ(fetcher_.states().at(0).error, "trust.fetch_write");
  EXPECT_THAT(numbers(*desk), ElementsAre("7"));
}

TEST_F(Fetcher, ProfilesThatDoNotFetchAreLeftAlone) {
  settings_.trusts[0].fetch = false;
  const auto desk = desk_pointing_to({server_.url("/lists/sub.crl")});
  EXPECT_FALSE(turn(*desk).fresh);
  EXPECT_THAT(fetcher_.states(), IsEmpty());
  EXPECT_THAT(server_.requests(), IsEmpty());
}

TEST_F(Fetcher, EndsWhenAsked) {
  settings_.trusts[0].fetch_timeout = 20s;
  const auto patient = TrustDesk::open(settings_).value();
  patient->saw("essai", signer_pointing_to(server_.url("/slow")));
  std::stop_source stop;
  std::thread stopping([&] {
    std::this_thread::sleep_for(300ms);
    stop.request_stop();
  });
  const auto began = std::chrono::steady_clock::now();
  EXPECT_FALSE(fetcher_
                   .turn(
                       *patient, [] { return noon; }, stop.get_token())
                   .fresh);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 10s);
  stopping.join();
}

}  // namespace
