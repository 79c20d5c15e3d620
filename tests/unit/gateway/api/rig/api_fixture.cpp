#include "tests/unit/gateway/api/rig/api_fixture.hpp"

namespace demat::api {

using flow::Role;

void ApiTest::SetUpTestSuite() {
  pki_ = std::make_unique<test::Pki>();
  for (const auto* name : {"depositor", "transmitter", "operator", "reader", "other", "both", "platform",
                           "auditor", "signatory", "inactive", "stranger"})
    fingerprints_[name] = pki_->issue_client(name);
  siren_a_ = samples::sample_siret(0).substr(0, 9);
  siren_b_ = samples::sample_siret(1).substr(0, 9);
}

void ApiTest::SetUp() {
  ASSERT_TRUE(store::create_sqlite_store({folder_.file("store"), "test", limits::inline_payload}));
  start();
}

void ApiTest::start() {
  const store::SqliteOptions options{folder_.file("store"), "test", limits::inline_payload};
  auto opened = store::open_sqlite_store(options, clock_);
  ASSERT_TRUE(opened) << opened.error().detail;
  store_ = std::move(*opened);
  logger_ = observe::Logger::create(observe::Level::debug, folder_.file("log"));
  intake_ = std::make_unique<intake::Intake>(*store_, clock_, "test", [] {});
  verbs_ = std::make_unique<pipeline::Verbs>(*store_, [] {});

  for (unsigned number : {0U, 1U}) {
    const auto siret = samples::sample_siret(number);
    flow::Authority authority{AuthorityId{siret.substr(0, 9)}, "Commune", {Siret{siret}}, true};
    ASSERT_TRUE(store_->put_authority(authority, "test"));
  }
  const AuthorityId a{siren_a_};
  const AuthorityId b{siren_b_};
  const std::map<std::string, std::set<flow::Grant>> grants = {
      {"depositor", {{a, Role::depositor}}},
      {"transmitter", {{a, Role::transmitter}}},
      {"operator", {{a, Role::operator_}}},
      {"reader", {{a, Role::reader}}},
      {"other", {{b, Role::transmitter}, {b, Role::operator_}}},
      {"both", {{a, Role::transmitter}, {b, Role::transmitter}}},
      {"platform", {{AuthorityId{}, Role::platform_operator}}},
      {"auditor", {{a, Role::auditor}}},
      {"signatory", {{a, Role::signatory}}},
      {"inactive", {{a, Role::transmitter}}}};
  for (const auto& [name, held] : grants) {
    flow::Identity identity{IdentityId{fingerprints_.at(name)}, name, held, name != "inactive"};
    ASSERT_TRUE(store_->put_identity(identity, "test"));
  }

  services_ = std::make_unique<Services>(Services{*store_,
                                                  *intake_,
                                                  *verbs_,
                                                  *logger_,
                                                  metrics_,
                                                  clock_,
                                                  "test",
                                                  "0.0-test",
                                                  2'000'000,
                                                  {},
                                                  {},
                                                  {},
                                                  {},
                                                  {}});
  services_->check = [](const ByteSource& bytes, const AuthorityId&) -> Result<CheckVerdict> {
    CheckVerdict verdict;
    verdict.report.add({"test.size", Severity::warning, {3, "/a/b"}, "taille", std::to_string(bytes.size())});
    verdict.nom_fic = NomFic{"X"};
    return verdict;
  };
  services_->destinations = [] { return std::vector<DestinationInfo>{{"simu", "ftp_simulator", "test"}}; };
  services_->probe = [](const std::string& name) -> ProbeVerdict {
    return {failure(waiting_error("transport.unreachable", "fr", "en")), "connect to " + name};
  };
  services_->has_signer = [](const std::string& name) { return name == "mairie" || name == "autre"; };
  services_->signer_serves = [](const std::string& name, const AuthorityId&) { return name == "mairie"; };
  recorder_ = std::make_unique<pipeline::Recorder>(*logger_, metrics_);
  orphans_ = std::make_unique<pipeline::Orphans>(*store_, *recorder_);
  services_->orphans = orphans_.get();
  acquits_ = std::make_unique<pipeline::ReturnAcquits>(*store_, clock_, *recorder_, "test", [] {});
  services_->acquits = acquits_.get();
  events_ = std::make_unique<push::EventHub>(*store_);
  services_->events = events_.get();
  services_->schemas = [] { return std::vector<SchemaInfo>{{"pes", "5.30", "PES V2"}}; };

  http::ServerOptions server;
  server.http.port = 0;
  server.http.certificate = pki_->file("server.pem");
  server.http.key = pki_->file("server.key");
  server.http.client_ca = pki_->file("ca.pem");
  server.http.max_payload = services_->max_payload;
  server.linger = std::chrono::milliseconds(200);
  server.headers = {{"Demat-Environment", "test"}};
  auto started = http::Server::start(std::move(server), make_routes(*services_));
  ASSERT_TRUE(started) << started.error().detail;
  server_ = std::move(*started);
}

std::string ApiTest::sample(const std::string& nom_fic, unsigned authority) {
  samples::SampleHeader header;
  header.nom_fic = nom_fic;
  header.id_coll = samples::sample_siret(authority);
  return samples::depense(header);
}

std::string ApiTest::text(const test::Reply& reply, const std::string& member) {
  const auto value = json(reply);
  const auto* found = value.as_object().if_contains(member);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string{};
}

/// The documented path of a real one: identifiers become their names.
void ApiTest::expect_documented(const std::string& method, const std::string& path,
                                const test::Reply& reply) {
  static const auto operations = test::documented_operations();
  http::Router router;
  for (const auto& [operation, statuses] : operations) {
    const auto space = operation.find(' ');
    router.add({operation.substr(0, space), operation.substr(space + 1), http::Handler{}});
  }
  const auto match = router.match(method, path.substr(0, path.find('?')));
  ASSERT_NE(match.route, nullptr) << method << " " << path;
  const auto& statuses = operations.at(match.route->method + " " + match.route->pattern);
  EXPECT_TRUE(statuses.contains(std::to_string(reply.status)))
      << method << " " << path << " answered " << reply.status << ", which its document does not say";
  EXPECT_EQ(reply.headers.at("demat-environment"), "test");
}

test::Reply ApiTest::call(const std::string& who, const std::string& method, const std::string& path,
                          const std::string& body) {
  auto reply = body.empty() ? as(who).call(path, {"-X", method})
                            : as(who).post(path, body, "application/json", {"-X", method});
  expect_documented(method, path, reply);
  return reply;
}

test::Reply ApiTest::deposit(const std::string& who, const std::string& bytes,
                             std::vector<std::string> options) {
  auto reply = as(who).post("/v1/flows", bytes, "application/xml", std::move(options));
  expect_documented("POST", "/v1/flows", reply);
  return reply;
}

FlowId ApiTest::deposited(const std::string& nom_fic) {
  const auto reply = deposit("transmitter", sample(nom_fic));
  EXPECT_EQ(reply.status, 202) << reply.body << reply.err;
  return FlowId{text(reply, "id")};
}

ReturnId ApiTest::received(const std::string& name, flow::ReturnState state, const std::string& siren) {
  auto writer = store_->new_payload();
  EXPECT_TRUE((*writer)->append("<retour nom='" + name + "'/>"));
  auto payload = (*writer)->finish();
  store::NewReturn fresh{DestinationName{"simu"}, name, std::nullopt, "retour", clock_.now()};
  auto imported = store_->import_return(std::move(fresh), std::move(*payload));
  EXPECT_TRUE(imported);
  store::Settlement settlement;
  settlement.item = *imported;
  settlement.item.state = state;
  settlement.item.authority = AuthorityId{siren};
  EXPECT_TRUE(store_->settle_return(std::move(settlement)));
  return imported->id;
}

void ApiTest::apply(const FlowId& id, std::vector<flow::Trigger> triggers) {
  for (const auto trigger : triggers) {
    store::Change change;
    change.flow = id;
    change.steps.push_back({trigger, "{}", "test", ""});
    if (trigger == flow::Trigger::begin_send) change.open_attempt = {DestinationName{"simu"}, "remote.xml"};
    if (trigger == flow::Trigger::finish_send)
      change.close_attempt = {flow::AttemptOutcome::sent, "", "dialogue"};
    if (trigger == flow::Trigger::lose_send)
      change.close_attempt = {flow::AttemptOutcome::ambiguous, "transport.timeout", "dialogue"};
    const auto done = store_->apply(std::move(change));
    ASSERT_TRUE(done) << done.error().code << " " << done.error().detail;
  }
}

void ApiTest::expect_problem(const test::Reply& reply, int status, const std::string& code) {
  EXPECT_EQ(reply.status, status) << reply.body << reply.err;
  EXPECT_EQ(reply.headers.count("content-type") ? reply.headers.at("content-type") : "",
            "application/problem+json");
  const auto value = json(reply);
  expect_shape(value, "Problem");
  EXPECT_EQ(text(reply, "code"), code);
  EXPECT_EQ(text(reply, "type"), "urn:dematd:problem:" + code);
  EXPECT_EQ(value.at("status").as_int64(), status);
  EXPECT_EQ(text(reply, "request_id"), reply.headers.at("x-request-id"));
  EXPECT_FALSE(text(reply, "detail").empty());
  EXPECT_FALSE(text(reply, "detail_en").empty());
}

/// Every member is documented, every required one is there.
void ApiTest::expect_shape(const boost::json::value& value, const std::string& schema) {
  const auto documented = test::documented_schema(schema);
  ASSERT_FALSE(documented.members.empty()) << schema;
  for (const auto& entry : value.as_object())
    EXPECT_TRUE(documented.members.contains(entry.key())) << schema << " has no " << entry.key();
  for (const auto& name : documented.required)
    EXPECT_TRUE(value.as_object().contains(name)) << schema << " lacks " << name;
}

}  // namespace demat::api
