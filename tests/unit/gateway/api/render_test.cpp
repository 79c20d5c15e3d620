#include "gateway/api/render.hpp"

#include <gtest/gtest.h>

/// What the State says, with its meaning beside it.
namespace demat::api {
namespace {

TEST(RenderTest, AnAnomalyIsExplained) {
  flow::AcquitAnomaly anomaly;
  anomaly.domaine = "5";
  anomaly.num_ano_ack = "ERREUR_AUTRE";
  anomaly.libelle_ano_ack = "1971 - Fonction";
  const auto out = to_json(anomaly);
  EXPECT_EQ(out.at("libelle_domaine"), "dépense");
  EXPECT_EQ(out.at("business_code"), "1971");
  EXPECT_EQ(out.at("explanation").at("en"), "The function is given although this account takes none.");
  EXPECT_TRUE(out.at("remedy").as_object().contains("fr"));
}

TEST(RenderTest, AWordOfThePrefectureStaysAsItIs) {
  flow::AcquitAnomaly anomaly;
  anomaly.num_ano_ack = "012";
  anomaly.libelle_ano_ack = "Nature inconnue";
  const auto out = to_json(anomaly);
  EXPECT_FALSE(out.contains("explanation"));
  EXPECT_FALSE(out.contains("libelle_domaine"));
}

TEST(RenderTest, AReturnExplainsEachCodeOnce) {
  flow::Return item;
  item.summary =
      R"({"anomalies":[{"code":"ERREUR_AUTRE","libelle":"1971 - a"},{"code":"ERREUR_AUTRE","libelle":"1971 - b"},)"
      R"({"code":"ERREUR_AUTRE","libelle":"1963 - c"},{"code":"GXML_PJ_ABSENTE"},"odd",{"code":7}]})";
  const auto out = to_json(item);
  const auto& told = out.at("summary").at("explanations").as_object();
  EXPECT_EQ(told.size(), 3U);
  EXPECT_TRUE(told.contains("1971"));
  EXPECT_TRUE(told.contains("ERREUR_AUTRE")) << "1963 is explained by its text alone";
  EXPECT_TRUE(told.contains("GXML_PJ_ABSENTE"));
  item.summary = R"({"pieces":3})";
  EXPECT_FALSE(to_json(item).at("summary").as_object().contains("explanations"));
  item.summary = "not json";
  EXPECT_EQ(to_json(item).at("summary").at("text"), "not json");
}

}  // namespace
}  // namespace demat::api
