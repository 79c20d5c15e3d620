#include <gtest/gtest.h>

#include "protocols/xml/canonical.hpp"
#include "protocols/xml/parser.hpp"

namespace demat::xml {
namespace {

constexpr std::size_t long_enough = 100;

std::string base64_lines(std::size_t lines, const std::string& ending) {
  std::string out;
  for (std::size_t i = 0; i < lines; ++i)
    out += "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5" + ending;
  return out + "QQ==";
}

struct Case {
  const char* name;
  std::string bytes;
  bool lean;  ///< some text stays in the source
};

std::vector<Case> cases() {
  const std::string latin1 = "<?xml version='1.0' encoding='ISO-8859-1'?>\n";
  const auto text = base64_lines(40, "\n");
  return {
      {"line feeds", "<a>\n<b x='1'>" + text + "</b>\n<c/></a>", true},
      {"carriage returns", "<a><b>" + base64_lines(40, "\r\n") + "</b>\r\n<c/></a>", true},
      {"lone carriage returns", "<a><b>" + base64_lines(40, "\r") + "\r</b><c/></a>", true},
      {"Latin-1 around it", latin1 + "<a V='\xE9'><b>" + text + "</b><c>\xE9\xE8</c></a>", true},
      {"two of them", "<a><b>" + text + "</b><d/><b>" + text + text + "</b></a>", true},
      {"side by side", "<a><b>" + text + "</b><b>" + text + "</b></a>", true},
      {"very long", "<a><b>" + base64_lines(5'000, "\r\n") + "</b></a>", true},
      {"short", "<a><b>QUJD</b></a>", false},
      {"not base64", "<a><b>" + text + "-</b></a>", false},
      {"with a reference", "<a><b>" + text + "&#65;</b></a>", false},
      {"with a comment", "<a><b>" + text + "<!-- c --></b></a>", false},
      {"with CDATA", "<a><b>" + text + "<![CDATA[QUJD]]></b></a>", false},
      {"with a child", "<a><b>" + text + "<c/></b></a>", false},
      {"after a child", "<a><b><c/>" + text + "</b></a>", false},
      {"after an instruction", "<a><b><?p?>" + text + "</b></a>", false},
  };
}

TEST(Lean, GivesTheSameCanonicalForms) {
  for (const auto& c : cases()) {
    SCOPED_TRACE(c.name);
    const MemorySource source(c.bytes);
    const auto lean = parse_lean(source, {}, long_enough);
    const auto whole = parse(c.bytes);
    ASSERT_TRUE(lean && whole);
    EXPECT_EQ(lean->lean(), c.lean);
    EXPECT_FALSE(whole->lean());
    EXPECT_EQ(lean->encoding().name, whole->encoding().name);
    for (const auto method : {C14n::exclusive, C14n::inclusive_with_comments})
      EXPECT_EQ(*canonical(*lean, lean->root(), method), *canonical(*whole, whole->root(), method));
  }
}

TEST(Lean, KeepsLinesPathsAndPlaces) {
  for (const auto& c : cases()) {
    SCOPED_TRACE(c.name);
    const MemorySource source(c.bytes);
    const auto lean = parse_lean(source, {}, long_enough);
    const auto whole = parse(c.bytes);
    ASSERT_TRUE(lean && whole);
    const auto ours = lean->root().children();
    const auto theirs = whole->root().children();
    ASSERT_EQ(ours.size(), theirs.size());
    for (std::size_t i = 0; i < ours.size(); ++i) {
      EXPECT_EQ(ours[i].line(), theirs[i].line());
      EXPECT_EQ(ours[i].path(), theirs[i].path());
      const auto span = lean->span(ours[i]);
      ASSERT_TRUE(span);
      EXPECT_EQ(span->begin, whole->span(theirs[i])->begin);
      EXPECT_EQ(span->end, whole->span(theirs[i])->end);
      EXPECT_EQ(c.bytes[span->begin], '<');
      EXPECT_EQ(c.bytes[span->end - 1], '>');
    }
  }
}

TEST(Lean, RefusesWhatParseRefuses) {
  const auto text = base64_lines(40, "\n");
  for (const auto& bytes :
       {"<!DOCTYPE a><a><b>" + text + "</b></a>", "<a><b>" + text + "</b>", "<a><b>" + text + "</c></a>",
        "<a>" + text + "</a><b/>", "<a><b>" + text + "</b>\xE9</a>", std::string()}) {
    const MemorySource source(bytes);
    const auto lean = parse_lean(source, {}, long_enough);
    const auto whole = parse(bytes);
    ASSERT_FALSE(lean);
    ASSERT_FALSE(whole);
    EXPECT_EQ(lean.error().code, whole.error().code);
  }
}

TEST(Lean, CountsWhatStaysInMemory) {
  const std::string text(200'000, 'A');
  const std::string bytes = "<a><b>" + text + "</b><c/></a>";
  EXPECT_EQ(*structured_bytes(MemorySource(bytes)), bytes.size() - text.size());
  EXPECT_EQ(*structured_bytes(MemorySource("<a/>")), 4U);
}

TEST(Span, OnlyOuterElementsHaveOne) {
  const std::string bytes = "<a><b><c><d/></c><c/></b></a>";
  const auto document = parse(bytes);
  ASSERT_TRUE(document);
  const auto b = document->root().children()[0];
  const auto span = document->span(b.children()[1]);
  ASSERT_TRUE(span);
  EXPECT_EQ(bytes.substr(span->begin, span->end - span->begin), "<c/>");
  EXPECT_TRUE(span->self_closing);
  EXPECT_FALSE(document->span(b.children()[0].children()[0]));
}

/// The guard takes whole tags at once where it can; byte by byte it never can.
class OneByte final : public ByteSource {
 public:
  explicit OneByte(std::string_view bytes) : bytes_(bytes) {}
  [[nodiscard]] Result<std::size_t> read(std::size_t offset, std::span<char> buffer) const override {
    if (offset >= bytes_.size() || buffer.empty()) return std::size_t{0};
    buffer[0] = bytes_[offset];
    return std::size_t{1};
  }
  [[nodiscard]] std::size_t size() const override { return bytes_.size(); }

 private:
  std::string_view bytes_;
};

TEST(Guard, JudgesWholeTagsAsItJudgesSingleBytes) {
  const std::string long_name(1'001, 'n');
  for (const auto& bytes :
       {std::string("<a x='1' y=\"2\"><b/></a >"), std::string("<a x = '1'/>"),
        std::string("<a x='1'y='2'/>"), std::string("<a x='<'/>"), std::string("<a x=1/>"),
        std::string("<a / >"), std::string("<a><b></a"), std::string("< a/>"), std::string("<a></a<b>"),
        "<" + long_name + "/>", "<a " + long_name + "='1'/>",
        std::string("<a xmlns:p='u' xmlns='v' p:x='&lt;'><p:b/></a>"), std::string("<a\n\tx='1'\r\n/>"),
        "<a x='" + std::string(65'537, 'v') + "'/>", std::string("<a><!-- < --><b/></a>")}) {
    SCOPED_TRACE(bytes.substr(0, 60));
    const MemorySource at_once(bytes);
    const auto a = structured_bytes(at_once);
    const auto b = structured_bytes(OneByte(bytes));
    ASSERT_EQ(a.has_value(), b.has_value());
    if (!a) {
      EXPECT_EQ(a.error().code, b.error().code);
      EXPECT_EQ(a.error().place.line, b.error().place.line);
    }
  }
}

}  // namespace
}  // namespace demat::xml
