#include "gateway/api/return_pieces.hpp"

#include "gateway/pipeline/answer_settler.hpp"
#include "gateway/store/returns.hpp"
#include "tests/support/pes_domains.hpp"
#include "tests/unit/gateway/api/rig/api_fixture.hpp"

namespace demat::api {
namespace {

using flow::ReturnState;
using ::testing::HasSubstr;

/// Returns as the gateway takes them in: imported, then looked at by the settler.
class ReturnedTest : public ApiTest {
 protected:
  ReturnId arrived(const std::string& name, const std::string& bytes) {
    auto writer = store_->new_payload();
    EXPECT_TRUE((*writer)->append(bytes));
    auto payload = (*writer)->finish();
    store::NewReturn fresh{DestinationName{"simu"}, name, std::nullopt, "unknown", clock_.now()};
    const auto imported = store_->import_return(std::move(fresh), std::move(*payload));
    EXPECT_TRUE(imported);
    EXPECT_TRUE(pipeline::AnswerSettler(*store_, *recorder_).settle(*imported));
    return imported->id;
  }
  /// A return about six mandats, of which the fifth is rejected.
  static std::string retour(unsigned authority = 0) {
    samples::SampleHeader header;
    header.id_coll = samples::sample_siret(authority);
    const auto flow = samples::depense(header, {.pieces = 6, .lignes = 2});
    return samples::retour(*samples::outline_of(MemorySource(flow)), true);
  }
  static std::string clients() {
    samples::SampleHeader header;
    header.id_coll = samples::sample_siret(0);
    const auto flow = samples::depense(header);
    return samples::client_retour(*samples::outline_of(MemorySource(flow)), 3);
  }
  boost::json::array items(const std::string& path, const std::string& who = "reader") {
    const auto reply = call(who, "GET", path);
    EXPECT_EQ(reply.status, 200) << path << reply.body;
    return json(reply).at("items").as_array();
  }
};

TEST_F(ReturnedTest, IsReadToTheLineWithItsCodesExplained) {
  const auto id = arrived("PES2R_1.xml", retour()).str();
  const auto reply = call("reader", "GET", "/v1/returns/" + id + "/pieces");
  ASSERT_EQ(reply.status, 200) << reply.body;
  expect_shape(json(reply), "PiecePage");
  const auto list = json(reply).at("items").as_array();
  ASSERT_EQ(list.size(), 6U);
  for (const auto& piece : list)
    expect_shape(piece, "ReturnedPiece");
  const auto rejected = items("/v1/returns/" + id + "/pieces?etat=04").at(0);
  EXPECT_EQ(rejected.at("etat_fr").as_string(), "rejetée");
  EXPECT_FALSE(rejected.at("motif_fr").as_string().empty());
  const auto& ligne = rejected.at("lignes").as_array().at(0);
  expect_shape(ligne, "ReturnedLigne");
  EXPECT_FALSE(ligne.at("mt_ht").as_string().empty());
  const auto shown = call("reader", "GET", "/v1/returns/" + id);
  expect_shape(json(shown), "Return");
  EXPECT_EQ(json(shown).at("domaines").as_array().at(0).as_string(), "depense");
  EXPECT_FALSE(json(shown).at("read").as_bool()) << "looking is not reading";
}

TEST_F(ReturnedTest, GivesItsPiecesPageByPage) {
  const auto path = "/v1/returns/" + arrived("PES2R_1.xml", retour()).str() + "/pieces";
  std::set<std::string> seen;
  std::string next = path + "?limit=4";
  for (int pages = 0; !next.empty(); ++pages) {
    ASSERT_LT(pages, 3);
    const auto reply = call("reader", "GET", next);
    const auto list = json(reply).at("items").as_array();
    for (const auto& piece : list)
      EXPECT_TRUE(seen.insert(std::string(piece.at("piece").as_string())).second);
    next = text(reply, "next_url");
  }
  EXPECT_EQ(seen.size(), 6U);
  const auto one = items(path + "?piece=" + *seen.begin() + "&lignes_from=1").at(0);
  EXPECT_EQ(one.at("lignes").as_array().size() + 1, one.at("lignes_total").as_int64());
  EXPECT_TRUE(items(path + "?domaine=recette").empty());
  EXPECT_TRUE(items(path + "?exercice=1999").empty());
  expect_problem(call("reader", "GET", path + "?cursor=x"), 400, "api.parameter");
  expect_problem(call("reader", "GET", path + "?lignes_from=-1"), 400, "api.parameter");
}

/// Counts the bytes that are asked for.
class CountingSource final : public ByteSource {
 public:
  explicit CountingSource(std::string_view bytes) : bytes_(bytes) {}
  Result<std::size_t> read(std::size_t offset, std::span<char> buffer) const override {
    auto got = bytes_.read(offset, buffer);
    if (got) asked += *got;
    return got;
  }
  [[nodiscard]] std::size_t size() const override { return bytes_.size(); }
  mutable std::size_t asked = 0;

