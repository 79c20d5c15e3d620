#include "gateway/http/head_scan.hpp"

#include <gtest/gtest.h>

#include <string>

#include "gateway/http/server.hpp"

namespace demat::http {
namespace {

TEST(HeadScan, ReadsACompleteHead) {
  const std::string head = "GET /a HTTP/1.1\r\nHost: a\r\nX-Empty:\r\n\r\n";
  const auto scan = scan_head(head + "body\nwith: anything");
  EXPECT_EQ(scan.shape, HeadShape::complete);
  EXPECT_EQ(scan.size, head.size());
}

TEST(HeadScan, EveryCutOfAGoodHeadIsIncomplete) {
  const std::string head = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n";
  for (std::size_t size = 0; size < head.size(); ++size)
    EXPECT_EQ(scan_head(std::string_view(head).substr(0, size)).shape, HeadShape::incomplete) << size;
}

TEST(HeadScan, RefusesWhatOthersMightReadOtherwise) {
  const std::string start = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (const std::string& bytes : {
           std::string("GET / HTTP/1.1\nHost: a\n\n"),
           start + "X: 1\n\r\n",
           start + "X: 1\r\n folded\r\n\r\n",
           start + "X: 1\r\n\tfolded\r\n\r\n",
           start + "X: a\rb\r\n\r\n",
           start + std::string("X: a\0b\r\n\r\n", 10),
           start + "X : 1\r\n\r\n",
           start + ": 1\r\n\r\n",
           start + "no colon\r\n\r\n",
           std::string("\r\nGET / HTTP/1.1\r\n\r\n"),
       })
    EXPECT_EQ(scan_head(bytes).shape, HeadShape::malformed) << bytes;
}

TEST(HeadScan, BoundsBytesAndLines) {
  const std::string start = "GET / HTTP/1.1\r\n";
  EXPECT_EQ(scan_head(start + "X: " + std::string(limits::request_head, 'a')).shape, HeadShape::too_large);
  std::string many = start;
  for (std::size_t i = 0; i <= limits::header_lines; ++i)
    many += "X: 1\r\n";
  EXPECT_EQ(scan_head(many + "\r\n").shape, HeadShape::too_large);
}

}  // namespace
}  // namespace demat::http
