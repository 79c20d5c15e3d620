#include "protocols/xml/schema_words.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace demat::xml::detail {
namespace {

struct Case {
  const char* notation;
  const char* french;  ///< part of it; empty: nothing is known
};

TEST(SchemaWords, PatternsAreSaidInWordsHoweverTheyAreWritten) {
  const std::vector<Case> cases = {
      {"[0-9]{14}", "exactement 14 chiffres"},
      {"([0-9]{14,14})", "exactement 14 chiffres"},
      {"[0-9]{2,3}", "de 2 à 3 chiffres"},
      {"[A-Z]{2}[0-9]{2}[a-zA-Z0-9]{1,30}", "un IBAN sans espace"},
      {"[A-Z]{2,2}[0-9]{2,2}[a-zA-Z0-9]{1,30}", "un IBAN sans espace"},
      {"[A-Z]{6,6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3,3}){0,1}", "un BIC"},
      {"(02[A-B][0-9]{3,4}|[0-9]{6,7})", "6 ou 7 chiffres"},
      {"[0-9A-Z][0-9]", "un chiffre ou une majuscule"},
      {"[0-9]{1}", "un seul chiffre"},
      {"[0-9]{2,}", ""},
      {"[0-9]{,2}", ""},
      {"[q-z]+", ""},
      {"[0-9]{a}", ""},
      {"[0-9]{", ""},
      {"", ""},
  };
  for (const auto& one : cases) {
    SCOPED_TRACE(one.notation);
    const auto words = pattern_words(one.notation);
    ASSERT_EQ(words.has_value(), *one.french != '\0');
    if (!words) continue;
    EXPECT_NE(words->fr.find(one.french), std::string::npos) << words->fr;
    EXPECT_FALSE(words->en.empty());
  }
}

TEST(SchemaWords, TypesOfPublishedPacksSayWhatTheyHoldByTheirNames) {
  struct Typed {
    const char* type;
    const char* element;
    const char* french;
  };
  const std::vector<Typed> cases = {
      {"xs:date", "DteStr", "une date"},
      {"V_Date", "DteStr", "une date"},
      {"V_DateSup1900", "DteBordEm", "une date"},
      {"V_Annee", "Exer", "une année"},
      {"V_Booleen", "InfoDematerialisee", "1, 0"},
      {"V_Montant_Light", "MtHT", "un nombre, avec un point"},
      {"montant-nul-ou-positif", "MtHT", "un nombre, avec un point"},
      {"V_Taux_Hight", "TxTva", "un nombre, avec un point"},
      {"V_Num2", "IdVer", "un nombre entier"},
      {"V_Entier3_Relatif", "Ecart", "un nombre, avec un point"},
      {"xs:integer", "X509SerialNumber", "un nombre entier"},
      {"xs:base64Binary", "Fichier", "base64"},
      {"xs:ID", "Bordereau", "un identifiant"},
      {"", "MtHT", "un nombre, avec un point"},
      {"", "DteBordEm", "une date"},
      {"TSiretVide", "Siret", ""},
  };
  for (const auto& one : cases) {
    SCOPED_TRACE(one.type);
    const auto words = type_words(one.type, one.element);
    ASSERT_EQ(words.has_value(), *one.french != '\0');
    if (words) EXPECT_NE(words->fr.find(one.french), std::string::npos) << words->fr;
  }
}

}  // namespace
}  // namespace demat::xml::detail
