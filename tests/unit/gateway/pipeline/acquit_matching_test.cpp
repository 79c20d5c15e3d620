#include "gateway/pipeline/acquit_matching.hpp"

#include <gtest/gtest.h>

namespace demat::pipeline {
namespace {

using flow::State;

constexpr const char* valjoie = "217500016";
constexpr const char* montbrume = "213400013";

flow::Flow candidate(const char* id, State state, const char* cod_col, const char* cod_bud,
                     const char* authority = valjoie, int sent_minute = 0) {
  flow::Flow f;
  f.id = FlowId{id};
  f.state = state;
  f.nom_fic = NomFic{"PAIE_MARS"};
  f.id_post = "034000";
  f.cod_col = cod_col;
  f.cod_bud = cod_bud;
  f.authority = AuthorityId{authority};
  f.destination = DestinationName{"passtrans"};
  f.sent_at = Instant{} + std::chrono::minutes(sent_minute);
  return f;
}

pes::Header acquit(const char* cod_col, const char* cod_bud = "00", const char* id_post = "034000") {
  pes::Header header;
  header.nom_fic = NomFic{"PAIE_MARS"};
  header.cod_col = cod_col;
  header.cod_bud = cod_bud;
  header.id_post = id_post;
  return header;
}

struct Case {
  const char* what;
  pes::Header header;
  std::vector<flow::Flow> candidates;
  const char* rule;
  const char* flow;  ///< empty: none
};

TEST(MatchAcquit, FollowsTheStepwiseKey) {
  const Case cases[] = {
      {"the whole key", acquit("123"), {candidate("a", State::sent, "123", "00")}, "full_key", "a"},
      {"another budget of the same collectivité",
       acquit("123", "01"),
       {candidate("a", State::sent, "123", "00"), candidate("b", State::sent, "123", "01")},
       "full_key",
       "b"},
      {"CodCol and NomFic when the budget is missing",
       acquit("123", ""),
       {candidate("a", State::sent, "123", "00")},
       "codcol_nomfic",
       "a"},
      {"box 1: no CodCol", acquit("", "", ""), {candidate("a", State::sent, "123", "00")}, "nomfic", "a"},
      {"box 1: CodCol 000", acquit("000"), {candidate("a", State::sent, "123", "00")}, "nomfic", "a"},
      {"another collectivité's flow is not taken",
       acquit("124"),
       {candidate("a", State::sent, "123", "00")},
       "none",
       ""},
      {"no candidate", acquit("123"), {}, "none", ""},
      {"awaiting before answered",
       acquit("123"),
       {candidate("a", State::rejected, "123", "00", valjoie, 9), candidate("b", State::sent, "123", "00")},
       "full_key",
       "b"},
      {"uncertain counts as awaiting",
       acquit("123"),
       {candidate("a", State::acknowledged, "123", "00", valjoie, 9),
        candidate("b", State::uncertain, "123", "00")},
       "full_key",
       "b"},
      {"the most recent of two",
       acquit("123"),
       {candidate("a", State::sent, "123", "00", valjoie, 1),
        candidate("b", State::sent, "123", "00", valjoie, 2)},
       "full_key",
       "b"},
      {"two authorities: nobody",
       acquit("", "", ""),
       {candidate("a", State::sent, "123", "00"), candidate("b", State::sent, "124", "00", montbrume)},
       "ambiguous",
       ""},
      {"an answered flow takes the second acquit",
       acquit("123"),
       {candidate("a", State::acknowledged, "123", "00")},
       "full_key",
       "a"},
  };
  for (const auto& c : cases) {
    const auto match = match_acquit(c.header, DestinationName{"passtrans"}, c.candidates);
    EXPECT_EQ(match.rule, c.rule) << c.what;
    EXPECT_EQ(match.flow ? match.flow->id.str() : "", c.flow) << c.what;
  }
}

TEST(MatchAcquit, PrefersTheDestinationTheAcquitCameFrom) {
  auto elsewhere = candidate("a", State::sent, "123", "00", valjoie, 9);
  elsewhere.destination = DestinationName{"gateway"};
  const auto match = match_acquit(acquit("123"), DestinationName{"passtrans"},
                                  {elsewhere, candidate("b", State::sent, "123", "00")});
  ASSERT_TRUE(match.flow);
  EXPECT_EQ(match.flow->id.str(), "b");
}

TEST(MatchAcquit, AnAnsweredFlowOfAnotherAuthorityStillMakesItAmbiguous) {
  const auto match = match_acquit(acquit("123"), DestinationName{"passtrans"},
                                  {candidate("a", State::sent, "123", "00"),
                                   candidate("b", State::acknowledged, "123", "00", montbrume)});
  EXPECT_EQ(match.rule, "ambiguous");
}

TEST(MatchAcquit, IdCollTellsTwoAuthoritiesApart) {
  auto mine = candidate("a", State::sent, "123", "00");
  auto theirs = candidate("b", State::sent, "123", "00", montbrume);
  mine.id_coll = Siret{"21750001600001"};
  theirs.id_coll = Siret{"21340001300001"};
  auto header = acquit("123");
  header.id_coll = theirs.id_coll.str();
  const auto match = match_acquit(header, DestinationName{"passtrans"}, {mine, theirs});
  ASSERT_TRUE(match.flow);
  EXPECT_EQ(match.flow->id.str(), "b");
}

TEST(MatchAcquit, WithoutNomFicNothingIsGuessed) {
  auto header = acquit("123");
  header.nom_fic = NomFic{};
  EXPECT_EQ(
      match_acquit(header, DestinationName{"passtrans"}, {candidate("a", State::sent, "123", "00")}).rule,
      "no_nomfic");
}

}  // namespace
}  // namespace demat::pipeline
