#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_gateway.hpp"
#include "tools/dematctl/commands_returns.hpp"

namespace demat::ctl {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Returns, AreAskedForByWhatIsGivenOnly) {
  FakeGateway gateway;
  gateway.answers("GET /v1/returns?kind=PES_Retour&read=false&typ_restit=01&exercice=2026&piece=345&limit=50",
                  200, R"({"items":[{"id":"r1","remote_name":"PES2R_DEP_R.xml","typ_restit":"01"}]})");
  auto session = gateway.session();
  ReturnOptions options;
  options.kind = "PES_Retour";
  options.unread = true;
  options.typ_restit = "01";
  options.of = {.exercice = "2026", .piece = "345"};
  EXPECT_EQ(returns_list(session, options), Exit::ok) << gateway.requests.at(0).path;
  EXPECT_THAT(gateway.out.str(), HasSubstr("PES2R_DEP_R.xml"));
}

/// The gateway adds acquits to what is unread: a list with a filter must not be the longer one.
TEST(Returns, ThatAreUnreadAreAmongThoseListed) {
  FakeGateway gateway;
  gateway.answers("GET /v1/returns?read=false&state=available&limit=50", 200, R"({"items":[{"id":"r1"}]})");
  gateway.answers("GET /v1/returns?read=false&state=ignored&limit=50", 200, R"({"items":[{"id":"r2"}]})");
  auto session = gateway.session();
  ReturnOptions options;
  options.unread = true;
  EXPECT_EQ(returns_list(session, options), Exit::ok) << gateway.requests.at(0).path;
  options.states = {"ignored"};
  EXPECT_EQ(returns_list(session, options), Exit::ok) << gateway.requests.at(1).path;
}

TEST(Returns, ShowTheirPiecesByState) {
  FakeGateway gateway;
  gateway.answers("GET /v1/returns/r1", 200,
                  R"({"id":"r1","kind":"PES_Retour","acquit":"f9","summary":{"clients":2,"etats":[)"
                  R"({"domaine":"depense","etat":"04","fr":"rejetée","en":"rejected","pieces":7}]}})");
  auto session = gateway.session();
  EXPECT_EQ(returns_show(session, "r1"), Exit::ok);
  EXPECT_THAT(gateway.out.str(),
              AllOf(HasSubstr("f9"), HasSubstr("rejetée"), HasSubstr("7"), HasSubstr("client")));
}

TEST(Returns, GoDownToLinesClientsAndAsap) {
  FakeGateway gateway;
  gateway.answers(
      "GET /v1/returns/r1/pieces?limit=50", 200,
      R"({"items":[{"domaine":"depense","exercice":"2026","bordereau":"12","piece":"345","etat":"04","etat_fr":"rejetée",)"
      R"("motif":"03","motif_fr":"crédits insuffisants","lignes":[{"ligne":"1","etat":"02","etat_fr":"rejetée",)"
      R"("mt_ht":"10.00","commentaire":"Chapitre 011"},{"ligne":"2","mt_ht":"11.00"}]},)"
      R"({"domaine":"recette","piece":"9","etat":"02","lignes":[]},)"
      R"({"domaine":"client","ref_tiers":"U42","restes":[{"produit":"EAU","reste":"80.00","frais":"7.50"}]},)"
      R"({"domaine":"asap","piece":"77","date_rejet":"2026-02-02","motif_postal":"08","motif_postal_fr":"autre"}]})");
  auto session = gateway.session();
  EXPECT_EQ(returns_lines(session, {.id = "r1"}), Exit::ok);
  const auto text = gateway.out.str();
  EXPECT_THAT(text, AllOf(HasSubstr("04 rejetée"), HasSubstr("10.00"), HasSubstr("Chapitre 011"),
                          HasSubstr("11.00")));
  EXPECT_THAT(text, HasSubstr("03 crédits insuffisants")) << "a line without reason has the pièce's";
  EXPECT_THAT(text, AllOf(HasSubstr("U42"), HasSubstr("80.00 + 7.50"), HasSubstr("rejeté 2026-02-02"),
                          HasSubstr("08 autre")));
}

TEST(Returns, AreAcquittedEachAndTheWorstEndIsTold) {
  FakeGateway gateway;
  gateway.answers("POST /v1/returns/r2/acquit", 201, R"({"id":"f2","state":"received"})");
  auto session = gateway.session();
  EXPECT_EQ(returns_acquit(session, {"r1", "r2"}), Exit::not_found);
  EXPECT_THAT(gateway.out.str(), HasSubstr("r2  acquit f2  received"));
}

TEST(Sirets, TellWhatToDoWithUnassignedReturns) {
  FakeGateway gateway;
  gateway.answers(
      "GET /v1/sirets/unassigned", 200,
      R"({"items":[{"siret":"11111111800019","returns":3,"bytes":10,"first":"2026-01-01T00:00:00Z",)"
      R"("last":"2026-01-02T00:00:00Z","blocked":false,"suggestion":{"siren":"111111118","name":"Valjoie"}},)"
      R"({"siret":"22222222600012","returns":1,"bytes":1,"blocked":true},)"
      R"({"siret":"33333333400014","returns":1,"bytes":1,"blocked":false,"owner":"333333334"},)"
      R"({"siret":"44444444200010","returns":1,"bytes":1,"blocked":false}]})");
  auto session = gateway.session();
  EXPECT_EQ(siret_unassigned(session), Exit::ok);
  EXPECT_THAT(
      gateway.out.str(),
      AllOf(HasSubstr("siret add 111111118 11111111800019  (Valjoie)"), HasSubstr("bloqué / blocked"),
            HasSubstr("orphans reanalyse  (333333334)"), HasSubstr("siret add SIREN 44444444200010")));
}

TEST(Sirets, AreBlockedAndUnblockedForAReason) {
  FakeGateway gateway;
  gateway.answers("POST /v1/sirets/11111111800019/block", 204, "");
  gateway.answers("POST /v1/sirets/11111111800019/unblock", 200,
                  R"({"looked_at":100,"settled":99,"next":"x"})");
  auto session = gateway.session();
  EXPECT_EQ(siret_block(session, {"11111111800019", "fusion"}), Exit::ok) << gateway.err.str();
  EXPECT_EQ(gateway.body_of(0).at("reason").as_string(), "fusion");
  EXPECT_EQ(siret_unblock(session, {"11111111800019", "fini"}), Exit::ok);
  EXPECT_THAT(gateway.out.str(), HasSubstr("99/100"));
  EXPECT_THAT(gateway.err.str(), HasSubstr("orphans reanalyse")) << "there are more";
}

TEST(Authorities, SayWhenTheirReturnsAreAcquitted) {
  FakeGateway gateway;
  gateway.answers("GET /v1/authorities/111111118/returns", 200, R"({"siren":"111111118","acquit":"never"})");
  gateway.answers("PUT /v1/authorities/111111118/returns", 200,
                  R"({"siren":"111111118","acquit":"on_read"})");
  auto session = gateway.session();
  EXPECT_EQ(authority_returns(session, {"111111118", ""}), Exit::ok);
  EXPECT_EQ(authority_returns(session, {"111111118", "on_read"}), Exit::ok);
  EXPECT_EQ(gateway.body_of(1).at("acquit").as_string(), "on_read");
  EXPECT_THAT(gateway.out.str(), AllOf(HasSubstr("acquit never"), HasSubstr("acquit on_read")));
}

}  // namespace
}  // namespace demat::ctl
