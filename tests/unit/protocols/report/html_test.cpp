#include "protocols/report/html.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "findings.hpp"
#include "protocols/base/byte_source.hpp"
#include "protocols/xml/parser.hpp"

namespace demat::report {
namespace {

using testing::HasSubstr;
using testing::Not;

Sheet sheet() {
  Finding iban = finding("pes.p16", 118, mandat("12", "134", "1"));
  iban.fr = "Le compte n'est pas un IBAN.";
  iban.value = "<script>alert(1)</script>\"'&";
  iban.expected = {"un IBAN", "an IBAN"};
  return {{"Contrôle de <flux>.xml", "Check"},
          {{{"NomFic", "NomFic"}, "A&B"}},
          {{iban, finding("pes.p1", 3, {}, Severity::warning)}}};
}

TEST(ReportHtml, IsAPageInFrenchWithHeadingsAndWords) {
  const auto page = to_html(sheet());
  EXPECT_THAT(page, testing::StartsWith("<!DOCTYPE html>\n<html lang=\"fr\">"));
  EXPECT_THAT(page, HasSubstr("<title>Contrôle de &lt;flux&gt;.xml</title>"));
  EXPECT_THAT(page, HasSubstr("<dt>NomFic</dt><dd>A&amp;B</dd>"));
  EXPECT_THAT(page,
              HasSubstr("<h2 id=\"s2\">Dépense, bordereau 12 (2026)</h2>\n<h3>mandat 134, ligne 1</h3>"));
  EXPECT_THAT(page, HasSubstr("<li><a href=\"#s2\">Dépense, bordereau 12 (2026)</a></li>"));
  EXPECT_THAT(page, HasSubstr("<span class=\"tag\">erreur</span> <code>pes.p16</code>, ligne 118"));
  EXPECT_THAT(page, HasSubstr("<dt>Attendu</dt><dd>un IBAN</dd>"));
  EXPECT_THAT(page, HasSubstr("refusé : 1 erreur, 1 avertissement"));
}

TEST(ReportHtml, EscapesAndLoadsNothing) {
  const auto page = to_html(sheet());
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"));
  for (const char* foreign :
       {"<script", "http://", "https://", "src=", "url(", "@import", "<link", "onclick"})
    EXPECT_THAT(page, Not(HasSubstr(foreign))) << foreign;
}

/// Every tag is closed where it should be: but for what HTML alone allows, the page is XML.
TEST(ReportHtml, IsWellFormed) {
  Sheet full = sheet();
  full.answer = {{finding("helios.1971", 0, mandat("12", "134")), finding("helios.2", 0)}};
  full.note = {"état", "state"};
  for (const auto& one : {sheet(), full, Sheet{{"t", "t"}, {}, {}}}) {
    auto page = to_html(one);
    const auto root = page.find("<html");
    ASSERT_NE(root, std::string::npos);
    page.erase(0, root);
    for (const std::string empty : {"<meta charset=\"utf-8\">", "<br>"})
      for (auto at = page.find(empty); at != std::string::npos; at = page.find(empty, at + 1))
        page.insert(at + empty.size() - 1, "/");
    for (auto at = page.find("<meta name"); at != std::string::npos; at = page.find("<meta ", at + 6))
      page.insert(page.find('>', at), "/");
    const auto read = xml::parse(page);
    EXPECT_TRUE(read) << read.error().en << read.error().place.line << page;
  }
}

}  // namespace
}  // namespace demat::report
