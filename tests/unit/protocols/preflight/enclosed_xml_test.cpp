#include "protocols/preflight/enclosed_xml.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "enclosed.hpp"
#include "flows.hpp"
#include "pairs.hpp"
#include "protocols/preflight/pj.hpp"
#include "protocols/xml/parser.hpp"

/// What the tables of cases cannot say of XML documents in attachments: where findings lie, and what hostile
/// ones come to.
namespace demat::preflight::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::string pj(std::string_view content, std::string_view type) {
  return "<PJ><Contenu><Fichier MIMEType=\"x\">" + std::string(content) + "</Fichier></Contenu>" +
         R"(<IdUnique V="PJ1"/><NomPJ V="a.xml"/><TypePJ V=")" + std::string(type) + "\"/></PJ>";
}

std::string flow(std::string_view content, std::string_view type = "001") {
  return aller("\n<PES_PJ><EnTetePES_PJ><IdVer V=\"1\"/></EnTetePES_PJ>\n" + pj(packed("text"), "003") +
               "\n" + pj(content, type) + "</PES_PJ>");
}

Options with_schemas() {
  Options options;
  options.pack = pack();
  return options;
}

/// The same with limits of its own, over the attachments alone.
Report within(const PjOptions& limits, const std::string& text) {
  const auto parsed = xml::parse(text);
  EXPECT_TRUE(parsed);
  rules::Verdicts out({});
  out.memory<PjOptions>() = limits;
  out.memory<PjOptions>().pack = pack();
  const auto family = pj_family();
  rules::UnitReader reader({family.get()}, out);
  parsed->visit(reader);
  return out.take();
}

const auto wrong_budget = change(budget(), R"(<NatFonc V="3"/>)", R"(<NatFonc V="9"/>)");

TEST(PreflightEnclosedXml, IsPlacedInItsAttachmentAtTheLineThatTheDocumentHas) {
  const auto found = of(judged(flow(packed(wrong_budget)), with_schemas()), "pes.pj.schema");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].severity, Severity::warning);
  EXPECT_EQ(found[0].place.line, 4U) << "the line of the attachment";
  EXPECT_EQ(found[0].place.path,
            "/PES_Aller/PES_PJ/PJ[2]/Contenu/Fichier!/DocumentBudgetaire/Budget/BlocBudget/NatFonc");
  EXPECT_EQ(found[0].subject.pj, "PJ1");
  EXPECT_THAT(found[0].fr, HasSubstr("ligne 4 du document"));
  EXPECT_THAT(found[0].en, HasSubstr("line 4 of the document"));
}

TEST(PreflightEnclosedXml, IsLeftAloneWithoutSchemasOrWhereTheRulesAreOff) {
  EXPECT_THAT(of(judged(flow(packed(wrong_budget))), "pes.pj.schema"), IsEmpty());
  auto off = with_schemas();
  off.rules.off = {"pes.pj.schema"};
  EXPECT_THAT(of(judged(flow(packed(wrong_budget)), off), "pes.pj.schema"), IsEmpty());
}

