#include "protocols/report/text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "findings.hpp"

namespace demat::report {
namespace {

using testing::HasSubstr;
using testing::Not;

Sheet sheet() {
  Finding iban = finding("pes.p16", 118, mandat("12", "134", "1"));
  iban.place.path = "/PES_Aller/PES_DepenseAller/Bordereau/IBAN";
  iban.fr = "Le compte n'est pas un IBAN.";
  iban.en = "The account is no IBAN.";
  iban.value = "FR00 **** 0185";
  iban.expected = {"un IBAN dont la clé est juste", "an IBAN with a right key"};
  iban.remedy = {"Corriger le RIB du tiers.", "Mend the account of the tiers."};
  Finding version = finding("pes.p1", 3, {}, Severity::warning);
  version.fr = "La version est ancienne.";
  version.en = "The version is old.";
  return {{"Contrôle de flux.xml", "Check of flux.xml"},
          {{{"NomFic", "NomFic"}, "PES-1"}, {{"vide", "empty"}, ""}, {{"pack", "pack"}, "5.30"}},
          {{iban, version}}};
}

TEST(ReportText, ReadsFromTheFlowDownToTheLineAndEndsWithTheVerdict) {
  EXPECT_EQ(to_text(sheet(), {.language = Language::french}),
            "Contrôle de flux.xml\n"
            "  NomFic : PES-1\n"
            "  pack   : 5.30\n"
            "\n"
            "Flux\n"
            "  avertissement [pes.p1]  ligne 3\n"
            "    La version est ancienne.\n"
            "\n"
            "Dépense, bordereau 12 (2026)\n"
            "  mandat 134, ligne 1\n"
            "    erreur [pes.p16]  ligne 118\n"
            "      Le compte n'est pas un IBAN.\n"
            "      trouvé  : FR00 **** 0185\n"
            "      attendu : un IBAN dont la clé est juste\n"
            "      à faire : Corriger le RIB du tiers.\n"
            "      /PES_Aller/PES_DepenseAller/Bordereau/IBAN\n"
            "\n"
            "refusé : 1 erreur, 1 avertissement\n");
}

TEST(ReportText, SaysTheEnglishBeneathUnlessToldOtherwise) {
  const auto text = to_text(sheet(), {});
  EXPECT_THAT(text, HasSubstr("Contrôle de flux.xml / Check of flux.xml\n"));
  EXPECT_THAT(text, HasSubstr("    erreur / error [pes.p16]  ligne / line 118\n"
                              "      Le compte n'est pas un IBAN.\n"));
  EXPECT_THAT(text,
              HasSubstr("      en: The account is no IBAN. Expected: an IBAN with a right key. To do: Mend "
                        "the account of the tiers.\n"));
  EXPECT_THAT(text, testing::EndsWith("refusé : 1 erreur, 1 avertissement\nrefused: 1 error, 1 warning\n"));
  const auto english = to_text(sheet(), {.language = Language::english});
  EXPECT_THAT(english, HasSubstr("  mandat 134, ligne 1\n    error [pes.p16]  line 118\n"));
  EXPECT_THAT(english, Not(HasSubstr("erreur")));
}

TEST(ReportText, UsesColoursOnlyWhenAsked) {
  EXPECT_THAT(to_text(sheet(), {}), Not(HasSubstr("\x1b")));
  EXPECT_THAT(to_text(sheet(), {.colour = true, .language = Language::french}),
              HasSubstr("\x1b[1;31merreur\x1b[0m [pes.p16]"));
}

TEST(ReportText, NothingOfTheDocumentSteersTheTerminal) {
  Sheet hostile = sheet();
  hostile.report.findings[0].value =
      "a\x1b[2Jb\nc\xC2\x9B"
      "d\xE2\x80\xAE\xFF";
  hostile.report.findings[0].subject.piece = "1\x1b]0;x\x07";
  const auto text = to_text(hostile, {.language = Language::french});
  EXPECT_THAT(text, HasSubstr("trouvé  : a [2Jb c d \xEF\xBF\xBD\n"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, Not(HasSubstr("\x07")));
}

TEST(ReportText, ShowsTheAnswerOfHeliosApart) {
  Sheet answered = sheet();
  answered.report = {};
  answered.answer = {{finding("helios.1971", 0, mandat("12", "134"))}};
  answered.note = {"état : rejected", "state: rejected"};
  const auto text = to_text(answered, {.language = Language::french});
  EXPECT_THAT(
      text,
      HasSubstr(
          "Réponse d'Hélios\n\nDépense, bordereau 12 (2026)\n  mandat 134\n    erreur [helios.1971]\n"));
  EXPECT_THAT(
      text,
      testing::EndsWith(
          "\ncontrôles avant l'envoi, accepté : aucune remarque\nHélios : 1 anomalie\nétat : rejected\n"));
}

TEST(ReportText, NamesEachKindOfThing) {
  struct Case {
    Subject subject;
    std::string title;
  };
  const std::vector<Case> cases{
      {{.domaine = "recette", .bordereau = "4", .piece = "8"}, "Recette, bordereau 4\n  titre 8\n"},
      {{.domaine = "pj", .pj = "PJ-1"}, "Pièces justificatives\n  PJ PJ-1\n"},
      {{.domaine = "facture", .facture = "77"}, "Factures (ASAP)\n  facture 77\n"},
      {{.domaine = "marche", .marche = "2026M01"}, "Marchés, marché 2026M01\n"},
      {{.domaine = "autre", .piece = "3"}, "autre\n  pièce 3\n"}};
  for (const auto& one : cases)
    EXPECT_THAT(to_text({{"t", "t"}, {}, {{finding("x", 0, one.subject)}}}, {.language = Language::french}),
                HasSubstr("\n" + one.title));
}

}  // namespace
}  // namespace demat::report
