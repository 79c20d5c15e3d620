#include "gateway/pipeline/inspection.hpp"
#include "tests/unit/gateway/api/rig/api_fixture.hpp"

namespace demat::api {
namespace {

using flow::Trigger;
using ::testing::HasSubstr;
using ::testing::Not;

class ReportsTest : public ApiTest {
 protected:
  void SetUp() override {
    ApiTest::SetUp();
    auto context = std::make_shared<pipeline::InspectionContext>();
    context->pack = xml::SchemaPack::load(std::string(DEMAT_SOURCE_DIR) + "/schemas/pes/5.30").value();
    context->rules = pipeline::RulePolicy::from({{"P1", config::RuleWeight::error, {siren_a_}, {}, {}},
                                                 {"P2", config::RuleWeight::off, {}, {}, {}}})
                         .value();
    services_->inspection = [context] { return context; };
  }

  /// A flow refused with two findings, the later one of the document first.
  FlowId refused() {
    const auto id = deposited();
    store::Change change;
    change.flow = id;
    change.steps.push_back({Trigger::refuse, "{}", "test", ""});
    Finding iban{"pes.p16", Severity::error, {12, "/PES_Aller"}, "Pas un <IBAN>.", "No IBAN."};
    iban.subject = {.domaine = "depense", .bordereau = "7", .piece = "134"};
    iban.remedy = {"Corriger.", "Mend."};
    change.findings = Report{{iban, {"pes.p1", Severity::warning, {3, {}}, "Vieux.", "Old."}}};
    EXPECT_TRUE(store_->apply(std::move(change)));
    return id;
  }
  [[nodiscard]] test::Reply report(const FlowId& id, const std::string& accept,
                                   const std::string& language = {}) {
    std::vector<std::string> options{"-H", "Accept: " + accept};
    if (!language.empty()) options.insert(options.end(), {"-H", "Accept-Language: " + language});
    return as("reader").call("/v1/flows/" + id.str() + "/report", options);
  }
  static std::string severity_of(const boost::json::value& rules, std::string_view name) {
    for (const auto& rule : rules.at("items").as_array())
      if (rule.at("name").as_string() == name) return std::string(rule.at("severity").as_string());
    return "absent";
  }
};

TEST_F(ReportsTest, OfAFlowAreInTheOrderOfTheDocumentWithAllThatIsKnown) {
  const auto reply = json(report(refused(), "application/json"));
  expect_shape(reply, "FlowReport");
  EXPECT_EQ(reply.at("verdict").at("fr").as_string(), "refusé : 1 erreur, 1 avertissement");
  const auto& findings = reply.at("findings").as_array();
  EXPECT_EQ(findings.at(0).at("code").as_string(), "pes.p1");
  expect_shape(findings.at(1), "Finding");
  expect_shape(findings.at(1).at("subject"), "Subject");
  EXPECT_EQ(findings.at(1).at("subject").at("piece").as_string(), "134");
  EXPECT_EQ(findings.at(1).at("remedy").at("en").as_string(), "Mend.");
}

TEST_F(ReportsTest, ComeAsTheCallerLikesThem) {
  const auto id = refused();
  struct Case {
    std::string accept;
    std::string type;
  };
  const std::vector<Case> cases{
      {"*/*", "application/json"},
      {"application/json, text/html", "application/json"},
      {"text/html, application/json;q=0.9", "text/html; charset=utf-8"},
      {"text/html;q=0.5, text/plain;q=0.8", "text/plain; charset=utf-8"},
      {"text/*", "text/plain; charset=utf-8"},
      {"text/html;q=0, */*;q=0.1", "application/json"},
      {"image/png", "application/json"},
      {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html; charset=utf-8"}};
  for (const auto& one : cases)
    EXPECT_EQ(report(id, one.accept).headers.at("content-type"), one.type) << one.accept;
}

TEST_F(ReportsTest, AsTextAndAsAPageSayTheSame) {
  const auto id = refused();
  const auto text = report(id, "text/plain", "fr").body;
  EXPECT_THAT(text, HasSubstr("Dépense, bordereau 7\n  mandat 134\n    erreur [pes.p16]  ligne 12\n"));
  EXPECT_THAT(text, Not(HasSubstr("No IBAN.")));
  EXPECT_THAT(text, testing::EndsWith("refusé : 1 erreur, 1 avertissement\n"));
  EXPECT_THAT(report(id, "text/plain").body, HasSubstr("en: No IBAN. To do: Mend."));
  EXPECT_THAT(report(id, "text/plain", "en-GB").body, HasSubstr("error [pes.p16]  line 12"));
  const auto page = report(id, "text/html");
  EXPECT_THAT(page.body, HasSubstr("<h2 id=\"s2\">Dépense, bordereau 7</h2>"));
  EXPECT_THAT(page.body, HasSubstr("Pas un &lt;IBAN&gt;."));
  EXPECT_THAT(page.headers.at("content-security-policy"), HasSubstr("default-src 'none'"));
}

TEST_F(ReportsTest, OfACheckComeAsTextToo) {
  const auto reply = as("transmitter")
                         .post("/v1/check", sample("CHECK"), "text/xml",
                               {"-H", "Accept: text/plain", "-H", "Demat-File-Name: flux.xml"});
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_THAT(reply.body, HasSubstr("Contrôle de flux.xml"));
  EXPECT_THAT(reply.body, HasSubstr("[test.size]"));
}

TEST_F(ReportsTest, RulesHaveTheWeightOfTheCallersAuthority) {
  const auto own = call("reader", "GET", "/v1/rules");
  ASSERT_EQ(own.status, 200) << own.body;
  expect_shape(json(own), "RuleList");
  expect_shape(json(own).at("items").as_array().at(0), "Rule");
  EXPECT_EQ(text(own, "authority"), siren_a_);
  EXPECT_EQ(text(own, "pack"), "pes 5.30");
  EXPECT_EQ(severity_of(json(own), "P1"), "error");
  EXPECT_EQ(severity_of(json(own), "P2"), "off");
  const auto all = json(call("platform", "GET", "/v1/rules"));
  EXPECT_EQ(severity_of(all, "P1"), "warning");
  const auto foreign = call("reader", "GET", "/v1/rules?authority=" + siren_b_);
  EXPECT_EQ(foreign.status, 403) << foreign.body;
}

}  // namespace
}  // namespace demat::api
