#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "gateway/api/routes.hpp"
#include "gateway/http/server.hpp"
#include "gateway/pipeline/orphans.hpp"
#include "gateway/pipeline/recorder.hpp"
#include "gateway/pipeline/return_acquits.hpp"
#include "gateway/pipeline/verbs.hpp"
#include "gateway/push/event_hub.hpp"
#include "gateway/store/sqlite_store.hpp"
#include "tests/support/invented.hpp"
#include "tests/support/pes_samples.hpp"
#include "tests/unit/gateway/api/rig/openapi.hpp"
#include "tests/unit/gateway/http/rig/client.hpp"

namespace demat::api {

/// The API over real TLS, a real store and a real intake; no pipeline runs, so a flow stays where the test
/// puts it. Two authorities, A and B, and one client certificate per role.
class ApiTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite() { pki_.reset(); }
  void SetUp() override;

  /// Opens store and server; once more after a test has dropped them.
  void start();
  [[nodiscard]] test::Client as(const std::string& name) const { return {*pki_, server_->port(), name}; }

  /// Calls, and holds the answer's status against the document. `pattern` is the documented path.
  test::Reply call(const std::string& who, const std::string& method, const std::string& path,
                   const std::string& json = {});
  test::Reply deposit(const std::string& who, const std::string& bytes,
                      std::vector<std::string> options = {});
  /// A flow of authority A deposited by its transmitter; its id.
  FlowId deposited(const std::string& nom_fic = "EXEMPLE-0001");
  /// A return in the given state; its id.
  ReturnId received(const std::string& name, flow::ReturnState state, const std::string& siren);

  void apply(const FlowId& id, std::vector<flow::Trigger> triggers);

  static std::string sample(const std::string& nom_fic, unsigned authority = 0);
  static boost::json::value json(const test::Reply& reply) { return boost::json::parse(reply.body); }
  static std::string text(const test::Reply& reply, const std::string& member);
  static void expect_documented(const std::string& method, const std::string& path, const test::Reply& reply);
  static void expect_problem(const test::Reply& reply, int status, const std::string& code);
  static void expect_shape(const boost::json::value& value, const std::string& schema);

  static inline std::unique_ptr<test::Pki> pki_;
  static inline std::map<std::string, std::string> fingerprints_;
  static inline std::string siren_a_;
  static inline std::string siren_b_;

  test::TemporaryFolder folder_;
  SystemClock clock_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<observe::Logger> logger_;
  observe::Metrics metrics_;
  std::unique_ptr<intake::Intake> intake_;
  std::unique_ptr<pipeline::Verbs> verbs_;
  std::unique_ptr<pipeline::Recorder> recorder_;
  std::unique_ptr<pipeline::Orphans> orphans_;
  std::unique_ptr<pipeline::ReturnAcquits> acquits_;
  std::unique_ptr<push::EventHub> events_;
  std::unique_ptr<Services> services_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace demat::api
