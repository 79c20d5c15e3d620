#include "protocols/pes/anomaly.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>

#include "tests/support/shared.hpp"

namespace demat::pes {
namespace {

/// The closed list of helios 4.5.
const std::vector<std::string> known_codes{"CONNECTION_IMPOSSIBLE_A_LA_BASE",
                                           "ENCODING",
                                           "FLUX_VIDE",
                                           "SCHEMA_INCOMPLET",
                                           "CODIFICATION",
                                           "CODIQUE",
                                           "SIRET",
                                           "CODE_COLLECTIVITE_BUDGET",
                                           "VERSION_PES",
                                           "VERSION_PJ",
                                           "SIGNATURE_INVALIDE",
                                           "SIGNATURE_ILLISIBLE",
                                           "SIGNATURE_INCOMPLETE",
                                           "DOUBLON_BORDEREAU",
                                           "DOUBLON_PIECE",
                                           "DOUBLON_LIGNE",
                                           "DOUBLON_PJ",
                                           "PES_PARAM",
                                           "PES_SIGNATURE",
                                           "PES_PARAM_SIGNATURE",
                                           "CERTIFICAT",
                                           "TIMEOUT",
                                           "TAILLE_BORDEREAUX",
                                           "TAILLE_PIECE",
                                           "TAILLE_LIGNE",
                                           "PJ_SIGNEE",
                                           "SIGNATURE_EXTERNE",
                                           "AUTRE",
                                           "SIGNATURE_BORDEREAU_INVALIDE",
                                           "SIGNATURE_BORDEREAU_ILLISIBLE",
                                           "SIGNATURE_BORDEREAU_INCOMPLETE",
                                           "MONTANT_TVA_ZERO_NEGATIF",
                                           "PJ",
                                           "CUMUL_MONTANTS"};

TEST(AnomalyTest, EveryCodeOfTheListIsExplainedInBothLanguages) {
  for (const auto& code : known_codes) {
    const auto told = explain("ERREUR_" + code);
    EXPECT_TRUE(told.known) << code;
    EXPECT_FALSE(told.meaning.fr.empty() || told.meaning.en.empty()) << code;
    EXPECT_FALSE(told.remedy.fr.empty() || told.remedy.en.empty()) << code;
    EXPECT_NE(told.meaning.fr, told.meaning.en) << code;
  }
}

TEST(AnomalyTest, TheListIsThatOfTheSchema) {
  const auto shared = samples::shared_folder(DEMAT_SOURCE_DIR);
  if (!shared) GTEST_SKIP() << "no shared folder";
  const std::string schema = samples::read_file(*shared / "schemas/pes/v5.30/PES_V2/CommunAck.xsd");
  const std::regex value("enumeration value=\"(ERREUR_[A-Z_]+)\"");
  std::set<std::string> codes;
  for (std::sregex_iterator it(schema.begin(), schema.end(), value), end; it != end; ++it)
    codes.insert((*it)[1]);
  EXPECT_EQ(codes.size(), known_codes.size());
  for (const auto& code : codes)
    EXPECT_TRUE(explain(code).known) << code;
}

TEST(AnomalyTest, BusinessCodesSayMoreAndGoFirst) {
  const auto told = explain("ERREUR_AUTRE", "1971");
  EXPECT_TRUE(told.known);
  EXPECT_EQ(told.meaning.en, "The function is given although this account takes none.");
  EXPECT_NE(told.meaning.en, explain("ERREUR_AUTRE").meaning.en);
  EXPECT_TRUE(explain("", "1984").known);
  EXPECT_TRUE(explain("", "2559").known);
  EXPECT_EQ(explain("ERREUR_AUTRE", "4321").meaning.en, explain("ERREUR_AUTRE").meaning.en);
  EXPECT_TRUE(explain(Anomaly{"ERREUR_AUTRE", "1971 - texte", "1971"}).known);
}

struct Derived {
  const char* code;
  const char* words;
};

TEST(AnomalyTest, OtherCodesArePutIntoWords) {
  for (const auto& [code, words] :
       {Derived{"GXML_DOUBLON_NUM_PIECE", "doublon numéro pièce."},
        Derived{"GXML_FORMAT_ID_TIERS_INCORRECT", "format identifiant tiers incorrect."},
        Derived{"GXML_CIVILITE_PRENOM_A_TORT", "civilité prénom à tort."},
        Derived{"GXML_MONTANT_VENTIL_MARCHE_MANDAT_INCOHERENT",
                "montant ventilation marché mandat incohérent."},
        Derived{"ERREUR_NOUVELLE_RAISON", "nouvelle raison."}}) {
    const auto told = explain(code);
    EXPECT_FALSE(told.known) << code;
    EXPECT_TRUE(told.meaning.fr.ends_with(words)) << told.meaning.fr;
    EXPECT_TRUE(told.meaning.en.ends_with(words)) << told.meaning.en;
  }
  EXPECT_TRUE(explain("GXML_SIRET_INVALIDE").meaning.fr.starts_with("Contrôle d'Hélios"));
  EXPECT_FALSE(explain("ERREUR_NOUVELLE").meaning.fr.starts_with("Contrôle d'Hélios"));
}

TEST(AnomalyTest, NothingMeansNothing) {
  for (const char* code : {"", "_", "GXML_", "ERREUR_", "012", "ANO42", "une phrase_"})
    EXPECT_EQ(explain(code).meaning.fr, "") << code;
  EXPECT_LT(explain("GXML_" + std::string(100'000, 'A')).meaning.fr.size(), 400U);
}

}  // namespace
}  // namespace demat::pes
