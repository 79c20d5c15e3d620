#include "gateway/papers/pdf_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>

#include "cms_kit.hpp"
#include "pdf_kit.hpp"

namespace demat::papers {
namespace {

using kit::deflated;
using kit::document;
using testing::Contains;
using testing::IsEmpty;

PdfCheck check(const std::string& pdf) {
  const MemorySource source(pdf);
  auto done = check_pdf(source, "acte.pdf");
  if (!done) throw std::runtime_error(done.error().code);
  return *done;
}

std::vector<std::string> codes(const PdfCheck& checked) {
  std::vector<std::string> found;
  for (const Finding& finding : checked.report.findings)
    found.push_back(finding.code);
  return found;
}

std::vector<std::string> codes(const std::string& pdf) {
  return codes(check(pdf));
}

/// A source that is read in pieces, never seen as a whole.
class Pieces final : public ByteSource {
 public:
  explicit Pieces(std::string bytes) : bytes_(std::move(bytes)) {}
  [[nodiscard]] Result<std::size_t> read(std::size_t offset, std::span<char> buffer) const override {
    const std::string_view rest = std::string_view(bytes_).substr(std::min(offset, bytes_.size()));
    const std::size_t length = std::min({rest.size(), buffer.size(), std::size_t{777}});
    std::copy_n(rest.begin(), length, buffer.begin());
    return length;
  }
  [[nodiscard]] std::size_t size() const override { return bytes_.size(); }