 private:
  MemorySource bytes_;
};

TEST(ReturnedPages, CostWhatTheyShowWhereverTheyStand) {
  constexpr std::size_t mandats = 4'000;
  constexpr std::size_t limit = 50;
  const auto flow = samples::depense({}, {.bordereaux = 4, .pieces = mandats / 4});
  const auto text = samples::retour(*samples::outline_of(MemorySource(flow)), true);
  const CountingSource document(text);
  // What the pages show, read twice (once to show, once for the place of the next), and the chunks around it.
  const auto bar = 2 * limit * (text.size() / mandats) + 100'000;
  ASSERT_GT(text.size(), 10 * bar) << "or the test says nothing";
  std::set<std::string> seen;
  std::string cursor;
  std::size_t pages = 0;
  do {
    document.asked = 0;
    auto page = read_pieces(document, {}, cursor, limit, 0);
    ASSERT_TRUE(page) << page.error().code;
    EXPECT_LT(document.asked, bar) << "page " << pages;
    for (const auto& piece : page->items)
      EXPECT_TRUE(seen.insert(boost::json::serialize(piece)).second);
    cursor = page->next;
    ++pages;
  } while (!cursor.empty());
  EXPECT_EQ(pages, mandats / limit);
  EXPECT_EQ(seen.size(), mandats);
}

TEST(ReturnedPages, OfAFilterGoOnWhereTheLastOneEnded) {
  const auto flow = samples::depense({}, {.bordereaux = 3, .pieces = 40});
  const auto text = samples::retour(*samples::outline_of(MemorySource(flow)), true);
  const MemorySource document(text);
  const auto whole = read_pieces(document, {.bordereau = "2"}, "", 1'000, 0).value().items;
  ASSERT_EQ(whole.size(), 40U);
  boost::json::array together;
  std::string cursor;
  do {
    auto page = read_pieces(document, {.bordereau = "2"}, cursor, 7, 0).value();
    for (auto& piece : page.items)
      together.push_back(std::move(piece));
    cursor = page.next;
  } while (!cursor.empty());
  EXPECT_EQ(together, whole);
}

TEST(ReturnedPages, CursorsThatNobodyGaveAreRefused) {
  const auto flow = samples::depense({}, {.pieces = 6});
  const auto text = samples::retour(*samples::outline_of(MemorySource(flow)), true);
  const MemorySource document(text);
  const auto good = read_pieces(document, {}, "", 2, 0).value().next;
  ASSERT_TRUE(read_pieces(document, {}, good, 2, 0));
  EXPECT_EQ(read_pieces(document, {}, "2", 2, 0).value().items,
            read_pieces(document, {}, good, 2, 0).value().items)
      << "a count alone says the same, at a price";
  for (const auto& bad :
       {good + ".1", good + ".", good.substr(0, good.rfind('.')), good + "9", std::string("-1"),
        std::string("1.2.3"), std::string("1.1.2.3.0.0.99999999999"), std::string("a"),
        std::string("4.1.1.2.2.2.3"), std::string("99999999999999999999")}) {
    const auto page = read_pieces(document, {}, bad, 2, 0);
    ASSERT_FALSE(page) << bad;
    EXPECT_TRUE(page.error().code == "api.parameter" || page.error().code == "retour.unreadable") << bad;
  }
}

TEST_F(ReturnedTest, TellsWhatClientsOwe) {
  const auto path = "/v1/returns/" + arrived("PES2R_CLI.xml", clients()).str() + "/pieces";
  const auto list = items(path);
  ASSERT_EQ(list.size(), 3U);
  expect_shape(list.at(0), "ReturnedPiece");
  EXPECT_FALSE(list.at(0).at("restes").as_array().at(0).at("reste").as_string().empty());
  const std::string tiers(list.at(1).at("ref_tiers").as_string());
  EXPECT_EQ(items(path + "?ref_tiers=" + tiers).size(), 1U);
  EXPECT_TRUE(items(path + "?etat=04").empty());
}

TEST_F(ReturnedTest, IsFoundByAPieceAndByItsHeader) {
  arrived("PES2R_1.xml", retour());
  arrived("PES2R_CLI.xml", clients());
  const auto piece = items("/v1/returns").empty() ? "" : "x";
  ASSERT_STREQ(piece, "x");
  struct Case {
    std::string query;
    std::size_t found;
  };
  const std::vector<Case> cases = {{"", 2},
                                   {"domaine=depense", 1},
                                   {"domaine=client", 1},
                                   {"typ_restit=02", 1},
                                   {"etat=04", 1},
                                   {"etat=99", 0},
                                   {"exercice=2026&domaine=depense", 1},
                                   {"exercice=1999", 0},
                                   {"cod_col=123", 2},
                                   {"cod_bud=99", 0},
                                   {"siret=" + samples::sample_siret(0), 2},
                                   {"from=2020-01-01T00:00:00Z", 2},
                                   {"to=2020-01-01T00:00:00Z", 0}};
  for (const auto& c : cases)
    EXPECT_EQ(items("/v1/returns?" + c.query).size(), c.found) << c.query;
  expect_problem(call("reader", "GET", "/v1/returns?from=yesterday"), 400, "api.parameter");
}

TEST_F(ReturnedTest, WhatIsNoReturnHasNoPieces) {
  const auto id = received("ack.xml", ReturnState::matched, siren_a_).str();
  expect_problem(call("reader", "GET", "/v1/returns/" + id + "/pieces"), 422, "retour.unreadable");
  const auto theirs = arrived("PES2R_B.xml", retour(1)).str();
  expect_problem(call("reader", "GET", "/v1/returns/" + theirs + "/pieces"), 404, "return.unknown");
}

TEST_F(ReturnedTest, IsAcquittedOnceHoweverOftenItIsAskedFor) {
  const auto id = arrived("PES2R_1.xml", retour());
  const auto path = "/v1/returns/" + id.str() + "/acquit";
  const auto made = call("transmitter", "POST", path, "{}");
  ASSERT_EQ(made.status, 201) << made.body;
  expect_shape(json(made), "Flow");
  EXPECT_EQ(text(made, "protocol"), "pes_acquit_retour");
  const FlowId flow{text(made, "id")};
  const auto again = call("operator", "POST", path, "{}");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(text(again, "id"), flow.str());
  EXPECT_EQ(text(call("reader", "GET", "/v1/returns/" + id.str()), "acquit"), flow.str());
  EXPECT_THAT(call("transmitter", "GET", "/v1/flows/" + flow.str() + "/payload").body,
              HasSubstr("PES_ACQUIT_RETOUR"));
  EXPECT_EQ(store_->events(flow)->back().code, "return.acquit_made");
  for (const auto* who : {"reader", "depositor", "auditor"})
    expect_problem(call(who, "POST", path, "{}"), 403, "access.denied");
  EXPECT_TRUE(store_->verify_journal()->intact);
}

TEST_F(ReturnedTest, TheSameBytesUnderAnotherNameHaveTheSameAcquit) {
  const auto first = arrived("PES2R_1.xml", retour());
  const auto second = arrived("PES2R_1_again.xml", retour());
  const auto made = call("transmitter", "POST", "/v1/returns/" + first.str() + "/acquit", "{}");
  const auto other = call("transmitter", "POST", "/v1/returns/" + second.str() + "/acquit", "{}");
  EXPECT_EQ(other.status, 200);
  EXPECT_EQ(text(other, "id"), text(made, "id"));
}

TEST_F(ReturnedTest, AFailedAcquitMayBeMadeAgain) {
  const auto path = "/v1/returns/" + arrived("PES2R_1.xml", retour()).str() + "/acquit";
  const FlowId first{text(call("transmitter", "POST", path, "{}"), "id")};
  ASSERT_EQ(call("operator", "POST", "/v1/flows/" + first.str() + "/cancel", R"({"reason":"r"})").status,
            200);
  const auto second = call("transmitter", "POST", path, "{}");
  ASSERT_EQ(second.status, 201) << second.body;
  EXPECT_NE(text(second, "id"), first.str());
  EXPECT_EQ(text(second, "linked_to"), first.str());
}

TEST_F(ReturnedTest, OnlyADepenseOrRecetteReturnHasAnAcquit) {
  const auto of_clients = arrived("PES2R_CLI.xml", clients()).str();
  expect_problem(call("transmitter", "POST", "/v1/returns/" + of_clients + "/acquit", "{}"), 409,
                 "return.no_acquit");
  const auto acquit = received("ack.xml", ReturnState::matched, siren_a_).str();
  expect_problem(call("transmitter", "POST", "/v1/returns/" + acquit + "/acquit", "{}"), 409,
                 "return.no_acquit");
}

TEST_F(ReturnedTest, TheAuthoritySaysWhenItsReturnsAreAcquitted) {
  const std::string path = "/v1/authorities/" + siren_a_ + "/returns";
  auto settings = call("platform", "GET", path);
  expect_shape(json(settings), "ReturnSettings");
  EXPECT_EQ(text(settings, "acquit"), "never");
  ASSERT_EQ(call("platform", "PUT", path, R"({"acquit":"on_read"})").status, 200);
  EXPECT_EQ(text(call("platform", "GET", path), "acquit"), "on_read");
  const auto id = arrived("PES2R_1.xml", retour());
  acquits_->pass({});
  EXPECT_TRUE(store_->find_return(id).value()->acquit.empty()) << "not read yet";
  ASSERT_EQ(call("reader", "POST", "/v1/returns/" + id.str() + "/read", R"({"read":true})").status, 200);
  acquits_->pass({});
  const auto flow = store_->find_return(id).value()->acquit;
  EXPECT_FALSE(flow.empty());
  acquits_->pass({});
  EXPECT_EQ(store_->find_return(id).value()->acquit, flow);
  expect_problem(call("platform", "PUT", path, R"({"acquit":"always"})"), 422, "api.field");
  expect_problem(call("operator", "PUT", path, R"({"acquit":"never"})"), 403, "access.denied");
  expect_problem(call("platform", "GET", "/v1/authorities/000000000/returns"), 404, "api.unknown");
}

TEST_F(ReturnedTest, IsAcquittedOnReceiptWhereThatIsWanted) {
  ASSERT_TRUE(store_->returns().put_acquit_mode(AuthorityId{siren_a_}, flow::AcquitMode::on_receipt, "op"));
  const auto id = arrived("PES2R_1.xml", retour());
  const auto of_clients = arrived("PES2R_CLI.xml", clients());
  acquits_->pass({});
  EXPECT_FALSE(store_->find_return(id).value()->acquit.empty());
  EXPECT_EQ(store_->find_return(of_clients).value()->acquit_note, "return.no_acquit");
  EXPECT_TRUE(recorder_->alarms().standing().empty()) << "that clients have none is no fault";
}

TEST_F(ReturnedTest, AnAcquitThatCannotBeMadeIsToldOnce) {
  ASSERT_TRUE(store_->returns().put_acquit_mode(AuthorityId{siren_a_}, flow::AcquitMode::on_receipt, "op"));
  auto odd = retour();
  const std::string good = "<CodColl V=\"123\"/>";
  ASSERT_NE(odd.find(good), std::string::npos);
  odd.replace(odd.find(good), good.size(), "<CodColl V=\"A23\"/>");
  const auto id = arrived("PES2R_1.xml", odd);
  acquits_->pass({});
  EXPECT_EQ(store_->find_return(id).value()->acquit_note, "return.acquit_impossible");
  EXPECT_EQ(recorder_->alarms().standing().size(), 1U);
  expect_problem(call("transmitter", "POST", "/v1/returns/" + id.str() + "/acquit", "{}"), 409,
                 "return.acquit_impossible");
}

TEST_F(ReturnedTest, OcreIsKeptApartUnread) {
  auto writer = store_->new_payload();
  ASSERT_TRUE((*writer)->append("0123 not XML"));
  auto payload = (*writer)->finish();
  store::NewReturn fresh{DestinationName{"simu"}, "X.ocre", std::nullopt, "ocre", clock_.now()};
  const auto imported = store_->import_return(std::move(fresh), std::move(*payload)).value();
  ASSERT_TRUE(pipeline::AnswerSettler(*store_, *recorder_).settle(imported));
  const auto list = items("/v1/returns?kind=ocre&state=ignored", "platform");
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(call("platform", "GET", "/v1/returns/" + imported.id.str() + "/payload").body, "0123 not XML");
  EXPECT_EQ(call("reader", "GET", "/v1/returns/" + imported.id.str()).status, 404) << "it is nobody's";
  EXPECT_TRUE(items("/v1/returns", "platform").empty());
  EXPECT_TRUE(items("/v1/orphans", "platform").empty());
}

class SiretTest : public ReturnedTest {
 protected:
  test::Reply act(const std::string& siret, const std::string& verb, const std::string& who = "platform") {
    return call(who, "POST", "/v1/sirets/" + siret + "/" + verb, R"({"reason":"fusion"})");
  }
};

TEST_F(SiretTest, ABlockedOneHasItsReturnsKeptApart) {
  const auto siret = samples::sample_siret(0);
  ASSERT_EQ(act(siret, "block").status, 204);
  const auto id = arrived("PES2R_1.xml", retour());
  EXPECT_EQ(call("reader", "GET", "/v1/returns/" + id.str()).status, 404);
  EXPECT_TRUE(items("/v1/returns").empty());
  EXPECT_EQ(items("/v1/orphans?rule=siret_blocked", "platform").size(), 1U);
  EXPECT_EQ(items("/v1/orphans?siret=" + siret, "platform").size(), 1U);
  EXPECT_TRUE(items("/v1/orphans?rule=siret_unknown", "platform").empty());
  EXPECT_TRUE(recorder_->alarms().standing().empty()) << "somebody decided it";
  const auto place = items("/v1/sirets?blocked=true", "platform").at(0);
  expect_shape(place, "SiretPlace");
  EXPECT_EQ(place.at("reason").as_string(), "fusion");
  const auto freed = act(siret, "unblock");
  ASSERT_EQ(freed.status, 200) << freed.body;
  EXPECT_EQ(json(freed).at("settled").as_int64(), 1);
  EXPECT_EQ(text(call("reader", "GET", "/v1/returns/" + id.str()), "state"), "available");
  EXPECT_TRUE(items("/v1/sirets?blocked=true", "platform").empty());
}

TEST_F(SiretTest, TheReportSaysWhoseUnassignedReturnsMayBe) {
  const std::string registered = samples::sample_siret(0);
  const auto other_budget = registered.substr(0, 9) + "00028";
  auto bytes = retour();
  bytes.replace(bytes.find(registered), registered.size(), other_budget);
  arrived("PES2R_1.xml", bytes);
  const auto report = call("platform", "GET", "/v1/sirets/unassigned");
  expect_shape(json(report), "UnassignedSirets");
  const auto one = json(report).at("items").as_array().at(0);
  expect_shape(one, "UnassignedSiret");
  EXPECT_EQ(one.at("siret").as_string(), other_budget);
  EXPECT_EQ(one.at("suggestion").at("siren").as_string(), siren_a_);
  EXPECT_EQ(one.at("bytes").as_int64(), static_cast<std::int64_t>(bytes.size()));
}

TEST_F(SiretTest, IsForPlatformOperatorsAndAsksForAReason) {
  const auto siret = samples::sample_siret(0);
  for (const auto* path : {"/v1/sirets", "/v1/sirets/unassigned"})
    expect_problem(call("operator", "GET", path), 403, "access.denied");
  expect_problem(act(siret, "block", "operator"), 403, "access.denied");
  expect_problem(call("platform", "POST", "/v1/sirets/" + siret + "/block", R"({"reason":""})"), 422,
                 "api.field");
  expect_problem(call("platform", "POST", "/v1/sirets/12345678901234/block", R"({"reason":"x"})"), 400,
                 "api.parameter");
  expect_problem(call("platform", "GET", "/v1/sirets?blocked=maybe"), 400, "api.parameter");
}

}  // namespace
}  // namespace demat::api
