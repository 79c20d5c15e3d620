#include "gateway/papers/stamp.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "cms_kit.hpp"
#include "pdf_kit.hpp"

namespace demat::papers {
namespace {

using kit::document;
using kit::PageSpec;
using kit::Picture;

ParisDay day(int year, unsigned month, unsigned of_month) {
  return ParisDay(std::chrono::year(year) / static_cast<int>(month) / static_cast<int>(of_month));
}

Stamp sample() {
  Stamp stamp;
  stamp.sent = day(2026, 11, 21);
  stamp.received = day(2026, 11, 22);
  stamp.published = day(2026, 11, 23);
  stamp.id_acte = "034-200000019-20261121-2026_114-DE";
  return stamp;
}

StampedFile sample_file() {
  return {"Délibération n° 114.pdf", "Commune de Sainte-Épreuve-l'Étang", std::string(64, 'a'),
          Instant(std::chrono::seconds(1'795'000'000))};
}

struct Outcome {
  Stamped stamped;
  std::string copy;
};

Outcome put(const std::string& pdf, const Stamp& stamp = sample(), StampPosition position = {}) {
  Outcome outcome;
  const MemorySource source(pdf);
  const auto done = stamp_pdf(source, stamp, position, sample_file(), [&](std::string_view part) -> Status {
    outcome.copy.append(part);
    return {};
  });
  if (!done) throw std::runtime_error(done.error().code + ": " + done.error().detail);
  outcome.stamped = *done;
  return outcome;
}

struct PageCase {
  const char* name;
  PageSpec page;
  int width;
  int height;
};

void PrintTo(const PageCase& one, std::ostream* out) {
  *out << one.name;
}

class Geometry : public testing::TestWithParam<PageCase> {};

TEST_P(Geometry, TheStampIsAtTheTopRightOfWhatIsShownAndUpright) {
  const kit::Tools tools;
  PageSpec page = GetParam().page;
  page.content = "";
  const auto outcome = put(document({page}).build());
  ASSERT_EQ(outcome.stamped.outcome, StampOutcome::stamped);
  EXPECT_TRUE(tools.sound(outcome.copy));
  const Picture picture(tools, outcome.copy);
  EXPECT_NEAR(picture.width(), GetParam().width, 1);
  EXPECT_NEAR(picture.height(), GetParam().height, 1);
  const auto ink = picture.inked();
  EXPECT_GT(picture.dark(0.4, 0, 1, 0.35), 30);
  EXPECT_GT(ink.left, picture.width() * 0.4);
  EXPECT_LT(ink.bottom, picture.height() * 0.4);
  EXPECT_LT(picture.width() - ink.right, 25);
  EXPECT_LT(ink.top, 25);
  EXPECT_GT(ink.right - ink.left, 2 * (ink.bottom - ink.top)) << "the stamp lies on its side";
  EXPECT_NE(tools.text(outcome.copy).find("Reçu en préfecture le 22/11/2026"), std::string::npos)
      << tools.text(outcome.copy);
}

INSTANTIATE_TEST_SUITE_P(
    Pages, Geometry,
    testing::Values(PageCase{"plain", {}, 595, 842}, PageCase{"right", {.rotate = 90}, 842, 595},
                    PageCase{"upside_down", {.rotate = 180}, 595, 842},
                    PageCase{"left", {.rotate = 270}, 842, 595},
                    PageCase{"beyond_a_turn", {.rotate = 450}, 842, 595},
                    PageCase{"backwards", {.rotate = -90}, 842, 595},
                    PageCase{"landscape", {.media = "[0 0 842 595]"}, 842, 595},
                    PageCase{"cropped", {.crop = "[100 200 500 700]"}, 400, 500},
                    PageCase{"cropped_and_right", {.crop = "[100 200 500 700]", .rotate = 90}, 500, 400},
                    PageCase{"cropped_and_left", {.crop = "[100 200 500 700]", .rotate = 270}, 500, 400},
                    PageCase{"crop_beyond_media", {.crop = "[-50 -50 900 900]"}, 595, 842},
                    PageCase{"moved_origin", {.media = "[-300 -400 295 442]"}, 595, 842},
                    PageCase{"corners_swapped", {.media = "[595 842 0 0]"}, 595, 842},
                    PageCase{"ticket", {.media = "[0 0 160 120]"}, 160, 120},
                    PageCase{"plan", {.media = "[0 0 2384 3370]"}, 2384, 3370},
                    PageCase{"units", {.media = "[0 0 297.5 421]", .more = "/UserUnit 2"}, 298, 421}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(Stamp, GoesWhereTheAuthorityWantsIt) {
  const kit::Tools tools;
  const std::string pdf = document({{.content = ""}}).build();
  struct Case {
    StampPosition position;
    bool left, top;
  };
  for (const auto& one : {Case{{0, 0}, true, true}, Case{{100, 0}, false, true}, Case{{0, 100}, true, false},
                          Case{{100, 100}, false, false}, Case{{-50, 300}, true, false}}) {
    const auto ink = Picture(tools, put(pdf, sample(), one.position).copy).inked();
    EXPECT_EQ(ink.left < 100, one.left) << one.position.across << " " << one.position.down;
    EXPECT_EQ(ink.top < 100, one.top) << one.position.across << " " << one.position.down;
    EXPECT_GE(ink.left, 10);
    EXPECT_LE(ink.right, 585);
  }
}

TEST(Stamp, SaysTheDaysTheIdentifierAndTheEnvironment) {
  const kit::Tools tools;
  const std::string pdf = document({{}, {}}).build();
  Stamp stamp = sample();
  const std::string production = tools.text(put(pdf, stamp).copy);
  EXPECT_NE(production.find("Envoyé en préfecture le 21/11/2026"), std::string::npos) << production;
  EXPECT_NE(production.find("Publié le 23/11/2026"), std::string::npos);
  EXPECT_NE(production.find("034-200000019-20261121-2026_114-DE"), std::string::npos);
  EXPECT_NE(production.find("Bonjour"), std::string::npos);
  EXPECT_EQ(production.find("SIMULATION"), std::string::npos);
  const auto second = production.find('\f');
  ASSERT_NE(second, std::string::npos);
  EXPECT_NE(production.find("Publié", second), std::string::npos) << "the second page has none";

  stamp.environment = "SIMULATION / TEST";
  stamp.published.reset();
  const std::string trial = tools.text(put(pdf, stamp).copy);
  EXPECT_NE(trial.find("SIMULATION / TEST"), std::string::npos) << trial;
  EXPECT_EQ(trial.find("Publié"), std::string::npos);
}

TEST(Stamp, FontsAreEmbedded) {
  const kit::Tools tools;
  const auto outcome = put(document({{.content = ""}}).build());
  const auto fonts = tools.run({"pdffonts", tools.file("fonts.pdf", outcome.copy)}).text;
  EXPECT_NE(fonts.find("DejaVuSans"), std::string::npos) << fonts;
  std::istringstream lines(fonts);
  for (std::string line; std::getline(lines, line);)
    if (line.find("DejaVu") != line.npos) EXPECT_NE(line.find(" yes yes yes "), line.npos) << line;
}

TEST(Stamp, TheSameInputGivesTheSameBytes) {
  const std::string pdf = document({{}, {.rotate = 90}}).build();
  EXPECT_EQ(put(pdf).copy, put(pdf).copy);
  const std::string image = "not a pdf";
  EXPECT_EQ(put(image).stamped.page, put(image).stamped.page);
}

TEST(Stamp, TheContentIsTheOneThatWasThere) {
  const kit::Tools tools;
  const std::string content = "BT /F1 14 Tf 60 400 Td (Bonjour) Tj ET % mark-of-the-original";
  const auto outcome = put(document({{.content = content}}).build());
  EXPECT_NE(outcome.copy.find(content), std::string::npos);
  const Picture before(tools, document({{.content = content}}).build());
  const Picture after(tools, outcome.copy);
  EXPECT_EQ(before.dark(0, 0.2, 1, 1), after.dark(0, 0.2, 1, 1));
}

TEST(Stamp, IsNotMovedByWhatThePageLeavesBehind) {
  const kit::Tools tools;
  for (const char* content :
       {"q 3 0 0 3 0 0 cm", "0.3 0 0 0.3 50 50 cm", "0 1 -1 0 500 0 cm q q q", "2 0 0 2 0 0 cm q", "q Q Q Q",
        "0 0 10 10 re W n", "BT 9 0 0 9 0 0 Tm", "(Q \\) Q) Tj % Q\n<51> Tj /Q gs"}) {
    const auto ink = Picture(tools, put(document({{.content = content}}).build()).copy).inked();
    EXPECT_GT(ink.left, 300) << content;
    EXPECT_LT(ink.top, 20) << content;
    EXPECT_LT(ink.bottom, 140) << content;
  }
}

TEST(Stamp, ResourcesMayBeSharedOrInherited) {
  const kit::Tools tools;
  auto pdf = document({{}, {}});
  const std::string page = "<< /Type /Page /Parent 2 0 R /Contents 11 0 R >>";
  pdf.object(10, page).object(12, page);
  pdf.object(2,
             "<< /Type /Pages /Count 2 /Kids [10 0 R 12 0 R] /MediaBox [0 0 595 842] /Rotate 90 "
             "/Resources << /Font << /F1 3 0 R >> /XObject << /DematTampon 1001 0 R >> >> >>");
  pdf.stream(1001, "/Type /XObject /Subtype /Form /BBox [0 0 9 9]", "0 0 9 9 re f");
  const auto outcome = put(pdf.build());
  EXPECT_TRUE(tools.sound(outcome.copy));
  for (int page_number : {1, 2}) {
    const Picture picture(tools, outcome.copy, page_number);
    EXPECT_EQ(picture.width(), 842);
    EXPECT_GT(picture.dark(0.7, 0, 1, 0.2), 30);
  }
}

TEST(Stamp, ASignedDocumentIsNeverAltered) {
  const kit::Tools tools;
  const kit::Identity mayor("Maire d'Épreuve");
  const auto outcome = put(kit::signed_pdf(document({{}}).build(), mayor));
  EXPECT_EQ(outcome.stamped.outcome, StampOutcome::separate_page);
  EXPECT_EQ(outcome.stamped.reason, SeparateReason::signed_document);
  EXPECT_TRUE(outcome.copy.empty());
  const auto text = tools.text(outcome.stamped.page);
  EXPECT_NE(text.find("Reçu en préfecture le 22/11/2026"), std::string::npos) << text;
  EXPECT_NE(text.find("signature électronique"), std::string::npos) << text;
  EXPECT_NE(text.find("Délibération n° 114.pdf"), std::string::npos) << text;
  EXPECT_TRUE(tools.sound(outcome.stamped.page));
}

TEST(Stamp, WhatCannotBeStampedGetsAPage) {
  const kit::Tools tools;
  const auto plain = tools.file("plain.pdf", document({{}}).build());
  const auto locked = tools.path("locked.pdf").string();
  ASSERT_EQ(tools.run({"qpdf", "--encrypt", "", "owner", "256", "--modify=none", "--", plain, locked}).code,
            0);
  struct Case {
    std::string bytes;
    SeparateReason reason;
  };
  for (const auto& one : {Case{tools.read("locked.pdf"), SeparateReason::locked},
                          Case{"\x89PNG\r\n", SeparateReason::unreadable},
                          Case{"%PDF-1.4\ngarbage", SeparateReason::unreadable}}) {
    const auto outcome = put(one.bytes);
    EXPECT_EQ(outcome.stamped.outcome, StampOutcome::separate_page);
    EXPECT_EQ(outcome.stamped.reason, one.reason);
    EXPECT_TRUE(tools.sound(outcome.stamped.page));
  }
}

/// Whoever writes a PDF holds each of its streams: memory would grow with the largest.
TEST(Stamp, AHugeStreamIsNotWrittenAnew) {
  const kit::Tools tools;
  const auto with_stream = [](std::size_t size) {
    auto pdf = document({{}});
    pdf.stream(1001, "/Type /XObject /Subtype /Form /BBox [0 0 9 9]", std::string(size, ' '));
    return put(pdf.build());
  };
  EXPECT_EQ(with_stream(1'000'000).stamped.outcome, StampOutcome::stamped);
  const auto outcome = with_stream(51'000'000);
  EXPECT_EQ(outcome.stamped.outcome, StampOutcome::separate_page);
  EXPECT_EQ(outcome.stamped.reason, SeparateReason::too_large);
  EXPECT_TRUE(outcome.copy.empty());
  EXPECT_NE(tools.text(outcome.stamped.page).find("trop volumineux"), std::string::npos);
}

TEST(Stamp, AnImageGetsAPage) {
  const kit::Tools tools;
  const auto page = stamp_page(sample(), sample_file(), SeparateReason::not_a_pdf);
  ASSERT_TRUE(page);
  EXPECT_NE(tools.text(*page).find("n’est pas un PDF"), std::string::npos) << tools.text(*page);
}

TEST(Stamp, TheSinksErrorIsTold) {
  const std::string pdf = document({{}}).build();
  const MemorySource source(pdf);
  const auto full = [](std::string_view) -> Status {
    return failure(waiting_error("store.full", "plein", "full"));
  };
  const auto done = stamp_pdf(source, sample(), {}, sample_file(), full);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "store.full");
}

}  // namespace
}  // namespace demat::papers
