#include "protocols/xml/parser.hpp"

#include <gtest/gtest.h>

#include <ctime>
#include <functional>

#include "protocols/xml/source.hpp"

namespace demat::xml {
namespace {

/// CPU time, so that a busy machine changes nothing.
double seconds_since(std::clock_t begin) {
  return static_cast<double>(std::clock() - begin) / static_cast<double>(CLOCKS_PER_SEC);
}

std::string repeated(const std::string& text, std::size_t count) {
  std::string out;
  out.reserve(text.size() * count);
  for (std::size_t i = 0; i < count; ++i)
    out += text;
  return out;
}

std::string many_attributes(std::size_t count, const std::string& prefix) {
  std::string out = "<a";
  for (std::size_t i = 0; i < count; ++i)
    out += " " + prefix + std::to_string(i) + "=\"x\"";
  return out + "/>";
}

std::string entity_bomb() {
  std::string out = "<!DOCTYPE a [<!ENTITY e0 \"xxxxxxxxxx\">";
  for (int i = 1; i < 10; ++i)
    out +=
        "<!ENTITY e" + std::to_string(i) + " \"" + repeated("&e" + std::to_string(i - 1) + ";", 10) + "\">";
  return out + "]><a b=\"&e9;\">&e9;</a>";
}

/// A visitor that only counts.
class Counter final : public Visitor {
 public:
  void start(const StartElement&, std::string_view) override { ++starts; }
  void end(std::string_view, std::string_view) override { ++ends; }
  void text(std::string_view piece) override { bytes += piece.size(); }
  std::size_t starts = 0;
  std::size_t ends = 0;
  std::size_t bytes = 0;
};

struct Hostile {
  const char* name;
  std::string bytes;
  const char* code;
  std::size_t line;
};

std::vector<Hostile> hostile_documents() {
  const std::string utf16 = [] {
    std::string out = "\xFF\xFE";
    for (const char c : std::string_view{"<a/>"})
      out += std::string{c, '\0'};
    return out;
  }();
  return {
      {"empty", "", "xml.malformed", 0},
      {"not XML", "%PDF-1.4 not xml", "xml.malformed", 1},
      {"doctype", "<?xml version=\"1.0\"?>\n<!DOCTYPE a SYSTEM \"http://127.0.0.1:9/x.dtd\"><a/>",
       "xml.doctype", 2},
      {"external entity", "<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/hostname\">]><a>&e;</a>",
       "xml.doctype", 1},
      {"entity bomb", entity_bomb(), "xml.doctype", 1},
      {"doctype in the root", "<a><!DOCTYPE a></a>", "xml.doctype", 1},
      {"conditional section", "<a><![INCLUDE[x]]></a>", "xml.doctype", 1},
      {"depth", repeated("<a>", 300'000) + repeated("</a>", 300'000), "xml.too_deep", 1},
      {"attributes", many_attributes(65, "x"), "xml.too_many_attributes", 1},
      {"a million attributes", many_attributes(1'000'000, "x"), "xml.too_many_attributes", 1},
      {"namespaces", many_attributes(65, "xmlns:x"), "xml.too_many_namespaces", 1},
      {"element name", "<" + std::string(2000, 'a') + "/>", "xml.name_too_long", 1},
      {"attribute name", "<a " + std::string(2000, 'a') + "='1'/>", "xml.name_too_long", 1},
      {"attribute value", "<a x='" + std::string(70'000, 'a') + "'/>", "xml.attribute_too_long", 1},
      {"huge comment", "<a><!--" + std::string(2'000'000, 'c') + "--></a>", "xml.comment_too_long", 1},
      {"huge instruction", "<a><?p " + std::string(2'000'000, 'c') + "?></a>", "xml.comment_too_long", 1},
      {"truncated", "<a>\n<b>\n<c x='1'", "xml.malformed", 3},
      {"truncated between tags", "<a>\n<b>\n", "xml.malformed", 3},
      {"mismatched tag", "<a>\n<b></c></a>", "xml.malformed", 2},
      {"two roots", "<a/>\n<b/>", "xml.malformed", 2},
      {"undefined entity", "<a>\n\n&nbsp;</a>", "xml.malformed", 3},
      {"undefined entity in a value", "<a x='&nbsp;'/>", "xml.malformed", 1},
      {"forbidden character", "<a>\x01</a>", "xml.malformed", 1},
      {"forbidden reference", "<a>&#1;</a>", "xml.malformed", 1},
      {"attribute twice", "<a x='1' x='2'/>", "xml.malformed", 1},
      {"unquoted value", "<a x=1/>", "xml.malformed", 1},
      {"undeclared prefix", "<n:a/>", "xml.malformed", 1},
      {"lone less-than", "<a> 1 < 2 </a>", "xml.malformed", 1},
      {"less-than in a value", "<a x='\n<'/>", "xml.malformed", 2},
      {"NUL", std::string{"<a>\n\0</a>", 9}, "xml.malformed", 2},
      {"bad UTF-8", "<a>\n\xE9t\xE9</a>", "xml.encoding", 2},
      {"overlong UTF-8", "<a>\xC0\xBC</a>", "xml.encoding", 1},
      {"UTF-16", utf16, "xml.encoding", 1},
      {"UTF-16 without mark", std::string{"<\0a\0/\0>\0", 8}, "xml.encoding", 1},
      {"declared UTF-16", "<?xml version='1.0' encoding='UTF-16'?><a/>", "xml.encoding", 1},
      {"declared UTF-7", "<?xml version='1.0' encoding='UTF-7'?><a/>", "xml.encoding", 1},
      {"unknown encoding", "<?xml version='1.0' encoding='KLINGON'?><a/>", "xml.encoding", 1},
      {"mark against declaration", "\xEF\xBB\xBF<?xml version='1.0' encoding='ISO-8859-1'?><a/>",
       "xml.encoding", 1},
      {"non-ASCII in US-ASCII", "<?xml version='1.0' encoding='US-ASCII'?><a>\xE9</a>", "xml.encoding", 1},
  };
}

TEST(Parser, RefusesHostileDocumentsOnBothRoadsAndFast) {
  for (const auto& hostile : hostile_documents()) {
    SCOPED_TRACE(hostile.name);
    const auto begin = std::clock();
    const auto document = parse(hostile.bytes);
    Counter counter;
    const auto streamed = stream(MemorySource{hostile.bytes}, counter);
    const auto spent = seconds_since(begin);
    ASSERT_FALSE(document);
    ASSERT_FALSE(streamed);
    for (const auto* error : {&document.error(), &streamed.error()}) {
      EXPECT_EQ(error->code, hostile.code) << error->en << error->detail;
      if (hostile.line > 0) {
        EXPECT_EQ(error->place.line, hostile.line);
      }
      EXPECT_EQ(error->outlook, Outlook::permanent);
      EXPECT_FALSE(error->fr.empty());
      EXPECT_FALSE(error->en.empty());
    }
    EXPECT_LT(spent, 1.0);
  }
}

TEST(Parser, LimitsAreExactAndAdjustable) {
  const auto nested = [](std::size_t depth) { return repeated("<a>", depth) + repeated("</a>", depth); };
  EXPECT_TRUE(parse(nested(64)));
  EXPECT_FALSE(parse(nested(65)));
  ParseLimits loose;
  loose.depth = 1000;
  EXPECT_TRUE(parse(nested(1000), loose));
  EXPECT_TRUE(parse(many_attributes(64, "x")));
  EXPECT_TRUE(parse("<a x='" + std::string(65'536, 'a') + "'/>"));
  EXPECT_FALSE(parse("<a x='" + std::string(65'537, 'a') + "'/>"));
}

TEST(Parser, ReadsEachAcceptedEncoding) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"<?xml version='1.0' encoding='iso-8859-1'?><a V='\xE9'/>", "é"},
      {"<?xml version='1.0' encoding='ISO-8859-15'?><a V='\xA4'/>", "€"},
      {"<?xml version='1.0' encoding='windows-1252'?><a V='\x80'/>", "€"},
      {"<?xml version='1.0' encoding='UTF-8'?><a V='\xC3\xA9'/>", "é"},
      {"\xEF\xBB\xBF<a V='\xC3\xA9'/>", "é"},
      {"<?xml version='1.0' encoding='US-ASCII'?><a V='&#xE9;'/>", "é"},
  };
  for (const auto& [bytes, value] : cases) {
    const auto document = parse(bytes);
    ASSERT_TRUE(document) << bytes << document.error().en;
    EXPECT_EQ(document->root().attribute("V"), value);
  }
}

TEST(Parser, TellsTheDeclaredEncoding) {
  const std::vector<std::tuple<std::string, std::string, bool>> cases = {
      {"<a/>", "UTF-8", false},
      {"<?xml version=\"1.0\"?><a encoding='x'/>", "UTF-8", false},
      {"<?xml version=\"1.0\" encoding = \"iso-8859-1\" ?>", "ISO-8859-1", true},
      {"<?xml version='1.0' encoding='utf-8'?>", "UTF-8", true},
      {"\xEF\xBB\xBF<a/>", "UTF-8", true},
      {"\xFE\xFF", "UTF-16", true},
      {"", "UTF-8", false},
      {"<?xml version='1.0' encoding='utf", "UTF-8", false},
  };
  for (const auto& [bytes, name, declared] : cases) {
    EXPECT_EQ(declared_encoding(bytes).name, name) << bytes;
    EXPECT_EQ(declared_encoding(bytes).declared, declared) << bytes;
  }
}

TEST(Parser, ElementsTellEverything) {
  const auto document = parse(
      "<n:R xmlns:n='urn:n' Id='r'>\n <A V='1 &amp; 2' n:V='other'/>\n <A>x<B>y</B><![CDATA[<z>]]><!-- no "
      "--></A>\n"
      " <n:A/></n:R>");
  ASSERT_TRUE(document);
  const auto root = document->root();
  EXPECT_EQ(root.name(), "R");
  EXPECT_EQ(root.ns(), "urn:n");
  EXPECT_FALSE(root.has_parent());
  const auto children = root.children();
  ASSERT_EQ(children.size(), 3U);
  EXPECT_EQ(children[0].attribute("V"), "1 & 2");
  EXPECT_TRUE(children[0].has_attribute("V"));
  EXPECT_FALSE(children[1].has_attribute("V"));
  EXPECT_EQ(children[1].text(), "xy<z>");
  EXPECT_EQ(children[1].line(), 3U);
  EXPECT_EQ(children[1].children()[0].path(), "/R/A[2]/B");
  EXPECT_EQ(children[2].path(), "/R/A[3]");
  EXPECT_TRUE(children[1].parent() == root);
  EXPECT_EQ(root.children("A", "").size(), 2U);
  EXPECT_EQ(document->all("A", "urn:n").size(), 1U);
  EXPECT_EQ(document->all("A", "").size(), 2U);
  EXPECT_EQ(document->all("R", "urn:n").size(), 1U);
}

TEST(Parser, KnowsLinesBeyondSixteenBits) {
  const auto bytes = "<a>" + std::string(100'000, '\n') + "<b/><c/></a>";
  const auto document = parse(bytes);
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root().children()[1].line(), 100'001U);
  const auto broken = parse("<a>" + std::string(100'000, '\n') + "</b>");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().place.line, 100'001U);
}

/// Writes down every call, for comparing the two roads.
class Recorder final : public Visitor {
 public:
  void start(const StartElement& element, std::string_view path) override {
    flush();
    log += "start " + std::string{path} + " {" + std::string{element.ns} + "}" + std::string{element.name} +
           " d" + std::to_string(element.depth) + " l" + std::to_string(element.line);
    for (const auto& a : element.attributes)
      log += " {" + std::string{a.ns} + "}" + std::string{a.name} + "=" + std::string{a.value};
    log += "\n";
  }
  void end(std::string_view name, std::string_view path) override {
    flush();
    log += "end " + std::string{name} + " " + std::string{path} + "\n";
  }
  void text(std::string_view piece) override { pending_ += piece; }
  std::string log;

 private:
  void flush() {
    if (!pending_.empty()) log += "text " + pending_ + "\n";
    pending_.clear();
  }
  std::string pending_;
};

TEST(Visit, BothRoadsTellTheSame) {
  const std::vector<std::string> documents = {
      "<a/>",
      "<?xml version='1.0' encoding='ISO-8859-1'?>\n<n:R xmlns:n='urn:n' xmlns='urn:d'\n Id='r'><A "
      "V='&lt;&amp;&gt;&quot;"
      "&#38;#38; \xE9'/>t&amp;&#233;<A/>\n<B><A/></B><A n:x='1' y='' xml:lang='fr'>\xE9<!-- c --><?p i?>"
      "<![CDATA[x & y]]>]]&gt;</A></n:R>",
      "<r>" + repeated("<a><b/></a>", 3000) + many_attributes(60, "q") + "</r>",
      "<r>" +
          [] {
            std::string out;
            for (int i = 0; i < 200; ++i)
              out += "<e" + std::to_string(i % 100) + "/>";
            return out;
          }() +
          "</r>",
  };
  for (const auto& bytes : documents) {
    Recorder streamed;
    Recorder visited;
    const auto status = stream(MemorySource{bytes}, streamed);
    ASSERT_TRUE(status) << status.error().en;
    const auto document = parse(bytes);
    ASSERT_TRUE(document) << document.error().en;
    document->visit(visited);
    EXPECT_EQ(streamed.log, visited.log);
    EXPECT_FALSE(streamed.log.empty());
  }
}

TEST(Visit, EscapedAmpersandsComeOutOnce) {
  Recorder recorder;
  ASSERT_TRUE(stream(MemorySource{"<a V='&amp;#38; &amp;amp; &#38;'/>"}, recorder));
  EXPECT_NE(recorder.log.find("V=&#38; &amp; &\n"), std::string::npos) << recorder.log;
}

/// Stops after the first element called `name`.
class Until final : public Visitor {
 public:
  explicit Until(std::string name) : name_(std::move(name)) {}
  void start(const StartElement& element, std::string_view) override {
    ++starts;
    if (element.name == name_) done_ = true;
  }
  void end(std::string_view, std::string_view) override {}
  [[nodiscard]] bool wants_more() const override { return !done_; }
  std::size_t starts = 0;

 private:
  std::string name_;
  bool done_ = false;
};

TEST(Stream, StopsEarlyWithoutLookingAtTheRest) {
  const std::string bytes = "<a><b/><stop/>" + std::string(200'000, ' ') + "<c/></oops>";
  Until visitor("stop");
  EXPECT_TRUE(stream(MemorySource{bytes}, visitor));
  EXPECT_EQ(visitor.starts, 3U);
  Until other("stop");
  const auto document = parse("<a><stop/><b/></a>");
  document->visit(other);
  EXPECT_EQ(other.starts, 2U);
}

class FailingSource final : public ByteSource {
 public:
  [[nodiscard]] Result<std::size_t> read(std::size_t offset, std::span<char> buffer) const override {
    if (offset > 100'000) return failure(waiting_error("blob.read", "lecture impossible", "cannot read"));
    std::fill(buffer.begin(), buffer.end(), ' ');
    if (offset == 0) std::copy_n("<a>", 3, buffer.begin());
    return buffer.size();
  }
  [[nodiscard]] std::size_t size() const override { return 1'000'000; }
};

TEST(Stream, AFailingSourceIsNotABadDocument) {
  Counter counter;
  const auto status = stream(FailingSource{}, counter);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, "blob.read");
  EXPECT_EQ(status.error().outlook, Outlook::waiting);
}

class Thrower final : public Visitor {
 public:
  void start(const StartElement&, std::string_view) override { throw std::logic_error("broken invariant"); }
  void end(std::string_view, std::string_view) override {}
};

TEST(Stream, ExceptionsOfVisitorsComeThrough) {
  Thrower thrower;
  EXPECT_THROW(static_cast<void>(stream(MemorySource{"<a/>"}, thrower)), std::logic_error);
}

TEST(Stream, BigTextsAndManySiblingsStayLinear) {
  const auto begin = std::clock();
  Counter counter;
  ASSERT_TRUE(stream(MemorySource{"<a>" + std::string(20'000'000, 'A') + "</a>"}, counter));
  EXPECT_EQ(counter.bytes, 20'000'000U);
  Counter siblings;
  ASSERT_TRUE(stream(MemorySource{"<a>" + repeated("<b/>\n", 400'000) + "</a>"}, siblings));
  EXPECT_EQ(siblings.starts, 400'001U);
  std::string names = "<a>";
  for (int i = 0; i < 200'000; ++i)
    names += "<b" + std::to_string(i) + "/>";
  Counter distinct;
  ASSERT_TRUE(stream(MemorySource{names + "</a>"}, distinct));
  EXPECT_LT(seconds_since(begin), 10.0);
}

}  // namespace
}  // namespace demat::xml
