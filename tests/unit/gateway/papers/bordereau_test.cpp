#include "gateway/papers/bordereau.hpp"

#include <gtest/gtest.h>

#include "pdf_kit.hpp"

namespace demat::papers {
namespace {

Instant at(long long seconds) {
  return Instant(std::chrono::seconds(seconds));
}

Bordereau sample(std::size_t annexes) {
  Bordereau b;
  b.authority = "Commune de Sainte-Épreuve-l'Étang";
  b.siren = "200000019";
  b.operator_name = "Syndicat mixte e-Tampon";
  b.user = "Amélie Çelik";
  b.type = "Transmission d'un acte (1-1)";
  b.number = "2026_114";
  b.id_acte = "034-200000019-20261121-2026_114-DE";
  b.nature = "1 – Délibérations";
  b.object =
      "Création d'un budget annexe : « Lotissement de l'Œuvre » ; autorisation donnée au maire de signer";
  b.classification = "7.1";
  b.classification_label = "Finances locales / Décisions budgétaires";
  b.decided = ParisDay(std::chrono::year(2026) / 11 / 20);
  b.paper = false;
  b.files.push_back({"principal", "99_DE", "Délibération", "application/pdf", 1'234'567,
                     "Délibération n° 114 du conseil municipal.pdf",
                     "99_DE-034-200000019-20261120-2026_114-DE-1-1_1.pdf", std::string(64, 'a')});
  for (std::size_t i = 1; i <= annexes; ++i)
    b.files.push_back({"Annexe", "21_RP", "Rapport de présentation", "application/pdf", 85'000 + i,
                       "annexe_" + std::to_string(i) + ".pdf",
                       "21_RP-034-200000019-20261120-2026_114-DE-1-1_" + std::to_string(i + 1) + ".pdf",
                       std::string(64, 'b')});
  b.steps = {{"Posté", at(1'795'254'000), "Déposé par Amélie Çelik"},
             {"Transmis", at(1'795'254'120), ""},
             {"Acquittement reçu", at(1'795'341'000), "Reçu par le MI le 22/11/2026"}};
  b.made_at = at(1'795'342'000);
  return b;
}

std::string drawn(const Bordereau& b) {
  const auto pdf = draw_bordereau(b);
  if (!pdf) throw std::runtime_error(pdf.error().code);
  return *pdf;
}

bool says(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

std::size_t count(const std::string& text, std::string_view words) {
  std::size_t times = 0;
  for (auto found = text.find(words); found != text.npos; found = text.find(words, found + words.size()))
    ++times;
  return times;
}

TEST(Bordereau, SaysEverythingOnce) {
  const kit::Tools tools;
  const std::string pdf = drawn(sample(1));
  EXPECT_TRUE(tools.sound(pdf));
  const std::string text = tools.text(pdf);
  const std::string digest(64, 'a');
  for (const char* words : {"Bordereau d’acquittement de transaction",
                            "Commune de Sainte-Épreuve-l’Étang",
                            "200 000 019",
                            "Syndicat mixte e-Tampon",
                            "Amélie Çelik",
                            "Transmission d’un acte (1-1)",
                            "2026_114",
                            "034-200000019-20261121-2026_114-DE",
                            "1 – Délibérations",
                            "« Lotissement de l’Œuvre »",
                            "7.1 – Finances locales / Décisions budgétaires",
                            "20/11/2026",
                            "non",
                            "principal",
                            "99_DE",
                            "1,2 Mo",
                            "Délibération n° 114 du conseil municipal.pdf",
                            "annexe_1.pdf",
                            digest.c_str(),
                            "99_DE-034-200000019-20261120-2026_114-DE-1-1_1.pdf",
                            "Rapport de présentation",
                            "Acquittement reçu",
                            "Reçu par le MI le 22/11/2026",
                            "Page 1 / 1"})
    EXPECT_TRUE(says(text, words)) << words << " not in\n" << text;
  EXPECT_FALSE(says(text, "SIMULATION"));
}

TEST(Bordereau, TimesAreThoseOfParis) {
  const kit::Tools tools;
  Bordereau b = sample(0);
  b.steps = {{"hiver", at(1'767'225'600), ""},
             {"été", at(1'782'864'000), ""}};  // 2026-01-01 and 2026-07-01, 0 h UTC
  const std::string text = tools.text(drawn(b));
  EXPECT_TRUE(says(text, "01/01/2026 à 01:00:00 (UTC+01:00)")) << text;
  EXPECT_TRUE(says(text, "01/07/2026 à 02:00:00 (UTC+02:00)")) << text;
}

TEST(Bordereau, ThreeHundredAnnexesTakeSeveralPages) {
  const kit::Tools tools;
  const std::string pdf = drawn(sample(300));
  const std::string text = tools.text(pdf);
  const auto pages = count(text, "\f");
  EXPECT_GT(pages, 5U);
  EXPECT_LT(pages, 40U);
  EXPECT_EQ(count(text, "Typologie"), pages) << "the head of the table comes back on each page of it";
  EXPECT_TRUE(says(text, "Page 1 / " + std::to_string(pages)));
  EXPECT_TRUE(says(text, "Page " + std::to_string(pages) + " / " + std::to_string(pages)));
  for (int i = 1; i <= 300; ++i)
    EXPECT_EQ(count(text, "annexe_" + std::to_string(i) + ".pdf"), 1U) << i;
  for (std::size_t page = 1; page <= pages; ++page) {
    const auto ink = kit::Picture(tools, pdf, static_cast<int>(page)).inked();
    EXPECT_GT(ink.left, 30) << page;
    EXPECT_LT(ink.right, 565) << page;
    EXPECT_GT(ink.top, 20) << page;
    EXPECT_LT(ink.bottom, 830) << page;
  }
}

TEST(Bordereau, LongTextsAreWrappedAndNeverLeaveThePaper) {
  const kit::Tools tools;
  Bordereau b = sample(3);
  b.environment = "SIMULATION / TEST";
  b.authority = std::string(400, 'W');
  b.object = std::string(499, 'M');
  b.files[1].posted_name = std::string(255, 'n') + ".pdf";
  b.files[2].sent_name = std::string(5'000, 's');
  b.steps[1].message = std::string(20'000, 'x');
  b.steps[2].message = std::string(3'000, '\n') + "fin";
  b.more = {{"Numéro de la lettre", std::string(5'000, 'z')}};
  const std::string pdf = drawn(b);
  EXPECT_TRUE(tools.sound(pdf));
  const auto pages = count(tools.text(pdf), "\f");
  for (std::size_t page = 1; page <= pages; ++page) {
    const auto ink = kit::Picture(tools, pdf, static_cast<int>(page)).inked();
    EXPECT_GT(ink.left, 30) << page;
    EXPECT_LT(ink.right, 565) << page;
    EXPECT_LT(ink.bottom, 830) << page;
  }
  EXPECT_EQ(count(tools.text(pdf), "SIMULATION / TEST"), pages);
}

TEST(Bordereau, ForeignBytesDoNoHarm) {
  const kit::Tools tools;
  Bordereau b = sample(0);
  b.object = std::string("d\xe9j\xe0 ") + std::string(1, '\0') + "vu \x01 &lt;b&gt; % \\ ( 日本";
  EXPECT_TRUE(tools.sound(drawn(b)));
}

TEST(Bordereau, TheSameInputGivesTheSameBytes) {
  EXPECT_EQ(drawn(sample(2)), drawn(sample(2)));
}

}  // namespace
}  // namespace demat::papers
