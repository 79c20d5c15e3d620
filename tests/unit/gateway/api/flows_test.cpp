#include "tests/unit/gateway/api/rig/api_fixture.hpp"

namespace demat::api {
namespace {

using flow::Trigger;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST_F(ApiTest, AcceptsAFlowOnceItIsDurable) {
  const auto bytes = sample("EXEMPLE-0001");
  const auto reply = deposit("transmitter", bytes, {"-H", "Demat-File-Name: mandats%20%C3%A9t%C3%A9.xml"});
  ASSERT_EQ(reply.status, 202) << reply.body;
  expect_shape(json(reply), "Flow");
  EXPECT_EQ(text(reply, "state"), "received");
  EXPECT_EQ(text(reply, "environment"), "test");
  EXPECT_EQ(text(reply, "authority"), siren_a_);
  EXPECT_EQ(text(reply, "nom_fic"), "EXEMPLE-0001");
  EXPECT_EQ(text(reply, "file_name"), "mandats été.xml");
  EXPECT_EQ(text(reply, "request_id"), reply.headers.at("x-request-id"));
  EXPECT_EQ(reply.headers.at("location"), "/v1/flows/" + text(reply, "id"));
  EXPECT_TRUE(*store_->find(FlowId{text(reply, "id")}));

  const auto payload = call("transmitter", "GET", reply.headers.at("location") + "/payload");
  EXPECT_EQ(payload.body, bytes);
  EXPECT_EQ(payload.headers.at("etag"), "\"" + text(reply, "sha256") + "\"");
  EXPECT_THAT(payload.headers.at("content-disposition"), HasSubstr("UTF-8''mandats%20%C3%A9t%C3%A9.xml"));
}

TEST_F(ApiTest, GivesTheFirstIdForTheSameBytesAndRefusesAKeyInUse) {
  const auto id = deposited("EXEMPLE-0002");
  const auto again = deposit("transmitter", sample("EXEMPLE-0002"));
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(text(again, "id"), id.str());
  auto other = sample("EXEMPLE-0002");
  other.insert(other.rfind("</"), "<!-- other bytes -->");
  const auto taken = deposit("transmitter", other);
  expect_problem(taken, 409, "intake.key_taken");
  EXPECT_EQ(text(taken, "flow"), id.str());
}

TEST_F(ApiTest, TakesFormsWithEitherFieldName) {
  const test::TemporaryFolder folder;
  for (const auto* field : {"file", "enveloppe"}) {
    const auto file = folder.write("f.xml", sample(std::string("FORM-") + field));
    const auto reply =
        as("transmitter")
            .call("/v1/flows", {"-F", "must_signed=0", "-F",
                                std::string(field) + "=@" + file + ";type=text/xml;filename=a b.xml"});
    EXPECT_EQ(reply.status, 202) << reply.body;
    EXPECT_EQ(text(reply, "file_name"), "a b.xml");
  }
  expect_problem(as("transmitter").call("/v1/flows", {"-F", "other=1"}), 400, "intake.no_file");
  const auto file = folder.write("g.xml", sample("TWICE"));
  expect_problem(as("transmitter").call("/v1/flows", {"-F", "file=@" + file, "-F", "enveloppe=@" + file}),
                 400, "intake.no_file");
}

TEST_F(ApiTest, RefusesWhatIsNoFlowBeforeAccepting) {
  const struct {
    const char* what;
    std::string body;
    int status;
    const char* code;
  } cases[] = {
      {"empty", "", 422, "intake.empty"},
      {"no XML", "hello", 422, "xml.malformed"},
      {"a DOCTYPE", "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", 422, "xml.doctype"},
      {"another authority's", sample("NOT-MINE", 1), 422, "intake.not_owner"},
  };
  for (const auto& one : cases) {
    const auto reply = deposit("transmitter", one.body);
    SCOPED_TRACE(one.what);
    expect_problem(reply, one.status, one.code);
  }
  EXPECT_TRUE(store_->list({}, "", 10)->items.empty());
  expect_problem(as("transmitter").post("/v1/flows", "a=b", "application/x-www-form-urlencoded"), 415,
                 "api.media_type");
}

TEST_F(ApiTest, NumbersTheEventsOfAFlowFromOne) {
  const auto before = deposited("BEFORE");  // its events come between, in the journal of the platform
  const auto id = deposited("COUNTED");
  apply(before, {Trigger::pass_checks});
  apply(id, {Trigger::pass_checks, Trigger::make_ready});
  const auto list = call("reader", "GET", "/v1/flows/" + id.str() + "/events");
  ASSERT_EQ(list.status, 200) << list.body;
  expect_shape(json(list), "EventList");
  std::int64_t expected = 0;
  const auto list_value = json(list);
  for (const auto& event : list_value.at("items").as_array())
    EXPECT_EQ(event.at("sequence").as_int64(), ++expected);
  EXPECT_EQ(expected, 3);
}

TEST_F(ApiTest, ANameInLatin1BreaksNoList) {
  const test::TemporaryFolder folder;
  const auto by_header =
      deposit("transmitter", sample("LATIN-1"), {"-H", "Demat-File-Name: mandats%20%E9t%E9.xml"});
  ASSERT_EQ(by_header.status, 202) << by_header.body;
  EXPECT_EQ(text(by_header, "file_name"), "mandats été.xml");
  const auto file = folder.write("f.xml", sample("LATIN-2"));
  const auto by_form =
      as("transmitter").call("/v1/flows", {"-F", "file=@" + file + ";filename=\xe9t\xe9\xff.xml"});
  ASSERT_EQ(by_form.status, 202) << by_form.body;
  EXPECT_EQ(text(by_form, "file_name"), "étéÿ.xml");
  EXPECT_EQ(json(call("platform", "GET", "/v1/flows")).at("items").as_array().size(), 2U);
}

TEST_F(ApiTest, WhatIsNotUtf8InTheStoreIsShownReplaced) {
  // A peer that answers in Latin-1 leaves such bytes in transcripts and reasons.
  const auto id = deposited("STRANGE");
  store::Change change;
  change.flow = id;
  change.note = store::Note{"verb.retry", "op\xe9rateur", "refus\xe9 \xf0\x28"};
  ASSERT_TRUE(store_->apply(std::move(change)));
  const auto list = call("reader", "GET", "/v1/flows/" + id.str() + "/events");
  ASSERT_EQ(list.status, 200);
  const auto last = json(list).at("items").as_array().back();
  EXPECT_EQ(last.at("reason").as_string(), "refus\xEF\xBF\xBD \xEF\xBF\xBD(");
  EXPECT_EQ(last.at("actor").as_string(), "op\xEF\xBF\xBDrateur");
}

TEST_F(ApiTest, SaysTooLargeAndKeepsNothing) {
  auto big = sample("BIG");
  big.insert(big.rfind("</"), "<!-- " + std::string(2'000'000, 'a') + " -->");
  expect_problem(deposit("transmitter", big), 413, "http.too_large");
  const test::TemporaryFolder folder;
  const auto file = folder.write("big.xml", big);
  expect_problem(as("transmitter").call("/v1/flows", {"-F", "file=@" + file}), 413, "http.too_large");
}

TEST_F(ApiTest, OpensNothingWithoutARegisteredCertificate) {
  expect_problem(call("", "GET", "/v1/flows"), 401, "access.no_certificate");
  expect_problem(call("stranger", "GET", "/v1/flows"), 403, "access.unknown_certificate");
  expect_problem(call("inactive", "GET", "/v1/flows"), 403, "access.unknown_certificate");
  expect_problem(deposit("", sample("X")), 401, "access.no_certificate");
  expect_problem(deposit("stranger", sample("X")), 403, "access.unknown_certificate");
  expect_problem(deposit("reader", sample("X")), 403, "access.denied");
  EXPECT_EQ(as("").call("/livez").status, 200);
  EXPECT_EQ(as("").call("/readyz").status, 200);
  expect_problem(call("", "GET", "/metrics"), 401, "access.no_certificate");
  expect_problem(call("transmitter", "GET", "/metrics"), 403, "access.denied");
  EXPECT_EQ(call("platform", "GET", "/metrics").status, 200);
}

TEST_F(ApiTest, WantsTheAuthorityNamedWhenThereAreSeveral) {
  expect_problem(deposit("both", sample("CHOICE")), 400, "access.choose_authority");
  EXPECT_EQ(deposit("both", sample("CHOICE"), {"-H", "Demat-Authority: " + siren_a_}).status, 202);
  expect_problem(deposit("both", sample("CHOICE2"), {"-H", "Demat-Authority: 12345"}), 400, "api.parameter");
  const auto not_mine = deposit("transmitter", sample("CHOICE3"), {"-H", "Demat-Authority: " + siren_b_});
  const auto nobody = deposit("transmitter", sample("CHOICE3"),
                              {"-H", "Demat-Authority: " + samples::sample_siret(77).substr(0, 9)});
  expect_problem(not_mine, 403, "access.denied");
  expect_problem(nobody, 403, "access.denied");
  EXPECT_EQ(text(not_mine, "detail"), text(nobody, "detail"));
}

TEST_F(ApiTest, AnotherAuthoritysFlowLooksExactlyLikeNone) {
  const auto id = deposited();
  const std::string absent = "01900000-0000-7000-8000-000000000000";
  const std::vector<std::pair<std::string, std::string>> routes = {
      {"GET", ""},          {"GET", "/events"},    {"GET", "/attempts"},    {"GET", "/payload"},
      {"GET", "/report"},   {"GET", "/documents"}, {"GET", "/documents/1"}, {"POST", "/hold"},
      {"POST", "/release"}, {"POST", "/cancel"},   {"POST", "/retry"},      {"POST", "/resolve"},
      {"POST", "/replay"}};
  const auto without = [](std::string text, const std::string& gone) {
    for (auto at = text.find(gone); at != std::string::npos; at = text.find(gone))
      text.erase(at, gone.size());
    return text;
  };
  const auto scrubbed = [&](test::Reply reply, const std::string& flow) {
    const auto request_id = text(reply, "request_id");
    EXPECT_FALSE(request_id.empty());
    reply.headers.erase("date");
    reply.headers.erase("x-request-id");
    return std::tuple(reply.status, reply.headers, without(without(reply.body, request_id), flow));
  };
  for (const auto& [method, suffix] : routes) {
    const std::string body = method == "POST" ? R"({"reason":"curiosity"})" : "";
    const auto theirs = call("other", method, "/v1/flows/" + id.str() + suffix, body);
    const auto nobodys = call("other", method, "/v1/flows/" + absent + suffix, body);
    expect_problem(theirs, 404, "flow.unknown");
    EXPECT_EQ(scrubbed(theirs, id.str()), scrubbed(nobodys, absent)) << method << suffix;
  }
  EXPECT_EQ((*store_->find(id))->state, flow::State::received);
}

TEST_F(ApiTest, ListsOwnFlowsWithFiltersAndPages) {
  for (int i = 0; i < 5; ++i)
    deposited("LIST-" + std::to_string(i));
  const auto all = call("reader", "GET", "/v1/flows");
  ASSERT_EQ(all.status, 200) << all.body;
  expect_shape(json(all), "FlowPage");
  EXPECT_EQ(json(all).at("items").as_array().size(), 5U);
  EXPECT_EQ(json(call("other", "GET", "/v1/flows")).at("items").as_array().size(), 0U);
  EXPECT_EQ(json(call("platform", "GET", "/v1/flows")).at("items").as_array().size(), 5U);
  EXPECT_EQ(json(call("platform", "GET", "/v1/flows?authority=" + siren_b_)).at("items").as_array().size(),
            0U);
  EXPECT_EQ(json(call("reader", "GET", "/v1/flows?nomfic=LIST-3")).at("items").as_array().size(), 1U);
  EXPECT_EQ(json(call("reader", "GET", "/v1/flows?state=sent&state=ready")).at("items").as_array().size(),
            0U);
  EXPECT_EQ(json(call("reader", "GET", "/v1/flows?state=sent&state=received")).at("items").as_array().size(),
            5U);
  EXPECT_EQ(
      json(call("reader", "GET", "/v1/flows?from=2001-01-01&to=2002-01-01")).at("items").as_array().size(),
      0U);

  std::set<std::string> seen;
  std::string path = "/v1/flows?limit=2&state=received";
  for (int pages = 0; !path.empty() && pages < 5; ++pages) {
    const auto page = call("reader", "GET", path);
    ASSERT_EQ(page.status, 200) << page.body;
    const auto value = json(page);
    for (const auto& item : value.at("items").as_array())
      seen.insert(std::string(item.at("id").as_string()));
    path = text(page, "next_url");
  }
  EXPECT_EQ(seen.size(), 5U);
  for (const auto* bad :
       {"limit=0", "limit=501", "limit=x", "state=lost", "from=yesterday", "cursor=%21%21", "authority=123"})
    EXPECT_EQ(call("reader", "GET", std::string("/v1/flows?") + bad).status, 400) << bad;
  expect_problem(call("reader", "GET", "/v1/flows?authority=" + siren_b_), 403, "access.denied");
}

TEST_F(ApiTest, TellsTheStoryOfAFlow) {
  const auto id = deposited();
  apply(id, {Trigger::pass_checks, Trigger::make_ready, Trigger::begin_send, Trigger::finish_send});
  const std::string path = "/v1/flows/" + id.str();
  const auto events = call("reader", "GET", path + "/events");
  ASSERT_EQ(events.status, 200);
  const auto event_list = json(events).at("items").as_array();
  ASSERT_EQ(event_list.size(), 5U);
  expect_shape(event_list.at(0), "Event");
  EXPECT_EQ(event_list.at(4).at("to").as_string(), "sent");
  const auto attempts = json(call("reader", "GET", path + "/attempts")).at("items").as_array();
  ASSERT_EQ(attempts.size(), 1U);
  expect_shape(attempts.at(0), "Attempt");
  EXPECT_EQ(attempts.at(0).at("transcript").as_string(), "dialogue");
  const auto documents = json(call("reader", "GET", path + "/documents")).at("items").as_array();
  ASSERT_FALSE(documents.empty());
  expect_shape(documents.at(0), "Document");
  EXPECT_EQ(call("reader", "GET", path + "/documents/1").body, sample("EXEMPLE-0001"));
  for (const auto* bad : {"/documents/99", "/documents/0", "/documents/one", "/documents/-1"})
    expect_problem(call("reader", "GET", path + bad), 404, "api.unknown");
}

TEST_F(ApiTest, ReportsFindingsWithTheirPlaces) {
  const auto id = deposited();
  store::Change change;
  change.flow = id;
  change.steps.push_back({Trigger::refuse, "{}", "test", ""});
  change.findings = Report{{{"pes.p2", Severity::error, {12, "/PES_Aller/PJ"}, "fr", "en"}}};
  ASSERT_TRUE(store_->apply(std::move(change)));
  const auto report = call("reader", "GET", "/v1/flows/" + id.str() + "/report");
  ASSERT_EQ(report.status, 200);
  expect_shape(json(report), "FlowReport");
  EXPECT_EQ(text(report, "state"), "refused");
  const auto finding = json(report).at("findings").as_array().at(0);
  expect_shape(finding, "Finding");
  EXPECT_EQ(finding.at("place").at("line").as_int64(), 12);
}

TEST_F(ApiTest, ChecksWithoutKeepingAnything) {
  const auto reply = as("transmitter").post("/v1/check", sample("CHECK"), "text/xml");
  ASSERT_EQ(reply.status, 200) << reply.body;
  expect_shape(json(reply), "CheckReport");
  EXPECT_TRUE(json(reply).at("accepted").as_bool());
  EXPECT_EQ(json(reply).at("findings").as_array().size(), 1U);
  const auto foreign = as("transmitter").post("/v1/check", sample("CHECK", 1), "text/xml");
  EXPECT_FALSE(json(foreign).at("accepted").as_bool());
  EXPECT_THAT(foreign.body, HasSubstr("intake.not_owner"));
  EXPECT_TRUE(store_->list({}, "", 10)->items.empty());
  services_->check = [](const ByteSource&, const AuthorityId&) -> Result<CheckVerdict> {
    return failure(
        waiting_error("signing.key", "La clé ne répond pas.", "The key does not answer.", "secret"));
  };
  const auto waiting = as("transmitter").post("/v1/check", sample("CHECK"), "text/xml");
  expect_problem(waiting, 503, "signing.key");
  EXPECT_FALSE(waiting.headers.at("retry-after").empty());
  EXPECT_THAT(waiting.body, Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace demat::api