TEST(PreflightEnclosedXml, MayBeginWithAMarkBlanksCommentsAndAPrefix) {
  const auto bare = wrong_budget.substr(wrong_budget.find('\n') + 1);
  auto prefixed = bare;
  for (const auto* name : {"<", "</"})
    for (auto at = prefixed.find(name); at != std::string::npos; at = prefixed.find(name, at + 1))
      if (prefixed[at + std::string(name).size()] != '/')
        prefixed.insert(at + std::string(name).size(), "b:");
  prefixed = change(prefixed, "xmlns=", "xmlns:b=");
  const std::string long_comment = "<!-- " + std::string(7'000, '-').replace(0, 7'000, 7'000, 'x') + " -->";
  for (const auto& document : {wrong_budget, bare, "\xEF\xBB\xBF" + bare,
                               "<?xml version=\"1.0\"?>\n" + long_comment + "<?p q?>" + bare, prefixed})
    EXPECT_EQ(of(judged(flow(packed(document)), with_schemas()), "pes.pj.schema").size(), 1U)
        << document.substr(0, 60);
}

/// Attachments are anything: what does not begin like one of these documents is not read as XML.
TEST(PreflightEnclosedXml, IsWhatBeginsLikeOne) {
  for (const auto& document :
       {std::string("%PDF-1.7 <DocumentBudgetaire>"), std::string("<html><DocumentBudgetaire></html>"),
        std::string("<"), std::string("<?xml"), std::string("<!-- <DocumentBudgetaire> "),
        std::string("\0<", 2), "<?xml version=\"1.0\"?>" + std::string(9'000, ' ') + "<DocumentBudgetaire>"})
    for (const auto* type : {"001", "003"}) {
      const auto report = judged(flow(packed(document), type), with_schemas());
      for (const auto* code : {"pes.pj.schema", "pes.pj.xml_illisible", "pes.pj.type_contenu"})
        EXPECT_THAT(of(report, code), IsEmpty()) << code << " " << document.substr(0, 40);
    }
}

struct Hostile {
  std::string name;
  std::string document;
  std::string error;
};

std::string utf16(std::string_view text) {
  std::string out = "\xFF\xFE";
  for (const char c : text)
    out += {c, '\0'};
  return out;
}

TEST(PreflightEnclosedXml, IsHostileAndGetsNowhere) {
  const auto bare = budget().substr(budget().find('\n') + 1);
  std::string deep = bare.substr(0, bare.find('>') + 1);
  for (int i = 0; i < 1'000; ++i)
    deep += "<a>";
  const std::string entity = "<!DOCTYPE DocumentBudgetaire [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>";
  const std::string laughs = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;\">]>";
  std::string names;
  for (int i = 0; i < 260'000; ++i)
    names += "<n" + std::to_string(i) + "/>";
  const std::string lax = "<InformationsGenerales/>";
  const Hostile hostile[] = {
      {"names", change(bare, lax, "<InformationsGenerales>" + names + "</InformationsGenerales>"),
       "xml.too_many_names"},
      {"entity", entity + change(bare, R"(V="87")", R"(V="&a;")"), "xml.doctype"},
      {"laughs", laughs + change(bare, R"(V="87")", R"(V="&b;")"), "xml.doctype"},
      {"undeclared", change(bare, R"(V="87")", R"(V="&b;")"), "xml.malformed"},
      {"depth", deep, "xml.too_deep"},
      {"attribute", change(bare, R"(V="87")", "V=\"" + std::string(70'000, '8') + "\""),
       "xml.attribute_too_long"},
      {"utf-16", utf16(bare), "xml.encoding"},
      {"utf-8 that is none",
       "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" +
           change(bare, "LibelleColl V=\"C", "LibelleColl V=\"\xE9"),
       "xml.encoding"},
      {"an encoding of its own", "<?xml version=\"1.0\" encoding=\"EBCDIC-CP-FR\"?>" + bare, "xml.encoding"},
      {"two documents", bare + bare, "xml.malformed"},
  };
  for (const auto& one : hostile) {
    const auto report = judged(flow(packed(one.document)), with_schemas());
    const auto found = of(report, "pes.pj.xml_illisible");
    ASSERT_EQ(found.size(), 1U) << one.name;
    EXPECT_EQ(found[0].value, one.error) << one.name << ": " << found[0].en;
    EXPECT_THAT(of(report, "pes.pj.schema"), IsEmpty()) << one.name;
    EXPECT_FALSE(report.refused()) << one.name;
  }
}

/// Ten million elements of nothing in a gzip of some kilobytes: our limits of attachments stop it.
TEST(PreflightEnclosedXml, BombsAreStoppedBeforeTheyAreReadAsXml) {
  auto bomb = budget().substr(0, budget().find("<EnTeteDoc"));
  bomb.append(6'000'000, ' ');
  const auto report = judged(flow(packed(bomb)), with_schemas());
  ASSERT_EQ(of(report, "pes.pj.non_verifie").size(), 1U);
  EXPECT_EQ(of(report, "pes.pj.non_verifie")[0].value, "PJ, pj.ratio");
  EXPECT_THAT(of(report, "pes.pj.xml_illisible"), IsEmpty());
}

TEST(PreflightEnclosedXml, BeyondItsLimitsIsSaidAndNotJudged) {
  const auto text = flow(packed(wrong_budget));
  const auto two =
      aller("<PES_PJ>" + pj(packed(wrong_budget), "001") + pj(packed(wrong_budget), "001") + "</PES_PJ>");
  EXPECT_EQ(of(within({}, text), "pes.pj.schema").size(), 1U);
  const auto packed_size = within({.enclosed_gzip = 100}, text);
  ASSERT_EQ(of(packed_size, "pes.pj.non_verifie").size(), 1U);
  EXPECT_EQ(of(packed_size, "pes.pj.non_verifie")[0].value, "DocumentBudgetaire");
  EXPECT_THAT(of(packed_size, "pes.pj.schema"), IsEmpty());
  const auto total = within({.enclosed_xml = wrong_budget.size() + 10}, two);
  EXPECT_EQ(of(total, "pes.pj.schema").size(), 1U);
  EXPECT_EQ(of(total, "pes.pj.non_verifie").size(), 1U);
}

/// A large document is read from its gzip, however much it unpacks to, and a document made of errors is not
/// reported for ever.
TEST(PreflightEnclosedXml, LargeOnesAreReadToTheirEnd) {
  auto large = budget();
  const std::string_view line = R"(<LigneBudget><Nature V="60611"/></LigneBudget>)";
  std::string more;
  for (std::size_t i = 0; more.size() < 3'000'000; ++i)
    more += "<LigneBudget><Nature V=\"" + std::to_string(60'000 + i % 9'999) + "\"/><LibCpte V=\"" +
            std::to_string(i * 2'654'435'761U) + "\"/></LigneBudget>\n";
  large.insert(large.find(line), more);
  EXPECT_THAT(of(judged(flow(packed(large)), with_schemas()), "pes.pj.schema"), IsEmpty());
  large.insert(large.rfind(line), R"(<LigneBudget><Nature V="X"/></LigneBudget>)");
  const auto last = of(judged(flow(packed(large)), with_schemas()), "pes.pj.schema");
  ASSERT_EQ(last.size(), 1U);
  EXPECT_THAT(last[0].place.path, HasSubstr("/LigneBudget["));

  std::string errors;
  for (int i = 0; i < 5'000; ++i)
    errors += R"(<LigneBudget><Nature V="X"/></LigneBudget>)";
  const auto many = of(judged(flow(packed(change(budget(), line, errors))), with_schemas()), "pes.pj.schema");
  EXPECT_EQ(many.size(), rules::max_hits + 1) << "and one that counts the others";
}

TEST(PreflightEnclosedXml, OneSaysNothingOfTheNext) {
  const auto text =
      aller("<PES_PJ>" + pj(packed(wrong_budget), "001") + pj(packed("%PDF"), "001") +
            pj(packed(budget()), "001") + pj("%%%", "001") + pj(packed(wrong_budget), "001") + "</PES_PJ>");
  const auto found = of(judged(text, with_schemas()), "pes.pj.schema");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_THAT(found[0].place.path, HasSubstr("/PES_PJ/PJ/Contenu"));
  EXPECT_THAT(found[1].place.path, HasSubstr("/PES_PJ/PJ[5]/Contenu"));
}

}  // namespace
}  // namespace demat::preflight::test
