#include "gateway/papers/content_balance.hpp"

#include <gtest/gtest.h>

namespace demat::papers {
namespace {

struct Case {
  const char* content;
  int left_open;
  int too_many;
  bool in_text;
};

TEST(ContentBalance, CountsOperatorsAndNothingElse) {
  for (const Case& one : {
           Case{"", 0, 0, false},
           Case{"q Q", 0, 0, false},
           Case{"q q 1 0 0 1 0 0 cm", 2, 0, false},
           Case{"Q", 0, 1, false},
           Case{"q Q Q Q q", 1, 2, false},
           Case{"Q q q", 2, 1, false},
           Case{"q[1]0 d Q(q)Tj", 0, 0, false},
           Case{"(q \\) q (q) q) Tj q", 1, 0, false},
           Case{"<71> Tj << /q /Q >> q", 1, 0, false},
           Case{"/q gs /Q Do", 0, 0, false},
           Case{"% q q q\nq", 1, 0, false},
           Case{"BT /F1 9 Tf", 0, 0, true},
           Case{"BT ET", 0, 0, false},
           Case{"qq QQ quit q1", 0, 0, false},
           Case{"BI /W 1 /H 1 ID q Q Q EIQ Q EI q", 1, 0, false},
           Case{"ID q", 1, 0, false},
       }) {
    // As a whole, and byte by byte.
    ContentBalance whole;
    whole.feed(one.content);
    whole.end_of_stream();
    ContentBalance pieces;
    for (const char* at = one.content; *at != '\0'; ++at)
      pieces.feed({at, 1});
    pieces.end_of_stream();
    for (const ContentBalance* balance : {&whole, &pieces}) {
      EXPECT_EQ(balance->left_open(), one.left_open) << one.content;
      EXPECT_EQ(balance->too_many(), one.too_many) << one.content;
      EXPECT_EQ(balance->in_text(), one.in_text) << one.content;
    }
  }
}

TEST(ContentBalance, GoesOnFromStreamToStream) {
  ContentBalance balance;
  balance.feed("q q");
  balance.end_of_stream();
  balance.feed("Q");
  balance.end_of_stream();
  EXPECT_EQ(balance.left_open(), 1);
}

}  // namespace
}  // namespace demat::papers
