#include "protocols/mail/html_text.hpp"

#include <gtest/gtest.h>

namespace demat::mail {
namespace {

struct Case {
  const char* html;
  const char* text;
};

TEST(HtmlText, IsWhatAReaderSees) {
  for (const Case& c : {
           Case{"", ""},
           Case{"a  b\r\n c", "a b c"},
           Case{"<p>Le service a <b>identifi&eacute;</b> une\ntransmission en multi&nbsp;canal.</p>",
                "Le service a identifié une transmission en multi canal."},
           Case{"<table><tr><td>SIREN</td><td>210340001</td></tr><tr><th>Nature</th></tr></table>",
                "SIREN 210340001\nNature"},
           Case{"a<br>b<BR/>c", "a\nb\nc"},
           Case{"<style>p{color:red}</style><script>if(a</b>)x()</SCRIPT>vu", "vu"},
           Case{"<head><title>t</title></head><body>b", "t\nb"},
           Case{"a<!-- <p>non</p> -->b", "ab"},
           Case{"&#233;&#xE9;&#xe9;&amp;lt;", "ééé&lt;"},
           Case{"&#0;&#xD800;&#1114112;&inconnu;& x", "&#0;&#xD800;&#1114112;&inconnu;& x"},
           Case{"1 < 2 > 1", "1 < 2 > 1"},
           Case{"<p", ""},
           Case{"a<!-- sans fin", "a"},
           Case{"<script>sans fin", ""},
           Case{"&", "&"},
       })
    EXPECT_EQ(html_text(c.html), c.text) << c.html;
}

}  // namespace
}  // namespace demat::mail
