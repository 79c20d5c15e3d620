#include "protocols/xades/splice.hpp"

#include <gtest/gtest.h>

using namespace demat;
using xades::splice;

namespace {

struct Case {
  const char* name;
  std::string before;
  std::string after;  ///< with <S/> in every bordereau
};

const std::vector<Case> cases = {
    {"plain", "<a><b><B>x</B></b></a>", "<a><b><B>x<S/></B></b></a>"},
    {"two", "<a><b><B>x</B> <B y='1'>z</B></b></a>\n", "<a><b><B>x<S/></B> <B y='1'>z<S/></B></b></a>\n"},
    {"prefix and spaces in tags", "<a><b><p:B  y='/>' >x</p:B\n></b></a>",
     "<a><b><p:B  y='/>' >x<S/></p:B\n></b></a>"},
    {"empty element", "<a><b><B/></b></a>", "<a><b><B><S/></B></b></a>"},
    {"empty element with prefix", "<a><b><p:B y=\"1\" /></b></a>", "<a><b><p:B y=\"1\" ><S/></p:B></b></a>"},
    {"nothing inside", "<a><b><B></B></b></a>", "<a><b><B><S/></B></b></a>"},
    {"comment and CDATA", "<a><b><B><!-- </B> --><![CDATA[</B>]]></B></b></a>",
     "<a><b><B><!-- </B> --><![CDATA[</B>]]><S/></B></b></a>"},
};

const std::string signature = "<ds:Signature xmlns:ds=\"u\" Id=\"i\">v</ds:Signature>";

}  // namespace

TEST(Splice, PutsTextsBeforeTheEndTags) {
  for (const auto& c : cases) {
    const auto spans = xml::find_elements(c.before, "B", 3);
    ASSERT_TRUE(spans) << c.name;
    std::vector<xades::Insertion> insertions;
    for (const auto& span : *spans)
      insertions.push_back({span, "<S/>"});
    EXPECT_EQ(splice(c.before, insertions), c.after) << c.name;
  }
}

TEST(OnlySignaturesAdded, AcceptsWhatSpliceMade) {
  for (const auto& c : cases) {
    auto after = c.after;
    for (auto at = after.find("<S/>"); at != std::string::npos; at = after.find("<S/>", at))
      after.replace(at, 4, signature);
    EXPECT_TRUE(xades::only_signatures_added(c.before, after)) << c.name;
  }
  EXPECT_TRUE(xades::only_signatures_added("<a>x</a>", "<a>x" + signature + "</a>")) << "global";
}

TEST(OnlySignaturesAdded, SeesEveryOtherChange) {
  const std::string before = "<a><b><B>x</B><B>y</B></b></a>\n";
  for (const std::string after :
       {"<a><b><B>z@</B><B>y</B></b></a>\n", "<a><b><B>x@</B><B>z</B></b></a>\n",
        "<a><b><B>x@</B><B>y</B></b></a>", "<a><b><B>x @</B><B>y</B></b></a>\n",
        "<a><b><B>x@ </B><B>y</B></b></a>\n", "<a><b><B>x@</B></b></a>\n",
        "<a><b><B>x@</B><B>y</B></b></a>\n ", "<a><b><B>x</B><B>y</B></b><c/></a>\n", "<a><b><B>@", "@", "",
        "<a><b><B>x<ds:Signature xmlns:ds=\"u\"></B><B>y</B></b></a>\n",
        "<a><b><B>x</B><B>y</B></b></a>\n>"}) {
    auto with = after;
    if (const auto at = with.find('@'); at != std::string::npos) with.replace(at, 1, signature);
    const auto status = xades::only_signatures_added(before, with);
    ASSERT_FALSE(status) << after;
    EXPECT_EQ(status.error().code, "xades.bytes_changed");
  }
  EXPECT_FALSE(xades::only_signatures_added("<a><B/></a>", "<a><B>" + signature + "x</a>"));
  EXPECT_FALSE(xades::only_signatures_added("<a><B/></a>", "<a><B>" + signature + "</B>"));
}