 private:
  std::string bytes_;
};

class Unreadable final : public ByteSource {
 public:
  [[nodiscard]] Result<std::size_t> read(std::size_t offset, std::span<char> buffer) const override {
    if (offset > 0 || buffer.size() > 1'024)
      return failure(waiting_error("store.payload", "illisible", "unreadable"));
    const std::string_view start = "%PDF-1.4";
    std::copy(start.begin(), start.end(), buffer.begin());
    return start.size();
  }
  [[nodiscard]] std::size_t size() const override { return 100'000; }
};

TEST(PdfCheck, ASoundDocumentHasNoFinding) {
  const auto checked = check(document({{}, {}, {}}).build());
  EXPECT_THAT(codes(checked), IsEmpty());
  EXPECT_EQ(checked.pages, 3U);
  EXPECT_FALSE(checked.signature);
}

TEST(PdfCheck, ASourceReadInPiecesGivesTheSame) {
  for (const auto& pdf :
       {document({{}, {}}).build(), document({{}}).build() + "%%EOF", std::string("%PDF-1.1\n")}) {
    const auto whole = check(pdf);
    const auto pieces = check_pdf(Pieces(pdf), "acte.pdf");
    ASSERT_TRUE(pieces);
    EXPECT_EQ(codes(*pieces), codes(whole));
    EXPECT_EQ(pieces->pages, whole.pages);
  }
}

TEST(PdfCheck, ASourceThatFailsIsNotACorruptFile) {
  const auto done = check_pdf(Unreadable(), "acte.pdf");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "store.payload");
}

TEST(PdfCheck, AFindingNamesTheFileInBothLanguages) {
  const auto checked = check("no pdf at all");
  ASSERT_EQ(checked.report.findings.size(), 1U);
  const Finding& finding = checked.report.findings.front();
  EXPECT_EQ(finding.code, "actes.pdf.corrupt");
  EXPECT_EQ(finding.place.path, "acte.pdf");
  EXPECT_TRUE(checked.report.refused());
  EXPECT_FALSE(finding.fr.empty());
  EXPECT_FALSE(finding.en.empty());
}

/// Whatever is cut off: refused when pdfinfo refuses, let through (with a warning) when it does not.
TEST(PdfCheck, TruncatedFilesGetTheVerdictOfPdfinfo) {
  const kit::Tools tools;
  const std::string plain = document({{}, {}}).build();
  const auto in = tools.file("in.pdf", plain);
  ASSERT_EQ(tools.run({"qpdf", "--object-streams=generate", in, tools.path("streams.pdf").string()}).code, 0);
  ASSERT_EQ(tools.run({"qpdf", "--linearize", in, tools.path("linear.pdf").string()}).code, 0);
  int refused = 0;
  int stricter = 0;
  for (const auto& pdf : {plain, tools.read("streams.pdf"), tools.read("linear.pdf")}) {
    for (int tenth = 1; tenth <= 20; ++tenth) {
      const std::string cut = pdf.substr(0, pdf.size() * static_cast<std::size_t>(tenth) / 20);
      const auto checked = check(cut);
      const bool opens = tools.pdfinfo_code(cut) == 0;
      // pdfinfo also opens a file that ends inside its page tree; nobody would call that sound.
      const bool lost = checked.pages == 0;
      EXPECT_EQ(!checked.report.refused(), opens && !lost) << tenth << "/20 of " << pdf.size() << " bytes";
      if (opens && lost) ++stricter;
      if (checked.report.refused()) ++refused;
    }
  }
  EXPECT_GT(refused, 20);
  EXPECT_LE(stricter, 2);
}

TEST(PdfCheck, DamageThatReadersRepairIsAWarning) {
  const kit::Tools tools;
  std::string pdf = document({{}}).build();
  const auto table = pdf.rfind("xref\n0 1");
  pdf.replace(table, 4, "zref");
  EXPECT_EQ(tools.pdfinfo_code(pdf), 0);
  const auto checked = check(pdf);
  EXPECT_THAT(codes(checked), Contains("actes.pdf.damaged"));
  EXPECT_FALSE(checked.report.refused());
  EXPECT_EQ(checked.pages, 1U);
}

TEST(PdfCheck, ProtectedDocumentsAreRefused) {
  const kit::Tools tools;
  const auto in = tools.file("in.pdf", document({{}}).build());
  const auto out = tools.path("out.pdf").string();
  struct Case {
    std::vector<std::string> options;
    const char* code;
  };
  for (const auto& one : {Case{{"secret", "owner", "256"}, "actes.pdf.encrypted"},
                          Case{{"", "owner", "256"}, "actes.pdf.locked"},
                          Case{{"", "owner", "256", "--print=none", "--modify=none"}, "actes.pdf.locked"},
                          Case{{"", "owner", "128", "--use-aes=y"}, "actes.pdf.locked"},
                          Case{{"", "", "128", "--use-aes=y"}, "actes.pdf.locked"}}) {
    std::vector<std::string> arguments{"qpdf", "--encrypt"};
    arguments.insert(arguments.end(), one.options.begin(), one.options.end());
    arguments.insert(arguments.end(), {"--", in, out});
    ASSERT_EQ(tools.run(arguments).code, 0);
    EXPECT_THAT(codes(tools.read("out.pdf")), testing::ElementsAre(one.code)) << one.options.at(2);
  }
  auto unknown = document({{}});
  unknown.object(1000, "<< /Filter /Adobe.PubSec /V 4 >>").trailer("/Encrypt 1000 0 R /ID [<00> <00>]");
  EXPECT_THAT(codes(unknown.build()), Contains("actes.pdf.encrypted"));
}

TEST(PdfCheck, ActiveContentIsAWarning) {
  struct Case {
    const char* catalog;
    const char* page;
    const char* code;
  };
  for (const auto& one :
       {Case{"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>", "", "actes.pdf.javascript"},
        Case{"/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (1) >>] >> >>", "",
             "actes.pdf.javascript"},
        Case{"/AA << /WC << /S /JavaScript /JS (1) >> >>", "", "actes.pdf.javascript"},
        Case{"/AcroForm << /Fields [<< /T (a) /Kids [<< /AA << /K << /S /JavaScript /JS (1) >> >> >>] >>] >>",
             "", "actes.pdf.javascript"},
        Case{"", "/AA << /O << /S /JavaScript /JS (1) >> >>", "actes.pdf.javascript"},
        Case{"", "/Annots [<< /Subtype /Link /A << /S /URI /Next [<< /S /Launch /F (a.exe) >>] >> >>]",
             "actes.pdf.launch"},
        Case{"/OpenAction << /S /Launch /F (a.exe) >>", "", "actes.pdf.launch"},
        Case{"/AcroForm << /Fields [] /XFA (x) >>", "", "actes.pdf.xfa"}}) {
    const auto checked = check(document({{.more = one.page}}, one.catalog).build());
    EXPECT_THAT(codes(checked), testing::ElementsAre(one.code)) << one.catalog << one.page;
    EXPECT_FALSE(checked.report.refused());
  }
  EXPECT_THAT(codes(document({{.more = "/Annots [<< /Subtype /Link /A << /S /URI >> >>]"}},
                             "/OpenAction [10 0 R /Fit] /AcroForm << /Fields [] >>")
                        .build()),
              IsEmpty());
}

TEST(PdfCheck, NoPage) {
  auto pdf = document({});
  EXPECT_THAT(codes(pdf.build()), Contains("actes.pdf.no_page"));
  pdf.object(2, "<< /Type /Pages /Kids 2 0 R /Count 5 >>");
  EXPECT_THAT(codes(pdf.build()), Contains("actes.pdf.no_page"));
}

TEST(PdfCheck, ASignatureIsSeen) {
  const kit::Identity mayor("Maire");
  const auto checked = check(kit::signed_pdf(document({{}}).build(), mayor));
  EXPECT_TRUE(checked.signature);
  EXPECT_THAT(codes(checked), IsEmpty());
}

/// Loops, depth and bombs: an answer in reasonable time, whatever it is.
class Hostile : public testing::Test {
 protected:
  void answers(const std::string& pdf, const std::string& what) {
    const auto start = std::clock();
    last_ = check(pdf);
    EXPECT_LT(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC, 30.0) << what;
  }
  PdfCheck last_;
};

TEST_F(Hostile, LoopsEnd) {
  auto pdf = document({{}});
  pdf.object(2, "<< /Type /Pages /Kids [2 0 R 10 0 R 20 0 R] /Count 1 /Parent 20 0 R >>");
  pdf.object(20, "<< /Type /Pages /Kids [2 0 R 20 0 R 21 0 R] /Parent 2 0 R >>");
  pdf.object(21, "21 0 R");
  answers(pdf.build(), "page tree");
  EXPECT_EQ(last_.pages, 1U);

  auto actions = document({{}}, "/OpenAction 30 0 R /AcroForm << /Fields [31 0 R] >>");
  actions.object(30, "<< /S /URI /Next [30 0 R 32 0 R] /AA << /X 30 0 R >> >>");
  actions.object(31, "<< /FT /Sig /Kids [31 0 R 33 0 R] >>").object(33, "<< /Kids [31 0 R] /V 33 0 R >>");
  actions.object(32, "[30 0 R 32 0 R]");
  answers(actions.build(), "actions and fields");
}

TEST_F(Hostile, ADeepTreeCostsNoStack) {
  auto pdf = document({});
  constexpr int depth = 60'000;
  for (int i = 0; i < depth; ++i)
    pdf.object(100 + i, "<< /Type /Pages /Kids [" + std::to_string(101 + i) + " 0 R] >>");
  pdf.object(100 + depth, "<< /Type /Page /MediaBox [0 0 9 9] >>");
  pdf.object(2, "<< /Type /Pages /Kids [100 0 R] /Count 1 >>");
  answers(pdf.build(), "pages below pages");
  EXPECT_EQ(last_.pages, 1U);

  auto nested = document({{}});
  nested.object(1'000, std::string(200'000, '[')).object(1'001, [] {
    std::string text;
    for (int i = 0; i < 50'000; ++i)
      text += "<< /A ";
    return text;
  }());
  nested.object(10, "<< /Type /Page /Parent 2 0 R /Annots 1000 0 R /AA 1001 0 R >>");
  answers(nested.build(), "arrays inside arrays");
}

std::string with_object_stream(const std::string& dictionary, const std::string& data) {
  // Catalog and pages live in an object stream that is a bomb; the table is a stream too.
  std::string pdf = "%PDF-1.5\n";
  const std::size_t place = pdf.size();
  pdf += "5 0 obj\n<< /Type /ObjStm /N 1 /First 4 " + dictionary + " /Length " + std::to_string(data.size()) +
         " >>\nstream\n" + data + "\nendstream\nendobj\n";
  const std::size_t table = pdf.size();
  std::string rows;
  const auto row = [&rows](int kind, std::size_t a, int b) {
    rows += static_cast<char>(kind);
    for (int shift = 24; shift >= 0; shift -= 8)
      rows += static_cast<char>(a >> shift);
    rows += static_cast<char>(b);
  };
  row(0, 0, 0);
  row(2, 5, 0);  // the catalog
  row(0, 0, 0);
  row(0, 0, 0);
  row(0, 0, 0);
  row(1, place, 0);
  row(1, table, 0);
  return pdf + "6 0 obj\n<< /Type /XRef /Size 7 /W [1 4 1] /Root 1 0 R /Length " +
         std::to_string(rows.size()) + " >>\nstream\n" + rows + "\nendstream\nendobj\nstartxref\n" +
         std::to_string(table) + "\n%%EOF\n";
}

TEST_F(Hostile, BombsAreStopped) {
  const std::string zeros(300'000'000, ' ');
  const std::string once = deflated(zeros);
  answers(with_object_stream("/Filter /FlateDecode", once), "object stream");
  EXPECT_THAT(codes(last_), Contains("actes.pdf.too_complex"));

  answers(with_object_stream("/Filter [/FlateDecode /FlateDecode]", deflated(once)), "object stream, twice");
  EXPECT_THAT(codes(last_), Contains("actes.pdf.too_complex"));

  answers(with_object_stream("/Filter [/RunLengthDecode /RunLengthDecode /RunLengthDecode]",
                             std::string(300'000, '\x81')),
          "run lengths");
  EXPECT_TRUE(last_.report.refused());
}

TEST_F(Hostile, EmptyObjectsByTheMillion) {
  std::string pdf = "%PDF-1.4\n";
  for (int i = 1; i < 2'000'000; ++i)
    pdf += std::to_string(i) + " 0 obj\n";
  answers(pdf, "objects");
  EXPECT_TRUE(last_.report.refused());
}

TEST_F(Hostile, TablesByTheMillion) {
  std::string start = "%PDF-1.5\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n";
  std::string lines;
  for (int i = 0; i < 600'000; ++i)
    lines += "0000000009 00000 n \n";
  const std::string tail = "startxref\n" + std::to_string(start.size()) + "\n%%EOF\n";
  answers(start + "xref\n0 600000\n" + lines + "trailer << /Root 1 0 R /Size 600000 >>\n" + tail, "lines");
  EXPECT_THAT(codes(last_), Contains("actes.pdf.too_complex"));

  const std::string rows(30'000'000, '\x01');
  answers(start +
              "3 0 obj\n<< /Type /XRef /Size 10000000 /W [1 1 1] /Root 1 0 R /Length 30000000 >>\nstream\n" +
              rows + "\nendstream\nendobj\n" + tail,
          "a stream as table");
  EXPECT_THAT(codes(last_), Contains("actes.pdf.too_complex"));
}

TEST_F(Hostile, StreamsWithoutEnd) {
  std::string pdf = "%PDF-1.4\n";
  for (int i = 10; i < 30'000; ++i)
    pdf += std::to_string(i) + " 0 obj\n<< /Type /Pages /Kids [" + std::to_string(i + 1) +
           " 0 R] /Length 9 >>\nstream\n";
  pdf += "1 0 obj\n<< /Type /Catalog /Pages 10 0 R >>\nendobj\ntrailer << /Root 1 0 R >>\n";
  answers(pdf, "streams without end");
  EXPECT_TRUE(last_.report.refused());
}

}  // namespace
}  // namespace demat::papers
